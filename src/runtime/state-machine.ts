import { UNSETTLED_STATUSES } from '../service/job-status';
import { STOP_POLL_SECONDS, STOP_SECONDS } from '../contract/waiting';

export const PASSING_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 20, JitterStrategy: 'FULL' };

/**
 * The machine that waits for a job without a running function: Wait, Task, Choice for each poll.
 *
 * What may follow the deadline ends within the hour that CloudFormation gives: the figures here and in `waiting.ts` are added up in a test.
 */
export function stateMachineDefinition(partition: string, concludeFunctionArn: string): Record<string, unknown> {
  const conclude = {
    Type: 'Task',
    Resource: concludeFunctionArn,
    // Longer than an answer and all its retries take.
    TimeoutSeconds: 60,
    Retry: [
      // The function polls on by itself where a stop waits for more jobs than the one that is watched.
      { ErrorEquals: ['StillStopping'], IntervalSeconds: STOP_POLL_SECONDS, MaxAttempts: STOP_SECONDS / STOP_POLL_SECONDS, BackoffRate: 1 },
      { ...PASSING_RETRY, IntervalSeconds: 5, MaxAttempts: 3, MaxDelaySeconds: 20 },
    ],
    End: true,
  };
  return {
    Comment: 'Waits for an Inference Recommender job and answers CloudFormation.',
    StartAt: 'Poll',
    States: {
      Poll: pollState(partition, { onGone: 'Conclude', next: 'IsOver' }),
      IsOver: overState({ over: 'Conclude', late: 'Conclude', next: 'Wait' }),
      Wait: { Type: 'Wait', SecondsPath: '$.pollSeconds', Next: 'Poll' },
      Conclude: {
        ...conclude,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'GiveUp' }],
      },
      // Told what failed, the function asks SageMaker nothing and only answers CloudFormation.
      GiveUp: conclude,
    },
  };
}

/** Asks for a job's status, which stays the last known one where the service does not answer: whatever is wrong may pass until the deadline. */
export function pollState(partition: string, { onGone, next }: { onGone: string; next: string }): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:sagemaker:describeInferenceRecommendationsJob`,
    TimeoutSeconds: 20,
    Parameters: { 'JobName.$': '$.jobName' },
    ResultSelector: { 'Status.$': '$.Status' },
    ResultPath: '$.job',
    Retry: [
      { ErrorEquals: ['SageMaker.ResourceNotFoundException'], MaxAttempts: 0 },
      PASSING_RETRY,
    ],
    Catch: [
      { ErrorEquals: ['SageMaker.ResourceNotFoundException'], ResultPath: '$.error', Next: onGone },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: next },
    ],
    Next: next,
  };
}

/** Whether a job is over, or the time to wait for it. */
export function overState({ over, late, next }: { over: string; late: string; next: string }): Record<string, unknown> {
  return {
    Type: 'Choice',
    Choices: [
      { Not: { Or: UNSETTLED_STATUSES.map((status) => ({ Variable: '$.job.Status', StringEquals: status })) }, Next: over },
      { Variable: '$$.State.EnteredTime', TimestampGreaterThanEqualsPath: '$.deadline', Next: late },
    ],
    Default: next,
  };
}
