// @ts-expect-error: it has no types.
import validate from 'asl-validator';
import { Template } from 'aws-cdk-lib/assertions';
import { parseDefinition } from '../../../local-aws/step-functions/definition';
import { INFERENCE_RECOMMENDER } from '../../../src/jobs/family';
import { followMachineDefinition } from '../../../src/runtime/follow-machine';
import { waitMachineDefinition } from '../../../src/runtime/wait-machine';
import { PROBES } from '../../second-family/family';
import { everything } from '../../security/everything';
import { someRegion } from '../iam/world';

// The validator compiles its schemas again for each machine: here, once.
jest.mock('ajv', () => {
  const { default: Ajv, ...rest } = jest.requireActual('ajv');
  let only: any;
  const same = (options: object) => {
    // Its keywords are there from the first time on.
    if (only) { only.addKeyword = () => only; } else { only = new Ajv(options); }
    return only;
  };
  return { ...rest, __esModule: true, default: function (options: object) { return same(options); } };
});

const region = someRegion();
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:f';

/** What a validator that nobody here wrote says against a machine. It writes into what it reads. */
function complaints(definition: unknown): string {
  const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(definition)));
  return isValid ? '' : errorsText('; ');
}

/** What the local AWS says against it. */
function refusal(definition: unknown): string {
  try {
    parseDefinition(JSON.stringify(definition), region);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a validator of the state language finds nothing against', () => {
  test.each(['aws', 'aws-cn', 'aws-us-gov'].flatMap((partition) => [INFERENCE_RECOMMENDER, PROBES].map((family) => [partition, family.name, family] as const)))(
    'the machines in %s of the family %s', (partition, _name, family) => {
      const arn = FUNCTION.replace('arn:aws:', `arn:${partition}:`);
      const followers = [undefined, arn].map((approve) => followMachineDefinition(partition, arn, family, approve));
      const machines = [waitMachineDefinition(partition, arn, family), ...followers];
      expect(machines.map(complaints)).toEqual(['', '', '']);
    });

  test('the machines in a template', () => {
    const found = Object.values(Template.fromStack(everything()).findResources('AWS::StepFunctions::StateMachine'));
    expect(found).toHaveLength(2);
    for (const { Properties: { DefinitionString } } of found) {
      const text = [DefinitionString['Fn::Join'][1]].flat().map((part: any) => (typeof part === 'string' ? part : part.Ref === 'AWS::Partition' ? 'aws' : FUNCTION)).join('');
      expect([complaints(JSON.parse(text)), refusal(JSON.parse(text))]).toEqual(['', '']);
    }
  });
});

/** A machine with each kind of state that the local AWS runs. */
const WHOLE: any = {
  Comment: 'c',
  StartAt: 'Pass',
  TimeoutSeconds: 100,
  States: {
    Pass: { Type: 'Pass', Comment: 'c', InputPath: '$.a', OutputPath: '$.b', Result: { a: 1 }, ResultPath: '$.c', Parameters: { 'x.$': '$.a', 'y': 1 }, Next: 'Task' },
    Task: {
      Type: 'Task',
      Resource: FUNCTION,
      TimeoutSeconds: 10,
      HeartbeatSeconds: 5,
      ResultSelector: { 'a.$': '$.b' },
      Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1.5, MaxDelaySeconds: 5, JitterStrategy: 'FULL' }, { ErrorEquals: ['States.ALL'] }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'Fail' }],
      Next: 'Choice',
    },
    Choice: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.a', StringEquals: 'x', Next: 'Wait' },
        { And: [{ Variable: '$.a', NumericEquals: 1 }, { Not: { Variable: '$.a', IsPresent: true } }], Next: 'Wait' },
        { Or: [{ Variable: '$.a', BooleanEquals: true }, { Variable: '$.a', TimestampLessThan: '2026-01-01T00:00:00Z' }], Next: 'Wait' },
        { Variable: '$.a', NumericLessThanPath: '$.b', Next: 'WaitPath' },
      ],
      Default: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: 5, Next: 'Succeed' },
    WaitPath: { Type: 'Wait', SecondsPath: '$.s', Next: 'Until' },
    Until: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z', End: true },
    Succeed: { Type: 'Succeed', InputPath: null },
    Fail: { Type: 'Fail', Error: 'E', Cause: 'c' },
  },
};
const VALUES = [undefined, null, 0, 1.5, 1e9, 'x', true, [], { a: 1 }, '$.a', '2026-01-01T00:00:00+01:00'];
/** What the specification says, and the validator does not. */
const STRICTER = new RegExp([
  'HeartbeatSeconds must be smaller', 'MaxDelaySeconds must be', 'JitterStrategy must be', 'ErrorEquals must be a non-empty', 'IntervalSeconds must be', 'BackoffRate must be',
  'States.ALL must stand', 'must be a path or an intrinsic function', 'A nested choice rule must have no Next', 'MaxAttempts must be', 'TimeoutSeconds must be', '(Parameters|ResultSelector) must be an object', '(Resource|SecondsPath) must be a string', 'ResultPath must be',
  'TimestampLessThan must be', 'Seconds must be', 'The path null does not begin',
].join('|'));

/** Each member of a value, at any depth, by its path. */
function pathsIn(value: any, path: string[] = []): string[][] {
  return typeof value !== 'object' || value === null ? [] : Object.keys(value).flatMap((name) => [[...path, name], ...pathsIn(value[name], [...path, name])]);
}

function changed(change: (machine: any) => void): unknown {
  const machine = JSON.parse(JSON.stringify(WHOLE));
  change(machine);
  return machine;
}

/** Both judgements of a machine, where one has something against it and the other has not. */
function dispute(name: string, machine: unknown): string[] {
  const ours = refusal(machine);
  // The validator itself stumbles over states that are no objects.
  if (/not supported by the local AWS|The state type 'undefined' does not exist/.test(ours)) { return []; }
  const theirs = complaints(machine);
  const agreed = theirs === '' ? ours === '' || STRICTER.test(ours) : ours !== '';
  return agreed ? [] : [`${name}: ${ours || 'accepted'}, the validator: ${theirs || 'accepted'}`];
}

describe('the local AWS and a validator of the state language agree', () => {
  test('on each member of a machine with any other value', () => {
    const paths = pathsIn(WHOLE).filter(([...path]) => path.join() !== 'States');
    expect(dispute('as it is', WHOLE)).toEqual([]);
    expect([refusal(WHOLE), paths.length > 80]).toEqual(['', true]);
    expect(paths.flatMap((path) => VALUES.flatMap((value) => dispute(`${path.join('.')} = ${JSON.stringify(value)}`, changed((machine) => {
      const owner = path.slice(0, -1).reduce((inner, name) => inner[name], machine);
      if (value === undefined) { delete owner[path.at(-1)!]; } else { owner[path.at(-1)!] = value; }
    }))))).toEqual([]);
  });

  test.each<[string, (states: any) => void]>([
    ['End and Next', ({ Pass }) => { Pass.End = true; }],
    ['a Next after Succeed', ({ Succeed }) => { Succeed.Next = 'Fail'; }],
    ['an End after Fail', ({ Fail }) => { Fail.End = true; }],
    ['a Next beside choices', ({ Choice }) => { Choice.Next = 'Wait'; }],
    ['two time-outs', ({ Task }) => { Task.TimeoutSecondsPath = '$.a'; }],
    ['two heartbeats', ({ Task }) => { Task.HeartbeatSecondsPath = '$.a'; }],
    ['two errors', ({ Fail }) => { Fail.ErrorPath = '$.a'; }],
    ['two causes', ({ Fail }) => { Fail.CausePath = '$.a'; }],
    ['paths of an error and its cause', (states) => { states.Fail = { Type: 'Fail', ErrorPath: '$.a', CausePath: '$.b' }; }],
    ['States.ALL before another catcher', ({ Task }) => { Task.Catch.push({ ErrorEquals: ['E'], Next: 'Fail' }); }],
    ['a parameter twice', ({ Pass }) => { Pass.Parameters.x = 1; }],
    ['a selected result twice', ({ Task }) => { Task.ResultSelector.a = 1; }],
    ['a state that nothing reaches', (states) => { states.Alone = { Type: 'Succeed' }; }],
    ['a choice rule without a comparison', ({ Choice }) => { delete Choice.Choices[0].StringEquals; }],
    ['a choice rule with two comparisons', ({ Choice }) => { Choice.Choices[0].IsNull = true; }],
    ['a choice rule without a variable', ({ Choice }) => { delete Choice.Choices[0].Variable; }],
    ['a nested choice rule with a Next', ({ Choice }) => { Choice.Choices[1].And[0].Next = 'Wait'; }],
    ['a moment of the input', ({ Until }) => { delete Until.Timestamp; Until.TimestampPath = '$.t'; }],
    ['a name of 81 characters', (states) => { states['n'.repeat(81)] = { Type: 'Succeed' }; states.Pass.Next = 'n'.repeat(81); }],
  ])('on %s', (name, change) => {
    expect(dispute(name, changed(({ States }) => change(States)))).toEqual([]);
  });
});
