import { App, Aspects, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks, NagPack } from 'cdk-nag';
import { InferenceRecommenderFinding, Model } from '../../../src';
import { readable } from '../../../src/common/wildcards';
import { jobIn, newStack } from '../../harness/constructs';

/** What cdk-nag finds in a stack: the rules, each with where. */
function found(stack: Stack, pack: NagPack = new AwsSolutionsChecks()): string[] {
  (stack.node.root as App).synth({ force: true });
  return pack.validateScope(stack.node.root).violations.flatMap(({ ruleName, violatingResources }) => (
    violatingResources.map(({ constructPath }: any) => `${constructPath}: ${ruleName}`)));
}

function modelIn(stack: Stack, role?: Role): Model {
  return new Model(stack, 'Model', { recommendation: jobIn(stack).addRecommendation('Best'), role });
}

test('one call on an app acknowledges all that the library makes', () => {
  const stack = newStack();
  modelIn(stack);
  expect(found(stack)).not.toEqual([]);
  InferenceRecommenderFinding.acknowledge(stack.node.root);
  expect(found(stack)).toEqual([]);
});

test('only the findings that are given', () => {
  const stack = newStack();
  modelIn(stack);
  const all = found(stack);
  InferenceRecommenderFinding.acknowledge(stack, [InferenceRecommenderFinding.MACHINE_LOGS]);
  expect(all.filter((one) => !found(stack).includes(one))).toEqual(['Shop/InferenceRecommenderRuntime/Wait: AwsSolutions-SF1']);
});

test.each(['s3:*', 's3:DeleteBucket', 'iam:PassRole'])('%s that the app adds to a role of the library is not acknowledged', (action) => {
  const stack = newStack();
  const { role } = modelIn(stack);
  InferenceRecommenderFinding.acknowledge(stack);
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: ['*', 'arn:aws:s3:::theirs/*'] }));
  const own = found(stack);
  expect(own).toContain('Shop/Model/Role/DefaultPolicy/Resource: AwsSolutions-IAM5[Resource::*]');
  expect(own).toContain('Shop/Model/Role/DefaultPolicy/Resource: AwsSolutions-IAM5[Resource::arn:aws:s3:::theirs/*]');
  expect(own.filter((one) => !one.startsWith('Shop/Model/Role/DefaultPolicy/'))).toEqual([]);
});

test('a role and a policy that the app brings are not acknowledged', () => {
  const stack = newStack();
  const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'] }));
  modelIn(stack, role);
  InferenceRecommenderFinding.acknowledge(stack);
  expect(found(stack)).toEqual(['Shop/Own/DefaultPolicy/Resource: AwsSolutions-IAM5[Resource::*]']);
});

test('what stands in a stage is acknowledged from its app', () => {
  const app = newStack().node.root;
  const stack = new Stack(new Stage(app, 'Prod'), 'Shop');
  modelIn(stack);
  InferenceRecommenderFinding.acknowledge(app);
  expect(found(stack)).toEqual([]);
});

test('cdk-nag can write what is acknowledged into the template', () => {
  const stack = newStack();
  modelIn(stack);
  InferenceRecommenderFinding.acknowledge(stack);
  const pack = new AwsSolutionsChecks(stack.node.root, { writeSuppressionsToCloudFormation: true });
  expect(found(stack, pack)).toEqual([]);
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  expect(machine.Metadata.cdk_nag.rules_to_suppress).toEqual([InferenceRecommenderFinding.MACHINE_LOGS, InferenceRecommenderFinding.MACHINE_TRACES]
    .map(({ id, ruleId, reason }) => ({ id: ruleId, reason: `${id}: ${reason}` })));
});

test('without cdk-nag, it changes no template', () => {
  const [plain, acknowledged] = [false, true].map((acknowledges) => {
    const stack = newStack();
    modelIn(stack);
    if (acknowledges) { InferenceRecommenderFinding.acknowledge(stack); }
    return Template.fromStack(stack).toJSON();
  });
  expect(acknowledged).toEqual(plain);
});

test('each acknowledgement is entered once, however often it is asked for', () => {
  const stack = newStack();
  modelIn(stack);
  [1, 2].forEach(() => InferenceRecommenderFinding.acknowledge(stack));
  found(stack);
  const entries = stack.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).map(({ data }) => `${node.path} ${Object.keys(data)}`));
  expect(entries.length).toBeGreaterThan(10);
  expect(new Set(entries).size).toBe(entries.length);
  expect(Aspects.of(stack).all.length).toBeGreaterThan(0);
});

test.each([
  ['Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:model/0a1b2c3d-*', 'Resource::sagemaker:model/<jobs>-*'],
  ['Resource::arn:aws-us-gov:ssm:us-gov-west-1:111111111111:parameter/best/*', 'Resource::ssm:parameter/best/*'],
  ['Resource::arn:aws:s3:::models/*', 'Resource::s3:::models/*'],
  ['Action::s3:List*', 'Action::s3:List*'],
])('%s is read as %s', (id, expected) => {
  expect(readable(id)).toBe(expected);
});
