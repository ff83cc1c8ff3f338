import * as fc from 'fast-check';
import { loadTest, trafficSteps } from '../../../local-aws/sagemaker/load-test';
import { latencyMs } from '../../../local-aws/sagemaker/performance-model';

const HOW = { serviceMs: 100, lanes: 2, cpuShare: 1, memoryShare: 0.1 };
const users = (pattern?: object) => trafficSteps(pattern).map((step) => step.users);

test('phases grow by the minute, each from its own first users on', () => {
  const phase = (first: number, SpawnRate: number, DurationInSeconds: number) => (
    { InitialNumberOfUsers: first, SpawnRate, DurationInSeconds }
  );
  expect(users({ Phases: [phase(1, 2, 180), phase(6, 0, 90)] })).toEqual([1, 3, 5, 6, 6]);
});

test('stairs grow by the step, and each lasts', () => {
  expect(trafficSteps({ TrafficType: 'STAIRS', Stairs: { DurationInSeconds: 300, NumberOfSteps: 3, UsersPerStep: 2 } }))
    .toEqual([2, 4, 6].map((count) => ({ users: count, seconds: 300 })));
});

test('without a pattern, ten minutes', () => {
  expect(users()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

const steps = trafficSteps({ Stairs: { DurationInSeconds: 60, NumberOfSteps: 50, UsersPerStep: 1 } });

test.each<[string, object, object]>([
  ['enough invocations', { MaxInvocations: 900 }, { users: 3, seconds: 180, stoppedBy: 'MaxInvocations' }],
  // 100 ms alone, 150 with two: P95 is half more.
  ['a latency beyond the threshold', { ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 200 }] }, { users: 1, seconds: 120, stoppedBy: 'ModelLatencyThresholds' }],
  ['one beyond it from the first user on', { ModelLatencyThresholds: [{ Percentile: 'P95', ValueInMilliseconds: 1 }] }, { users: 1, seconds: 60, stoppedBy: 'ModelLatencyThresholds' }],
  ['invocations that are flat', {}, { users: 6, seconds: 360, stoppedBy: 'FlatInvocations' }],
  ['no condition', { FlatInvocations: 'Continue' }, { users: 50, seconds: 3000 }],
])('is ended by %s', (_what, conditions, end) => {
  expect(loadTest(HOW, steps, conditions)).toEqual(end);
});

test('a condition never makes a test longer, and a threshold holds for all that counts but for the first user', () => {
  const conditions = fc.record({
    MaxInvocations: fc.integer({ min: 1, max: 30_000 }),
    ModelLatencyThresholds: fc.array(fc.record({ Percentile: fc.constantFrom('P95', 'P99'), ValueInMilliseconds: fc.integer({ min: 1, max: 5000 }) }), { maxLength: 1 }),
    FlatInvocations: fc.constantFrom('Stop', 'Continue'),
  }, { requiredKeys: [] });
  const serving = fc.record({ serviceMs: fc.double({ min: 1, max: 5000, noNaN: true }), lanes: fc.integer({ min: 1, max: 50 }) })
    .map((one) => ({ ...HOW, ...one }));
  fc.assert(fc.property(serving, conditions, (how, given) => {
    const end = loadTest(how, steps, given);
    expect(end.seconds).toBeLessThanOrEqual(loadTest(how, steps, { FlatInvocations: 'Continue' }).seconds);
    const [{ ValueInMilliseconds: most = Infinity } = {}] = given.ModelLatencyThresholds ?? [];
    expect(end.users === 1 || latencyMs(how, end.users) <= most).toBe(true);
  }));
});
