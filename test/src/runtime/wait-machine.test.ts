import { AwsError } from '../../../local-aws';
import { Execution } from '../../../local-aws/step-functions';
import { NOT_POLLED, WaitInput } from '../../../src/contract/wait-end';
import { LAST_TRY_SECONDS, OFTEN_SECONDS, POLL_SECONDS, SERVICE_TIMEOUT_SECONDS, STAGE_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS } from '../../../src/contract/waiting';
import { RESPONSE_URL, serviceError, Stage, STACK_ID } from '../../harness/stage';

const SECOND = 1000;
const POLL = 'DescribeInferenceRecommendationsJob';
const THROTTLED = new AwsError('ThrottlingException', 'Rate exceeded');

/** Jobs that last so many seconds: the first the first, and so on; the last figure is that of all others. */
const lasting = (...seconds: number[]) => (_request: unknown, _name: string, count: number) => (
  { durationSeconds: seconds[count - 1] ?? seconds[seconds.length - 1], recommendations: [] }
);

/** Starts a job, whose name it gives. Each construct has one running job: a second one stops the first. */
async function started(stage: Stage, LogicalResourceId = 'Job'): Promise<string> {
  return (await stage.send(stage.start('Create', stage.jobProperties(), { LogicalResourceId }))).Data!.JobName;
}

/** Starts an execution as the start function does, with a deadline that is far away. */
async function waitFor(stage: Stage, jobName: string, changes: Partial<WaitInput> = {}): Promise<Execution> {
  const { region, clock, machineArn: stateMachineArn } = stage;
  const name = `wait-${region.stepFunctions.executions.size}`;
  const input: WaitInput = {
    family: 'InferenceRecommendations',
    purpose: 'wait',
    address: { ResponseURL: RESPONSE_URL, StackId: STACK_ID, RequestId: name, LogicalResourceId: 'Wait', PhysicalResourceId: 'Wait' },
    jobName,
    jobNames: [jobName],
    deletedNames: [],
    pollSeconds: POLL_SECONDS,
    deadline: at(stage, 24 * 3600),
    lastTry: at(stage, LAST_TRY_SECONDS),
    lastStage: true,
    toleratesFailure: false,
    job: { Status: NOT_POLLED },
    ...changes,
  };
  const call = { region, principal: { account: region.account, arn: 'arn:aws:iam::111111111111:root' }, requestId: 'test' };
  const { executionArn }: any = await clock.run(() =>
    region.stepFunctions.operations.StartExecution({ stateMachineArn, name, input: JSON.stringify(input) }, call));
  return region.stepFunctions.executions.get(executionArn)!;
}

function at(stage: Stage, seconds: number): string {
  return new Date(stage.clock.now() + seconds * SECOND).toISOString();
}

/** Takes the place of the machine's own calls of SageMaker; the handlers' calls go through. */
function pollsInstead(stage: Stage, answer: (poll: () => Promise<any>) => Promise<any>): void {
  const { sagemaker } = stage.region;
  const real = sagemaker.call.bind(sagemaker);
  jest.spyOn(sagemaker, 'call').mockImplementation((operation, input, principal) => {
    const call = () => real(operation, input, principal);
    return principal ? answer(call) : call();
  });
}

function secondsOf({ startDate, stopDate }: Execution): number {
  return (stopDate!.getTime() - startDate.getTime()) / SECOND;
}

describe('an hour of waiting', () => {
  test('takes at most 200 transitions and 70 calls of SageMaker, and no function runs', async () => {
    const stage = await new Stage(lasting(5 * 3600)).setUp();
    const execution = await waitFor(stage, await started(stage));
    const calls: string[] = [];
    stage.world.watch(({ service, operation }) => { calls.push(`${service}:${operation}`); });
    for (let hour = 1; hour <= 4; hour++) {
      const [transitions, polls] = [execution.transitions, calls.length];
      await stage.pass(60);
      expect(execution.transitions - transitions).toBeLessThanOrEqual(200);
      expect(calls.length - polls).toBeLessThanOrEqual(70);
      expect(calls.length - polls).toBeGreaterThanOrEqual(60);
    }
    // Its answer has no container's environment, and stays in the history.
    expect(new Set(calls)).toEqual(new Set(['sagemaker:ListInferenceRecommendationsJobs']));
    expect(stage.invocations).toEqual([]);
    expect(execution.status).toBe('RUNNING');
  });

  test('ends with one invocation', async () => {
    const stage = await new Stage(lasting(45 * 60)).setUp();
    const execution = await waitFor(stage, await started(stage));
    await stage.pass(60);
    expect(execution.status).toBe('SUCCEEDED');
    expect(stage.invocations).toHaveLength(1);
  });
});

test('whenever a job ends, its answer follows within 65 seconds, and within 35 on average', async () => {
  // Ends all over two poll intervals, at odd moments too.
  const ends = Array.from({ length: POLL_SECONDS }, (_, n) => 1800 + 2 * n + (n % 3) / 10);
  const stage = await new Stage(lasting(...ends)).setUp();
  const waits: Array<[string, Execution]> = [];
  for (const end of ends) {
    const jobName = await started(stage, `Job${end}`);
    waits.push([jobName, await waitFor(stage, jobName)]);
  }
  await stage.pass(60);
  const lags = await Promise.all(waits.map(async ([JobName, { stopDate }]) => (
    (stopDate!.getTime() - (await stage.sagemaker(POLL, { JobName })).CompletionTime.getTime()) / SECOND
  )));
  expect(Math.min(...lags)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...lags)).toBeLessThanOrEqual(65);
  expect(lags.reduce((sum, lag) => sum + lag, 0) / lags.length).toBeLessThanOrEqual(35);
});

describe('polls that fail', () => {
  test.each<[string, AwsError]>([
    ['throttled', THROTTLED],
    ['refused', new AwsError('AccessDeniedException', 'not authorized')],
    ['answered by a service that is broken', new AwsError('InternalFailure', 'oops', 500)],
  ])('for ten minutes because they are %s do not end the wait', async (_what, error) => {
    const stage = await new Stage(lasting(45 * 60)).setUp();
    const execution = await waitFor(stage, await started(stage));
    await stage.pass(10);
    let failed = 0;
    const until = stage.clock.now() + 600 * SECOND;
    pollsInstead(stage, (poll) => (stage.clock.now() < until ? Promise.reject((failed++, error)) : poll()));
    await stage.pass(12);
    expect(failed).toBeGreaterThan(10);
    expect([execution.status, stage.invocations]).toEqual(['RUNNING', []]);
    await stage.pass(30);
    expect(stage.answers.pop()).toMatchObject({ RequestId: execution.name, Status: 'SUCCESS' });
  });

  test('while the job ends delay its answer until they succeed, and no longer', async () => {
    const stage = await new Stage(lasting(15 * 60)).setUp();
    const execution = await waitFor(stage, await started(stage));
    await stage.pass(10);
    const until = stage.clock.now() + 600 * SECOND;
    pollsInstead(stage, (poll) => (stage.clock.now() < until ? Promise.reject(THROTTLED) : poll()));
    await stage.pass(12);
    expect(execution.stopDate!.getTime()).toBeGreaterThanOrEqual(until);
    expect(execution.stopDate!.getTime()).toBeLessThanOrEqual(until + 65 * SECOND);
  });

  test('until the deadline leave it to the end of the wait to say what is known', async () => {
    const stage = await new Stage(lasting(600)).setUp();
    const jobName = await started(stage);
    pollsInstead(stage, () => Promise.reject(THROTTLED));
    const execution = await waitFor(stage, jobName, { deadline: at(stage, STAGE_SECONDS) });
    await stage.pass(60);
    expect(execution.status).toBe('SUCCEEDED');
    expect(stage.answers.pop()).toMatchObject({ RequestId: execution.name, Status: 'SUCCESS', Data: { JobName: jobName } });
  });

  test('because there is no such job end the wait at once: it is listed once and described once', async () => {
    const stage = await new Stage().setUp();
    let polls = 0;
    pollsInstead(stage, (poll) => (polls++, poll()));
    const execution = await waitFor(stage, '0a1b2c3d-01234567-0123456789abcdef');
    await stage.clock.settled();
    expect([execution.status, secondsOf(execution), polls]).toEqual(['SUCCEEDED', 0, 2]);
    expect(stage.answers.pop()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('is gone') });
  });

  test('because they find a status that nobody knows end the wait with a failure', async () => {
    const stage = await new Stage().setUp();
    const jobName = await started(stage);
    const { sagemaker } = stage.region;
    const real = sagemaker.call.bind(sagemaker);
    jest.spyOn(sagemaker, 'call').mockImplementation(async (...args) => {
      const { InferenceRecommendationsJobs: listed, ...answer } = await real(...args);
      return listed ? { InferenceRecommendationsJobs: [{ ...listed[0], Status: 'SLEEPING' }] } : { ...answer, Status: 'SLEEPING' };
    });
    await waitFor(stage, jobName);
    await stage.clock.settled();
    expect(stage.answers.pop()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("'SLEEPING'") });
  });
});

describe('a job that the list does not have first', () => {
  const listing = (stage: Stage, jobs: (listed: any[]) => any[]) => {
    const { sagemaker } = stage.region;
    const real = sagemaker.call.bind(sagemaker);
    const described: string[] = [];
    jest.spyOn(sagemaker, 'call').mockImplementation(async (operation, input, principal) => {
      const answer = await real(operation, input, principal);
      if (principal && operation === POLL) { described.push(input.JobName); }
      return operation === 'ListInferenceRecommendationsJobs' && principal
        ? { InferenceRecommendationsJobs: jobs(answer.InferenceRecommendationsJobs) } : answer;
    });
    return described;
  };

  test.each<[string, (listed: any[]) => any[]]>([
    ['because the list lags', () => []],
    ['because another job\'s name contains its name', (listed) => [{ ...listed[0], JobName: `a-${listed[0].JobName}`, Status: 'FAILED' }]],
    ['because the list is refused', () => { throw new AwsError('AccessDeniedException', 'not authorized'); }],
  ])('%s is described', async (_what, jobs) => {
    const stage = await new Stage(lasting(600)).setUp();
    const jobName = await started(stage);
    const described = listing(stage, jobs);
    const execution = await waitFor(stage, jobName);
    await stage.pass(8);
    expect([execution.status, new Set(described)]).toEqual(['RUNNING', new Set([jobName])]);
    await stage.pass(10);
    expect(stage.answers.pop()).toMatchObject({ RequestId: execution.name, Status: 'SUCCESS' });
  });

  test('is not described where it is, to its end', async () => {
    const stage = await new Stage(lasting(600)).setUp();
    const jobName = await started(stage);
    const described = listing(stage, (listed) => listed);
    await waitFor(stage, jobName);
    await stage.pass(20);
    expect(stage.answers.pop()).toMatchObject({ Status: 'SUCCESS' });
    expect(described).toEqual([]);
  });
});

describe('the deadline', () => {
  test('ends the polling of a job that goes on', async () => {
    const stage = await new Stage(lasting(5 * 3600)).setUp();
    const execution = await waitFor(stage, await started(stage), { deadline: at(stage, STAGE_SECONDS), lastStage: false });
    await stage.pass(60);
    expect(execution.status).toBe('SUCCEEDED');
    expect(secondsOf(execution)).toBeGreaterThanOrEqual(STAGE_SECONDS);
    expect(secondsOf(execution)).toBeLessThanOrEqual(STAGE_SECONDS + POLL_SECONDS);
  });

  test('is kept within the hour when the polls after it take all of their retries', async () => {
    const { execution } = await slow(['polls']);
    expect(secondsOf(execution)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('is kept within the hour when the end of the wait takes all of its retries too', async () => {
    const { execution } = await slow(['polls', 'end']);
    expect(secondsOf(execution)).toBeLessThan(SERVICE_TIMEOUT_SECONDS);
  });

  test('counts from the moment that the request arrived', async () => {
    const fails = () => ({ durationSeconds: 60, outcome: 'FAILED' as const, recommendations: [] });
    const stage = await new Stage(fails).setUp();
    const JobName = await started(stage);
    await stage.send(stage.wait('Create', { JobName, Trigger: 'v1' }));
    stage.fail('CreateInferenceRecommendationsJob', serviceError('AccessDeniedException', 'not authorized to perform: iam:PassRole'), 20);
    const arrived = stage.clock.now();
    const again = stage.wait('Update', { JobName, Trigger: 'v1' }, { PhysicalResourceId: 'JobWait1' });
    expect(await stage.send(again)).toMatchObject({ Status: 'FAILED' });
    const execution = [...stage.region.stepFunctions.executions.values()].find(({ name }) => name.endsWith(again.RequestId))!;
    expect(Date.parse(JSON.parse(execution.input).deadline)).toBeLessThanOrEqual(arrived + (STAGE_SECONDS + POLL_SECONDS - OFTEN_SECONDS) * SECOND);
  });
});

test.each<[string, number, (stage: Stage) => void]>([
  ['throttled', 25, (stage) => stage.fail(POLL, serviceError('ThrottlingException', 'Rate exceeded'), Infinity)],
  ['throttled', 48, (stage) => stage.fail(POLL, serviceError('ThrottlingException', 'Rate exceeded'), Infinity)],
  ['refused by a service that is broken', 40, (stage) => stage.fail(POLL, serviceError('InternalFailure', 'oops', 500), Infinity)],
  ['refused by Lambda', 48, (stage) => { stage.broken.set('wait-end', 'Lambda.TooManyRequestsException'); }],
])('the end of a wait that is %s until minute %i has its result then', async (_what, minutes, refuse) => {
  const stage = await new Stage(lasting(20 * 60)).setUp();
  const jobName = await started(stage);
  refuse(stage);
  const execution = await waitFor(stage, jobName);
  await stage.pass(minutes);
  expect(execution.status).toBe('RUNNING');
  stage.clients.faults.length = 0;
  stage.broken.clear();
  await stage.pass(2);
  expect(stage.answers.pop()).toMatchObject({ RequestId: execution.name, Status: 'SUCCESS', Data: { JobName: jobName } });
});

describe('a stop', () => {
  const stopOf = async (minutes: number) => {
    const stage = await new Stage().setUp();
    const jobName = await started(stage);
    await stage.sagemaker('StopInferenceRecommendationsJob', { JobName: jobName });
    const until = stage.clock.now() + minutes * 60 * SECOND;
    const told: any[] = [];
    // Plays the function: the watched job has stopped, another has not. Told that all is lost, it only answers.
    jest.spyOn(stage.region.lambda, 'invoke').mockImplementation(async (_name, payload: any) => {
      told.push(payload);
      return stage.clock.now() < until && !payload.failure ? { error: { errorType: 'StillStopping', errorMessage: 'other' } } : { payload: null };
    });
    const execution = await waitFor(stage, jobName, { purpose: 'stop', pollSeconds: STOP_POLL_SECONDS, deadline: at(stage, STOP_SECONDS) });
    await stage.pass(60);
    return { execution, told };
  };

  test('of several jobs goes on while one of them still stops', async () => {
    const { execution, told } = await stopOf(8);
    expect(secondsOf(execution)).toBeGreaterThanOrEqual(8 * 60);
    expect(secondsOf(execution)).toBeLessThanOrEqual(8 * 60 + STOP_POLL_SECONDS);
    expect(told.filter(({ failure }) => failure)).toEqual([]);
  });

  test('of several jobs goes on until its deadline', async () => {
    const { execution, told } = await stopOf(30);
    expect(secondsOf(execution)).toBeGreaterThanOrEqual(30 * 60);
    expect(told.filter(({ failure }) => failure)).toEqual([]);
  });
});

/** A stage whose polls, once the deadline is near, or whose end take as long as the definition lets them. */
async function slow(what: Array<'polls' | 'end'>): Promise<{ execution: Execution }> {
  const stage = await new Stage(lasting(5 * 3600)).setUp();
  const near = stage.clock.now() + (STAGE_SECONDS - POLL_SECONDS) * SECOND;
  const hangs = (): Promise<any> => stage.clock.sleep(24 * 3600 * SECOND);
  pollsInstead(stage, (poll) => (what.includes('polls') && stage.clock.now() > near ? hangs() : poll()));
  if (what.includes('end')) { jest.spyOn(stage.region.lambda, 'invoke').mockImplementation(hangs); }
  const execution = await waitFor(stage, await started(stage), { deadline: at(stage, STAGE_SECONDS) });
  // The longest of the pauses that jitter may choose.
  jest.spyOn(execution, 'random').mockReturnValue(1);
  await stage.pass(120);
  return { execution };
}
