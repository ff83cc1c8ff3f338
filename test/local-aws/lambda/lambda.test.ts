import { existsSync } from 'fs';
import { VirtualClock } from '../../../local-aws/kernel/clock';
import { InvocationResult, ProcessRunner } from '../../../local-aws/lambda';
import { Region, WorldOptions } from '../../../local-aws/world';
import { zipOf } from '../../harness/assembly';
import { someRegion } from '../iam/world';

const START = new Date('2030-01-01T00:00:00Z');

let region: Region;

function begin(options: WorldOptions = {}): void {
  region = someRegion({ clock: new VirtualClock({ start: START }), ...options });
}

function create(code: string, options: object = {}, file = 'index.js') {
  return region.lambda.create({
    functionName: 'fn', zip: zipOf({ [file]: code }), handler: 'index.handler', roleArn: 'arn:aws:iam::111111111111:role/R', ...options,
  });
}

afterEach(() => region.world.close());

describe('a handler in a process of its own', () => {
  beforeEach(() => begin());

  test('gets the event and answers', async () => {
    create('exports.handler = async (event) => ({ twice: event.n * 2 });');
    expect(await region.lambda.invoke('fn', { n: 21 })).toEqual({ payload: { twice: 42 } });
    expect(await region.lambda.invoke('arn:aws:lambda:us-east-1:111111111111:function:fn', { n: 1 })).toEqual({ payload: { twice: 2 } });
  });

  test('may be a module, or call back', async () => {
    create('export const handler = async () => "esm";', {}, 'index.mjs');
    expect(await region.lambda.invoke('fn', {})).toEqual({ payload: 'esm' });
    create('exports.handler = (event, context, callback) => setImmediate(() => callback(null, "called"));', { functionName: 'other' });
    expect(await region.lambda.invoke('other', {})).toEqual({ payload: 'called' });
  });

  test('has the template\'s environment and Lambda\'s own, and nothing else', async () => {
    create('exports.handler = async () => process.env;', { environment: { MINE: 'yes' } });
    const { payload } = await region.lambda.invoke('fn', {}) as { payload: Record<string, string> };
    expect(payload).toMatchObject({
      MINE: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fn',
      AWS_ENDPOINT_URL: region.world.endpoint,
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SESSION_TOKEN: expect.any(String),
    });
    expect(Object.keys(payload).filter((name) => !/^(AWS_|LAMBDA_TASK_ROOT|_HANDLER|LANG|TZ|NODE_CHANNEL|MINE|PATH$|NODE_PATH$|NODE_OPTIONS$|LOCAL_AWS_(ENDPOINT|NAMES)$|npm_config_offline$)/.test(name))).toEqual([]);
  });

  test('lives in virtual time', async () => {
    create('exports.handler = async () => [Date.now(), new Date().toISOString(), new Date(5).getTime(), new Date() instanceof Date, typeof Date()];');
    const began = Date.now();
    const { payload } = await region.lambda.invoke('fn', {}) as { payload: any[] };
    // A handler sees how long it has worked.
    expect(payload[0] - START.getTime()).toBeLessThanOrEqual(Date.now() - began);
    expect(payload.slice(1)).toEqual([expect.stringMatching(/^2030-01-01T/), 5, true, 'string']);
  });

  test('knows its context', async () => {
    create('exports.handler = async (event, c) => [c.functionName, c.invokedFunctionArn, c.awsRequestId, c.getRemainingTimeInMillis() <= 900000 && c.getRemainingTimeInMillis() > 0];', { timeoutSeconds: 900 });
    const { payload } = await region.lambda.invoke('fn', {});
    expect(payload).toEqual(['fn', 'arn:aws:lambda:us-east-1:111111111111:function:fn', expect.stringMatching(/^[0-9a-f]{8}-/), true]);
  });

  test('stays warm between events, and is new after an update', async () => {
    create('let count = 0; exports.handler = async () => ++count;');
    await region.lambda.invoke('fn', {});
    expect(await region.lambda.invoke('fn', {})).toEqual({ payload: 2 });
    region.lambda.update('fn', { environment: { CHANGED: '1' } });
    expect(await region.lambda.invoke('fn', {})).toEqual({ payload: 1 });
  });

  test('runs beside itself while it is busy', async () => {
    create('exports.handler = async (event) => { await new Promise((go) => setTimeout(go, event)); return event; };');
    expect(await Promise.all([region.lambda.invoke('fn', 80), region.lambda.invoke('fn', 1)])).toEqual([{ payload: 80 }, { payload: 1 }]);
  });

  test('writes its lines to the log group', async () => {
    create('exports.handler = async () => { console.log("hello %s", "there"); console.error("two\\nlines"); };');
    await region.lambda.invoke('fn', {});
    const lines = region.logs.tail('/aws/lambda/fn');
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: [-0-9a-f]+ Version: \$LATEST$/), expect.stringMatching(/^2030-01-01T.*\tINFO\thello there$/),
      expect.stringMatching(/\tERROR\ttwo\nlines$/), expect.stringMatching(/^END RequestId/),
    ]);
  });

  test('leaves no trace on the disk once all is closed', async () => {
    create('exports.handler = async () => __dirname;');
    const { payload } = await region.lambda.invoke('fn', {});
    expect(existsSync(payload as string)).toBe(true);
    await region.world.close();
    expect(existsSync(payload as string)).toBe(false);
  });
});

describe('a handler that fails', () => {
  beforeEach(() => begin());

  test.each([
    ['throws', 'exports.handler = async () => { throw new TypeError("no good"); };', 'TypeError', 'no good'],
    ['throws at once', 'exports.handler = () => { throw new RangeError("far"); };', 'RangeError', 'far'],
    ['throws what is no error', 'exports.handler = async () => { throw "text"; };', 'string', 'text'],
    ['ends its process', 'exports.handler = async () => process.exit(3);', 'Runtime.ExitError', 'Runtime exited with error: exit status 3'],
    ['fails behind its own back', 'exports.handler = () => new Promise(() => setImmediate(() => { throw new Error("late"); }));', 'Runtime.UncaughtException', 'late'],
    ['does not load', 'require("./missing");', 'Runtime.ImportModuleError', expect.stringContaining('./missing')],
    ['is not there', 'exports.other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
  ])('that %s gives an error of that type, and the next event another process if need be', async (_how, code, errorType, errorMessage) => {
    create(code);
    for (let times = 0; times < 2; times++) {
      expect((await region.lambda.invoke('fn', {})).error).toMatchObject({ errorType, errorMessage });
    }
    expect(region.lambda.invocations.map(({ error }) => error)).toEqual([errorMessage, errorMessage]);
  });

  test('that never ends is stopped', async () => {
    begin({ lambdaRunner: new ProcessRunner({ realTimeoutMs: 150 }) });
    create('exports.handler = () => new Promise(() => {});', { timeoutSeconds: 9 });
    expect((await region.lambda.invoke('fn', {})).error).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 9.00 seconds$/) });
  });

  test('a zip that is none', async () => {
    create('', { zip: Buffer.from('no zip') });
    expect((await region.lambda.invoke('fn', {})).error).toMatchObject({ errorType: 'Runtime.InvalidZipFile' });
  });
});

describe('invocations', () => {
  let ran: Array<{ payload: unknown; at: number; id: string }>;
  let results: InvocationResult[];

  beforeEach(() => {
    ran = [];
    results = [];
    begin({
      lambdaRunner: {
        run: async (fn, payload, id) => {
          ran.push({ payload, at: fn.region.clock.now() - START.getTime(), id });
          await new Promise(setImmediate);
          return results.shift() ?? { payload: 'ok' };
        },
      },
    });
  });

  test('an event is tried three times, a minute and two minutes later, by the same id', async () => {
    create('');
    results = [1, 2, 3].map(() => ({ error: { errorType: 'Error', errorMessage: 'no' } }));
    region.lambda.invokeAsync('fn', { a: 1 });
    await region.clock.run(() => region.clock.sleep(600_000));
    expect(ran.map(({ at }) => at)).toEqual([0, 60_000, 180_000]);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(1);
  });

  test('an event that succeeds is not tried again', async () => {
    create('');
    region.lambda.invokeAsync('fn', { a: 1 });
    await region.clock.run(() => region.clock.sleep(600_000));
    expect(ran).toHaveLength(1);
  });

  test('the clock stands still meanwhile', async () => {
    create('');
    region.clock.at(START.getTime() + 1, () => {});
    await region.clock.run(() => region.lambda.invoke('fn', {}));
    expect(region.lambda.invocations).toEqual([{ functionName: 'fn', start: START.getTime(), end: START.getTime(), billedMs: expect.any(Number), error: undefined }]);
  });

  test('a function that is not there', () => {
    expect(() => region.lambda.invoke('none', {})).toThrow(expect.objectContaining({
      code: 'ResourceNotFoundException', status: 404, message: 'Function not found: arn:aws:lambda:us-east-1:111111111111:function:none',
    }));
    create('');
    expect(() => region.lambda.invoke('arn:aws:lambda:eu-west-1:111111111111:function:fn', {})).toThrow(/Function not found/);
  });

  test('lines are lost, and no log group comes into being, where the role does not allow it', async () => {
    const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
    region.iam.createRole('R', trust);
    create('');
    await region.lambda.invoke('fn', {});
    expect(region.logs.groups.size).toBe(0);
    region.iam.putRolePolicy('R', 'P', { Statement: [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }] });
    region.logs.createGroup('/aws/lambda/fn');
    await region.lambda.invoke('fn', {});
    expect(region.logs.tail('/aws/lambda/fn')).toHaveLength(2);
  });

  test.each([
    { functionName: 'a b' }, { runtime: 'cobol1' }, { handler: 'index' }, { timeoutSeconds: 901 }, { memorySize: 64 }, { environment: { AWS_REGION: 'x' } },
  ])('a function with %j is refused', (options) => {
    expect(() => create('', options)).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException' }));
  });
});
