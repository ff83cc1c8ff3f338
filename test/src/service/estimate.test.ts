import * as fc from 'fast-check';
import { estimateJob, sumOf, usdRangeText, usdText } from '../../../src/service/estimate';
import { prices, pricesOf } from '../../../src/service/prices';

const US = pricesOf('us-east-1')!;
const NAMES = ['ml.c5.large', 'ml.c5.xlarge', 'ml.m5.large', 'ml.m5.xlarge', 'ml.g5.xlarge', 'ml.g5.12xlarge'];

const job = (InputConfig: object, JobType = 'Advanced') => ({ JobType, InputConfig });
const most = (request: object, table = US) => estimateJob(request, { prices: table }).usd!.most;

const candidate = fc.record({
  InstanceType: fc.constantFrom(...NAMES),
  EnvironmentParameterRanges: fc.option(fc.record({
    CategoricalParameterRanges: fc.array(
      fc.record({ Name: fc.constant('N'), Value: fc.array(fc.constantFrom('1', '2', '3'), { minLength: 1, maxLength: 3 }) }), { maxLength: 2 }),
  }), { nil: undefined }),
});
const loadTest = fc.record({
  JobDurationInSeconds: fc.integer({ min: 1, max: 18_000 }),
  EndpointConfigurations: fc.array(candidate, { minLength: 1, maxLength: 5 }),
  ResourceLimit: fc.record({
    MaxNumberOfTests: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    MaxParallelOfTests: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  }),
});

/** The price of an hour of each test, one by one. */
function testsOf({ EndpointConfigurations: candidates }: any): number[] {
  return candidates.flatMap(({ InstanceType: type, EnvironmentParameterRanges: ranges }: any) => {
    const values: number[] = (ranges?.CategoricalParameterRanges ?? []).map(({ Value }: any) => Value.length);
    return Array.from({ length: values.reduce((product, length) => product * length, 1) }, () => US.hourly(type)!);
  });
}

test('no schedule that keeps the limits of a load test costs more than the estimate', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const fifty = { minLength: 50, maxLength: 50 };
  fc.assert(fc.property(loadTest, fc.array(share, fifty), fc.array(fc.nat(), fifty), (input, lengths, order) => {
    const { MaxNumberOfTests: count = Infinity, MaxParallelOfTests: lanes = Infinity } = input.ResourceLimit;
    const chosen = testsOf(input).map((hourly, index) => ({ hourly, key: order[index % 50] })).sort((a, b) => a.key - b.key).slice(0, count);
    // Each test goes to the lane that is free first, and takes any part of what is left of the job.
    const free = Array.from({ length: Math.min(lanes, chosen.length) }, () => 0);
    let usd = 0;
    chosen.forEach(({ hourly }, index) => {
      const lane = free.indexOf(Math.min(...free));
      const seconds = lengths[index % 50] * (input.JobDurationInSeconds - free[lane]);
      free[lane] += seconds;
      usd += hourly * seconds / 3600;
    });
    expect(usd).toBeLessThanOrEqual(most(job(input)) + 1e-9);
  }));
});

test('the estimate of a load test is reached: the dearest tests run side by side for the whole time', () => {
  fc.assert(fc.property(loadTest, (input) => {
    const { MaxNumberOfTests: count = Infinity, MaxParallelOfTests: lanes = Infinity } = input.ResourceLimit;
    const hourly = testsOf(input).sort((a, b) => b - a).slice(0, Math.min(count, lanes)).reduce((sum, one) => sum + one, 0);
    expect(most(job(input))).toBeCloseTo(hourly * input.JobDurationInSeconds / 3600, 9);
  }));
});

test('a longer job, more tests, more at one time and another candidate never cost less', () => {
  fc.assert(fc.property(loadTest, candidate, fc.nat(1000), (input, another, more) => {
    const { ResourceLimit: limit } = input;
    const before = most(job(input)) - 1e-9;
    expect(most(job({ ...input, JobDurationInSeconds: input.JobDurationInSeconds + more }))).toBeGreaterThanOrEqual(before);
    expect(most(job({ ...input, EndpointConfigurations: [...input.EndpointConfigurations, another] }))).toBeGreaterThanOrEqual(before);
    for (const member of ['MaxNumberOfTests', 'MaxParallelOfTests'] as const) {
      const raised = limit[member] === undefined ? undefined : limit[member]! + more;
      expect(most(job({ ...input, ResourceLimit: { ...limit, [member]: raised } }))).toBeGreaterThanOrEqual(before);
      expect(most(job({ ...input, ResourceLimit: { ...limit, [member]: undefined } }))).toBeGreaterThanOrEqual(before);
    }
  }));
});

test('numbers may be text, as CloudFormation delivers them', () => {
  fc.assert(fc.property(loadTest, (input) => {
    const asText = JSON.parse(JSON.stringify(input), (_, value) => (typeof value === 'number' ? `${value}` : value));
    expect(estimateJob(job(asText), { prices: US })).toEqual(estimateJob(job(input), { prices: US }));
  }));
});

test('a load test of one type runs as long as its job, and by default as long as a job may', () => {
  const one = { EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }] };
  expect(estimateJob(job({ ...one, JobDurationInSeconds: 7200 }), { prices: US })).toEqual(
    { minutes: 120, usd: { least: 0.408, most: 0.408 }, isListed: true, types: ['ml.c5.xlarge'], unpriced: [] });
  expect(estimateJob(job(one), { prices: US }).minutes).toBe(300);
  expect(most(job(one))).toBeCloseTo(1.02, 9);
});

test('a serverless candidate costs its memory at its whole concurrency, all the time', () => {
  const input = { JobDurationInSeconds: 3600, EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: '2048', MaxConcurrency: 5 } }] };
  expect(estimateJob(job(input), { prices: US })).toMatchObject({ usd: { most: 2 * 5 * 3600 * 0.00002 }, isListed: true, types: [], unpriced: [] });
  expect(estimateJob(job(input), { prices: pricesOf('eu-west-1')! })).toEqual({ minutes: 60, isListed: true, types: [], unpriced: ['serverless'] });
});

test('endpoints that exist cost nothing more', () => {
  expect(estimateJob(job({ Endpoints: [{ EndpointName: 'e' }], JobDurationInSeconds: 3600 }), { prices: US })).toMatchObject({ usd: { least: 0, most: 0 }, isListed: true });
});

test('an instance recommendation tries each listed type for 45 minutes on one instance', () => {
  const types = ['ml.c5.xlarge', 'ml.m5.xlarge'];
  const usd = { least: (0.204 + 0.23) * 0.75, most: (0.204 + 0.23) * 0.75 };
  expect(estimateJob(job({ ContainerConfig: { SupportedInstanceTypes: types } }, 'Default'), { prices: US })).toEqual(
    { minutes: 45, usd, isListed: true, types, unpriced: [] });
  expect(estimateJob(job({ ContainerConfig: { SupportedEndpointType: 'RealTime' } }, 'Default'), { prices: US, packageTypes: types })).toMatchObject({ usd, isListed: true });
  // What both list is tried.
  expect(estimateJob(job({ ContainerConfig: { SupportedInstanceTypes: types } }, 'Default'), { prices: US, packageTypes: types.slice(1) })).toMatchObject({ types: types.slice(1) });
});

test('an instance recommendation with a duration or with candidates of its own is held to them', () => {
  const candidates = { EndpointConfigurations: [{ InstanceType: 'ml.c5.xlarge' }] };
  expect(estimateJob(job(candidates, 'Default'), { prices: US })).toMatchObject({ minutes: 45, usd: { most: 0.204 * 0.75 }, isListed: true, types: ['ml.c5.xlarge'] });
  expect(estimateJob(job({ ...candidates, JobDurationInSeconds: 3600 }, 'Default'), { prices: US })).toMatchObject({ minutes: 60, usd: { most: 0.204 } });
  const listed = { ContainerConfig: { SupportedInstanceTypes: ['ml.c5.xlarge'] } };
  expect(estimateJob(job({ ...listed, JobDurationInSeconds: '1800' }, 'Default'), { prices: US })).toMatchObject({ minutes: 30, usd: { most: 0.102 } });
  // A duration that only the deploy knows is as long as one may be.
  expect(estimateJob(job({ ...listed, JobDurationInSeconds: { Ref: 'Seconds' } }, 'Default'), { prices: US }).minutes).toBe(300);
});

test('where the service chooses, the range goes from the cheapest type to ten of the dearest, and to serverless endpoints unless the job has none', () => {
  const { usd, isListed, types } = estimateJob(job({ ContainerConfig: { SupportedEndpointType: 'RealTime' } }, 'Default'), { prices: US });
  const dearest = US.types.map((type) => US.hourly(type)!).sort((a, b) => b - a);
  expect(isListed).toBe(false);
  expect(types).toEqual(US.types);
  expect(usd!.least).toBeCloseTo(Math.min(...dearest) * 0.75, 9);
  expect(usd!.most).toBeCloseTo(dearest.slice(0, 10).reduce((sum, one) => sum + one, 0) * 0.75, 9);
  const both = estimateJob(job({}, 'Default'), { prices: US }).usd!;
  expect(both.most - usd!.most).toBeCloseTo(21 * 2700 * 0.00002, 9);
  expect(both.least).toBe(usd!.least);
});

test('the least is never above the most, and more listed types never cost less', () => {
  const listed = fc.uniqueArray(fc.constantFrom(...US.types));
  const kind = fc.constantFrom(undefined, 'RealTime', 'Serverless');
  const some = fc.option(listed, { nil: undefined });
  fc.assert(fc.property(some, some, kind, (ofContainer, ofPackage, SupportedEndpointType) => {
    const request = job({ ContainerConfig: { SupportedInstanceTypes: ofContainer, SupportedEndpointType } }, 'Default');
    const { usd } = estimateJob(request, { prices: US, packageTypes: ofPackage });
    expect(usd!.least).toBeLessThanOrEqual(usd!.most);
    expect(usd!.least).toBeGreaterThanOrEqual(0);
  }));
  fc.assert(fc.property(listed, fc.constantFrom(...US.types), (types, another) => {
    fc.pre(types.length > 0);
    const of = (names: string[]) => most(job({ ContainerConfig: { SupportedInstanceTypes: names } }, 'Default'));
    expect(of([...new Set([...types, another])])).toBeGreaterThanOrEqual(of(types) - 1e-9);
  }));
});

test('nothing is guessed: without a price, or with a value that only the deploy knows, there is no amount', () => {
  const token = { 'Fn::GetAtt': ['Other', 'InstanceType'] };
  const of = (input: object, JobType?: string) => estimateJob(job(input, JobType), { prices: US });
  expect(of({ EndpointConfigurations: [{ InstanceType: 'ml.c99.large' }, { InstanceType: 'ml.c5.large' }] })).toEqual(
    { minutes: 300, isListed: true, types: ['ml.c99.large', 'ml.c5.large'], unpriced: ['ml.c99.large'] });
  expect(of({ EndpointConfigurations: [{ InstanceType: token }] })).toEqual({ minutes: 300, isListed: false, types: [], unpriced: ['unknown'] });
  expect(of({ EndpointConfigurations: token })).toEqual({ minutes: 300, isListed: false, types: [], unpriced: ['unknown'] });
  expect(of({ EndpointConfigurations: [{ ServerlessConfig: { MemorySizeInMB: token, MaxConcurrency: 1 } }] })).toMatchObject({ isListed: false, unpriced: ['unknown'] });
  for (const ranges of [token, { CategoricalParameterRanges: token }, { CategoricalParameterRanges: [{ Name: 'N', Value: token }] }]) {
    expect(of({ EndpointConfigurations: [{ InstanceType: 'ml.c5.large', EnvironmentParameterRanges: ranges }] })).toMatchObject({ unpriced: ['unknown'] });
  }
  expect(of({ ContainerConfig: { SupportedInstanceTypes: [token, 'ml.c5.large'] } }, 'Default')).toEqual(
    { minutes: 45, isListed: false, types: ['ml.c5.large'], unpriced: ['unknown'] });
  expect(of({ ContainerConfig: { SupportedInstanceTypes: token } }, 'Default')).toMatchObject({ isListed: false, unpriced: ['unknown'] });
});

test('where the service chooses and fewer types have prices than it may try, there is no amount', () => {
  const few = prices('xx-test-1', '2026-01-01', 'a test', NAMES.map((type) => [type, 1]), 0.00002);
  expect(estimateJob(job({}, 'Default'), { prices: few }).usd).toBeUndefined();
});

test('an amount is rounded up to a cent, and has neither a dollar sign nor commas', () => {
  expect([0, 0.001, 0.1 + 0.2, 12.4, 99.999, 1234567.891].map(usdText)).toEqual(['0.00 USD', '0.01 USD', '0.30 USD', '12.40 USD', '100.00 USD', '1234567.90 USD']);
  expect(usdRangeText({ least: 12.4, most: 12.4 })).toBe('12.40 USD');
  expect(usdRangeText({ least: 0.1, most: 99 })).toBe('0.10 to 99.00 USD');
  expect(sumOf([])).toEqual({ least: 0, most: 0 });
  expect(sumOf([{ least: 1, most: 2 }, { least: 3, most: 4 }])).toEqual({ least: 4, most: 6 });
});
