import type { JobFamily } from './job-family';
import { IS_LATE, overState, pollStates, TRANSIENT_RETRY } from './wait-machine';
import { BENCHMARK_SKIPPED, EVENT_SOURCE, JOB_STATE_CHANGE } from '../contract/events';
import { APPROVAL_LOOK_SECONDS, APPROVAL_PAUSE_SECONDS, FUNCTION_SECONDS, INVOKE_MARGIN_SECONDS, LONGEST_PAUSE_SECONDS, OUTAGE_SECONDS } from '../contract/waiting';

const [FIRST_PAUSE_SECONDS, BACKOFF] = [20, 2];
const GROWING = Math.ceil(Math.log(LONGEST_PAUSE_SECONDS / FIRST_PAUSE_SECONDS) / Math.log(BACKOFF));

/** Retries until an outage of any kind is over: the service, a permission, the function itself. Without jitter, because the sum of the pauses counts. */
const OUTAGE_RETRY = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: FIRST_PAUSE_SECONDS,
  BackoffRate: BACKOFF,
  MaxDelaySeconds: LONGEST_PAUSE_SECONDS,
  MaxAttempts: GROWING + Math.ceil(OUTAGE_SECONDS / LONGEST_PAUSE_SECONDS),
};

/**
 * The machine that follows a job in the background. It puts an event for each change of the job's status. After the job is over, it publishes the
 * job's recommendations, puts an event for the replicas of each, and an event for each that changed. No deploy waits for it, so it sends no answer.
 *
 * With an approve function, the machine is also the target of a registry's rules: such an execution lets the function start a job, and ends.
 *
 * For a family with approvals, an execution may also wait for one, instead of a deploy's function: it asks the function again and again.
 */
export function followMachineDefinition(
  partition: string, recommendFunctionArn: string, family: JobFamily, approveFunctionArn?: string,
): Record<string, unknown> {
  const announce = (parameters: Record<string, unknown>, next: Record<string, unknown>) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::events:putEvents`,
    TimeoutSeconds: 20,
    Parameters: parameters,
    ResultPath: null,
    Retry: [TRANSIENT_RETRY],
    ...next,
  });
  const publish = (parameters: Record<string, unknown>, resultPath: string | null, next: string) => ({
    Type: 'Task',
    Resource: recommendFunctionArn,
    TimeoutSeconds: FUNCTION_SECONDS.Recommend + INVOKE_MARGIN_SECONDS,
    Parameters: { 'purpose': 'publish', 'owner.$': '$.owner', 'jobName.$': '$.jobName', 'recommendations.$': '$.recommendations', 'askedAt.$': '$.askedAt', ...parameters },
    ResultPath: resultPath,
    // The job is paid, so its result outlasts what an approval outlasts.
    Retry: [OUTAGE_RETRY],
    Next: next,
  });
  const others = [
    ...family.hasApprovals ? [{ Variable: '$.request', IsPresent: true, Next: 'TellNeeded' }] : [],
    ...approveFunctionArn === undefined ? [] : [
      { Variable: '$.registry', IsPresent: true, Next: 'Approve' },
      { Variable: '$.entries[0]', IsPresent: true, Next: 'Tell' },
    ],
  ];
  return {
    Comment: 'Follows a job: says how it goes and writes what it recommends.',
    StartAt: others.length === 0 ? 'Poll' : 'IsApproval',
    States: {
      ...others.length === 0 ? {} : { IsApproval: { Type: 'Choice', Choices: others, Default: 'Poll' } },
      ...family.hasApprovals ? waitingStates(recommendFunctionArn, announce) : {},
      ...approveFunctionArn === undefined ? {} : approvalStates(approveFunctionArn, announce),
      ...pollStates(partition, family, { onGone: 'Gone', next: 'IsNews', retry: OUTAGE_RETRY }),
      Gone: { Type: 'Pass', Result: { Status: 'DELETED' }, ResultPath: '$.job', Next: 'IsNews' },
      IsNews: {
        Type: 'Choice',
        Choices: [{ Variable: '$.job.Status', StringEqualsPath: '$.lastStatus', Next: 'IsOver' }],
        Default: 'Announce',
      },
      Announce: announce({
        Entries: [{
          Source: EVENT_SOURCE,
          DetailType: JOB_STATE_CHANGE,
          Detail: {
            'StackId.$': '$.owner.StackId',
            'LogicalResourceId.$': '$.owner.LogicalResourceId',
            'JobName.$': '$.jobName',
            'Status.$': '$.job.Status',
            'PreviousStatus.$': '$.lastStatus',
          },
        }],
      }, {
        // If an event cannot be put, listeners miss it, but the recommendations are still published.
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Remember' }],
        Next: 'Remember',
      }),
      Remember: { Type: 'Pass', InputPath: '$.job.Status', ResultPath: '$.lastStatus', Next: 'IsOver' },
      IsOver: overState(family, { over: 'Compare', late: 'TimeIsUp', next: 'Wait' }),
      Wait: { Type: 'Wait', SecondsPath: '$.pollSeconds', Next: 'Poll' },
      TimeIsUp: { Type: 'Fail', Error: 'TimeIsUp', Cause: 'The job runs longer than any job may.' },
      // The comparison comes before the publishing: a second try of the publishing would find no change after the first.
      Compare: publish({ comparesOnly: true }, '$.published', 'Publish'),
      // Without those that waited for an approval when they were compared: otherwise their changes would be missed.
      Publish: publish({ 'pending.$': '$.published.Pending' }, '$.written', 'IsWritten'),
      IsWritten: { Type: 'Choice', Choices: [{ Variable: '$.written.Entries[0]', IsPresent: true, Next: 'TellReplicas' }], Default: 'HasChanged' },
      // A request of their own, because together with the changes they could exceed the limit of a request.
      TellReplicas: announce({ 'Entries.$': '$.written.Entries' }, {
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'HasChanged' }],
        Next: 'HasChanged',
      }),
      HasChanged: { Type: 'Choice', Choices: [{ Variable: '$.published.Entries[0]', IsPresent: true, Next: 'AnnounceChange' }], Default: 'IsPending' },
      AnnounceChange: announce({ 'Entries.$': '$.published.Entries' }, { Retry: [OUTAGE_RETRY], Next: 'IsPending' }),
      // The function says when it is too late for an approval.
      IsPending: { Type: 'Choice', Choices: [{ Variable: '$.published.Pending[0]', IsPresent: true, Next: 'KeepPending' }], Default: 'Done' },
      KeepPending: { Type: 'Pass', InputPath: '$.published.Pending', ResultPath: '$.recommendations', Next: 'AwaitApproval' },
      AwaitApproval: { Type: 'Wait', Seconds: APPROVAL_PAUSE_SECONDS, Next: 'Compare' },
      Done: { Type: 'Succeed' },
    },
  };
}

/** What happens while a deploy waits for an approval: the function answers CloudFormation once it has come, or is too late. */
function waitingStates(
  functionArn: string, announce: (parameters: Record<string, unknown>, next: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  return {
    TellNeeded: announce({ 'Entries.$': '$.entries' }, {
      // If the event cannot be put, nobody is told, but somebody may approve the package all the same.
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'AwaitPerson' }],
      Next: 'AwaitPerson',
    }),
    AwaitPerson: { Type: 'Wait', Seconds: APPROVAL_LOOK_SECONDS, Next: 'Ask' },
    Ask: {
      Type: 'Task',
      Resource: functionArn,
      TimeoutSeconds: FUNCTION_SECONDS.Recommend + INVOKE_MARGIN_SECONDS,
      Parameters: { 'purpose': 'answer', 'request.$': '$.request' },
      ResultPath: '$.asked',
      Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'IsTooLate' }],
      Next: 'IsAnswered',
    },
    IsAnswered: { Type: 'Choice', Choices: [{ Variable: '$.asked.Answered', BooleanEquals: true, Next: 'Done' }], Default: 'IsTooLate' },
    IsTooLate: { Type: 'Choice', Choices: [{ ...IS_LATE, Next: 'Done' }], Default: 'AwaitPerson' },
  };
}

/** What happens to an approval: the function starts a job, or begins an execution that only tells why not. */
function approvalStates(
  functionArn: string, announce: (parameters: Record<string, unknown>, next: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  return {
    Approve: {
      Type: 'Task',
      Resource: functionArn,
      TimeoutSeconds: FUNCTION_SECONDS.Approve + INVOKE_MARGIN_SECONDS,
      Parameters: {
        'registry.$': '$.registry', 'eventId.$': '$.eventId', 'time.$': '$.time', 'packageArn.$': '$.packageArn', 'execution.$': '$$.Execution.Name',
      },
      Retry: [OUTAGE_RETRY],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'GiveUp' }],
      Next: 'Done',
    },
    GiveUp: announce({
      Entries: [{
        Source: EVENT_SOURCE,
        DetailType: BENCHMARK_SKIPPED,
        Detail: {
          'StackId.$': '$.registry.StackId',
          'LogicalResourceId.$': '$.registry.LogicalResourceId',
          'ModelPackageArn.$': '$.packageArn',
          'Reason.$': `States.Format('No job could be started for ${OUTAGE_SECONDS / 86_400} days. The last error was: {}', States.JsonToString($.failure))`,
        },
      }],
    }, { Retry: [OUTAGE_RETRY], Next: 'Done' }),
    Tell: announce({ 'Entries.$': '$.entries' }, { Retry: [OUTAGE_RETRY], Next: 'Done' }),
  };
}
