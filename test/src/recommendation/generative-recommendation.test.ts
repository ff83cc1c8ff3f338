import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import fc from 'fast-check';
import {
  AIBenchmarkJob, AIRecommendationJob, AIWorkloadConfig, BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, Recommendation,
  RecommendedEndpoint, GenerativeModelSource, GenerativeObjective, GenerativeRecommendation,
  GenerativeRecommendationOptions, InstanceType, LoraAdapter, Model, ModelData,
  ModelPackage, PackageApproval, PerformanceTarget, RecommendationReplica, TokenStatistic,
  TokenThreshold, Variant, Wait, Workload,
} from '../../../src';
import { GENERATIVE_ATTRIBUTES } from '../../../src/contract/recommend';
import { GENERATIVE } from '../../../src/service/recommendation-kinds';
import { ACCOUNT, REGION } from '../../harness/place';

const TYPE = 'Custom::InferenceRecommendation';
const PACKAGE = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/chat/7`;
const newStack = (app = new App(), name = 'Chat') => new Stack(app, name, { env: { account: ACCOUNT, region: REGION } });

const jobOf = (stack: Stack) => new InferenceRecommendationsJob(stack, 'Own', {
  target: BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package', PACKAGE)),
});
const benchmarkIn = (stack: Stack) => new AIBenchmarkJob(stack, 'Benchmark', {
  endpoint: Endpoint.fromEndpointName(stack, 'Live', 'live'),
  workload: AIWorkloadConfig.fromWorkloadConfigName(stack, 'Other', 'other'),
  outputBucket: Bucket.fromBucketName(stack, 'Output', 'output'),
});

function jobIn(stack: Stack, performanceTarget = PerformanceTarget.timeToFirstToken(), wait?: Wait, instanceTypes?: InstanceType[]) {
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  return new AIRecommendationJob(stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload: new AIWorkloadConfig(stack, 'Workload', { workload: Workload.synthetic({ inputTokens: { mean: 5 }, outputTokens: { mean: 1 }, concurrency: 1 }) }),
    performanceTarget,
    outputBucket: bucket,
    instanceTypes,
    wait,
  });
}
const fixed = (stack: Stack) => ({ modelPackage: ModelPackage.fromModelPackageArn(stack, 'Fixed', PACKAGE), instanceType: InstanceType.ML_G6_12XLARGE });
const propertiesOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties;
function rendered(options: GenerativeRecommendationOptions, target?: PerformanceTarget) {
  const stack = newStack();
  jobIn(stack, target).addRecommendation('Best', options);
  return propertiesOf(stack);
}

test('thresholds have their statistic, and times are in milliseconds', () => {
  expect(rendered({
    thresholds: [
      TokenThreshold.timeToFirstToken(Duration.seconds(0.2 * 10), TokenStatistic.P99), TokenThreshold.interTokenLatency(Duration.millis(15)),
      TokenThreshold.requestLatency(Duration.seconds(3), TokenStatistic.P95), TokenThreshold.outputTokenThroughput(500),
      TokenThreshold.requestThroughput(0.5),
    ],
  }).Thresholds).toEqual([
    { Metric: 'TimeToFirstToken', Statistic: 'p99', Value: '2000' }, { Metric: 'InterTokenLatency', Value: '15' },
    { Metric: 'RequestLatency', Statistic: 'p95', Value: '3000' }, { Metric: 'OutputTokenThroughput', Value: '500' }, { Metric: 'RequestThroughput', Value: '0.5' },
  ]);
});

test.each([
  [PerformanceTarget.timeToFirstToken(), 'LowestTimeToFirstToken'], [PerformanceTarget.throughput(), 'HighestOutputTokenThroughput'],
  [PerformanceTarget.cost(), 'LowestCostPerMillionOutputTokens'],
])('without an objective, the job\'s own target is one', (target, objective) => {
  expect(rendered({}, target)).toMatchObject({ Objective: objective, Family: 'AIRecommendation', Approval: 'Required' });
});

test('each objective has a factory of its own, by the name that the handler knows', () => {
  const factories = Object.getOwnPropertyNames(GenerativeObjective).filter((name) => typeof (GenerativeObjective as any)[name] === 'function');
  const names = factories.map((name) => `${(GenerativeObjective as any)[name]()}`);
  expect(names.sort()).toEqual(Object.keys(GENERATIVE.objectives).sort());
  expect(rendered({ objective: GenerativeObjective.lowestInterTokenLatency(TokenStatistic.P90) })).toMatchObject({ Objective: 'LowestInterTokenLatency', ObjectiveStatistic: 'p90' });
});

test('limits, pins, prices, load and fallback are properties', () => {
  const stack = newStack();
  jobIn(stack).addRecommendation('Best', {
    limits: { maxCostPerHour: 40, maxCostPerMillionOutputTokens: 2, allowedInstanceFamilies: ['ml.g6'] },
    pinnedSpecification: 'spec-1',
    instancePrices: { 'ml.g6.12xlarge': 6.5 },
    targetLoad: { invocationsPerMinute: 90 },
    approval: PackageApproval.byThisStack(),
    fallback: { ...fixed(stack), initialInstanceCount: 2, copyCountPerInstance: 2, minMemory: Size.gibibytes(8), inferenceSpecificationName: 'base' },
  });
  expect(propertiesOf(stack)).toMatchObject({
    Limits: { MaxCostPerHour: '40', MaxCostPerMillionOutputTokens: '2', AllowedInstanceTypes: ['ml.g6'] },
    Pin: { InferenceSpecificationName: 'spec-1' },
    InstancePrices: { 'ml.g6.12xlarge': '6.5' },
    Approval: 'ByStack',
    TargetLoad: { InvocationsPerMinute: '90', HeadroomPercent: '0' },
    Fallback: {
      ModelPackageArn: PACKAGE,
      InstanceType: 'ml.g6.12xlarge',
      InitialInstanceCount: '2',
      CopyCountPerInstance: '2',
      CopyCount: '4',
      AcceleratorCount: '2',
      MinMemoryRequiredInMb: '8192',
      InferenceSpecificationName: 'base',
    },
  });
});

test.each<[string, GenerativeRecommendationOptions, string]>([
  ['a price of nothing', { instancePrices: { 'ml.g6.xlarge': 0 } }, '`instancePrices[\'ml.g6.xlarge\']` must be more than 0, got: 0.'],
  ['a negative cost', { limits: { maxCostPerMillionInputTokens: -1 } }, '`limits.maxCostPerMillionInputTokens` must be a number of at least 0, got: -1. Leave it out for none.'],
  ['a specification that is none', { pinnedSpecification: '-x' }, '`pinnedSpecification` must match'],
  ['a pin that the limits refuse', { pinnedInstanceType: InstanceType.ML_P5_48XLARGE, limits: { allowedInstanceFamilies: ['ml.g6'] } }, '`pinnedInstanceType` must be an instance type that `limits` allow'],
  ['a path that is none', { parameterPath: 'x' }, '`parameterPath` must be a path such as'],
])('%s is refused at synth', (_what, options, sentence) => {
  const stack = newStack();
  expect(() => jobIn(stack).addRecommendation('Best', options)).toThrow(sentence);
});

test('a threshold of nothing is refused', () => {
  fc.assert(fc.property(fc.constantFrom(0, -1, NaN, Infinity), (value) => {
    expect(() => TokenThreshold.outputTokenThroughput(value)).toThrow(`A threshold of OutputTokenThroughput must be more than 0, got: ${value}.`);
  }));
});

test('every field is an attribute of the resource, and every attribute that the handler answers is a field', () => {
  const stack = newStack();
  const best = jobIn(stack).addRecommendation('Best');
  const fields = [
    'jobName', 'modelPackageArn', 'modelName', 'recommendationId', 'instanceType', 'initialInstanceCount', 'instanceCount', 'inferenceSpecificationName',
    'environment', 'fleetCostPerHour', 'source', 'summary', 'copyCountPerInstance', 'copyCount', 'acceleratorCount', 'minMemoryRequiredInMb', 'costPerHour',
    'costPerMillionInputTokens', 'costPerMillionOutputTokens', 'timeToFirstToken', 'interTokenLatency', 'outputTokenThroughput', 'requestThroughput',
    'benchmarkJobName', 'performance',
  ] as const;
  const attributes = fields.map((field) => stack.resolve(best[field])['Fn::GetAtt'][1]);
  expect(attributes.sort()).toEqual(GENERATIVE_ATTRIBUTES.filter((attribute) => attribute !== 'TargetInLowerCase').sort());
});

test('a model of it is the package and the specification in a plain model, and a variant has its instances', () => {
  const stack = newStack();
  const best = jobIn(stack).addRecommendation('Best');
  const model = new Model(stack, 'Model', { recommendation: best });
  new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  const template = Template.fromStack(stack);
  const [id] = Object.keys(template.findResources(TYPE));
  const at = (attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
  template.hasResourceProperties('AWS::SageMaker::Model', {
    PrimaryContainer: { ModelPackageName: at('ModelPackageArn'), InferenceSpecificationName: at('InferenceSpecificationName') },
  });
  template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
    ProductionVariants: [{ InstanceType: at('InstanceType'), InitialInstanceCount: at('InstanceCount') }],
  });
});

test('with a fallback of the package\'s own specification, the model is made through the API, because a template takes no empty name', () => {
  const stack = newStack();
  const best = jobIn(stack).addRecommendation('Best', { fallback: fixed(stack) });
  new Model(stack, 'Model', { recommendation: best });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SageMaker::Model', 0);
  template.resourceCountIs('Custom::InferenceRecommendationModel', 1);
});

test('another stack and another Region read it from Parameter Store', () => {
  const app = new App();
  const stack = newStack(app);
  const best = jobIn(stack).addRecommendation('Best', { parameterPath: '/chat/best' });
  new RecommendationReplica(stack, 'Frankfurt', { recommendation: best, region: 'eu-central-1' });
  const consumer = newStack(app, 'Consumer');
  const model = new Model(consumer, 'Model', { recommendation: best });
  const foreign = newStack(new App(), 'Foreign');
  const read = GenerativeRecommendation.fromSsmParameter(foreign, 'Best', { parameterPath: '/chat/best' });
  new Model(foreign, 'Model', { recommendation: read });
  expect(model.node.path).toBe('Consumer/Model');
  const parameters = (of: Stack) => Object.values(Template.fromStack(of).toJSON().Parameters ?? {}).map(({ Default }: any) => Default).sort();
  expect(parameters(consumer)).toEqual(expect.arrayContaining(['/chat/best/fields']));
  expect(parameters(foreign)).toEqual(expect.arrayContaining(['/chat/best/fields']));
  expect(read.parameterPath).toBe('/chat/best');
  Template.fromStack(stack).hasResourceProperties('Custom::InferenceRecommendationReplica', { ParameterPath: '/chat/best', Region: 'eu-central-1' });
});

test('a fixed one starts no job and deploys the package', () => {
  const stack = newStack();
  const best = GenerativeRecommendation.fromAttributes(stack, 'Best', { ...fixed(stack), copyCountPerInstance: 4 });
  new Model(stack, 'Model', { recommendation: best });
  expect([best.copyCount, best.acceleratorCount, best.instanceType]).toEqual([4, 1, 'ml.g6.12xlarge']);
  Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', { PrimaryContainer: { ModelPackageName: PACKAGE } });
  expect(() => new RecommendationReplica(stack, 'Copy', { recommendation: best, region: 'eu-central-1' })).toThrow('`recommendation` must be one that this stack chooses');
});

test('a job in the background needs a fallback', () => {
  const stack = newStack();
  const job = jobIn(stack, undefined, Wait.inBackground());
  expect(() => job.addRecommendation('Best')).toThrow('`fallback` is required if the job runs in the background');
  job.addRecommendation('Good', { fallback: fixed(stack) }).onChange('Changed');
  Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
});

test('a recommendation of another kind than its job\'s is refused before the job is paid for', () => {
  const stack = newStack();
  const [ai, own] = [jobIn(stack), jobOf(stack)];
  expect(() => new Recommendation(stack, 'Wrong', { job: ai })).toThrow('`job` is an AI recommendation job, which recommends another kind: use the job\'s own `addRecommendation()`.');
  expect(() => new GenerativeRecommendation(stack, 'Wrong2', { job: own })).toThrow('`job` is an Inference Recommender job, which recommends another kind');
  expect(() => new GenerativeRecommendation(stack, 'Benchmarks', { job: benchmarkIn(stack) as any })).toThrow('recommends another kind');
});

test.each<[string, GenerativeRecommendationOptions]>([
  ['a pinned type that the job does not try', { pinnedInstanceType: InstanceType.ML_G5_XLARGE }],
  ['allowed types that the job does not try', { limits: { allowedInstanceTypes: [InstanceType.ML_G5_XLARGE] } }],
  ['types that are allowed and refused', { limits: { allowedInstanceTypes: [InstanceType.ML_P5_48XLARGE], refusedInstanceFamilies: ['ml.p5'] } }],
])('%s: nothing could be chosen, so it is told before the job is paid for', (_what, options) => {
  const stack = newStack();
  const tell = () => {
    jobIn(stack, undefined, undefined, [InstanceType.ML_P5_48XLARGE]).addRecommendation('Best', options);
    const [warning] = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('No recommendation of the job can be chosen'));
    if (warning) { throw new Error(`${warning.entry.data}`); }
  };
  expect(tell).toThrow(/No recommendation of the job can be chosen|must allow a type/);
});

test('a component of a fallback that lacks its figures is refused at synth, and one with them is not', () => {
  const stack = newStack();
  const served = (id: string, options: GenerativeRecommendationOptions, component = {}) => new RecommendedEndpoint(stack, id, {
    recommendation: jobIn(new Stack(stack, `${id}Stack`), undefined).addRecommendation('Best', options), inferenceComponent: component,
  });
  const { modelPackage } = fixed(stack);
  expect(() => served('Cpu', { fallback: { modelPackage, instanceType: InstanceType.ML_M5_XLARGE } })).toThrow('`minMemory` and `accelerators` must be set');
  expect(() => served('Gpu', { fallback: { modelPackage, instanceType: InstanceType.ML_G6_12XLARGE } })).toThrow('`minMemory` must be set');
  served('Whole', { fallback: { modelPackage, instanceType: InstanceType.ML_G6_12XLARGE, minMemory: Size.gibibytes(8) } });
  served('OnComponent', { fallback: { modelPackage, instanceType: InstanceType.ML_G6_12XLARGE } }, { minMemory: Size.gibibytes(8) });
});

describe('the role that the library makes for a model', () => {
  const roleOf = (stack: Stack, logicalId: RegExp) => {
    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources('AWS::IAM::Role')).filter((name) => logicalId.test(name));
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties: { Roles } }) => Roles.some(({ Ref }: any) => Ref === id));
    return policies.flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement);
  };
  const onS3 = (statements: any[]) => statements.filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('s3:')));

  test('reads the weights, what the job has written and AWS\'s images, and changes nothing', () => {
    const stack = newStack();
    new Model(stack, 'Served', { recommendation: jobIn(stack).addRecommendation('Best') });
    const statements = roleOf(stack, /^ServedRole/);
    const resources = JSON.stringify(onS3(statements).map(({ Resource }) => Resource));
    expect(resources).toContain(':s3:::models/chat/*');
    expect(resources).toMatch(/:s3:::models\/[^"]*Job[^"]*\/\*/);
    expect(JSON.stringify(statements)).toContain('ecr:GetDownloadUrlForLayer');
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action: string) => /Put(?!LogEvents|MetricData)|Delete|sagemaker:|PassRole|s3:\*/.test(action))).toEqual([]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('UnreadablePackage'))).toEqual([]);
  });

  test('reads the adapters, and describes no package of one', () => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
    const job = new AIRecommendationJob(stack, 'Job', {
      model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
      adapters: [LoraAdapter.fromBucket('law', Bucket.fromBucketName(stack, 'Adapters', 'adapters'), 'law/')],
      workload: AIWorkloadConfig.fromWorkloadConfigName(stack, 'Workload', 'load'),
      performanceTarget: PerformanceTarget.cost(),
      outputBucket: bucket,
    });
    new Model(stack, 'Served', { recommendation: job.addRecommendation('Best') });
    const statements = roleOf(stack, /^ServedRole/);
    expect(JSON.stringify(onS3(statements))).toContain(':s3:::adapters/law/*');
    expect(JSON.stringify(statements)).not.toContain('DescribeModelPackage');
  });

  test('reads the fallback as well, and a fallback that it cannot read is said', () => {
    const served = (modelPackage: (stack: Stack) => IModelPackageRef) => {
      const stack = newStack();
      const fallback = { modelPackage: modelPackage(stack), instanceType: InstanceType.ML_G6_12XLARGE };
      new Model(stack, 'Served', { recommendation: jobIn(stack).addRecommendation('Best', { fallback }) });
      return stack;
    };
    const known = served((stack) => ModelPackage.fromModelPackageAttributes(stack, 'Known', {
      modelPackageArn: PACKAGE, modelData: [ModelData.fromBucket(Bucket.fromBucketName(stack, 'Old', 'old'), 'model.tar.gz')],
    }));
    expect(JSON.stringify(onS3(roleOf(known, /^ServedRole/)))).toContain(':s3:::old/model.tar.gz');
    const unknown = served((stack) => ModelPackage.fromModelPackageArn(stack, 'Unknown', PACKAGE));
    expect(Annotations.fromStack(unknown).findWarning('*', Match.stringLikeRegexp('cannot read its images and data'))).toHaveLength(1);
  });
});
