import { mkdtempSync, statSync } from 'fs';
import { join } from 'path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, ContainerImage, DataCapture, Endpoint, EndpointAutoScaling, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model,
  ModelContainer, ModelData, ModelPackageGroup, ModelRegistryBenchmark, RecommendationOptions, RecommendationReplica, ScalingTarget, Variant, Wait,
} from '../../src';
import { jobIn, packageIn, SCRATCH } from '../harness/constructs';

const MAX_RESOURCES = 500;
/** Of a template, and of all inline policies of a role. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_TEMPLATE_BYTES = 1_000_000;
const MAX_INLINE_POLICY = 10_240;
const MAX_MANAGED_POLICY = 6_144;
const MAX_ATTACHED = 10;
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'us-gov-west-1',
  'AWS::AccountId': '111111111111',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackId': 'arn:aws-us-gov:cloudformation:us-gov-west-1:111111111111:stack/Shop/0a1b2c3d-0000-4000-8000-000000000000',
};

/** The limit is left to the assertion, which says how far off a template is. */
function newStack(): Stack {
  const context = { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:stackResourceLimit': 0 };
  return new Stack(new App({ outdir: mkdtempSync(join(SCRATCH, 'counts-')), context }), 'Shop');
}

/** Packages in one group, each with its job, a recommendation, a model, a configuration and an endpoint. */
function stackOfChains(count: number): Stack {
  const stack = newStack();
  const modelPackageGroup = new ModelPackageGroup(stack, 'Group');
  for (let n = 1; n <= count; n++) {
    const target = BenchmarkTarget.fromModelPackage(packageIn(stack, { modelPackageGroup }, `Package${n}`));
    const recommendation = new InferenceRecommendationsJob(stack, `Job${n}`, { target }).addRecommendation('Best');
    const model = new Model(stack, `Model${n}`, { recommendation });
    new Endpoint(stack, `Endpoint${n}`, {
      endpointConfig: new EndpointConfig(stack, `Config${n}`, { variants: [Variant.fromRecommendation(model, recommendation)] }),
    });
  }
  return stack;
}

/** One job, and recommendations of it that another stack reads. */
function stackOfReadFields(count: number, optionsOf: (n: number) => RecommendationOptions = () => ({})): Stack {
  const stack = newStack();
  const job = jobIn(stack);
  const reader = new Stack(stack.node.root as App, 'Reader');
  for (let n = 1; n <= count; n++) { new CfnOutput(reader, `No${n}`, { value: job.addRecommendation(`Best${n}`, optionsOf(n)).instanceType }); }
  return stack;
}

function synthesized(stack: Stack) {
  const { template, templateFullPath } = (stack.node.root as App).synth().getStackByName(stack.stackName);
  return { resources: template.Resources as Record<string, any>, bytes: statSync(templateFullPath).size };
}

/** A document with each value at its longest: names that CloudFormation makes up are 64 characters, a state machine's 80, a partition is `aws-us-gov`. */
function longest(value: any): any {
  if (Array.isArray(value)) { return value.map(longest); }
  if (typeof value !== 'object' || value === null) { return value; }
  if (value['Fn::Join']) { return longest(value['Fn::Join'][1]).join(value['Fn::Join'][0]); }
  if (value['Fn::Split']) { return longest(value['Fn::Split'][1]).split(value['Fn::Split'][0]); }
  if (value['Fn::Select']) { return longest(value['Fn::Select'][1])[value['Fn::Select'][0]]; }
  if (value['Fn::GetAtt']) {
    const [id, attribute] = value['Fn::GetAtt'];
    if (attribute === 'Name') { return 'n'.repeat(80); }
    if (attribute === 'EndpointName') { return 'e'.repeat(63); }
    if (attribute === 'ModelPackageGroupArn') { return `arn:aws-us-gov:sagemaker:us-gov-west-1:111111111111:model-package-group/${'g'.repeat(63)}`; }
    if (attribute === 'EndpointArn') { return `arn:aws-us-gov:sagemaker:us-gov-west-1:111111111111:endpoint/${'e'.repeat(63)}`; }
    if (/Role/.test(id)) { return `arn:aws-us-gov:iam::111111111111:role/${'n'.repeat(64)}`; }
    return `arn:aws-us-gov:sagemaker:us-gov-west-1:111111111111:${/Package/.test(id) ? `model-package/${'g'.repeat(63)}/1` : 'n'.repeat(64)}`;
  }
  if (value['Fn::Sub']) {
    const [text, variables] = [value['Fn::Sub'], {}].flat();
    return text.replace(/\$\{([^}]+)\}/g, (_: string, name: string) => longest(
      variables[name] ?? (name.includes('.') ? { 'Fn::GetAtt': name.split('.') } : { Ref: name })));
  }
  if (/RuntimeWait/.test(value.Ref)) { return `arn:aws-us-gov:states:us-gov-west-1:111111111111:stateMachine:${'n'.repeat(80)}`; }
  if (value.Ref) { return PSEUDO_PARAMETERS[value.Ref] ?? 'n'.repeat(64); }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, longest(inner)]));
}

const sizeOf = ({ PolicyDocument }: any) => JSON.stringify(longest(PolicyDocument)).length;

/** How each role's policies fit into IAM's quotas: the inline ones together, the largest managed one, and how many are attached. */
function rolesOf(resources: Record<string, any>): Array<{ role: string; inline: number; managed: number; attached: number }> {
  const of = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => ({ id, Properties }));
  return of('AWS::IAM::Role').map(({ id: role, Properties: { Policies = [], ManagedPolicyArns = [] } }) => {
    const isOn = ({ Properties }: any) => Properties.Roles?.some(({ Ref }: any) => Ref === role);
    const managed = of('AWS::IAM::ManagedPolicy').filter((one) => isOn(one) || ManagedPolicyArns.some(({ Ref }: any) => Ref === one.id));
    const inline = [...Policies, ...of('AWS::IAM::Policy').filter(isOn).map(({ Properties }) => Properties)];
    return {
      role,
      inline: inline.reduce((sum: number, policy: any) => sum + sizeOf(policy), 0),
      managed: Math.max(0, ...managed.map(({ Properties }) => sizeOf(Properties))),
      attached: ManagedPolicyArns.length + managed.filter(isOn).length,
    };
  });
}

function expectFits(resources: Record<string, any>): void {
  const tooMuch = rolesOf(resources).filter(({ inline, managed, attached }) => (
    inline > MAX_INLINE_POLICY || managed > MAX_MANAGED_POLICY || attached > MAX_ATTACHED));
  expect(tooMuch).toEqual([]);
}

describe('40 Default jobs in one stack, each with its package, model, configuration and endpoint', () => {
  const { resources, bytes } = synthesized(stackOfChains(40));

  test('fit into the resources and the bytes of a template', () => {
    expect(Object.keys(resources).length).toBeLessThanOrEqual(MAX_RESOURCES);
    expect(bytes).toBeLessThan(MAX_TEMPLATE_BYTES);
  });

  test('fit into the inline policies of the roles that they share', () => {
    expectFits(resources);
  });
});

/** Names of 63 characters, with capitals: each is in a policy in two spellings. */
const longName = (kind: string, n: number) => `${kind}-${n}-`.padEnd(63, 'X');

function namedGroup(stack: Stack, n: number): ModelPackageGroup {
  return new ModelPackageGroup(stack, `Group${n}`, { modelPackageGroupName: longName('Group', n) });
}

/** Stacks that fill the resources of a template with one kind of thing, each of which adds to a policy. */
const FULL: Record<string, { readonly fill: (stack: Stack, n: number, model: Model) => void; readonly count: number }> = {
  'jobs': { fill: (stack, n) => { jobIn(stack, {}, `Job${n}`).addRecommendation('Best'); }, count: 80 },
  'jobs on packages in groups of their own': {
    fill: (stack, n) => {
      const modelPackage = packageIn(stack, { modelPackageGroup: namedGroup(stack, n) }, `Package${n}`);
      jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage) }, `Job${n}`).addRecommendation('Best');
    },
    count: 59,
  },
  'models of packages in groups of their own': {
    fill: (stack, n) => {
      const modelPackage = packageIn(stack, { modelPackageGroup: namedGroup(stack, n) }, `Package${n}`);
      const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage) }, `Job${n}`);
      new Model(stack, `Model${n}`, { recommendation: job.addRecommendation('Best') });
    },
    count: 43,
  },
  'jobs in the background': {
    fill: (stack, n) => {
      jobIn(stack, { wait: Wait.inBackground() }, `Job${n}`).addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_M5_LARGE } });
    },
    count: 90,
  },
  'imported jobs': {
    fill: (stack, n) => {
      InferenceRecommendationsJob.fromJobName(stack, `Job${n}`, longName('Job', n)).addRecommendation('Best');
    },
    count: 150,
  },
  'scaled endpoints': {
    fill: (stack, n, model) => {
      const endpointConfig = new EndpointConfig(stack, `Config${n}`, {
        variants: [Variant.onInstances(model, { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 1 })],
      });
      const endpoint = new Endpoint(stack, `Endpoint${n}`, { endpointConfig });
      new EndpointAutoScaling(stack, `Scaling${n}`, { endpoint, minCapacity: 1, maxCapacity: 2, target: ScalingTarget.invocationsPerInstance(70) });
    },
    count: 117,
  },
  'configurations that capture the data of one model': {
    fill: (stack, n, model) => {
      new EndpointConfig(stack, `Config${n}`, {
        variants: [Variant.onInstances(model, { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 1 })],
        dataCapture: DataCapture.toBucket(Bucket.fromBucketName(stack, `Captured${n}`, longName('bucket', n).toLowerCase())),
      });
    },
    // Of more, the CDK warns.
    count: 200,
  },
  'containers of one model': {
    fill: (stack, n) => {
      if (n > 1) { return; }
      const data = (m: number) => ModelData.fromBucket(
        Bucket.fromBucketName(stack, `Data${m}`, longName('data', m).toLowerCase()), `${longName('models', m).repeat(10)}/model.tar.gz`);
      const image = (m: number) => ContainerImage.fromRegistry(`111111111111.dkr.ecr.us-east-1.amazonaws.com/${longName('image', m).toLowerCase()}:1`);
      new Model(stack, 'Pipeline', { containers: Array.from({ length: 15 }, (_, m) => ModelContainer.fromImage(image(m), { modelData: data(m) })) });
    },
    count: 1,
  },
  'registries': {
    fill: (stack, n) => {
      new ModelRegistryBenchmark(stack, `Registry${n}`, {
        modelPackageGroup: namedGroup(stack, n), fallback: { instanceType: InstanceType.ML_M5_LARGE }, parameterPath: `/shop/${longName('path', n)}`,
      });
    },
    count: 60,
  },
  'replicas': {
    fill: (stack, n) => {
      const recommendation = jobIn(stack, {}, `Job${n}`).addRecommendation('Best', { parameterPath: `/shop/${longName('path', n)}` });
      new RecommendationReplica(stack, `Replica${n}`, { recommendation, region: 'eu-west-1' });
    },
    count: 50,
  },
};

test.each(Object.entries(FULL))('%s: as many as fit into a stack fit into the policies of the roles that they share', (_what, { fill, count }) => {
  const stack = newStack();
  const image = ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/served:1');
  const model = new Model(stack, 'Model', { containers: [ModelContainer.fromImage(image)] });
  for (let n = 1; n <= count; n++) { fill(stack, n, model); }
  const { resources } = synthesized(stack);
  expect(Object.keys(resources).length).toBeLessThanOrEqual(MAX_RESOURCES);
  expectFits(resources);
});

describe('recommendations that another stack reads', () => {
  // What a stack that reads them can take. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (parameters)
  test('share one permission of the role that writes them, as many as there are', () => {
    const sizes = [1, 200].map((count) => rolesOf(synthesized(stackOfReadFields(count)).resources).map(({ inline }) => inline));
    expect(sizes[1]).toEqual(sizes[0]);
  });

  test('fit where each has a path of the user\'s', () => {
    const path = (n: number) => ({ parameterPath: `/machine-learning/recommendations/shop-${String(n).padStart(3, '0')}` });
    expectFits(synthesized(stackOfReadFields(200, path)).resources);
  });
});
