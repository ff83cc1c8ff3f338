import type { JobFamily } from './job-family';
import { STOP_POLL_SECONDS, STOP_SECONDS } from '../contract/waiting';

/** Retries of a state whose error may pass. */
export const TRANSIENT_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 20, JitterStrategy: 'FULL' };

/**
 * The machine that waits for a job without a running function: Wait, Task, Choice for each poll.
 *
 * What may follow the deadline ends within the hour that CloudFormation gives: the figures here and in `waiting.ts` are added up in a test.
 */
export function waitMachineDefinition(partition: string, waitEndFunctionArn: string, family: JobFamily): Record<string, unknown> {
  const waitEnd = {
    Type: 'Task',
    Resource: waitEndFunctionArn,
    // Longer than an answer and all its retries take.
    TimeoutSeconds: 60,
    Retry: [
      // The function polls on by itself where a stop waits for more jobs than the one that is watched.
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
      // Told what failed, the function asks SageMaker nothing and only answers CloudFormation.
      GiveUp: waitEnd,
    },
  };
}

/** Asks for a job's status, which stays the last known one where the service does not answer: the trouble may pass until the deadline. */
export function pollState(
  partition: string, { operations: { describe }, poll: { nameMember, statusMember, notFound } }: JobFamily, { onGone, next }: { onGone: string; next: string },
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

/** Whether a job is over, or the time to wait for it. */
export function overState({ poll: { nonTerminalStatuses } }: JobFamily, { over, late, next }: { over: string; late: string; next: string }): Record<string, unknown> {
  return {
    Type: 'Choice',
    Choices: [
      { Not: { Or: nonTerminalStatuses.map((status) => ({ Variable: '$.job.Status', StringEquals: status })) }, Next: over },
      { Variable: '$$.State.EnteredTime', TimestampGreaterThanEqualsPath: '$.deadline', Next: late },
    ],
    Default: next,
  };
}
