import { Bench, named, seconds } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

/** A task that fails with each of the errors in turn before it works; `null` is a try that takes forever. */
function failing(errors: ReadonlyArray<string | null>, rest: object): Record<string, object> {
  let tries = 0;
  const Resource = bench.lambda('f', (_payload, { clock }) => {
    const error = errors[tries++];
    if (error === null) { return clock.sleep(1_000_000_000); }
    if (error !== undefined) { throw named(error); }
    return 'done';
  });
  return { T: { Type: 'Task', Resource, End: true, ...rest } };
}

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
describe('several retriers', () => {
  const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 10 }, { ErrorEquals: ['B', 'C'], MaxAttempts: 2, IntervalSeconds: 100 }];

  test.each<[string[], string, number]>([
    [['A', 'B', 'C'], 'SUCCEEDED', 10 + 100 + 200],
    [['B', 'A', 'C'], 'SUCCEEDED', 100 + 10 + 200],
    [['A', 'B', 'A'], 'FAILED', 10 + 100],
    [['B', 'C', 'B'], 'FAILED', 100 + 200],
    [['D'], 'FAILED', 0],
  ])('count and wait each by itself: %j', async (errors, status, waited) => {
    const execution = await bench.run(failing(errors, { Retry }));
    expect(execution).toMatchObject({ status, ...status === 'FAILED' && { error: errors.at(-1) } });
    expect(seconds(execution)).toBe(waited);
  });

  test('the first that names an error is the one', async () => {
    const both = [{ ErrorEquals: ['A'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'], MaxAttempts: 5 }];
    expect(await bench.run(failing(['A'], { Retry: both }))).toMatchObject({ status: 'FAILED', error: 'A', transitions: 1 });
  });
});

test('a task that times out is tried again with its whole time', async () => {
  const execution = await bench.run(failing([null, null], { TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5, BackoffRate: 1 }] }));
  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  expect(seconds(execution)).toBe(10 + 5 + 10 + 5);
});

describe('jitter', () => {
  test('lies between nothing and the whole of each interval, and differs from execution to execution', async () => {
    const waits: number[] = [];
    for (let run = 0; run < 20; run++) {
      bench = new Bench();
      const arn = await bench.machine(failing(['A'], { Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 100, JitterStrategy: 'FULL' }] }));
      const execution = await bench.start(arn, {}, `run-${run}`);
      while (execution.status === 'RUNNING') { await new Promise(setImmediate); }
      waits.push(seconds(execution));
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(100);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(50);
    expect(new Set(waits).size).toBe(20);
  });
});

describe('catchers', () => {
  const states = (Catch: object[]) => ({ ...failing(['A'], { Catch }), First: { Type: 'Pass', End: true }, Second: { Type: 'Fail' } });
  const error = { Error: 'A', Cause: expect.stringContaining('"errorType":"A"') };

  test.each<[string, object, unknown]>([
    ['in place of the input', {}, error],
    ['into the input', { ResultPath: '$.b.c' }, { a: 1, b: { c: error } }],
    ['not at all', { ResultPath: null }, { a: 1 }],
  ])('put the error %s, and the first that names it is the one', async (_where, rest, expected) => {
    const { output } = await bench.run(states([
      { ErrorEquals: ['A'], Next: 'First', ...rest }, { ErrorEquals: ['States.ALL'], Next: 'Second' },
    ]), { a: 1 });
    expect(JSON.parse(output!)).toEqual(expected);
  });
});

test('the context object names the execution, its machine and itself by their ARNs', async () => {
  const Parameters = { 'execution.$': '$$.Execution.Id', 'machine.$': '$$.StateMachine.Id', 'redrives.$': '$$.Execution.RedriveCount', 'all.$': '$$.State' };
  const execution = await bench.run({ P: { Type: 'Pass', Parameters, End: true } });
  expect(JSON.parse(execution.output!)).toEqual({
    execution: execution.arn, machine: execution.machine.arn, redrives: 0, all: { EnteredTime: '2026-01-01T00:00:00.000Z', Name: 'P', RetryCount: 0 },
  });
});
