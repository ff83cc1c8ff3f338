import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, CfnResource, Duration, Fn, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel, CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import {
  BenchmarkTarget, ContainerImage, EndpointCandidate, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InstanceType, JobType, Model,
  ModelContainer, ModelPackageGroup, ModelPackageProps, Objective, SamplePayload, TrafficPattern,
} from '../../../src';
import * as library from '../../../src';
import { CONTAINER_CONFIG, newStack, packageIn, SCRATCH } from '../../harness/constructs';
import { xgboost } from '../../harness/model-package';

/** Makes a job in a stack. */
type Make = (stack: Stack) => unknown;

/** What a diff shows of the only job of an app, and the job's request. */
function shown(make: Make, stack = newStack()): { paid: string; request: any } {
  make(stack);
  // The whole app, because only then references between its stacks are what they will be.
  (stack.node.root as App).synth();
  const starts = stack.node.findAll().filter((one): one is CfnResource => CfnResource.isCfnResource(one) && one.cfnResourceType === 'Custom::InferenceRecommendationsJob');
  expect(starts).toHaveLength(1);
  const [{ Properties }] = Object.values<any>(Stack.of(starts[0]).resolve((starts[0] as any)._toCloudFormation()).Resources);
  expect(Properties.PaidBenchmark).toMatch(/^Another value may start a paid job: [0-9a-f]{16}$/);
  return { paid: Properties.PaidBenchmark, request: Properties.Request };
}

const job = (stack: Stack, target: BenchmarkTarget, more: Partial<InferenceRecommendationsJobProps> = {}, id = 'Job') =>
  new InferenceRecommendationsJob(stack, id, { target, ...more });

/** A package of this app, and a job of it. */
const own = (props: Partial<ModelPackageProps> = {}, more: Partial<InferenceRecommendationsJobProps> = {}, ids = { package: 'Package', job: 'Job' }): Make =>
  (stack) => job(stack, BenchmarkTarget.fromModelPackage(packageIn(stack, props, ids.package)), more, ids.job);

function file(name: string, content: string): string {
  const folder = join(SCRATCH, 'paid', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'payload.csv'), content);
  return folder;
}

const payload = (name: string, content: string): Partial<ModelPackageProps> => ({ samplePayload: SamplePayload.fromAsset(file(name, content)) });
const container = (more: object): Partial<ModelPackageProps> => ({ containers: [{ ...xgboost(library).containers[0], ...more }] });
const loadTest = (minutes: number) => JobType.loadTest({
  endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)],
  trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(minutes) }]),
});

const ofModel = (image: string, ids = { model: 'Model', job: 'Job' }): Make => (stack) => {
  const model = new Model(stack, ids.model, { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(image))] });
  job(stack, BenchmarkTarget.fromModel(model), { containerConfig: CONTAINER_CONFIG }, ids.job);
};

const ofCfnPackage = (id: string, image: string, refers: (cfn: CfnModelPackage) => any = (cfn) => cfn): Make => (stack) => {
  const cfn = new CfnModelPackage(stack, id, {
    inferenceSpecification: { containers: [{ image }], supportedContentTypes: ['text/csv'], supportedResponseMimeTypes: ['text/csv'] },
  });
  job(stack, BenchmarkTarget.fromModelPackage(refers(cfn)), { containerConfig: CONTAINER_CONFIG, role: new Role(stack, 'R', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) });
};

const ofArn = (arn: (stack: Stack) => string): Make => (stack) =>
  job(stack, BenchmarkTarget.fromModelPackage(library.ModelPackage.fromModelPackageArn(stack, 'Imported', arn(stack))));

describe('a change that may start a paid job shows', () => {
  test.each<[string, Make, Make]>([
    ['another byte of the payload', own(payload('a', '1,2\n')), own(payload('b', '1,3\n'))],
    ['another image', own(), own(container({ image: ContainerImage.fromRegistry('other:1') }))],
    ['another variable of the container', own(container({ environment: { A: '1' } })), own(container({ environment: { A: '2' } }))],
    ['another content type', own(), own({ supportedContentTypes: ['text/plain'] })],
    ['another trigger', own({}, { trigger: '1' }), own({}, { trigger: '2' })],
    ['another type of job', own(), own({}, { jobType: loadTest(2) })],
    ['other traffic', own({}, { jobType: loadTest(2) }), own({}, { jobType: loadTest(3) })],
    ['another image of a model', ofModel('one:1'), ofModel('one:2')],
    ['another image of somebody\'s own package', ofCfnPackage('P', 'one:1'), ofCfnPackage('P', 'one:2')],
    ['another version of an imported package', ofArn(() => ARN(1)), ofArn(() => ARN(2))],
    ['another default of a parameter that names the package', ofArn((stack) => parameter(stack, ARN(1))), ofArn((stack) => parameter(stack, ARN(2)))],
    ['another parameter', ofArn((stack) => parameter(stack, undefined, 'One')), ofArn((stack) => parameter(stack, undefined, 'Other'))],
  ])('%s', (_what, before, after) => {
    expect(shown(after).paid).not.toBe(shown(before).paid);
  });
});

describe('a change that starts none does not', () => {
  test.each<[string, Make, Make]>([
    ['nothing', own(), own()],
    ['another construct id of the package', own(), own({}, {}, { package: 'Renamed', job: 'Job' })],
    ['another construct id of the job', own(), own({}, {}, { package: 'Package', job: 'Renamed' })],
    ['another construct id of a model', ofModel('one:1'), ofModel('one:1', { model: 'Renamed', job: 'Again' })],
    ['another construct id of somebody\'s own package', ofCfnPackage('P', 'one:1'), ofCfnPackage('Renamed', 'one:1')],
    ['another construct id of a package that is referred to by its logical id', ofCfnPackage('P', 'one:1', byLogicalId), ofCfnPackage('Renamed', 'one:1', byLogicalId)],
    ['another description of the job', own(), own({}, { description: 'other' })],
    ['tags', own(), (stack) => { own()(stack); Tags.of(stack).add('team', 'ml'); }],
    ['another role', own(), (stack) => own({}, { role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) })(stack)],
    ['an approval and a description of the package', own(), own({ description: 'other', approvalStatus: library.ModelApprovalStatus.APPROVED })],
    ['another group', own(), (stack) => own({ modelPackageGroup: new ModelPackageGroup(stack, 'Other', { modelPackageGroupName: 'other' }) })(stack)],
    ['the same payload from another folder', own(payload('a', '1,2\n')), own(payload('c', '1,2\n'))],
    ['another objective, limit or fallback', withRecommendation({}), withRecommendation({
      objective: Objective.lowestLatency(), limits: { maxModelLatency: 5 }, fallback: { instanceType: InstanceType.ML_C5_XLARGE },
    })],
    ['the package in a stack of its own', own(), inOther((app) => new Stack(app, 'Models'))],
  ])('%s', (_what, before, after) => {
    expect(shown(after).paid).toBe(shown(before).paid);
  });

  test('even where the reference itself is another one', () => {
    const [one, other] = [own(), own({}, {}, { package: 'Renamed', job: 'Job' })].map((make) => shown(make));
    expect(other.request.InputConfig).not.toEqual(one.request.InputConfig);
    expect(other.paid).toBe(one.paid);
  });
});

test('a bucket counts by its name, and not by what changes in place', () => {
  const from = (bucket: (stack: Stack) => Bucket): Make => (stack) => own({ samplePayload: SamplePayload.fromBucket(bucket(stack), 'payload.tar.gz') })(stack);
  const paid = (bucket: (stack: Stack) => Bucket) => shown(from(bucket)).paid;
  const named = (stack: Stack) => new Bucket(stack, 'Data', { bucketName: 'data' });
  expect(paid((stack) => new Bucket(stack, 'Data', { bucketName: 'data', versioned: true }))).toBe(paid(named));
  expect(paid((stack) => new Bucket(stack, 'Renamed', { bucketName: 'data' }))).toBe(paid(named));
  expect(paid((stack) => new Bucket(stack, 'Data', { bucketName: 'other' }))).not.toBe(paid(named));
});

test('resources that refer to each other end somewhere', () => {
  const ring: Make = (stack) => {
    const [a, b] = ['A', 'B'].map((id) => new CfnResource(stack, id, { type: 'Custom::Ring' }));
    a.addPropertyOverride('Other', Fn.ref(stack.resolve(b.logicalId)));
    b.addPropertyOverride('Other', Fn.ref(stack.resolve(a.logicalId)));
    ofArn(() => a.getAtt('Arn').toString())(stack);
  };
  expect(shown(ring).paid).toBe(shown(ring).paid);
});

test('a job in a nested stack shows its package in the parent', () => {
  const nested: Make = (stack) => {
    const modelPackage = packageIn(stack);
    job(new NestedStack(stack, 'Nested'), BenchmarkTarget.fromModelPackage(modelPackage));
  };
  expect(shown(nested).paid).toBe(shown(own()).paid);
});

test('a model that changes only its role and network changes nothing', () => {
  const of = (more: object): Make => (stack) => {
    const model = new CfnModel(stack, 'Model', { primaryContainer: { image: 'one:1' }, ...more });
    job(stack, BenchmarkTarget.fromModel(model), { containerConfig: CONTAINER_CONFIG });
  };
  const base = shown(of({ executionRoleArn: 'arn:aws:iam::111111111111:role/a' })).paid;
  expect(shown(of({ executionRoleArn: 'arn:aws:iam::111111111111:role/b', vpcConfig: { subnets: ['s'], securityGroupIds: ['g'] }, modelName: 'named' })).paid).toBe(base);
  expect(shown(of({ executionRoleArn: 'arn:aws:iam::111111111111:role/a', enableNetworkIsolation: true })).paid).not.toBe(base);
});

function ARN(version: number): string {
  return `arn:aws:sagemaker:us-east-1:111111111111:model-package/models/${version}`;
}

function parameter(stack: Stack, value?: string, id = 'Package'): string {
  return new CfnParameter(stack, id, { default: value }).valueAsString;
}

function byLogicalId(cfn: CfnModelPackage): any {
  const stack = Stack.of(cfn);
  return library.ModelPackage.fromModelPackageArn(stack, 'ById', Fn.ref(stack.resolve(cfn.logicalId)));
}

function withRecommendation(options: library.RecommendationOptions): Make {
  return (stack) => {
    const target = BenchmarkTarget.fromModelPackage(packageIn(stack));
    job(stack, target).addRecommendation('Best', options);
  };
}

function inOther(other: (app: App) => Stack): Make {
  return (stack) => job(stack, BenchmarkTarget.fromModelPackage(packageIn(other(stack.node.root as App))));
}

test('a benchmark of an endpoint of the same stack counts by the endpoint, whose number of instances only the deploy knows', () => {
  const paid = (endpoints: readonly string[], measured: number) => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'my-models');
    const workload = new library.AIWorkloadConfig(stack, 'Chat', { workload: library.Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 } }) });
    const chosen = new library.AIRecommendationJob(stack, 'Recommends', {
      model: library.GenerativeModelSource.fromBucket(bucket, 'chat/'), workload, performanceTarget: library.PerformanceTarget.cost(), outputBucket: bucket,
    }).addRecommendation('Chosen');
    const served = endpoints.map((id) => new library.RecommendedEndpoint(stack, id, { recommendation: chosen, hosting: { variantName: id } }));
    new library.AIBenchmarkJob(stack, 'Job', { endpoint: served[measured].endpoint, workload, outputBucket: bucket });
    const { Resources } = (stack.node.root as App).synth().getStackByName(stack.stackName).template;
    return Object.values<any>(Resources).find(({ Type }) => Type === 'Custom::AIBenchmarkJob').Properties.PaidBenchmark;
  };
  expect(paid(['A', 'B'], 0)).toMatch(/^Another value may start a paid job: [0-9a-f]{16}$/);
  expect(paid(['A', 'B'], 0)).toBe(paid(['A'], 0));
});
