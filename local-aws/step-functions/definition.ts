import { checkRule, isTime } from './choice';
import { checkTemplate, parseExpression } from './expressions';
import { taskOf } from './task';
import { Lacking, parsePath, readEach, refusal, Region } from '../kernel';

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** A state. Its members are checked at the machine's creation. */
export type State = Readonly<Record<string, any>>;

const STEP = ['InputPath', 'OutputPath', 'Next', 'End'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...STEP, 'Result', 'Parameters', 'ResultPath'],
  Wait: [...STEP, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Task: [
    ...STEP, 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch',
    'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath',
  ],
  Choice: ['InputPath', 'OutputPath', 'Choices', 'Default'],
  Succeed: ['InputPath', 'OutputPath'],
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
};
/** States that Step Functions has besides, and fields of the others. */
const LACKING_STATES = ['Map', 'Parallel'];
const LACKING_FIELDS: Readonly<Record<string, readonly string[]>> = { Pass: ['Assign'], Wait: ['Assign'], Task: ['Assign', 'Credentials'], Choice: ['Assign'], Catch: ['Assign'] };
type Kind = readonly [words: string, is: (value: any) => boolean];
const TEXT: Kind = ['a string', (value) => typeof value === 'string'];
const PATH: Kind = ['a path or null', (value) => value === null || typeof value === 'string'];
const OBJECT: Kind = ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)];
const LIST: Kind = ['a list', Array.isArray];
const atLeast = (least: number): Kind => [`an integer of at least ${least}`, (value) => Number.isInteger(value) && value >= least];

/** What the fields are, of machines, states, retriers and catchers. Source: https://states-language.net/spec.html */
const KINDS: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(['Comment', 'StartAt', 'Version', 'Next', 'Default', 'Resource', 'Error', 'ErrorPath', 'Cause', 'CausePath', 'SecondsPath', 'TimestampPath',
    'TimeoutSecondsPath', 'HeartbeatSecondsPath'].map((name) => [name, TEXT])),
  ...Object.fromEntries(['InputPath', 'OutputPath', 'ResultPath'].map((name) => [name, PATH])),
  ...Object.fromEntries(['Retry', 'Catch', 'Choices'].map((name) => [name, LIST])),
  Parameters: OBJECT,
  ResultSelector: OBJECT,
  End: ['a boolean', (value) => typeof value === 'boolean'],
  Seconds: atLeast(0),
  Timestamp: ['a timestamp', isTime],
  TimeoutSeconds: atLeast(1),
  HeartbeatSeconds: atLeast(1),
  ErrorEquals: ['a non-empty list of strings', (value) => Array.isArray(value) && value.length > 0 && value.every(TEXT[1])],
  IntervalSeconds: atLeast(1),
  MaxAttempts: atLeast(0),
  MaxDelaySeconds: atLeast(1),
  BackoffRate: ['a number of at least 1', (value) => typeof value === 'number' && value >= 1],
  JitterStrategy: ['FULL or NONE', (value) => ['FULL', 'NONE'].includes(value)],
};

const RETRIER = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const CATCHER = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];

/** A definition as the interpreter runs it. Parts that are not valid, or not here, are refused by name, as InvalidDefinition. */
export function parseDefinition(text: string, region: Region): Definition {
  const at = (where: string, check: () => void) => () => {
    try {
      check();
    } catch (error) {
      throw refusal(error, 'InvalidDefinition', `Invalid State Machine Definition: '${(error as Error).message} at ${where}'`);
    }
  };
  const need = (condition: boolean, complaint: string) => { if (!condition) { throw new Error(complaint); } };
  const have = (condition: boolean, lack: string) => { if (!condition) { throw new Lacking(`${lack} is not supported by the local AWS`); } };
  const speaks = ({ QueryLanguage }: any) => {
    have(QueryLanguage !== 'JSONata', 'The query language JSONata');
    need(['JSONPath', undefined].includes(QueryLanguage), `The query language ${QueryLanguage} does not exist`);
  };
  const only: Only = (value, allowed, of = '') => {
    need(OBJECT[1](value), 'An object is expected');
    Object.entries(value).forEach(([name, inner]) => {
      have(!LACKING_FIELDS[of]?.includes(name), `The field '${name}'`);
      need(allowed.includes(name), `The field '${name}' is not supported`);
      const [words, is] = KINDS[name] ?? ['', () => true];
      need(is(inner), `${name} must be ${words}, got: ${JSON.stringify(inner)}`);
    });
  };
  let definition!: Definition;
  at('/', () => {
    definition = JSON.parse(text);
    only(definition, ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage']);
    speaks(definition);
    need(OBJECT[1](definition.States), 'An object is expected');
  })();
  readEach([
    ...Object.entries(definition.States).map(([name, state]) => at(`/States/${name}`, () => {
      need(name.length <= 80, 'A state\'s name has at most 80 characters');
      have(!LACKING_STATES.includes(state?.Type), `The state type '${state?.Type}'`);
      need(Object.hasOwn(FIELDS, state?.Type), `The state type '${state?.Type}' does not exist`);
      speaks(state);
      only(state, ['Type', 'Comment', 'QueryLanguage', ...FIELDS[state.Type]], state.Type);
      checkState(state, need, only, region);
    })),
    at('/', () => {
      need(Object.hasOwn(definition.States, definition.StartAt), `MISSING_TRANSITION_TARGET: Missing 'StartAt' target: ${definition.StartAt}`);
      checkReach(definition, need);
    }),
  ], (check) => check());
  return definition;
}

type Need = (condition: boolean, complaint: string) => void;
type Only = (value: object, allowed: readonly string[], of?: string) => void;

function checkState(state: State, need: Need, only: Only, region: Region): void {
  const exactlyOne = (...names: string[]) =>
    need(names.filter((name) => state[name] !== undefined).length === 1, `Exactly one of ${names.join(', ')} is expected`);
  const atMostOne = (...names: string[]) => need(names.filter((name) => state[name] !== undefined).length <= 1, `At most one of ${names.join(', ')} is expected`);
  const handlers = (name: 'Retry' | 'Catch', fields: readonly string[]) => (state[name] ?? []).forEach((handler: any, index: number, all: any[]) => {
    only(handler, fields, name);
    need(handler.ErrorEquals !== undefined, `ErrorEquals of a ${name} is missing`);
    need(!handler.ErrorEquals.includes('States.ALL') || (handler.ErrorEquals.length === 1 && index === all.length - 1), 'States.ALL must stand alone, and last');
  });
  for (const name of ['InputPath', 'OutputPath', 'ResultPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath']) {
    if (typeof state[name] !== 'string') { continue; }
    // https://states-language.net/spec.html#ref-paths
    const isReference = !/\.\.|[@,:?*()]/.test(state[name].replace(/'[^']*'/g, ''));
    need(isReference || /^(In|Out)putPath$/.test(name), `${name} must be a reference path, got: ${state[name]}`);
    parsePath(state[name]);
  }
  for (const name of ['ErrorPath', 'CausePath']) { if (state[name] !== undefined) { parseExpression(state[name]); } }
  checkTemplate(state.Parameters);
  checkTemplate(state.ResultSelector);
  if (FIELDS[state.Type].includes('Next')) { need((state.Next === undefined) === (state.End === true), 'Exactly one of Next, End is expected'); }
  [['TimeoutSeconds', 'TimeoutSecondsPath'], ['HeartbeatSeconds', 'HeartbeatSecondsPath'], ['Error', 'ErrorPath'], ['Cause', 'CausePath']].forEach((pair) => atMostOne(...pair));
  if (state.Type === 'Wait') {
    exactlyOne('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath');
  } else if (state.Type === 'Choice') {
    need(state.Choices?.length > 0, 'Choices must be a non-empty list');
    state.Choices.forEach((rule: any) => checkRule(rule));
  } else if (state.Type === 'Task') {
    taskOf(String(state.Resource), region);
    need(!(state.HeartbeatSeconds >= state.TimeoutSeconds), 'HeartbeatSeconds must be smaller than TimeoutSeconds');
    handlers('Retry', RETRIER);
    handlers('Catch', CATCHER);
    for (const { IntervalSeconds = 1, MaxDelaySeconds } of state.Retry ?? []) {
      need(!(MaxDelaySeconds <= IntervalSeconds), 'MaxDelaySeconds must be greater than IntervalSeconds');
    }
  }
}

function checkReach({ StartAt, States }: Definition, need: Need): void {
  const reached = new Set([StartAt]);
  for (const name of reached) {
    const { Next, Default, Choices = [], Catch = [] } = States[name];
    const optional = [Next, Default].filter((target) => target !== undefined);
    for (const target of [...optional, ...[...Choices, ...Catch].map((rule: any) => rule.Next)]) {
      need(Object.hasOwn(States, target), `MISSING_TRANSITION_TARGET: Missing transition target "${target}" of state "${name}"`);
      reached.add(target);
    }
  }
  Object.keys(States).forEach((name) => need(reached.has(name), `MISSING_TRANSITION_TARGET: State "${name}" is not reachable.`));
}
