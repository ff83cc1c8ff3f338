import { Bench, ROLE, seconds } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

describe('data', () => {
  test.each<[string, object, unknown, unknown]>([
    ['passes through', {}, { a: 1 }, { a: 1 }],
    ['is replaced by a result', { Result: { b: 2 } }, { a: 1 }, { b: 2 }],
    ['gets a result put into it', { Result: 2, ResultPath: '$.x.y' }, { a: 1 }, { a: 1, x: { y: 2 } }],
    ['is kept from a result', { Result: 2, ResultPath: null }, { a: 1 }, { a: 1 }],
    ['is narrowed on the way in', { InputPath: '$.a[1]' }, { a: [1, { b: 2 }] }, { b: 2 }],
    ['is dropped on the way in', { InputPath: null }, { a: 1 }, {}],
    ['is narrowed on the way out', { OutputPath: "$['a b']" }, { 'a b': 5 }, 5],
    ['is dropped on the way out', { OutputPath: null }, { a: 1 }, {}],
    ['is put together from parameters', { Parameters: { 'a.$': '$.x', 'b': [{ 'c.$': '$.y' }], 'd': '$.x' } }, { x: 1, y: null }, { a: 1, b: [{ c: null }], d: '$.x' }],
    ['is formatted', { Parameters: { 'a.$': "States.Format('{}/\\'{}\\' {}', $.x, 'b', States.Array(1, true))" } }, { x: 1 }, { a: "1/'b' [1,true]" }],
    ['is parsed', { Parameters: { 'a.$': 'States.StringToJson($.x)' } }, { x: '{"b":1}' }, { a: { b: 1 } }],
    ['is counted', { Parameters: { 'a.$': 'States.MathAdd($.x, 1)' } }, { x: 1 }, { a: 2 }],
  ])('%s', async (_what, state, input, expected) => {
    expect(await bench.output({ P: { Type: 'Pass', End: true, ...state } }, input)).toEqual(expected);
  });

  test('comes from the context object, too', async () => {
    const states = {
      W: { Type: 'Wait', Seconds: 5, Next: 'P' },
      P: {
        Type: 'Pass',
        End: true,
        Parameters: {
          'name.$': '$$.Execution.Name',
          'start.$': '$$.Execution.StartTime',
          'input.$': '$$.Execution.Input.a',
          'entered.$': '$$.State.EnteredTime',
          'state.$': '$$.State.Name',
          'retries.$': '$$.State.RetryCount',
          'machine.$': '$$.StateMachine.Name',
          'role.$': '$$.Execution.RoleArn',
        },
      },
    };
    const { output, name } = await bench.run(states, { a: 1 });
    expect(JSON.parse(output!)).toEqual({
      name, start: '2026-01-01T00:00:00.000Z', input: 1, entered: '2026-01-01T00:00:05.000Z', state: 'P', retries: 0, machine: 'm1', role: ROLE,
    });
  });

  test.each<[string, object, unknown, string]>([
    ['a path that leads nowhere', { Parameters: { 'a.$': '$.x' } }, {}, 'States.Runtime'],
    ['a result that finds no place', { Result: 1, ResultPath: '$.a.b' }, { a: 1 }, 'States.ResultPathMatchFailure'],
    ['an output over 256 KiB', { Parameters: { 'a.$': '$.a', 'b.$': '$.a' } }, { a: 'x'.repeat(200_000) }, 'States.DataLimitExceeded'],
  ])('fails the execution with %s', async (_what, state, input, error) => {
    expect(await bench.run({ P: { Type: 'Pass', End: true, ...state } }, input)).toMatchObject({ status: 'FAILED', error });
  });
});

describe('Wait', () => {
  test.each<[string, object, unknown, number]>([
    ['seconds', { Seconds: 90 }, {}, 90],
    ['seconds of the input', { SecondsPath: '$.s' }, { s: 7 }, 7],
    ['a moment', { Timestamp: '2026-01-01T01:00:00Z' }, {}, 3600],
    ['a moment of the input', { TimestampPath: '$.t' }, { t: '2026-01-01T02:00:00+01:00' }, 3600],
    ['no time at all for a moment that is past', { Timestamp: '2025-01-01T01:00:00Z' }, {}, 0],
  ])('lasts %s', async (_what, state, input, expected) => {
    const execution = await bench.run({ W: { Type: 'Wait', End: true, ...state } }, input);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify(input) });
    expect(seconds(execution)).toBe(expected);
  });

  test.each<[object, unknown]>([[{ SecondsPath: '$.s' }, { s: '7' }], [{ TimestampPath: '$.t' }, { t: 'noon' }]])('fails with %j of %j', async (state, input) => {
    expect(await bench.run({ W: { Type: 'Wait', End: true, ...state } }, input)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Choice', () => {
  const chosen = async (rule: object, input: unknown) => bench.output({
    C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: true, End: true },
    No: { Type: 'Pass', Result: false, End: true },
  }, input);
  const v = { Variable: '$.v' };

  test.each<[object, unknown, boolean]>([
    [{ StringEquals: 'a' }, 'a', true],
    [{ StringEquals: '1' }, 1, false],
    [{ StringLessThan: 'b' }, 'a', true],
    [{ StringGreaterThanEquals: 'b' }, 'a', false],
    [{ StringEqualsPath: '$.w' }, 'w', true],
    [{ StringMatches: 'log-*.txt' }, 'log-5.txt', true],
    [{ StringMatches: 'log-\\*.txt' }, 'log-5.txt', false],
    [{ StringMatches: 'log.5' }, 'log-5', false],
    [{ NumericEquals: 1 }, 1, true],
    [{ NumericLessThanEquals: 1 }, 2, false],
    [{ NumericGreaterThan: 1 }, 2, true],
    [{ BooleanEquals: false }, false, true],
    [{ TimestampGreaterThan: '2026-01-01T00:00:00Z' }, '2026-01-01T00:30:00+01:00', false],
    [{ TimestampGreaterThanEqualsPath: '$$.State.EnteredTime' }, '2026-01-01T00:00:00Z', true],
    [{ TimestampEquals: '2026-01-01T00:00:00Z' }, 'noon', false],
    [{ IsNull: true }, null, true],
    [{ IsString: true }, 5, false],
    [{ IsNumeric: true }, 5, true],
    [{ IsBoolean: false }, 5, true],
    [{ IsTimestamp: true }, '2026-01-01T00:00:00Z', true],
  ])('%j of %j is %j', async (comparison, value, expected) => {
    expect(await chosen({ ...v, ...comparison }, { v: value, w: 'w' })).toBe(expected);
  });

  test.each<[object, boolean]>([
    [{ And: [{ ...v, NumericGreaterThan: 1 }, { ...v, NumericLessThan: 3 }] }, true],
    [{ And: [{ ...v, NumericGreaterThan: 1 }, { ...v, NumericLessThan: 2 }] }, false],
    [{ Or: [{ ...v, NumericEquals: 1 }, { ...v, NumericEquals: 2 }] }, true],
    [{ Not: { ...v, NumericEquals: 2 } }, false],
    [{ Variable: '$.none', IsPresent: true }, false],
    [{ Variable: '$$.State.EnteredTime', TimestampLessThan: '2026-01-02T00:00:00Z' }, true],
  ])('%j is %j', async (rule, expected) => {
    expect(await chosen(rule, { v: 2 })).toBe(expected);
  });

  test('takes the first rule that holds', async () => {
    expect(await bench.output({
      C: { Type: 'Choice', Choices: [{ ...v, IsPresent: true, Next: 'One' }, { ...v, IsPresent: true, Next: 'Two' }] },
      One: { Type: 'Pass', Result: 1, End: true },
      Two: { Type: 'Pass', Result: 2, End: true },
    }, { v: 0 })).toBe(1);
  });

  test.each<[string, object]>([
    ['a variable is not there', { Variable: '$.none', IsNull: true }],
    ['no rule holds and there is no default', { Variable: '$.none', IsPresent: true }],
  ])('fails where %s', async (_what, rule) => {
    const states = { C: { Type: 'Choice', Choices: [{ ...rule, Next: 'S' }] }, S: { Type: 'Succeed' } };
    expect(await bench.run(states)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('endings', () => {
  test('Succeed gives what it got', async () => {
    expect(await bench.output({ S: { Type: 'Succeed', InputPath: '$.a' } }, { a: 1 })).toBe(1);
  });

  test.each<[object, object]>([
    [{ Error: 'E', Cause: 'C' }, { error: 'E', cause: 'C' }],
    [{ ErrorPath: '$.e', CausePath: "States.Format('because {}', $.c)" }, { error: 'x', cause: 'because y' }],
    [{}, { error: undefined, cause: undefined }],
  ])('Fail with %j', async (state, expected) => {
    expect(await bench.run({ F: { Type: 'Fail', ...state } }, { e: 'x', c: 'y' })).toMatchObject({ status: 'FAILED', ...expected });
  });
});

test('transitions are the states entered', async () => {
  const { transitions } = await bench.run({
    One: { Type: 'Pass', Next: 'Two' }, Two: { Type: 'Wait', Seconds: 1, Next: 'Three' }, Three: { Type: 'Succeed' },
  });
  expect(transitions).toBe(3);
});

test('a machine that goes round without end fails at 25,000 events', async () => {
  const states = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'A' }] } };
  const execution = await bench.run(states);
  expect(execution).toMatchObject({ status: 'FAILED', cause: 'The execution reached the maximum number of history events (25000).' });
});
