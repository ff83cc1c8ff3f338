import { sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';
import type { Life, Settings } from './life';
import { AwsError, FaultScript } from '../../local-aws';
import { InvocationResult, LambdaFunction } from '../../local-aws/lambda';

const START = /^Job[0-9A-F]{8}$/;
const ROLE = /^JobRole[0-9A-F]{8}$/;
const CREATE = 'CreateInferenceRecommendationsJob';
const STOP = 'StopInferenceRecommendationsJob';

/** Logical ids whose answers to CloudFormation are lost, as by a network, by the name of their stack. */
const lost = new Map<string, () => RegExp | undefined>();
/** By the name of the stack that they are for. */
const faults = new Map<string, FaultScript>();

/** Sends lost answers nowhere: those that a function gives to an event, and those that the state machine has it give. */
class LosingRunner extends InProcessRunner {
  public override run(fn: LambdaFunction, payload: any, awsRequestId: string): Promise<InvocationResult> {
    const { address } = payload;
    const loses = lost.get(fn.functionName.split('-')[0])?.()?.test((address ?? payload).LogicalResourceId);
    if (!loses) { return super.run(fn, payload, awsRequestId); }
    const nowhere = { ResponseURL: `${fn.region.world.endpoint}/cloudformation-response/lost` };
    return super.run(fn, { ...payload, ...address ? { address: { ...address, ...nowhere } } : nowhere }, awsRequestId);
  }
}

const account = sharedAccount({
  lambdaRunner: new LosingRunner(),
  faults: [(call) => [...faults.values()].map((script) => script(call)).find((fault) => fault !== undefined)],
});

// Each lost answer makes a function fail, which the local AWS shows.
const { error } = console;
beforeAll(() => jest.spyOn(console, 'error').mockImplementation((...said) => {
  if (!/did not take the answer/.test(String(said[0]))) { error(...said); }
}));

/** A stack whose job is over. */
async function created(name: string, settings: Settings = {}): Promise<Life> {
  const stack = (await account()).stack(name);
  expect(await stack.bring(settings)).toBe('CREATE_COMPLETE');
  return stack;
}

/** Lets a stack change, and does something as soon as its first stage begins to wait. */
async function duringWait(name: string, change: Promise<string>, act: () => Promise<unknown>): Promise<string> {
  await (await account()).called('StartExecution', ({ stateMachineArn, input }) => stateMachineArn.includes(`:${name}-`) && JSON.parse(input).purpose === 'wait');
  const [status] = await Promise.all([change, act()]);
  return status;
}

describe('an answer of Update that never arrives', () => {
  test.concurrent.each<[string, string, RegExp, string, number]>([
    ['the start\'s', 'LostStart', START, 'STOPPED', 3],
    ['a stage\'s', 'LostStage', /^JobWait1/, 'STOPPED', 3],
    // By then the job is over, and is found again.
    ['the recommendation\'s', 'LostChoice', /^JobBest/, 'COMPLETED', 2],
  ])('%s: nothing goes on running, the old results are back, and a later deploy works', async (_what, name, logicalId, ends, paid) => {
    const stack = await created(name, { loadTestHours: 2 });
    const { outputs } = stack;
    lost.set(name, () => (stack.record.status === 'UPDATE_IN_PROGRESS' ? logicalId : undefined));
    expect(await stack.bring({ loadTestHours: 2, trigger: 'again' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    lost.delete(name);
    expect(stack.reasons).toContain('did not receive a response');
    await (await account()).pass(5);
    expect(await stack.statuses()).toEqual(['COMPLETED', ends]);
    expect(stack.outputs).toEqual(outputs);
    expect(stack.done(CREATE)).toHaveLength(2);

    expect(await stack.bring({ loadTestHours: 2, trigger: 'again' })).toBe('UPDATE_COMPLETE');
    expect(stack.done(CREATE)).toHaveLength(paid);
    expect(stack.outputs.JobName).toBe(stack.done(CREATE)[paid - 1]);
  });
});

describe('a clean-up that fails', () => {
  const CLEANING = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

  test.concurrent.each<[string, string, (stack: Life) => void]>([
    ['the service is down', 'CleanupDown', (stack) => faults.set('CleanupDown', ({ operation, principal }) => (
      operation === 'DescribeInferenceRecommendationsJob' && principal.includes('/CleanupDown-') && stack.record.status === CLEANING
        ? new AwsError('InternalFailure', 'The service is down', 500) : undefined))],
    ['its answer is lost', 'CleanupLost', (stack) => lost.set('CleanupLost', () => (stack.record.status === CLEANING ? START : undefined))],
  ])('because %s: the update has succeeded all the same, and the next one and a deletion go on from there', async (_why, name, fail) => {
    const stack = await created(name);
    fail(stack);
    expect(await stack.bring({ trigger: 'second' })).toBe('UPDATE_COMPLETE');
    const failed = () => stack.record.events.filter(({ status }) => status === 'DELETE_FAILED').map(({ logicalId }) => logicalId);
    const failures = failed();
    expect(new Set(failures)).toEqual(new Set([expect.stringMatching(START)]));
    faults.delete(name);
    lost.delete(name);
    expect(stack.outputs.JobName).toBe(stack.done(CREATE)[1]);

    expect(await stack.bring({ trigger: 'third' })).toBe('UPDATE_COMPLETE');
    expect(await stack.statuses()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    expect(failed()).toEqual(failures);
    expect(stack.done(CREATE)).toHaveLength(3);
    expect(stack.done(STOP)).toEqual([]);
  });
});

test.concurrent('an update of a job in the background stops the old job and not the new one', async () => {
  const name = 'Background';
  const settings = { inBackground: true, fallback: 'ml.m5.large', parameterPath: '/background' };
  const stack = (await account()).stack(name);
  // Both before the first job begins: it would end while the second assembly is made.
  const [first, second] = [await stack.synth(settings), await stack.synth({ ...settings, trigger: 'second' })];
  expect([await stack.change(first), await stack.change(second)]).toEqual(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
  const [old] = stack.done(CREATE);
  await (await account()).pass(60);
  expect(await stack.jobs()).toEqual(expect.arrayContaining([{ name: old, status: 'STOPPED' }, { name: stack.outputs.JobName, status: 'COMPLETED' }]));
  expect(new Set(stack.done(STOP))).toEqual(new Set([old]));
});

describe('a retained job', () => {
  test.concurrent('stays with its package as CloudFormation says, and all else goes', async () => {
    const stack = await created('Retained', { retains: true });
    const { jobName, before } = await described(stack);
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    const kept = stack.record.events.filter(({ status }) => status === 'DELETE_SKIPPED').map(({ type }) => type).sort();
    expect(kept).toEqual(['AWS::SageMaker::ModelPackage', 'AWS::SageMaker::ModelPackageGroup', 'Custom::InferenceRecommendationsJob']);
    expect(await stack.ask('DescribeInferenceRecommendationsJob', { JobName: jobName })).toEqual(before);
    const { ModelPackageVersionArn } = before.InputConfig;
    expect(await stack.ask('DescribeModelPackage', { ModelPackageName: ModelPackageVersionArn })).toMatchObject({ ModelPackageStatus: 'Completed' });
    expect([...stack.region.lambda.functions.keys()].filter((name) => name.startsWith('Retained-'))).toEqual([]);
    expect([stack.done(CREATE), stack.done(STOP)]).toEqual([[jobName], []]);
  });

  // CloudFormation sends no Delete for what is retained: nobody stops the job, and it loses its role.
  test.concurrent('runs on when its stack is deleted under it, and fails without its role', async () => {
    const stack = (await account()).stack('RetainedRunning');
    expect(await duringWait('RetainedRunning', stack.bring({ retains: true }), () => stack.remove())).toBe('DELETE_COMPLETE');
    expect(await stack.statuses()).not.toEqual(['COMPLETED']);
    expect(stack.at(ROLE, 'DELETE_COMPLETE')).toBeGreaterThan(0);
    await (await account()).pass(60);
    expect(await stack.statuses()).toEqual(['FAILED']);
    expect(stack.done(STOP)).toEqual([]);
  });
});

async function described(stack: Life): Promise<{ readonly jobName: string; readonly before: any }> {
  const { JobName } = stack.outputs;
  return { jobName: JobName, before: await stack.ask('DescribeInferenceRecommendationsJob', { JobName }) };
}

test.concurrent('a stack made again under its name finds its job again, whose record is as it was', async () => {
  const stack = await created('Again');
  const { jobName, before } = await described(stack);
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
  expect(await stack.bring()).toBe('CREATE_COMPLETE');
  expect(stack.done(CREATE)).toEqual([jobName]);
  expect(stack.outputs.JobName).toBe(jobName);
  expect(await stack.ask('DescribeInferenceRecommendationsJob', { JobName: jobName })).toEqual(before);
});

test.concurrent('a stack is deleted while somebody else stops its job: the role goes once the job has stopped', async () => {
  const stack = (await account()).stack('StoppedBy');
  const status = await duringWait('StoppedBy', stack.bring(), async () => {
    await stack.ask(STOP, { JobName: stack.done(CREATE)[0] });
    expect(await stack.statuses()).toEqual(['STOPPING']);
    await stack.remove();
  });
  expect(status).toBe('DELETE_COMPLETE');
  const { Status, CompletionTime } = await stack.ask('DescribeInferenceRecommendationsJob', { JobName: stack.done(CREATE)[0] });
  expect(Status).toBe('STOPPED');
  expect(stack.at(ROLE, 'DELETE_IN_PROGRESS')).toBeGreaterThanOrEqual(CompletionTime.getTime());
  expect(stack.done(CREATE)).toHaveLength(1);
});

test.concurrent('a stack paused because somebody stopped its job is deleted without another attempt', async () => {
  const stack = (await account()).stack('StoppedPaused');
  const status = await duringWait('StoppedPaused', stack.bring({}, { rollback: false }), () => stack.ask(STOP, { JobName: stack.done(CREATE)[0] }));
  expect(status).toBe('CREATE_FAILED');
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
  expect(await stack.statuses()).toEqual(['STOPPED']);
  expect([stack.done(CREATE).length, stack.done(STOP).length]).toEqual([1, 0]);
});

test.concurrent('a cancelled update starts nothing more, and the next one a second attempt', async () => {
  const stack = await created('Cancelled');
  const { outputs } = stack;
  expect(await duringWait('Cancelled', stack.bring({ trigger: 'again' }), () => stack.operate('CancelUpdateStack'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.outputs).toEqual(outputs);
  const [, cancelled, ...more] = stack.done(CREATE);
  expect(more).toEqual([]);
  expect(new Set(stack.done(STOP))).toEqual(new Set([cancelled]));

  expect(await stack.bring({ trigger: 'again' })).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).toBe(`${cancelled}-a2`);
  expect(stack.done(CREATE)).toHaveLength(3);
  expect(await stack.statuses()).toEqual(['COMPLETED', 'COMPLETED', 'STOPPED']);
});

test.concurrent('a quota that is used up fails the deploy at once, in the service\'s words', async () => {
  const quota = 'The account-level service limit \'Maximum number of concurrent inference recommendation jobs\' is 2, with current utilization of 2.';
  const asked: unknown[] = [];
  faults.set('Quota', ({ operation, principal, request }) => {
    if (operation !== CREATE || !principal.includes('/Quota-')) { return undefined; }
    asked.push(request);
    return new AwsError('ResourceLimitExceeded', quota);
  });
  const stack = (await account()).stack('Quota');
  expect(await stack.bring()).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain(`ResourceLimitExceeded: ${quota}`);
  expect(stack.minutesOf(START, 'CREATE_FAILED')).toBeLessThan(5 / 60);
  expect(asked).toHaveLength(1);
  expect([await stack.jobs(), stack.resources(/^JobWait/)]).toEqual([[], []]);
});
