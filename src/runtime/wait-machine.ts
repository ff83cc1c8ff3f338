import type { JobFamily } from './job-family';
import { FUNCTION_SECONDS, INVOKE_MARGIN_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS } from '../contract/waiting';

/** Retries of a state after a transient error. */
export const TRANSIENT_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 20, JitterStrategy: 'FULL' };

/**
 * The machine that waits for a job without a running function: Wait, Task, Choice for each poll.
 *
 * All states after the deadline end within the hour that CloudFormation gives. A test adds up the figures here and in `waiting.ts`.
 */
export function waitMachineDefinition(partition: string, waitEndFunctionArn: string, family: JobFamily): Record<string, unknown> {
  const waitEnd = {
    Type: 'Task',
    Resource: waitEndFunctionArn,
    TimeoutSeconds: FUNCTION_SECONDS.WaitEnd + INVOKE_MARGIN_SECONDS,
    Retry: [
      // If a stop must wait for more jobs than the watched one, these retries of the function poll the others.
      { ErrorEquals: ['StillStopping'], IntervalSeconds: STOP_POLL_SECONDS, MaxAttempts: STOP_SECONDS / STOP_POLL_SECONDS, BackoffRate: 1 },
      { ...TRANSIENT_RETRY, IntervalSeconds: 5, MaxAttempts: 3, MaxDelaySeconds: 20 },
    ],
    End: true,
  };
  return {
    Comment: 'Waits for a job and answers CloudFormation.',
    StartAt: 'Poll',
    States: {
      Poll: pollState(partition, family, { onGone: 'EndWait', next: 'IsOver' }),
      IsOver: overState(family, { over: 'EndWait', late: 'EndWait', next: 'Wait' }),
      Wait: { Type: 'Wait', SecondsPath: '$.pollSeconds', Next: 'Poll' },
      EndWait: {
        ...waitEnd,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'GiveUp' }],
      },
      // With `failure` in its input, the function answers CloudFormation whatever happens. It calls SageMaker only if nothing but the answer failed.
      GiveUp: waitEnd,
    },
  };
}

/** Polls a job's status. If the service does not answer, the last known status stays, because the error may be transient. */
export function pollState(
  partition: string, { operations: { describe }, poll: { nameMember, statusMember, notFound } }: JobFamily,
  { onGone, next }: { onGone: string; next: string },
): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:sagemaker:${describe[0].toLowerCase()}${describe.slice(1)}`,
    TimeoutSeconds: 20,
    Parameters: { [`${nameMember}.$`]: '$.jobName' },
    ResultSelector: { 'Status.$': `$.${statusMember}` },
    ResultPath: '$.job',
    Retry: [
      { ErrorEquals: [notFound], MaxAttempts: 0 },
      TRANSIENT_RETRY,
    ],
    Catch: [
      { ErrorEquals: [notFound], ResultPath: '$.error', Next: onGone },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: next },
    ],
    Next: next,
  };
}

/** Chooses the next state: the job is over, the deadline has passed, or neither. */
export function overState(
  { poll: { nonTerminalStatuses } }: JobFamily, { over, late, next }: { over: string; late: string; next: string },
): Record<string, unknown> {
  return {
    Type: 'Choice',
    Choices: [
      { Not: { Or: nonTerminalStatuses.map((status) => ({ Variable: '$.job.Status', StringEquals: status })) }, Next: over },
      { Variable: '$$.State.EnteredTime', TimestampGreaterThanEqualsPath: '$.deadline', Next: late },
    ],
    Default: next,
  };
}
