import { mkdtempSync } from 'fs';
import { join } from 'path';
import { App, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { InstanceType, Recommendation, RecommendationReplica, ReplicaRole, Wait } from '../../../src';
import { DEPLOYED_FIELDS, RECOMMENDATION_WRITTEN } from '../../../src/contract/events';
import { FUNCTION_SECONDS } from '../../../src/contract/waiting';
import { ACCOUNT, deployed, idOf, idsOf, jobIn, ofType, only, permissionsOf, SCRATCH, sorted } from '../../harness/constructs';

const PATH = '/shop/best';
const OTHER = '222222222222';
const HERE = { account: ACCOUNT, region: 'us-east-1' };
const SSM = 'arn:aws:ssm';
/** What is read to be copied. */
const ORIGINAL = [PATH, `${PATH}/pending`].map((path) => `${SSM}:us-east-1:${ACCOUNT}:parameter${path}`);

function newApp(context = {}): App {
  return new App({ outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')), analyticsReporting: false, context });
}

function recommended(app = newApp(), wait = Wait.forCompletion()): { producer: Stack; best: Recommendation } {
  const producer = new Stack(app, 'Producer', { env: HERE });
  const fallback = { instanceType: InstanceType.ML_M5_LARGE };
  return { producer, best: jobIn(producer, { wait }).addRecommendation('Best', { parameterPath: PATH, fallback }) };
}

/** Names of the stacks that are deployed before one. */
function before({ dependencies }: Stack): string[] {
  return dependencies.map(({ node }) => node.path);
}

/** What the replica function may do, but for its logs. */
function allowed(producer: Stack): Record<string, string[]> {
  const resources = deployed(producer);
  const { 'logs:CreateLogStream': _create, 'logs:PutLogEvents': _put, ...rest } = sorted(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeReplicaRole')));
  return rest;
}

describe('a replica in another Region', () => {
  const app = newApp();
  const { producer, best } = recommended(app);
  new RecommendationReplica(producer, 'Europe', { recommendation: best, region: 'eu-west-1' });
  const consumer = new Stack(app, 'Consumer', { env: { ...HERE, region: 'eu-west-1' } });
  new CfnOutput(consumer, 'InstanceType', { value: best.instanceType });
  app.synth();

  test('is what a stack there reads', () => {
    const { InstanceType: output } = Template.fromStack(consumer).toJSON().Outputs;
    const [, { 'Fn::Split': [, { Ref: fields }] }] = output.Value['Fn::Select'];
    expect(Template.fromStack(consumer).toJSON().Parameters[fields]).toEqual({ Type: 'AWS::SSM::Parameter::Value<String>', Default: `${PATH}/fields` });
    expect(before(consumer)).toEqual(['Producer']);
  });

  test('is copied anew when something else is deployed or told', () => {
    const resources = deployed(producer);
    const [recommendation] = idsOf(resources, 'Custom::InferenceRecommendation');
    const { ParameterPath, Region, Content } = only(resources, 'Custom::InferenceRecommendationReplica').Properties;
    expect([ParameterPath, Region]).toEqual([PATH, 'eu-west-1']);
    const told = ['JobName', 'RecommendationId', 'Source', 'CostPerHour', 'FleetCostPerHour', 'Summary'];
    expect(Content).toEqual(expect.arrayContaining([...DEPLOYED_FIELDS, ...told].map((name) => `${recommendation}.${name}`)));
  });

  test('reads the original and writes the copy, and nothing else', () => {
    const copy = [`${SSM}:eu-west-1:${ACCOUNT}:parameter${PATH}`, `${SSM}:eu-west-1:${ACCOUNT}:parameter${PATH}/*`];
    expect(allowed(producer)).toEqual({
      'ssm:GetParametersByPath': [...copy, ...ORIGINAL],
      'ssm:PutParameter': copy,
      'ssm:DeleteParameters': copy,
    });
  });

  test('of a job that is waited for needs no rule', () => {
    expect(ofType(deployed(producer), 'AWS::Events::Rule')).toEqual([]);
  });
});

test('a replica that moves has another policy: the old one is there until the old copy is cleared', () => {
  const policyIn = (region: string) => {
    const { producer, best } = recommended();
    new RecommendationReplica(producer, 'There', { recommendation: best, region });
    const resources = deployed(producer);
    const [policy] = Object.keys(resources).filter((id) => id.startsWith('TherePolicy'));
    expect(only(resources, 'Custom::InferenceRecommendationReplica').DependsOn).toContain(policy);
    return policy;
  };
  expect(policyIn('eu-west-1')).not.toBe(policyIn('eu-central-1'));
  expect(policyIn('eu-west-1')).toBe(policyIn('eu-west-1'));
});

test('in the background, whatever is written is copied by a rule of the replica', () => {
  const { producer, best } = recommended(newApp(), Wait.inBackground());
  for (const region of ['eu-west-1', 'ap-south-1']) { new RecommendationReplica(producer, region, { recommendation: best, region }); }
  const resources = deployed(producer);
  const rules = ofType(resources, 'AWS::Events::Rule');
  const [recommendation] = idsOf(resources, 'Custom::InferenceRecommendation');
  const replicas = idsOf(resources, 'Custom::InferenceRecommendationReplica');
  expect(rules.map(({ Properties }) => [Properties.EventPattern['detail-type'], Properties.EventPattern.detail.LogicalResourceId])).toEqual(
    Array(2).fill([[RECOMMENDATION_WRITTEN], [recommendation]]));
  expect(rules.map(({ Properties }) => JSON.parse(Properties.Targets[0].Input))).toEqual(
    ['eu-west-1', 'ap-south-1'].map((Region, index) => ({
      copy: { SchemaVersion: expect.any(String), ParameterPath: PATH, Region }, owner: { StackId: expect.stringMatching(/^arn:.*:stack\//), LogicalResourceId: replicas[index] },
    })));
  expect(ofType(resources, 'AWS::Lambda::Permission')).toHaveLength(2);
});

describe('a replica in another account', () => {
  const app = newApp();
  const { producer, best } = recommended(app);
  const roles = new Stack(app, 'Roles', { env: { account: OTHER, region: 'us-east-1' } });
  const role = new ReplicaRole(roles, 'Role', { sourceAccount: ACCOUNT, parameterPath: PATH, roleName: 'replica' });
  new RecommendationReplica(producer, 'Theirs', { recommendation: best, region: 'us-east-1', role });
  const consumer = new Stack(app, 'Consumer', { env: { account: OTHER, region: 'us-east-1' } });
  new CfnOutput(consumer, 'InstanceType', { value: best.instanceType });
  app.synth();

  test('assumes the role there, by its name, and may write nothing itself', () => {
    const arn = `arn:aws:iam::${OTHER}:role/replica`;
    expect(allowed(producer)).toEqual({ 'ssm:GetParametersByPath': ORIGINAL, 'sts:AssumeRole': [arn] });
    expect(only(deployed(producer), 'Custom::InferenceRecommendationReplica').Properties.RoleArn).toBe(arn);
  });

  test('the role lets one account in, to one path', () => {
    const resources = deployed(roles);
    const [id, { Properties }] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::IAM::Role')!;
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
    ]);
    const below = [PATH, `${PATH}/*`].map((name) => `${SSM}:us-east-1:${OTHER}:parameter${name}`);
    expect(permissionsOf(resources, id)).toEqual({ 'ssm:GetParametersByPath': below, 'ssm:PutParameter': below, 'ssm:DeleteParameters': below });
  });

  test('is deployed after the role and before what uses it', () => {
    expect([producer, consumer].map(before)).toEqual([['Roles'], ['Producer']]);
  });

  test('an imported role does, too', () => {
    const other = recommended();
    const imported = Role.fromRoleArn(other.producer, 'Imported', `arn:aws:iam::${OTHER}:role/theirs`);
    new RecommendationReplica(other.producer, 'Theirs', { recommendation: other.best, region: 'eu-west-1', role: imported });
    new CfnOutput(new Stack(other.producer.node.root as App, 'Consumer', { env: { account: OTHER, region: 'eu-west-1' } }), 'JobName', { value: other.best.jobName });
    (other.producer.node.root as App).synth();
    expect(allowed(other.producer)['sts:AssumeRole']).toEqual([`arn:aws:iam::${OTHER}:role/theirs`]);
  });

  test('is none in a third', () => {
    const other = recommended();
    new RecommendationReplica(other.producer, 'Europe', { recommendation: other.best, region: 'eu-west-1' });
    new CfnOutput(new Stack(other.producer.node.root as App, 'Consumer', { env: { account: OTHER, region: 'eu-west-1' } }), 'JobName', { value: other.best.jobName });
    expect(() => (other.producer.node.root as App).synth()).toThrow(`Stack 'Consumer' in ${OTHER}/eu-west-1 uses`);
  });
});

test('a replica stands beside its recommendation, in another place than that is written', () => {
  const app = newApp();
  const { producer, best } = recommended(app);
  expect(() => new RecommendationReplica(new Stack(app, 'Elsewhere'), 'R', { recommendation: best, region: 'eu-west-1' })).toThrow(
    "`recommendation` must be of the replica's own stack, got one of 'Producer'.");
  expect(() => new RecommendationReplica(producer, 'R', { recommendation: best, region: 'us-east-1' })).toThrow(
    "`region` must not be the stack's own, got: us-east-1. For a replica in another account, pass `role`.");
});

test('a role writes in the Region of its own stack, where both are known', () => {
  const replicate = (roleEnv: Record<string, string>, region: string) => {
    const app = newApp();
    const { producer, best } = recommended(app);
    const role = new ReplicaRole(new Stack(app, 'Roles', { env: { account: OTHER, ...roleEnv } }), 'Role', {
      sourceAccount: ACCOUNT, parameterPath: PATH, roleName: 'replica',
    });
    return () => new RecommendationReplica(producer, 'R', { recommendation: best, region, role });
  };
  expect(replicate({ region: 'eu-west-1' }, 'eu-central-1')).toThrow(
    '`role` is a `ReplicaRole` in eu-west-1 and may write only there, got `region` eu-central-1: make a `ReplicaRole` in a stack of that Region.');
  expect(replicate({ region: 'eu-west-1' }, 'eu-west-1')).not.toThrow();
  expect(replicate({ region: 'eu-west-1' }, Aws.REGION)).not.toThrow();
  expect(replicate({}, 'eu-central-1')).not.toThrow();
});

test.each(['1234', 'shop'])('a role lets accounts in, and %s is none', (sourceAccount) => {
  expect(() => new ReplicaRole(new Stack(newApp(), 'Roles'), 'Role', { sourceAccount, parameterPath: PATH })).toThrow(
    `\`sourceAccount\` must be an account of 12 digits, got: '${sourceAccount}'.`);
});

test('a path of the library\'s own is replicated, too', () => {
  const app = newApp();
  const producer = new Stack(app, 'Producer', { env: HERE });
  const best = jobIn(producer, {}).addRecommendation('Best');
  new RecommendationReplica(producer, 'Europe', { recommendation: best, region: 'eu-west-1' });
  const resources = deployed(producer);
  const { ParameterPath } = only(resources, 'Custom::InferenceRecommendation').Properties;
  expect(ParameterPath).toMatch(/^\/cdk-sagemaker-inference-recommender\/Producer\//);
  expect(only(resources, 'Custom::InferenceRecommendationReplica').Properties.ParameterPath).toBe(ParameterPath);
});

test('without jobs there is nothing to copy, and a stack there has the figures of the code', () => {
  const app = newApp({ 'cdk-sagemaker-inference-recommender:withoutJobs': true });
  const { producer, best } = recommended(app);
  new RecommendationReplica(producer, 'Europe', { recommendation: best, region: 'eu-west-1' });
  const consumer = new Stack(app, 'Consumer', { env: { ...HERE, region: 'eu-west-1' } });
  new CfnOutput(consumer, 'InstanceType', { value: best.instanceType });
  expect(Template.fromStack(consumer).toJSON().Outputs.InstanceType.Value).toBe('ml.m5.large');
  expect(ofType(deployed(producer), 'Custom::InferenceRecommendationReplica')).toEqual([]);
});

test('its function has the time that writers have, within what CloudFormation waits', () => {
  const { producer, best } = recommended();
  new RecommendationReplica(producer, 'Europe', { recommendation: best, region: 'eu-west-1' });
  const resources = deployed(producer);
  const { Timeout } = resources[idOf(resources, 'InferenceRecommenderRuntimeReplicaFunction')].Properties;
  expect(Timeout).toBeLessThan(Number(only(resources, 'Custom::InferenceRecommendationReplica').Properties.ServiceTimeout));
  expect(Timeout).toBe(FUNCTION_SECONDS.Replica);
});
