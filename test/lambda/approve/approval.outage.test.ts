import { AwsError } from '../../../local-aws';
import { BENCHMARK_SKIPPED } from '../../../src/contract/events';
import { LONGEST_PAUSE_SECONDS, OUTAGE_SECONDS } from '../../../src/contract/waiting';
import { PATH, Registry, wins } from '../../harness/registry';
import { serviceError, Stage } from '../../harness/stage';

const HOUR = 60;
const DAY = 24 * HOUR;
const OUTAGE = OUTAGE_SECONDS / 60;
const LONGEST_PAUSE = LONGEST_PAUSE_SECONDS / 60;

const throttled = serviceError('ThrottlingException', 'Rate exceeded');
const denied = serviceError('AccessDeniedException', 'User is not authorized to perform this action because no identity-based policy allows it');
const away = Object.assign(new Error('connect ETIMEDOUT'), { name: 'TimeoutError', $metadata: {} });

/** What is out of order, and how it is mended. */
const OUTAGES: ReadonlyArray<[string, (stage: Stage) => void]> = [
  ['SageMaker throttles', (stage) => stage.fail('DescribeModelPackage', throttled, Infinity)],
  ['a permission is not known yet', (stage) => stage.fail('CreateInferenceRecommendationsJob', denied, Infinity)],
  ['the job\'s role cannot be assumed yet', (stage) => stage.fail('CreateInferenceRecommendationsJob', serviceError('ValidationException', 'Could not assume role'), Infinity)],
  ['SageMaker is out of reach', (stage) => stage.fail('DescribeInferenceRecommendationsJob', away, Infinity)],
  ['Parameter Store throttles', (stage) => stage.fail('PutParameter', throttled, Infinity)],
  ['Parameter Store denies', (stage) => stage.fail('GetParametersByPath', denied, Infinity)],
  ['no execution starts', (stage) => stage.fail('StartExecution', throttled, Infinity)],
  ['the function is dead', (stage) => stage.broken.set('approve', 'Runtime.ExitError')],
  ['Lambda throttles', (stage) => stage.broken.set('approve', 'Lambda.TooManyRequestsException')],
];
const mend = ({ faults, broken }: Stage) => {
  faults.length = 0;
  broken.clear();
};

const isBenchmarkedAfter = async (breaks: (stage: Stage) => void, minutes: number) => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  breaks(stage);
  await registry.approve(stage.packageArn);
  await stage.pass(minutes);
  expect(registry.of(BENCHMARK_SKIPPED)).toEqual([]);
  mend(stage);
  await stage.pass(LONGEST_PAUSE + 30);
  expect([stage.region.sagemaker.state.jobs.size, registry.of(BENCHMARK_SKIPPED), registry.instanceTypes.pending]).toEqual([1, [], 'ml.c5.xlarge']);
};

test.each(OUTAGES)('an approval while %s, for hours, is benchmarked once that is over', (_what, breaks) => isBenchmarkedAfter(breaks, 5 * HOUR));

/** The quickest ones: a function that tries again by itself takes its time in each try. */
const LONG = OUTAGES.filter(([what]) => /dead|Lambda/.test(what));

test.each(LONG)('an approval while %s, for nearly 14 days, is benchmarked once that is over', (_what, breaks) => isBenchmarkedAfter(breaks, OUTAGE - LONGEST_PAUSE));

test.each([
  ...[OUTAGES[0], ...LONG].map(([what, breaks]) => ['an approval', what, breaks] as const),
  ['a renewal', LONG[0][0], LONG[0][1]] as const,
])('%s while %s, for longer than it is tried, is told', async (kind, _what, breaks) => {
  const registry = await Registry.made();
  const { stage } = registry;
  const packageArn = kind === 'a renewal' ? '' : stage.packageArn;
  breaks(stage);
  await registry.approve(packageArn);
  await stage.pass(2 * OUTAGE);
  expect(registry.of(BENCHMARK_SKIPPED)).toEqual([expect.objectContaining({
    LogicalResourceId: 'Registry', ModelPackageArn: packageArn, Reason: expect.stringMatching(/^No job could be started for 14 days\. The last error was: \{/),
  })]);
});

test('no function runs while an approval waits, and the history of its execution has room', async () => {
  const registry = await Registry.made();
  const { stage } = registry;
  stage.broken.set('approve', 'Lambda.TooManyRequestsException');
  await registry.approve(stage.packageArn);
  await stage.pass(15 * DAY);
  const execution = [...stage.region.stepFunctions.executions.values()].find(({ input }) => input.includes('"eventId"'))!;
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.history.length).toBeLessThan(10_000);
  const waited = (execution.stopDate!.getTime() - execution.startDate.getTime()) / 60_000;
  expect(waited).toBeGreaterThanOrEqual(OUTAGE);
  expect(waited).toBeLessThan(OUTAGE + HOUR);
});

test('an event that cannot be put is put once it can', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  const { operations } = stage.region.events as any;
  const { PutEvents } = operations;
  await registry.benchmark(stage.packageArn);
  operations.PutEvents = async () => { throw new AwsError('InternalException', 'out of order', 500); };
  await registry.benchmark(await registry.version());
  await stage.pass(5 * HOUR);
  expect(registry.of(BENCHMARK_SKIPPED)).toEqual([]);
  operations.PutEvents = PutEvents;
  await stage.pass(LONGEST_PAUSE);
  expect(registry.of(BENCHMARK_SKIPPED)).toHaveLength(1);
});

test('while one approval waits, another one takes no more than the cap leaves, and neither is lost', async () => {
  const registry = await Registry.made([wins('ml.c5.xlarge')], { MaxJobsPerMonth: '1' });
  const { stage } = registry;
  stage.fail('CreateInferenceRecommendationsJob', throttled, Infinity);
  await registry.approve(stage.packageArn);
  await registry.approve(await registry.version());
  await stage.pass(5 * HOUR);
  mend(stage);
  await stage.pass(HOUR);
  expect([stage.region.sagemaker.state.jobs.size, registry.of(BENCHMARK_SKIPPED).length]).toEqual([1, 1]);
  expect(Object.keys(stage.parameters(PATH)).length).toBeGreaterThan(0);
});

test.each<[string, (stage: Stage) => void]>([
  ['the function that publishes does not run', (stage) => stage.broken.set('recommend', 'Runtime.ExitError')],
  ['Parameter Store is out of order', (stage) => stage.fail('GetParametersByPath', serviceError('InternalServerError', 'broken', 500), Infinity)],
  ['SageMaker tells no status', ({ clock, region: { sagemaker } }) => {
    const call = sagemaker.call.bind(sagemaker);
    const end = clock.now() + 30 * HOUR * 60_000;
    sagemaker.call = async (operation, input, principal) => {
      if (principal && clock.now() < end) { throw new AwsError('InternalFailure', 'broken', 500); }
      return call(operation, input, principal);
    };
  }],
])('a result that is paid is published once it can be, though %s for more than a day', async (_what, breaks) => {
  const registry = await Registry.made();
  const { stage } = registry;
  await registry.approve(stage.packageArn);
  await stage.pass(5);
  breaks(stage);
  await stage.pass(30 * HOUR);
  expect(registry.instanceTypes.pending).toBeUndefined();
  mend(stage);
  await stage.pass(LONGEST_PAUSE + 5);
  expect(registry.instanceTypes.pending).toBe('ml.c5.xlarge');
});
