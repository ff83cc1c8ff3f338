import type { JobFamily } from './job-family';
import { EVENT_SOURCE, JOB_UNREAD } from '../contract/events';
import { NOT_POLLED } from '../contract/wait-end';
import { FUNCTION_SECONDS, INVOKE_MARGIN_SECONDS, STOP_POLL_SECONDS, STOP_SECONDS } from '../contract/waiting';

/** Retries of a state after a transient error. */
export const TRANSIENT_RETRY = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 20, JitterStrategy: 'FULL' };

/**
 * The machine that waits for a job without a running function: Wait, Task, Choice for each poll.
 *
 * An execution that looks after a job sleeps, then asks whether the stack is at rest and holds the job, again and again until the job is over. If the
 * job runs for nobody, the function stops it.
 *
 * All states after the deadline end within the hour that CloudFormation gives. A test adds up the figures here and in `waiting.ts`.
 */
export function waitMachineDefinition(partition: string, waitEndFunctionArn: string, family: JobFamily): Record<string, unknown> {
  const isWatch = { Variable: '$.purpose', StringEquals: 'watch' };
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
      ...pollStates(partition, family, {
        onGone: 'IsGone',
        next: 'IsOver',
        // In one choice, because each state is paid for.
        listed: [
          { ...isOver(family, `$.listed.${family.poll.listMember}[0].${family.poll.statusMember}`), Next: 'IsWait' },
          { ...IS_LATE, Next: 'IsWatch' },
          { ...IS_SELDOM, Next: 'WaitLonger' },
          { Next: 'Wait' },
        ],
      }),
      IsOver: overState(family, { over: 'IsWait', late: 'IsWatch', seldom: 'WaitLonger', next: 'Wait' }),
      // What looks after a job begins before the job.
      IsGone: { Type: 'Choice', Choices: [{ And: [isWatch, { Not: IS_LATE }], Next: 'Wait' }], Default: 'IsWait' },
      IsWait: { Type: 'Choice', Choices: [{ ...isWatch, Next: 'Done' }], Default: 'EndWait' },
      IsWatch: { Type: 'Choice', Choices: [{ ...isWatch, Next: 'Stack' }], Default: 'EndWait' },
      Wait: { Type: 'Wait', SecondsPath: '$.pollSeconds', Next: 'Poll' },
      WaitLonger: { Type: 'Wait', SecondsPath: '$.seldom.pollSeconds', Next: 'Poll' },
      EndWait: {
        ...waitEnd,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'IsHopeless' }],
      },
      // The job is paid, so a refused end of its wait is tried again while CloudFormation's hour permits it.
      IsHopeless: { Type: 'Choice', Choices: [{ Variable: NOW, TimestampGreaterThanEqualsPath: '$.lastTry', Next: 'Failure' }], Default: 'EndWait' },
      Failure: { Type: 'Pass', InputPath: '$.error', ResultPath: '$.failure', Next: 'GiveUp' },
      // With `failure` in its input, the function answers CloudFormation whatever happens. It calls SageMaker only if nothing but the answer failed.
      GiveUp: waitEnd,
      ...watchStates(partition, waitEndFunctionArn),
    },
  };
}

/** What happens to a job that still runs when it is looked after. */
function watchStates(partition: string, waitEndFunctionArn: string): Record<string, Record<string, unknown>> {
  const look = (action: string, parameters: Record<string, unknown>, result: Record<string, string>, path: string) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::aws-sdk:cloudformation:${action}`,
    TimeoutSeconds: 20,
    Parameters: { 'StackName.$': '$.claimant.StackId', ...parameters },
    ResultSelector: result,
    ResultPath: path,
  });
  return {
    Stack: {
      ...look('describeStacks', {}, { 'Status.$': '$.Stacks[0].StackStatus' }, '$.stack'),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Wait' }],
      Next: 'IsAtRest',
    },
    IsAtRest: { Type: 'Choice', Choices: [{ Variable: '$.stack.Status', StringMatches: '*_IN_PROGRESS', Next: 'Wait' }], Default: 'Resource' },
    Resource: {
      ...look('describeStackResource', { 'LogicalResourceId.$': '$.claimant.LogicalResourceId' }, {
        'Id.$': '$.StackResourceDetail.PhysicalResourceId', 'Status.$': '$.StackResourceDetail.ResourceStatus',
      }, '$.held'),
      Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 2 }],
      // A resource that is not there has no error of its own name.
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'IsAbsent' }],
      Next: 'EndWatch',
    },
    IsAbsent: { Type: 'Choice', Choices: [{ Variable: '$.error.Cause', StringMatches: '*does not exist*', Next: 'EndWatch' }], Default: 'Wait' },
    EndWatch: {
      Type: 'Task',
      Resource: waitEndFunctionArn,
      TimeoutSeconds: FUNCTION_SECONDS.WaitEnd + INVOKE_MARGIN_SECONDS,
      ResultPath: '$.told',
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'NotStopped' }],
      Next: 'IsUnread',
    },
    NotStopped: { Type: 'Pass', Result: { Unread: true, Stopped: false }, ResultPath: '$.told', Next: 'Tell' },
    IsUnread: { Type: 'Choice', Choices: [{ Variable: '$.told.Unread', BooleanEquals: true, Next: 'Tell' }], Default: 'Wait' },
    Tell: {
      Type: 'Task',
      Resource: `arn:${partition}:states:::events:putEvents`,
      TimeoutSeconds: 20,
      Parameters: {
        Entries: [{
          Source: EVENT_SOURCE,
          DetailType: JOB_UNREAD,
          Detail: {
            'StackId.$': '$.claimant.StackId',
            'LogicalResourceId.$': '$.claimant.LogicalResourceId',
            'JobName.$': '$.jobName',
            'StackStatus.$': '$.stack.Status',
            'Stopped.$': '$.told.Stopped',
          },
        }],
      },
      ResultPath: null,
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Wait' }],
      Next: 'Wait',
    },
    Done: { Type: 'Succeed' },
  };
}

/** The states of one poll. */
interface Poll {
  /** The job is not there. */
  readonly onGone: string;
  /** The status is that of `$.job`. */
  readonly next: string;
  /** The job is in a list. @default - the list's status becomes that of `$.job`, and `next` follows */
  readonly listed?: ReadonlyArray<Record<string, unknown>>;
  /** How a failed description is tried again. @default TRANSIENT_RETRY */
  readonly retry?: Readonly<Record<string, unknown>>;
}

/**
 * Polls a job's status, from a list if the family has one. A list may lag, fail, or have another job of a longer name first: then the job itself is
 * described.
 */
export function pollStates(partition: string, family: JobFamily, poll: Poll): Record<string, Record<string, unknown>> {
  const { listAction, poll: { listMember, nameMember, statusMember } } = family;
  if (!listMember) { return { Poll: describeState(partition, family, poll) }; }
  const found = `$.listed.${listMember}[0]`;
  const isListed = [{ Variable: found, IsPresent: true }, { Variable: `${found}.${nameMember}`, StringEqualsPath: '$.jobName' }];
  const rules = poll.listed ?? [{ Next: 'Listed' }];
  return {
    Poll: {
      Type: 'Task',
      Resource: taskOf(partition, listAction.slice('sagemaker:'.length)),
      TimeoutSeconds: 20,
      // The exact name comes before all longer ones.
      Parameters: { 'NameContains.$': '$.jobName', 'SortBy': 'Name', 'SortOrder': 'Ascending', 'MaxResults': 1 },
      ResultPath: '$.listed',
      Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Describe' }],
      Next: 'IsListed',
    },
    IsListed: {
      Type: 'Choice',
      Choices: rules.map(({ Next, ...rule }) => ({ And: [...isListed, ...Object.keys(rule).length > 0 ? [rule] : []], Next })),
      Default: 'Describe',
    },
    ...poll.listed ? {} : { Listed: { Type: 'Pass', InputPath: `${found}.${statusMember}`, ResultPath: '$.job.Status', Next: poll.next } },
    Describe: describeState(partition, family, poll),
  };
}

/** Describes a job. If the service does not answer, the last known status stays, because the error may be transient. */
function describeState(
  partition: string, { operations: { describe }, poll: { nameMember, statusMember, notFound } }: JobFamily,
  { onGone, next, retry = TRANSIENT_RETRY }: Poll,
): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: taskOf(partition, describe),
    TimeoutSeconds: 20,
    Parameters: { [`${nameMember}.$`]: '$.jobName' },
    ResultSelector: { 'Status.$': `$.${statusMember}` },
    ResultPath: '$.job',
    Retry: [
      { ErrorEquals: [notFound], MaxAttempts: 0 },
      retry,
    ],
    Catch: [
      { ErrorEquals: [notFound], ResultPath: '$.error', Next: onGone },
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: next },
    ],
    Next: next,
  };
}

function taskOf(partition: string, operation: string): string {
  return `arn:${partition}:states:::aws-sdk:sagemaker:${operation[0].toLowerCase()}${operation.slice(1)}`;
}

/** Chooses the next state: the job is over, the deadline has passed, the job can hardly end yet, or none of these. */
export function overState(
  family: JobFamily, { over, late, seldom, next }: { over: string; late: string; seldom?: string; next: string },
): Record<string, unknown> {
  return {
    Type: 'Choice',
    Choices: [
      { ...isOver(family, '$.job.Status'), Next: over },
      { ...IS_LATE, Next: late },
      ...seldom === undefined ? [] : [{ ...IS_SELDOM, Next: seldom }],
    ],
    Default: next,
  };
}

const NOW = '$$.State.EnteredTime';

export const IS_LATE = { Variable: NOW, TimestampGreaterThanEqualsPath: '$.deadline' };

const IS_SELDOM = {
  And: [
    { Variable: '$.seldom', IsPresent: true },
    { Variable: NOW, TimestampGreaterThanEqualsPath: '$.seldom.from' },
    { Variable: NOW, TimestampLessThanPath: '$.seldom.until' },
  ],
};

function isOver({ poll: { nonTerminalStatuses } }: JobFamily, status: string): Record<string, unknown> {
  return { Not: { Or: [...nonTerminalStatuses, NOT_POLLED].map((one) => ({ Variable: status, StringEquals: one })) } };
}
