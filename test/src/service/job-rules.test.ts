import { endpointKind, Finding, jobErrors, jobViolations, supportedTypes } from '../../../src/service/job-rules';

const phase = (users: number, rate: number, seconds: number) => ({ InitialNumberOfUsers: users, SpawnRate: rate, DurationInSeconds: seconds });
const phases = (...all: object[]) => ({ TrafficPattern: { TrafficType: 'PHASES', Phases: all } });
const rules = (findings: Finding[]) => findings.map(({ severity, rule }) => `${severity} ${rule}`);
const found = (inputConfig: object, rest: object = {}, facts = {}) => rules(jobErrors({ JobType: 'Default', InputConfig: inputConfig, ...rest }, facts));

describe('errors: what the service is known to refuse', () => {
  test.each<[string, object, string]>([
    ['more than five hours', { JobDurationInSeconds: 18_001 }, 'MaxJobDuration'],
    ['phases longer than the job', { JobDurationInSeconds: 200, ...phases(phase(1, 0, 150), phase(1, 0, 150)) }, 'PhasesWithinDuration'],
    ['stairs in a pattern of phases', { TrafficPattern: { TrafficType: 'PHASES', Stairs: {} } }, 'TrafficMembers'],
    ['t2', { EndpointConfigurations: [{ InstanceType: 'ml.t2.medium' }] }, 'NoT2'],
    ['a candidate of both kinds', { EndpointConfigurations: [{ InstanceType: 'ml.c5.large', ServerlessConfig: {} }] }, 'CandidateKind'],
    ['provisioned concurrency', { EndpointConfigurations: [{ ServerlessConfig: { ProvisionedConcurrency: 1 } }] }, 'NoProvisionedConcurrency'],
    ['memory between two steps', { EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: 1536 } }] }, 'ServerlessMemory'],
    ['a payload that is no archive', { ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://bucket/row.csv' } } }, 'PayloadArchive'],
  ])('%s', (_what, inputConfig, rule) => {
    expect(found(inputConfig)).toContain(`error ${rule}`);
  });

  test('a percentile that is none', () => {
    expect(found({}, { StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P50' }] } })).toContain('error Percentile');
  });

  test('a mandatory field that stands neither in the package nor in the job', () => {
    expect(found({}, {}, { target: {} })).toEqual(['error MandatoryDomain', 'error MandatoryTask', 'error MandatorySamplePayloadUrl']);
    // AWS's own notebook for text generation has no framework.
    expect(found({}, {}, { target: { domain: 'D', task: 'T', samplePayload: true } })).toEqual([]);
    expect(found({ ContainerConfig: { Domain: 'D' } }, {}, { target: { task: 'T', framework: 'F', samplePayload: true } })).toEqual([]);
  });

  test('nothing is known of an imported package, so nothing is refused', () => {
    expect(found({})).toEqual([]);
  });

  test('an existing endpoint with two variants, or a serverless one', () => {
    expect(found({}, {}, { existingEndpoint: { variants: 2, serverless: true, scalesItself: false } }))
      .toEqual(['error ExistingEndpointVariants', 'error ExistingEndpointRealTime']);
  });
});

test('an instance type that this version does not know breaks no constraint', () => {
  const request = (type: string) => ({
    JobName: 'n', JobType: 'Default', RoleArn: 'arn:aws:iam::111111111111:role/r', InputConfig: { EndpointConfigurations: [{ InstanceType: type }] },
  });
  expect(jobViolations(request('ml.z9.large'))).toEqual([]);
  expect(jobViolations({ ...request('ml.c5.large'), JobType: 'Other' })).toHaveLength(1);
});

test('an empty list of types says nothing', () => {
  expect([supportedTypes([], ['ml.c5.xlarge']), supportedTypes(['ml.c5.xlarge'], []), supportedTypes([], [])]).toEqual([['ml.c5.xlarge'], ['ml.c5.xlarge'], undefined]);
  expect(supportedTypes(['ml.c5.xlarge', 'ml.m5.large'], ['ml.m5.large'])).toEqual(['ml.m5.large']);
  expect([[], ['ml.m5.large']].map((SupportedInstanceTypes) => endpointKind({ ContainerConfig: { SupportedInstanceTypes } }))).toEqual([undefined, 'RealTime']);
});
