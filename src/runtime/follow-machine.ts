import { overState, PASSING_RETRY, pollState } from './state-machine';
import { EVENT_SOURCE, JOB_STATE_CHANGE } from '../contract/events';

/**
 * The machine that follows a job in the background: an event for each change of its status and, once it is over, its recommendations written, with an
 * event for each to its replicas, and one for each that changed. Nobody waits for it, so it answers nobody.
 */
export function followMachineDefinition(partition: string, concludeFunctionArn: string): Record<string, unknown> {
  const announce = (parameters: Record<string, unknown>, next: Record<string, unknown>) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::events:putEvents`,
    TimeoutSeconds: 20,
    Parameters: parameters,
    ResultPath: null,
    Retry: [PASSING_RETRY],
    ...next,
  });
  const publish = (parameters: Record<string, unknown>, resultPath: string | null, next: string) => ({
    Type: 'Task',
    Resource: concludeFunctionArn,
    TimeoutSeconds: 120,
    Parameters: { 'purpose': 'publish', 'owner.$': '$.owner', 'jobName.$': '$.jobName', 'recommendations.$': '$.recommendations', 'askedAt.$': '$.askedAt', ...parameters },
    ResultPath: resultPath,
    Retry: [{ ...PASSING_RETRY, MaxAttempts: 8, MaxDelaySeconds: 60 }],
    Next: next,
  });
  return {
    Comment: 'Follows an Inference Recommender job: says how it goes and writes what it recommends.',
    StartAt: 'IsNewsOnly',
    States: {
      IsNewsOnly: { Type: 'Choice', Choices: [{ Variable: '$.entries[0]', IsPresent: true, Next: 'Tell' }], Default: 'Poll' },
      Tell: announce({ 'Entries.$': '$.entries' }, { Next: 'Done' }),
      Poll: pollState(partition, { onGone: 'Gone', next: 'IsNews' }),
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
        // Whoever listens misses one event; what the job recommends is not lost with it.
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Remember' }],
        Next: 'Remember',
      }),
      Remember: { Type: 'Pass', InputPath: '$.job.Status', ResultPath: '$.lastStatus', Next: 'IsOver' },
      IsOver: overState({ over: 'Compare', late: 'TimeIsUp', next: 'Wait' }),
      Wait: { Type: 'Wait', SecondsPath: '$.pollSeconds', Next: 'Poll' },
      TimeIsUp: { Type: 'Fail', Error: 'TimeIsUp', Cause: 'The job runs longer than any job may.' },
      // Before anything is written: writing is tried again where it fails half-way, and finds no change any more where it has written.
      Compare: publish({ comparesOnly: true }, '$.published', 'Publish'),
      Publish: publish({}, '$.written', 'IsWritten'),
      IsWritten: { Type: 'Choice', Choices: [{ Variable: '$.written.Entries[0]', IsPresent: true, Next: 'TellReplicas' }], Default: 'HasChanged' },
      // In a request of their own: with the changes, they would be more than a request takes.
      TellReplicas: announce({ 'Entries.$': '$.written.Entries' }, {
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'HasChanged' }],
        Next: 'HasChanged',
      }),
      HasChanged: { Type: 'Choice', Choices: [{ Variable: '$.published.Entries[0]', IsPresent: true, Next: 'AnnounceChange' }], Default: 'Done' },
      AnnounceChange: announce({ 'Entries.$': '$.published.Entries' }, { Next: 'Done' }),
      Done: { Type: 'Succeed' },
    },
  };
}
