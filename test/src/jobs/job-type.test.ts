import { Duration, Size } from 'aws-cdk-lib';
import { EndpointCandidate, FlatInvocations, InstanceType, JobType, LoadTestProps, TrafficPattern } from '../../../src';
import { deployed, jobIn, late, newStack, only } from '../../harness/constructs';

const CANDIDATE = EndpointCandidate.instance(InstanceType.ML_C5_XLARGE);
const PHASES = TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.seconds(120) }]);

/** What a job of this type asks of the service, without what is the same for each type. */
function asked(jobType: JobType): any {
  const stack = newStack();
  jobIn(stack, { jobType });
  const { JobType: type, InputConfig: { ModelPackageVersionArn, ...input }, RoleArn, JobDescription, ...rest } =
    only(deployed(stack), 'Custom::InferenceRecommendationsJob').Properties.Request;
  return { JobType: type, InputConfig: input, ...rest };
}

function loadTest(props: Partial<LoadTestProps> = {}): JobType {
  return JobType.loadTest({ endpointCandidates: [CANDIDATE], trafficPattern: PHASES, ...props });
}

describe('an instance recommendation', () => {
  test('leaves the choice to the service', () => {
    expect(asked(JobType.instanceRecommendation())).toEqual({ JobType: 'Default', InputConfig: {} });
  });

  test('names the candidates that it is given', () => {
    const endpointCandidates = [CANDIDATE, EndpointCandidate.instance(InstanceType.of('ml.m5.large'))];
    expect(asked(JobType.instanceRecommendation({ endpointCandidates }))).toEqual({
      JobType: 'Default', InputConfig: { EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }, { InstanceType: 'ml.m5.large' }] },
    });
  });

  test('of an empty list of candidates leaves the choice to the service: the API wants at least one', () => {
    expect(asked(JobType.instanceRecommendation({ endpointCandidates: [] })).InputConfig).toEqual({});
  });
});

describe('a load test', () => {
  test('has its candidates, its traffic, its limits and its stopping conditions where the API has them', () => {
    expect(asked(loadTest({
      endpointCandidates: [CANDIDATE, EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 })],
      maxDuration: Duration.hours(3),
      maxNumberOfTests: 10,
      maxParallelOfTests: 3,
      maxInvocations: 500,
      modelLatencyThreshold: { value: Duration.millis(80) },
      flatInvocations: FlatInvocations.CONTINUE,
    }))).toEqual({
      JobType: 'Advanced',
      InputConfig: {
        EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }, { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }],
        TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 }] },
        JobDurationInSeconds: 10_800,
        ResourceLimit: { MaxNumberOfTests: 10, MaxParallelOfTests: 3 },
      },
      StoppingConditions: {
        MaxInvocations: 500, ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 80 }], FlatInvocations: 'Continue',
      },
    });
  });

  test('without limits leaves them out, rather than empty', () => {
    expect(Object.keys(asked(loadTest()).InputConfig).sort()).toEqual(['EndpointConfigurations', 'JobDurationInSeconds', 'TrafficPattern']);
    expect(asked(loadTest())).not.toHaveProperty('StoppingConditions');
  });

  test('takes 2 hours at most if it is not told', () => {
    expect(asked(loadTest()).InputConfig.JobDurationInSeconds).toBe(7200);
  });
});

describe('refused by name, value and bound', () => {
  test.each<[Partial<LoadTestProps>, RegExp]>([
    [{ maxDuration: Duration.seconds(18_001) }, /^`maxDuration` must be at most 18000 seconds \(5 hours\), got: 18001 seconds\. Shorten it: the service stops a job then\.$/],
    [{ maxDuration: Duration.seconds(0) }, /^`maxDuration` must be at least 1, got: 0\.$/],
    [{ maxNumberOfTests: 0 }, /maxNumberOfTests` must be at least 1, got: 0\.$/i],
    [{ maxNumberOfTests: 2.5 }, /maxNumberOfTests` must be of type integer, got: 2\.5\.$/i],
    [{ maxParallelOfTests: 0 }, /maxParallelOfTests` must be at least 1, got: 0\.$/i],
    [{ maxInvocations: 1.5 }, /^`maxInvocations` must be of type integer, got: 1\.5\.$/],
  ])('a load test with %j', (wrong, sentence) => {
    expect(() => loadTest(wrong)).toThrow(sentence);
  });

  test.each([
    ['a load test', (endpointCandidates: EndpointCandidate[]) => loadTest({ endpointCandidates })],
    ['an instance recommendation', (endpointCandidates: EndpointCandidate[]) => JobType.instanceRecommendation({ endpointCandidates })],
  ])('%s of 11 candidates', (_what, make) => {
    expect(() => make(Array(11).fill(CANDIDATE))).toThrow(/^`endpointCandidates` must have at most 10 entries, got: /);
    expect(() => make(Array(10).fill(CANDIDATE))).not.toThrow();
  });
});

test('what a page of the guide only advises is not refused: 100 tests, all at a time', () => {
  expect(() => asked(loadTest({ maxNumberOfTests: 100, maxParallelOfTests: 100 }))).not.toThrow();
});

test('an instance type newer than this version of the library is not refused', () => {
  expect(() => asked(loadTest({ endpointCandidates: [EndpointCandidate.instance(InstanceType.of('ml.z9.large'))] }))).not.toThrow();
});

test('the longest duration is not refused', () => {
  expect(asked(loadTest({ maxDuration: Duration.hours(5) })).InputConfig.JobDurationInSeconds).toBe(18_000);
});

test('tokens pass in every figure', () => {
  const figure = late.number(0);
  const lateType = EndpointCandidate.instance(InstanceType.of(late.text('?')));
  expect(() => asked(loadTest({
    endpointCandidates: [lateType],
    maxDuration: Duration.seconds(figure),
    maxNumberOfTests: figure,
    maxParallelOfTests: figure,
    maxInvocations: figure,
    modelLatencyThreshold: { value: Duration.millis(figure) },
  }))).not.toThrow();
});
