import { holds } from './choice';
import { State } from './definition';
import { Execution } from './execution';
import { fillIn, parseExpression, place, resolve } from './expressions';
import { matches, runtimeFailure, StateFailure } from './failure';
import { taskOf } from './task';
import { Scope } from '../kernel';

const MAX_BYTES = 256 * 1024;

interface Outcome {
  readonly output: unknown;
  /** The next state; absent at the end of the execution. */
  readonly next?: string;
}

/** Runs an execution's states, one after the other, and returns its output. */
export async function interpret(execution: Execution): Promise<unknown> {
  let name = execution.definition.StartAt;
  let input: unknown = JSON.parse(execution.input);
  let text = JSON.stringify(input);
  for (;;) {
    execution.transit();
    const state = execution.definition.States[name];
    execution.record(`${state.Type}StateEntered`, { stateEnteredEventDetails: { name, input: text } });
    const { output, next } = await perform(name, state, input, execution);
    text = JSON.stringify(output);
    if (Buffer.byteLength(text) > MAX_BYTES) {
      throw new StateFailure('States.DataLimitExceeded', `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`);
    }
    execution.record(`${state.Type}StateExited`, { stateExitedEventDetails: { name, output: text } });
    if (next === undefined) { return output; }
    [name, input] = [next, output];
  }
}

/** One state with its retries and catchers. */
async function perform(name: string, state: State, input: unknown, execution: Execution): Promise<Outcome> {
  const { region: { clock }, machine } = execution;
  const entered = new Date(clock.now()).toISOString();
  const used = new Map<object, number>();
  for (let retryCount = 0; ; retryCount++) {
    const context = {
      Execution: {
        Id: execution.arn,
        get Input() { return JSON.parse(execution.input); },
        Name: execution.name,
        RoleArn: execution.roleArn,
        StartTime: execution.startDate.toISOString(),
        RedriveCount: 0,
      },
      State: { EnteredTime: entered, Name: name, RetryCount: retryCount },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    try {
      return await step(state, input, context, execution);
    } catch (error) {
      if (!(error instanceof StateFailure)) { throw error; }
      const retrier = state.Retry?.find(({ ErrorEquals }: any) => matches(ErrorEquals, error.error));
      const times = used.get(retrier) ?? 0;
      if (retrier && times < (retrier.MaxAttempts ?? 3)) {
        used.set(retrier, times + 1);
        await execution.sleepUntil(clock.now() + delaySeconds(retrier, times, execution) * 1000);
        execution.transit();
        continue;
      }
      const catcher = state.Catch?.find(({ ErrorEquals }: any) => matches(ErrorEquals, error.error));
      if (!catcher) { throw error; }
      return { output: place(catcher.ResultPath, input, { Error: error.error, Cause: error.reason }), next: catcher.Next };
    }
  }
}

function delaySeconds(retrier: any, times: number, execution: Execution): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** times, MaxDelaySeconds);
  return JitterStrategy === 'FULL' ? execution.random() * delay : delay;
}

async function step(state: State, rawInput: unknown, context: unknown, execution: Execution): Promise<Outcome> {
  const at = (path: string | null | undefined, input: unknown) => (path === null ? {} : resolve(path ?? '$', { input, context }));
  const scope: Scope = { input: at(state.InputPath, rawInput), context };
  const finish = (result: unknown): Outcome => ({ output: at(state.OutputPath, place(state.ResultPath, rawInput, result)), next: state.Next });
  const parameters = state.Parameters === undefined ? scope.input : fillIn(state.Parameters, scope);
  switch (state.Type) {
    case 'Pass': return finish(state.Result ?? parameters);
    case 'Succeed': return { output: at(state.OutputPath, scope.input) };
    case 'Fail': throw new StateFailure(worded(state, 'Error', scope), worded(state, 'Cause', scope));
    case 'Choice': {
      const next = state.Choices.find((rule: any) => holds(rule, scope))?.Next ?? state.Default;
      if (next === undefined) { throw runtimeFailure('No choice rule matched, and there is no Default.'); }
      return { output: at(state.OutputPath, scope.input), next };
    }
    case 'Wait':
      await execution.sleepUntil(waitEnd(state, scope, execution.region.clock.now()));
      return { output: at(state.OutputPath, scope.input), next: state.Next };
    default: {
      const result = await runTask(state, parameters, scope, execution);
      return finish(state.ResultSelector === undefined ? result : fillIn(state.ResultSelector, { input: result, context }));
    }
  }
}

async function runTask(state: State, parameters: unknown, scope: Scope, execution: Execution): Promise<unknown> {
  const { region, roleArn } = execution;
  const { service: resourceType, action: resource, run } = taskOf(state.Resource, region);
  const about = { resourceType, resource };
  const now = region.clock.now();
  const limits = [['Timeout', 'TimeoutSeconds'], ['HeartbeatTimeout', 'HeartbeatSeconds']].flatMap(([name, member]) => {
    const seconds = state[`${member}Path`] === undefined ? state[member] : resolve(state[`${member}Path`], scope);
    return seconds === undefined ? [] : [{ moment: now + Number(seconds) * 1000, failure: new StateFailure(`States.${name}`, undefined) }];
  });
  const call = { region, principal: { account: region.account, arn: roleArn }, requestId: `${execution.name}-${execution.history.length}` };
  execution.record('TaskScheduled', { taskScheduledEventDetails: { ...about, region: region.name, parameters: JSON.stringify(parameters) } });
  execution.record('TaskStarted', { taskStartedEventDetails: about });
  try {
    const result = await execution.attempt(() => run(parameters, call), limits);
    execution.record('TaskSucceeded', { taskSucceededEventDetails: { ...about, output: JSON.stringify(result) } });
    return result;
  } catch (error) {
    if (error instanceof StateFailure) {
      const type = limits.some(({ failure }) => failure === error) ? 'TimedOut' : 'Failed';
      execution.record(`Task${type}`, { [`task${type}EventDetails`]: { ...about, error: error.error, cause: error.reason } });
    }
    throw error;
  }
}

function waitEnd(state: State, scope: Scope, now: number): number {
  const seconds = state.SecondsPath === undefined ? state.Seconds : resolve(state.SecondsPath, scope);
  if (seconds !== undefined) {
    if (!Number.isInteger(seconds) || seconds < 0) { throw runtimeFailure(`The SecondsPath parameter does not reference a valid integer: ${JSON.stringify(seconds)}`); }
    return now + seconds * 1000;
  }
  const moment = state.TimestampPath === undefined ? state.Timestamp : resolve(state.TimestampPath, scope);
  const end = typeof moment === 'string' ? Date.parse(moment) : NaN;
  if (isNaN(end)) { throw runtimeFailure(`The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${JSON.stringify(moment)}`); }
  return end;
}

function worded(state: State, member: 'Error' | 'Cause', scope: Scope): string | undefined {
  const path = state[`${member}Path`];
  if (path === undefined) { return state[member]; }
  const value = parseExpression(path)(scope);
  if (typeof value !== 'string') { throw runtimeFailure(`${member}Path must lead to a string, got ${JSON.stringify(value)}`); }
  return value;
}
