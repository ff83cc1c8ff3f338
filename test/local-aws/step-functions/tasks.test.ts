import { Bench, named, seconds } from './fixtures';
import { AwsError } from '../../../local-aws/kernel/errors';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const sdk = (action: string) => `arn:aws:states:::aws-sdk:sagemaker:${action}`;
const describeModel = { Type: 'Task', Resource: sdk('describeModel'), Parameters: { ModelName: 'm' }, End: true };

describe('SageMaker', () => {
  test('is called as the machine\'s role, and answers in JSON', async () => {
    const calls: unknown[] = [];
    bench.world.watch(({ operation, principal, request }) => calls.push([operation, principal, request]));
    await bench.region.sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' } });
    expect(await bench.output({ T: { ...describeModel, Parameters: { 'ModelName.$': '$.name' } } }, { name: 'm' })).toMatchObject({
      ModelName: 'm', CreationTime: '2026-01-01T00:00:00.000Z',
    });
    expect(calls[1]).toEqual(['DescribeModel', 'arn:aws:iam::111122223333:role/Machine', { ModelName: 'm' }]);
  });

  test('answers nothing as {}, and what is no number as text', async () => {
    await bench.region.sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' } });
    expect(await bench.output({ T: { ...describeModel, Resource: sdk('deleteModel') } })).toEqual({});
  });

  test.each<[string, string, object]>([
    ['SageMaker.ResourceNotFoundException', 'describeInferenceRecommendationsJob', { JobName: 'j' }],
    ['SageMaker.SageMakerException', 'describeModel', { ModelName: 'm' }],
    ['SageMaker.SageMakerException', 'describeModel', {}],
  ])('fails as %s in %s %j', async (error, action, Parameters) => {
    expect(await bench.run({ T: { Type: 'Task', Resource: sdk(action), Parameters, End: true } })).toMatchObject({
      status: 'FAILED', error, cause: expect.stringMatching(/\(Service: SageMaker, Status Code: 400, Request ID: /),
    });
  });

  test('keeps a suffix that is there', async () => {
    await bench.region.sagemaker.call('CreateModelPackageGroup', { ModelPackageGroupName: 'g' });
    await bench.region.sagemaker.call('CreateModelPackage', { ModelPackageGroupName: 'g' });
    const task = { Type: 'Task', Resource: sdk('deleteModelPackageGroup'), Parameters: { ModelPackageGroupName: 'g' }, End: true };
    expect(await bench.run({ T: task })).toMatchObject({ error: 'SageMaker.ConflictException' });
  });

  test('is denied to a role that may not', async () => {
    bench.region.iam.createRole('Machine', { Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    expect(await bench.run({ T: describeModel })).toMatchObject({ error: 'SageMaker.SageMakerException', cause: expect.stringMatching(/not authorized/) });
  });
});

describe('Lambda', () => {
  test('by its own ARN gives the payload', async () => {
    const Resource = bench.lambda('f', ({ a }) => ({ b: a + 1 }));
    expect(await bench.output({ T: { Type: 'Task', Resource, End: true } }, { a: 1 })).toEqual({ b: 2 });
  });

  test('by lambda:invoke gives it in an envelope', async () => {
    const FunctionName = bench.lambda('f', ({ a }) => ({ b: a + 1 }));
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName, Payload: { 'a.$': '$.x' } },
      ResultSelector: { 'got.$': '$.Payload.b', 'status.$': '$.StatusCode' },
      ResultPath: '$.result',
      End: true,
    };
    expect(await bench.output({ T: task }, { x: 1 })).toEqual({ x: 1, result: { got: 2, status: 200 } });
  });

  test('fails under the name of its error', async () => {
    const Resource = bench.lambda('f', () => { throw named('TooBad', 'because'); });
    const { error, cause } = await bench.run({ T: { Type: 'Task', Resource, End: true } });
    expect([error, JSON.parse(cause!)]).toEqual(['TooBad', { errorType: 'TooBad', errorMessage: 'because' }]);
  });

  test('that is not there fails', async () => {
    const task = { Type: 'Task', Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:none', End: true };
    expect(await bench.run({ T: task })).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });
});

describe('retries', () => {
  /** A task that fails so often before it gives the number of times it was tried. */
  const failing = (times: number, Retry: object[], error = 'Busy') => {
    let tries = 0;
    const Resource = bench.lambda('f', () => {
      if (++tries <= times) { throw named(error); }
      return tries;
    });
    return { T: { Type: 'Task', Resource, Retry, End: true } };
  };

  test.each<[string, object, number, number]>([
    ['double their intervals from one second on', {}, 3, 7],
    ['wait as long as they say', { IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 2 }, 2, 40],
    ['wait no longer than they may', { IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 4, MaxDelaySeconds: 25 }, 4, 80],
  ])('%s', async (_what, retry, times, expected) => {
    const execution = await bench.run(failing(times, [{ ErrorEquals: ['Busy'], ...retry }]));
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: String(times + 1), transitions: times + 1 });
    expect(seconds(execution)).toBe(expected);
  });

  test('end at their number', async () => {
    expect(await bench.run(failing(9, [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }]))).toMatchObject({ error: 'Busy', transitions: 3 });
    bench = new Bench();
    expect(await bench.run(failing(9, [{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }]))).toMatchObject({ error: 'Busy', transitions: 1 });
  });

  test('jitter within their intervals, the same in every run', async () => {
    const run = async () => {
      bench = new Bench();
      return seconds(await bench.run(failing(4, [{ ErrorEquals: ['Busy'], IntervalSeconds: 100, BackoffRate: 1, MaxAttempts: 4, JitterStrategy: 'FULL' }])));
    };
    const first = await run();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(400);
    expect(await run()).toBe(first);
  });

  test('are counted in the context object', async () => {
    const FunctionName = bench.lambda('f', ({ retries }) => {
      if (retries < 2) { throw named('Busy'); }
      return retries;
    });
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName, Payload: { 'retries.$': '$$.State.RetryCount' } },
      OutputPath: '$.Payload',
      Retry: [{ ErrorEquals: ['Busy'] }],
      End: true,
    };
    expect(await bench.output({ T: task })).toBe(2);
  });

  test.each<[string, boolean]>([['States.ALL', true], ['States.TaskFailed', true], ['Busy', true], ['Other', false], ['States.Timeout', false]])(
    'for %s meet an error of a function: %j', async (name, meets) => {
      expect(await bench.run(failing(1, [{ ErrorEquals: [name] }]))).toMatchObject({ status: meets ? 'SUCCEEDED' : 'FAILED' });
    });

  test('never meet States.Runtime', async () => {
    const task = { ...describeModel, Parameters: { 'ModelName.$': '$.none' }, Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] };
    expect(await bench.run({ T: task, S: { Type: 'Succeed' } })).toMatchObject({ error: 'States.Runtime', transitions: 1 });
  });
});

describe('catchers', () => {
  const caught = (Catch: object[], Retry: object[] = []) => ({
    T: { Type: 'Task', Resource: bench.lambda('f', () => { throw named('Busy', 'no'); }), Retry, Catch, End: true },
    S: { Type: 'Succeed' },
  });

  test('put the error into the input', async () => {
    expect(await bench.output(caught([{ ErrorEquals: ['Other'], Next: 'S' }, { ErrorEquals: ['States.ALL'], Next: 'S', ResultPath: '$.error' }]), { a: 1 }))
      .toEqual({ a: 1, error: { Error: 'Busy', Cause: JSON.stringify({ errorType: 'Busy', errorMessage: 'no' }) } });
  });

  test('come after the retries', async () => {
    expect(await bench.run(caught([{ ErrorEquals: ['States.TaskFailed'], Next: 'S' }], [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }])))
      .toMatchObject({ status: 'SUCCEEDED', transitions: 3 });
  });
});

describe('timeouts', () => {
  const slow = (rest: { Catch?: object[] } & Record<string, unknown>): Record<string, object> => ({
    T: { Type: 'Task', Resource: bench.lambda('f', (_payload, { clock }) => clock.sleep(100_000)), End: true, ...rest },
    ...rest.Catch && { S: { Type: 'Succeed' } },
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['of the task', { TimeoutSeconds: 10 }, 'States.Timeout'],
    ['of the task, from the input', { TimeoutSecondsPath: '$.t' }, 'States.Timeout'],
    ['of the heartbeat', { TimeoutSeconds: 60, HeartbeatSeconds: 10 }, 'States.HeartbeatTimeout'],
  ])('%s fail it', async (_what, rest, error) => {
    const execution = await bench.run(slow(rest), { t: 10 });
    expect(execution).toMatchObject({ status: 'FAILED', error });
    expect(seconds(execution)).toBe(10);
  });

  test.each<[string, boolean]>([['States.Timeout', true], ['States.ALL', true], ['States.TaskFailed', false]])('are caught by %s: %j', async (name, expected) => {
    expect(await bench.run(slow({ TimeoutSeconds: 10, Catch: [{ ErrorEquals: [name], Next: 'S' }] }))).toMatchObject({ status: expected ? 'SUCCEEDED' : 'FAILED' });
  });

  test('of the machine end it, and nothing catches them', async () => {
    const execution = await bench.run(slow({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] }), {}, { TimeoutSeconds: 20 });
    expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout', transitions: 1 });
    expect(seconds(execution)).toBe(20);
  });

  test('that are not reached leave nothing on the clock', async () => {
    await bench.run({ W: { Type: 'Wait', Seconds: 5, End: true } }, {}, { TimeoutSeconds: 3600 });
    await bench.world.clock.settled();
    expect(bench.world.clock.now()).toBe(Date.parse('2026-01-01T00:00:05Z'));
  });
});

test('an error that is none of AWS\'s fails the execution, and says what it was', async () => {
  bench.region.iam.check = () => { throw new TypeError('broken'); };
  expect(await bench.run({ T: describeModel })).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: 'broken' });
  bench.region.iam.check = () => { throw new AwsError('ThrottlingException', 'Rate exceeded'); };
  expect(await bench.run({ T: describeModel })).toMatchObject({ error: 'SageMaker.SageMakerException' });
});

test('a job is polled to its end without a function', async () => {
  await bench.region.sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' } });
  const container = { Domain: 'OTHER', Task: 'OTHER', Framework: 'XGBOOST', PayloadConfig: { SamplePayloadUrl: 's3://b/p.tar.gz', SupportedContentTypes: ['text/csv'] } };
  const execution = await bench.run({
    Start: {
      Type: 'Task',
      Resource: sdk('createInferenceRecommendationsJob'),
      Parameters: { JobName: 'j', JobType: 'Default', RoleArn: 'arn:aws:iam::111122223333:role/Job', InputConfig: { ModelName: 'm', ContainerConfig: container } },
      ResultPath: null,
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: 60, Next: 'Poll' },
    Poll: { Type: 'Task', Resource: sdk('describeInferenceRecommendationsJob'), Parameters: { JobName: 'j' }, ResultPath: '$.job', Next: 'Over' },
    Over: {
      Type: 'Choice',
      Choices: [
        { And: [{ Variable: '$.job.Status', StringEquals: 'COMPLETED' }], Next: 'Done' },
        { Variable: '$$.State.EnteredTime', TimestampGreaterThanPath: '$.deadline', Next: 'Late' },
      ],
      Default: 'Wait',
    },
    Done: { Type: 'Succeed' },
    Late: { Type: 'Fail' },
  }, { deadline: '2026-01-01T01:00:00Z' });
  expect(execution).toMatchObject({ status: 'SUCCEEDED', transitions: 1 + 45 * 3 + 1 });
});
