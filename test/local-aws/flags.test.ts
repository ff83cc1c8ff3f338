import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { optionsFrom } from '../../local-aws/flags';

const folder = mkdtempSync(join(tmpdir(), 'local-aws-flags-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'b.yaml'), 'types: { ml.c5.xlarge: { maxInvocations: 5, modelLatency: 1 } }');
writeFileSync(join(folder, 'bad.yaml'), 'types: 5');

const REQUEST = { JobType: 'Default', InputConfig: {}, RoleArn: 'arn:aws:iam::111122223333:role/Job' };

test('without flags, nothing goes wrong and time jumps', () => {
  const { benchmarks, generative, clock, ...others } = optionsFrom({}, folder);
  expect([others, clock]).toEqual([{ port: 0, withoutCapacity: [], faults: [], lostAnswers: [] }, undefined]);
  expect(benchmarks!(REQUEST, 'j', 1, {}).recommendations.length).toBeGreaterThan(1);
  expect(Object.keys(generative!)).toEqual(['recommend', 'benchmark', 'instant']);
});

test('each flag is an option', () => {
  expect(optionsFrom({ 'port': '8080', 'region': 'eu-west-1', 'account': '222233334444', 'without-capacity': 'ml.c5.xlarge, ml.m5.large' }, folder))
    .toMatchObject({ port: 8080, region: 'eu-west-1', account: '222233334444', withoutCapacity: ['ml.c5.xlarge', 'ml.m5.large'] });
});

test('quotas have names with spaces, and those of a scenario win', () => {
  const quota = 'ml.c5.xlarge for endpoint usage=0, Number of instances across active endpoints = 5';
  expect(optionsFrom({ quota }, folder).quotas).toEqual({ 'ml.c5.xlarge for endpoint usage': 0, 'Number of instances across active endpoints': 5 });
  expect(optionsFrom({ quota, 'scenario': 'quota', 'fail-at': '20m' }, folder).quotas).toEqual({ 'ml.c5.xlarge for endpoint usage': 0, 'Number of instances across active endpoints': 0 });
});

test('a load is a number of requests a minute', () => {
  expect([optionsFrom({ load: '600' }, folder).load, optionsFrom({ load: '0.5' }, folder).load]).toEqual([600, 0.5]);
});

test('benchmarks are read in the folder, and a scenario and a time are of them', () => {
  const { benchmarks } = optionsFrom({ 'benchmarks': 'b.yaml', 'scenario': 'partial-failure,slow', 'fail-at': '1h' }, folder);
  expect(benchmarks!(REQUEST, 'j', 1, {})).toMatchObject({ durationSeconds: 3600, outcome: 'FAILED', failedSteps: [{ EndpointConfiguration: { InstanceType: 'ml.c5.xlarge' } }] });
});

test.each([['60x'], ['0.5x'], ['real']])('the speed %s has a clock that does not jump', (speed) => {
  expect(optionsFrom({ speed }, folder).clock).toBeDefined();
});

test.each<[Parameters<typeof optionsFrom>[0], string | RegExp]>([
  [{ port: 'x' }, '--port x must be a number from 0 to 65535'],
  [{ quota: 'ml.c5.xlarge for endpoint usage' }, '--quota ml.c5.xlarge for endpoint usage must be a name and a number, such as "ml.c5.xlarge for endpoint usage=0"'],
  [{ quota: 'jobs=1' }, '--quota jobs=1: SageMaker has no quota jobs here; it has "TYPE for endpoint usage" for each instance type'],
  [{ 'without-capacity': 'ml.c5.xlarge,ml.g6e.13xlarge' }, /^--without-capacity: SageMaker has no instance type ml\.g6e\.13xlarge here; of ml\.g6e it has ml\.g6e\.xlarge, /],
  [{ 'without-capacity': 'c5' }, '--without-capacity: SageMaker has no instance type c5 here; a type is such as ml.c5.xlarge'],
  [{ load: '-1' }, '--load -1 must be a number of requests a minute, such as 600'],
  [{ 'fail-at': 'soon' }, '--fail-at soon must be a duration such as 30m, 1h30m or 90s'],
  [{ 'fail-at': '0m' }, '--fail-at 0m must be a duration'],
  [{ speed: 'fast' }, '--speed fast must be virtual, real, or a factor such as 60x'],
  [{ speed: '0x' }, '--speed 0x must be'],
  [{ scenario: 'slwo' }, /^--scenario: the scenario slwo must be one of slow, out-of-memory, /],
  [{ scenario: 'quota,capacity' }, '--scenario: the scenarios quota and capacity both say how jobs fail: name one of them'],
  [{ benchmarks: 'none.json' }, /^--benchmarks none\.json: ENOENT/],
  [{ benchmarks: 'bad.yaml' }, '--benchmarks bad.yaml: types must be a mapping of instance types to results, got 5.'],
])('%j is refused', (given, message) => {
  expect(() => optionsFrom(given, folder)).toThrow(message);
});
