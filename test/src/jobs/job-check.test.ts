import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Size, Stack, Token } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import {
  BenchmarkTarget, EndpointCandidate, Endpoint, FlatInvocations, InferenceRecommendationsJob, InstanceType, JobType, LatencyPercentile, MlDomain,
  MlFramework, MlTask, Model, ModelPackage, SamplePayload, TrafficPattern,
} from '../../../src';
import { PROPS_BY_MEMBER } from '../../../src/jobs/job-check';
import { jobErrors } from '../../../src/service/job-rules';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { validatorOf } from '../../harness/json-schema';
import { ROLE_ARN } from '../../harness/stage';

/** More by `JOBS=100000 npx jest test/src/jobs/job-check`. */
const JOBS = Number(process.env.JOBS ?? 1000);
const PACKAGE_ARN = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1';

// Mostly what the service takes, now and then what it does not: else nearly every job would be refused for something.
const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) => fc.oneof({ weight: 24, arbitrary: good }, { weight: 1, arbitrary: bad });
const count = (most: number) => mostly(fc.integer({ min: 1, max: most }), fc.constantFrom(0, -1, most + 1, 1.5, NaN));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const text = (good: string[], bad: string[]) => mostly(fc.constantFrom(...good), fc.constantFrom(...bad));

const phase = fc.record({
  users: mostly(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -1, max: 20 })),
  rate: mostly(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -1, max: 60 })),
  seconds: mostly(fc.constantFrom(60, 120, 180), fc.integer({ min: 0, max: 20_000 })),
});
const candidate = fc.record({
  instance: maybe(text(['ml.c5.xlarge', 'ml.m5.large', 'ml.g5.xlarge'], ['ml.t2.medium', 'ml.t2.2xlarge'])),
  memory: mostly(fc.constantFrom(1024, 2048, 6144), fc.constantFrom(512, 1500, 7168)),
  concurrency: count(200),
  specification: maybe(text(['gpu', 'a-b'], ['', '-x', 'x'.repeat(64)])),
  environment: mostly(
    fc.dictionary(
      fc.constantFrom('A', 'B', 'OMP_NUM_THREADS'), fc.array(fc.constantFrom('1', '2', 'yes'), { minLength: 1, maxLength: 3 }), { maxKeys: 3 }),
    fc.dictionary(
      fc.string({ minLength: 60, maxLength: 70 }), fc.array(fc.string({ maxLength: 140 }), { maxLength: 5 }), { minKeys: 1, maxKeys: 7 })),
});
const job = fc.record({
  type: fc.constantFrom('Default' as const, 'Advanced' as const),
  byModel: fc.boolean(),
  description: maybe(text(['why', 'x'.repeat(128)], ['x'.repeat(129)])),
  seconds: maybe(mostly(fc.integer({ min: 1000, max: 18_000 }), fc.constantFrom(0, 18_001, 60))),
  phases: mostly(fc.array(phase, { minLength: 1, maxLength: 3 }), fc.array(phase, { maxLength: 0 })),
  stairs: maybe(fc.record({ seconds: count(600), steps: count(10), users: count(3) })),
  candidates: mostly(fc.array(candidate, { minLength: 1, maxLength: 3 }), fc.array(candidate, { minLength: 11, maxLength: 12 })),
  tests: maybe(count(20)),
  parallel: maybe(count(10)),
  invocations: maybe(mostly(fc.integer({ min: 1, max: 40_000 }), fc.constantFrom(1.5, 2 ** 33))),
  latency: maybe(fc.record({ percentile: fc.constantFrom('P95' as const, 'P99' as const), ms: fc.integer({ min: 0, max: 1000 }) })),
  flat: maybe(fc.constantFrom('Continue' as const, 'Stop' as const)),
  existing: mostly(fc.array(text(['live', 'a1'], ['-live', 'x'.repeat(64)]), { maxLength: 1 }), fc.constant<string[]>(['live', 'other'])),
  domain: mostly(fc.constant<string | undefined>('MACHINE_LEARNING'), fc.constant(undefined)),
  framework: mostly(fc.constant<string | undefined>('XGBOOST'), fc.constant(undefined)),
  frameworkVersion: maybe(text(['1.3-1', '2.0'], ['1', 'latest', '1.3-1-much-too-long'])),
  payload: mostly(fc.constant<string | undefined>('payload.tar.gz'), fc.constantFrom(undefined, 'payload.zip')),
  contentTypes: maybe(fc.array(text(['text/csv', 'application/json'], ['x'.repeat(257)]), { minLength: 1, maxLength: 2 })),
  responseTypes: maybe(fc.array(text(['text/csv'], ['csv']), { minLength: 1, maxLength: 2 })),
  dataInput: maybe(text(['{"input":[1]}'], ['', 'x'.repeat(1025)])),
});
type Spec = typeof job extends fc.Arbitrary<infer T> ? T : never;

/** The request that the figures mean, written down without the constructs. */
function meant(spec: Spec): any {
  const seconds = spec.seconds ?? (spec.type === 'Advanced' ? 7200 : undefined);
  return clean({
    JobName: 'name',
    JobType: spec.type,
    RoleArn: ROLE_ARN,
    JobDescription: spec.description,
    InputConfig: {
      ...spec.byModel ? { ModelName: 'model' } : { ModelPackageVersionArn: PACKAGE_ARN },
      JobDurationInSeconds: seconds,
      TrafficPattern: spec.stairs
        ? { TrafficType: 'STAIRS', Stairs: { DurationInSeconds: spec.stairs.seconds, NumberOfSteps: spec.stairs.steps, UsersPerStep: spec.stairs.users } }
        : {
          TrafficType: 'PHASES',
          Phases: spec.phases.map(({ users, rate, seconds: long }) => ({ InitialNumberOfUsers: users, SpawnRate: rate, DurationInSeconds: long })),
        },
      ResourceLimit: { MaxNumberOfTests: spec.tests, MaxParallelOfTests: spec.parallel },
      EndpointConfigurations: spec.candidates.map((one) => ({
        ...one.instance ? { InstanceType: one.instance } : { ServerlessConfig: { MemorySizeInMB: one.memory, MaxConcurrency: one.concurrency } },
        InferenceSpecificationName: one.specification,
        EnvironmentParameterRanges: { CategoricalParameterRanges: Object.entries(one.environment).map(([Name, Value]) => ({ Name, Value })) },
      })),
      ContainerConfig: {
        Domain: spec.domain,
        Task: 'CLASSIFICATION',
        Framework: spec.framework,
        FrameworkVersion: spec.frameworkVersion,
        PayloadConfig: { SamplePayloadUrl: spec.payload && `s3://bucket/${spec.payload}`, SupportedContentTypes: spec.contentTypes },
        DataInputConfig: spec.dataInput,
        SupportedResponseMIMETypes: spec.responseTypes,
      },
      Endpoints: spec.existing.length > 0 ? spec.existing.map((EndpointName) => ({ EndpointName })) : undefined,
    },
    StoppingConditions: {
      MaxInvocations: spec.invocations,
      ModelLatencyThresholds: spec.latency && [{ Percentile: spec.latency.percentile, ValueInMilliseconds: spec.latency.ms }],
      FlatInvocations: spec.flat,
    },
  });
}

/** Without what is not set, and without structures that have nothing set. */
function clean(value: any): any {
  if (Array.isArray(value)) { return value.map(clean); }
  if (typeof value !== 'object' || value === null) { return value; }
  const members = Object.entries(value).map(([name, inner]) => [name, clean(inner)] as const).filter(([name, inner]) => inner !== undefined
    && !(name === 'EnvironmentParameterRanges' && inner.CategoricalParameterRanges?.length === 0)
    && !(['ResourceLimit', 'PayloadConfig', 'StoppingConditions'].includes(name) && Object.keys(inner).length === 0));
  return Object.fromEntries(members);
}

function build(stack: Stack, id: string, spec: Spec): InferenceRecommendationsJob {
  const options = {
    maxDuration: spec.seconds === undefined ? undefined : Duration.seconds(spec.seconds),
    trafficPattern: spec.stairs
      ? TrafficPattern.stairs({ duration: Duration.seconds(spec.stairs.seconds), numberOfSteps: spec.stairs.steps, usersPerStep: spec.stairs.users })
      : TrafficPattern.phases(spec.phases.map(({ users, rate, seconds }) =>
        ({ initialNumberOfUsers: users, spawnRate: rate, duration: Duration.seconds(seconds) }))),
    endpointCandidates: spec.candidates.map((one) => {
      const rest = { inferenceSpecificationName: one.specification, environment: one.environment };
      return one.instance
        ? EndpointCandidate.instance(InstanceType.of(one.instance), rest)
        : EndpointCandidate.serverless({ memorySize: Size.mebibytes(one.memory), maxConcurrency: one.concurrency, ...rest });
    }),
    maxNumberOfTests: spec.tests,
    maxParallelOfTests: spec.parallel,
    maxInvocations: spec.invocations,
    modelLatencyThreshold: spec.latency && { percentile: LatencyPercentile[spec.latency.percentile], value: Duration.millis(spec.latency.ms) },
    flatInvocations: spec.flat as FlatInvocations | undefined,
  };
  return new InferenceRecommendationsJob(stack, id, {
    target: spec.byModel
      ? BenchmarkTarget.fromModel(Model.fromModelName(stack, `${id}Model`, 'model'))
      : BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, `${id}Package`, PACKAGE_ARN)),
    role: Role.fromRoleArn(stack, `${id}Role`, ROLE_ARN),
    description: spec.description,
    jobType: spec.type === 'Default' ? JobType.instanceRecommendation(options) : JobType.loadTest(options),
    existingEndpoints: spec.existing.map((name, index) => Endpoint.fromEndpointName(stack, `${id}Existing${index}`, name)),
    containerConfig: {
      domain: spec.domain === undefined ? undefined : MlDomain.of(spec.domain),
      task: MlTask.CLASSIFICATION,
      framework: spec.framework === undefined ? undefined : MlFramework.of(spec.framework),
      frameworkVersion: spec.frameworkVersion,
      samplePayload: spec.payload === undefined ? undefined : SamplePayload.fromBucket(Bucket.fromBucketName(stack, `${id}Bucket`, 'bucket'), spec.payload),
      supportedContentTypes: spec.contentTypes,
      dataInputConfig: spec.dataInput,
      supportedResponseMimeTypes: spec.responseTypes,
    },
  });
}

test(`each of ${JOBS} jobs throws at synth exactly when the API's own constraints refuse what it means, and else renders just that`, () => {
  const validate = validatorOf(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest');
  const counts = { thrown: 0, accepted: 0 };
  let stack: Stack;
  fc.assert(fc.property(job, (spec) => {
    const made = counts.thrown + counts.accepted;
    // A tree of its own every so often: ids pile up, and a template is not rendered.
    if (made % 250 === 0) { stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } }); }
    const request = meant(spec);
    const refused = [
      ...validate(request),
      ...jobErrors(request, { target: spec.byModel ? {} : undefined }).map(({ sentence }) => sentence),
    ];
    let error: Error | undefined;
    let rendered: any;
    try {
      const resource: any = build(stack, `Job${made}`, spec).node.findChild('Resource');
      [{ Properties: { Request: rendered } }] = Object.values(stack.resolve(resource._toCloudFormation()).Resources) as any[];
    } catch (thrown) {
      error = thrown as Error;
    }
    if (error) {
      counts.thrown++;
      expect({ refused, thrown: error.message }).toMatchObject({ refused: [expect.any(String), ...refused.slice(1)] });
    } else {
      counts.accepted++;
      expect(refused).toEqual([]);
      const { JobName: _name, ...expected } = request;
      expect(rendered).toEqual({ ...expected, JobDescription: expected.JobDescription ?? `Stack/Job${made}` });
      expect(Token.isUnresolved(rendered)).toBe(false);
    }
  }), { numRuns: JOBS, seed: 1, endOnFailure: true });
  process.stdout.write(`${JOBS} jobs: ${counts.accepted} rendered a request that the API accepts, ${counts.thrown} were refused at synth, 0 did neither\n`);
  expect(counts.accepted).toBeGreaterThan(JOBS / 10);
  expect(counts.thrown).toBeGreaterThan(JOBS / 10);
});

test('each member that has another prop is one of the API\'s', () => {
  const members = new Set(Object.values(JOB_SHAPES).flatMap((shape) => Object.keys(shape.members ?? {})));
  expect(members.size).toBeGreaterThan(50);
  expect(Object.keys(PROPS_BY_MEMBER).filter((member) => !members.has(member))).toEqual([]);
});
