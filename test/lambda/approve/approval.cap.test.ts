import * as fc from 'fast-check';
import { BENCHMARK_SKIPPED } from '../../../src/contract/events';
import { Registry, SLOTS_PATH, wins } from '../../harness/registry';
import { serviceError, Stage } from '../../harness/stage';

const MINUTE = 60_000;
const DAY = 24 * 60;

const jobs = ({ region }: Stage) => [...region.sagemaker.state.jobs.values()];
const versionsOf = (stage: Stage): string[] => jobs(stage).map(({ request }) => request.InputConfig.ModelPackageVersionArn);
const skipped = (registry: Registry): string[] => registry.of(BENCHMARK_SKIPPED).map(({ ModelPackageArn }) => ModelPackageArn);
const monthOf = (time: Date | number) => new Date(time).toISOString().slice(0, 7);

async function versionsIn(registry: Registry, count: number): Promise<string[]> {
  const versions = [registry.stage.packageArn];
  while (versions.length < count) { versions.push(await registry.version()); }
  return versions;
}

describe('25 approvals at once', () => {
  const approved = async (MaxJobsPerMonth: string | undefined, deliveries = 1) => {
    const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth });
    const versions = await versionsIn(registry, 25);
    await Promise.all(versions.flatMap((version, index) => [...Array(deliveries)].map(() => registry.approve(version, `approval-${index}`))));
    await registry.stage.pass(60);
    return { registry, versions };
  };

  test.each([1, 2, 3])('are 2 jobs and 23 events where a month allows 2, though each is delivered %i times', async (deliveries) => {
    const { registry, versions } = await approved('2', deliveries);
    const benchmarked = versionsOf(registry.stage);
    expect([benchmarked.length, skipped(registry).length]).toEqual([2, 23]);
    expect([...benchmarked, ...skipped(registry)].sort()).toEqual([...versions].sort());
    expect(registry.of(BENCHMARK_SKIPPED)[0].Reason).toBe('There were 2 benchmarks since 2026-01-01T00:00:00.000Z, and 2 a month are allowed.');
  });

  test('are 25 jobs without a cap, and a cap that comes later counts them', async () => {
    const { registry } = await approved(undefined);
    expect([versionsOf(registry.stage).length, skipped(registry).length]).toEqual([25, 0]);
    registry.cap = '25';
    await registry.ledger('Update');
    await registry.benchmark(await registry.version());
    expect(skipped(registry)).toHaveLength(1);
  });
});

test.each([['has started the job', 0], ['is about to start it', 25_000]])(
  'a delivery that met a full month says nothing, if another one, after the cap was raised, %s', async (_what, delay) => {
    const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
    const { stage } = registry;
    await registry.benchmark(stage.packageArn);
    const version = await registry.version();
    let reads = 0;
    stage.clients.before = async (operation) => {
      if (operation === 'GetParametersByPath' && ++reads === 3) { await stage.clock.sleep(30_000); }
      if (operation === 'CreateInferenceRecommendationsJob') { await stage.clock.sleep(delay); }
    };
    await registry.approve(version, 'approval');
    await stage.clock.advance(10_000);
    expect(reads).toBe(3);
    registry.cap = '2';
    await registry.ledger('Update');
    await registry.approve(version, 'approval');
    await stage.pass(60);
    expect([versionsOf(stage), skipped(registry)]).toEqual([[stage.packageArn, version], []]);
  });

test('a slot that was given back, because the service refused the job, is another version\'s', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  stage.fail('CreateInferenceRecommendationsJob', serviceError('ValidationException', 'The payload cannot be read'));
  const versions = await versionsIn(registry, 3);
  await Promise.all(versions.map((version) => registry.approve(version)));
  await stage.pass(60);
  expect([versionsOf(stage).length, registry.of(BENCHMARK_SKIPPED).map(({ Reason }) => Reason).sort()]).toEqual(
    [1, ['The payload cannot be read', expect.stringContaining('1 a month are allowed')]]);
});

test('a job that started although its answer was lost, and whose next call was refused, keeps its slot', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  stage.fail('CreateInferenceRecommendationsJob', serviceError('InternalFailure', 'lost', 500), 1, true);
  stage.faults.push({ operation: 'CreateInferenceRecommendationsJob', error: serviceError('ResourceLimitExceeded', 'The limit is 1'), times: 1, skip: 1 });
  await registry.benchmark(stage.packageArn);
  await registry.benchmark(await registry.version());
  expect([versionsOf(stage), skipped(registry).length]).toEqual([[stage.packageArn], 1]);
});

test.each([
  ['has not started is another version\'s', {}, 2],
  ['has started after all stays taken', { afterEffect: true }, 1],
] as const)('a slot of an execution that somebody ended, and whose job %s', async (_what, effect, expected) => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  stage.faults.push({ operation: 'CreateInferenceRecommendationsJob', error: serviceError('InternalFailure', 'broken', 500), times: Infinity, ...effect });
  await registry.approve(stage.packageArn);
  await stage.clock.settled();
  for (const execution of stage.region.stepFunctions.executions.values()) { execution.abort(); }
  // Its last invocation goes on to its end.
  await stage.pass(5);
  stage.faults.length = 0;
  const second = await registry.version();
  await registry.approve(second);
  await stage.pass(120);
  expect([versionsOf(stage), skipped(registry)]).toEqual(expected === 2 ? [[second], []] : [[stage.packageArn], [second]]);
});

test('the next claim deletes the slots of earlier months', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '3' });
  const { stage } = registry;
  for (const version of await versionsIn(registry, 3)) { await registry.benchmark(version); }
  expect(Object.keys(stage.parameters(SLOTS_PATH)).sort()).toEqual(['2026-01-1', '2026-01-2', '2026-01-3', expect.stringMatching(/^open/)]);
  await stage.pass(31 * DAY);
  await registry.benchmark(await registry.version());
  expect(Object.keys(stage.parameters(SLOTS_PATH)).sort()).toEqual([expect.stringMatching(/^2026-02-\d$/), expect.stringMatching(/^open/)]);
});

test('a job that is asked for in the last minutes of a month is one of the next month', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  await stage.pass(31 * DAY - 14);
  await registry.approve(stage.packageArn);
  await stage.pass(60);
  expect(jobs(stage).map(({ created }) => monthOf(created))).toEqual(['2026-02']);
  await registry.benchmark(await registry.version());
  expect(skipped(registry)).toHaveLength(1);
});

/** What goes wrong with a call, and how often. A function that crashes at a call never comes to an end. */
const FAULTS = {
  throttled: () => serviceError('ThrottlingException', 'Rate exceeded'),
  denied: () => serviceError('AccessDeniedException', 'not authorized'),
  broken: () => serviceError('InternalFailure', 'broken', 500),
  refused: () => serviceError('ResourceLimitExceeded', 'The limit is 0'),
} as const;
const OPERATIONS = [
  'CreateInferenceRecommendationsJob', 'DescribeInferenceRecommendationsJob', 'DescribeModelPackage', 'ListModelPackages', 'ListTags',
  'PutParameter', 'GetParametersByPath', 'DeleteParameters', 'StartExecution',
];

const faults = fc.array(fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  kind: fc.constantFrom('crash', 'lost', ...Object.keys(FAULTS) as Array<keyof typeof FAULTS>),
  skip: fc.nat(6),
  times: fc.integer({ min: 1, max: 40 }),
}), { maxLength: 4 });
const requests = fc.array(fc.record({
  isRenewal: fc.boolean(),
  minute: fc.oneof(fc.constant(0), fc.nat(90)),
  deliveries: fc.integer({ min: 1, max: 3 }),
}), { minLength: 1, maxLength: 8 });

test('whatever meets whatever: no month has more jobs than its cap, and each approval ends as a job or as an event', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), requests, faults, fc.boolean(), fc.infiniteStream(fc.nat(900)), async (
    cap, asked, wrong, isMonthEnd, delays,
  ) => {
    const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: String(cap) });
    const { stage } = registry;
    if (isMonthEnd) { await stage.pass(31 * DAY - 55); }
    const versions = await versionsIn(registry, asked.length + 1);
    const crashes = wrong.filter(({ kind }) => kind === 'crash').map((fault) => ({ ...fault, times: Math.min(fault.times, 3) }));
    for (const { kind, ...fault } of wrong) {
      if (kind === 'lost') { stage.faults.push({ ...fault, error: FAULTS.broken(), afterEffect: true }); }
      if (kind in FAULTS) { stage.faults.push({ ...fault, error: FAULTS[kind as keyof typeof FAULTS]() }); }
    }
    stage.clients.before = async (operation) => {
      const crash = crashes.find((one) => one.operation === operation && one.times > 0);
      if (crash && crash.skip-- <= 0) {
        crash.times--;
        await stage.clock.wait(() => {});
      }
      await stage.clock.sleep(delays.next().value!);
    };

    const minutes = [...new Set(asked.map(({ minute }) => minute))].sort((a, b) => a - b);
    const begin = stage.clock.now();
    for (const minute of minutes) {
      await stage.clock.advance(begin + minute * MINUTE - stage.clock.now());
      await Promise.all(asked.flatMap((request, index) => (request.minute !== minute ? [] : [...Array(request.deliveries).keys()].map(
        (delivery) => registry.approve(request.isRenewal ? '' : versions[index], `approval-${index}${request.isRenewal ? `-${delivery}` : ''}`)))));
    }
    await stage.pass(15 * DAY);

    const perMonth = new Map<string, number>();
    for (const { created } of jobs(stage)) { perMonth.set(monthOf(created), (perMonth.get(monthOf(created)) ?? 0) + 1); }
    expect([...perMonth].filter(([, count]) => count > cap)).toEqual([]);
    const ended = new Set([...versionsOf(stage), ...skipped(registry)]);
    expect(asked.flatMap(({ isRenewal }, index) => (isRenewal || ended.has(versions[index]) ? [] : [index]))).toEqual([]);
    // Renewals of one minute are one request; each ends as one job or one event.
    const renewals = new Set(asked.filter(({ isRenewal }) => isRenewal).map(({ minute }) => minute)).size;
    const approvals = asked.filter(({ isRenewal }) => !isRenewal).length;
    expect(jobs(stage).length).toBeLessThanOrEqual(renewals + approvals);
    expect(jobs(stage).length + new Set(registry.of(BENCHMARK_SKIPPED).map(({ ModelPackageArn, Reason }) => ModelPackageArn + Reason)).size)
      .toBeGreaterThanOrEqual(approvals + Math.min(1, renewals));
    if (wrong.every(({ kind }) => kind !== 'refused') && !isMonthEnd) { expect(jobs(stage).length).toBe(Math.min(cap, renewals + approvals)); }
    // What has ended holds nothing that it does not use.
    expect(Object.values(stage.parameters(SLOTS_PATH)).filter((value) => value.includes('"started":""') && !value.includes('"isFree":true'))).toEqual([]);
  }), { numRuns: 60 });
});
