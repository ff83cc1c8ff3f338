import { matcherOf } from './filter-pattern';
import { policyOperations } from './resource-policies';
import { OPERATIONS, SHAPES } from './shapes';
import { LogEvent, LogGroup, LogsState, LogStream, merged, retentionOf } from './state';
import { AwsError, guarded, invalid, numberedPage, Operations } from '../kernel';

export { retentionOf } from './state';
export type { LogGroup } from './state';

/** By name, as Logs sorts: by code points. */
const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const badToken = () => invalid('The specified nextToken is invalid.', 'logs');

/** CloudWatch Logs: groups and streams of lines. Sources: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html, each operation's page. */
export class Logs extends LogsState {
  public readonly operations: Operations = guarded('logs', {
    ...policyOperations(this.resourcePolicies),
    CreateLogGroup: ({ logGroupName }) => { this.createGroup(logGroupName); },
    DeleteLogGroup: (input) => { this.groups.delete(this.find(input).name); },
    PutRetentionPolicy: ({ retentionInDays, ...input }) => { this.find(input).retentionInDays = retentionOf(retentionInDays); },
    DeleteRetentionPolicy: (input) => { delete this.find(input).retentionInDays; },
    CreateLogStream: ({ logStreamName, ...input }) => { this.createStream(this.find(input), logStreamName); },
    DeleteLogStream: ({ logStreamName, ...input }) => { this.find(input).streams.delete(this.stream(input, logStreamName).name); },

    // API_PutLogEvents: the events of a call are in their order, and span at most 24 hours.
    PutLogEvents: ({ logStreamName, logEvents, sequenceToken: _, ...input }) => {
      const stream = this.stream(input, logStreamName);
      const times = logEvents.map(({ timestamp }: LogEvent) => timestamp);
      if (times.some((time: number, index: number) => time < times[index - 1])) {
        throw invalid('Log events in a single PutLogEvents request must be in chronological order.', 'logs');
      }
      if (times.at(-1) - times[0] > 86_400_000) { throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.', 'logs'); }
      logEvents.forEach(({ timestamp, message }: LogEvent) => this.put(stream, timestamp, message));
      return { nextSequenceToken: `${stream.events.length}` };
    },

    DescribeLogGroups: ({ logGroupNamePrefix, logGroupNamePattern, logGroupClass = 'STANDARD', limit = 50, nextToken }) => {
      if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) {
        throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.', 'logs');
      }
      const found = [...this.groups.values()].filter(({ name }) => name.startsWith(logGroupNamePrefix ?? '') && name.includes(logGroupNamePattern ?? ''));
      const { items, next } = numberedPage(logGroupClass === 'STANDARD' ? found.sort(byName) : [], nextToken, limit, badToken);
      return { logGroups: items.map(describedGroup), nextToken: next };
    },

    // API_DescribeLogStreams: streams without an event come last if the newest comes first, and a prefix goes with the order by name only.
    DescribeLogStreams: ({ logStreamNamePrefix, orderBy = 'LogStreamName', descending = false, limit = 50, nextToken, ...input }) => {
      const group = this.find(input);
      if (orderBy === 'LastEventTime' && logStreamNamePrefix !== undefined) { throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.', 'logs'); }
      const lastOf = ({ events }: LogStream) => events.at(-1)?.timestamp ?? 0;
      const found = [...group.streams.values()].filter(({ name }) => name.startsWith(logStreamNamePrefix ?? ''))
        .sort((a, b) => (orderBy === 'LastEventTime' && lastOf(a) - lastOf(b)) || byName(a, b));
      const { items, next } = numberedPage(descending ? found.reverse() : found, nextToken, limit, badToken);
      return { logStreams: items.map((stream) => describedStream(group, stream)), nextToken: next };
    },

    GetLogEvents: ({ logStreamName, startTime = 0, endTime = Infinity, limit = 10_000, startFromHead = false, nextToken, ...input }) => {
      const events = this.stream(input, logStreamName).events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      const [from, to] = windowOf(events.length, limit, startFromHead, nextToken);
      return { events: events.slice(from, to), nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` };
    },

    FilterLogEvents: ({ logStreamNames, logStreamNamePrefix, filterPattern, interleaved: _, ...input }) => {
      const { startTime = 0, endTime = Infinity, limit = 10_000, nextToken } = input;
      const { streams } = this.find(input);
      if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
        throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.', 'logs');
      }
      const unknown = logStreamNames?.find((name: string) => !streams.has(name));
      if (unknown !== undefined) { throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
      const matches = matcherOf(filterPattern);
      const events = merged([...streams.values()].filter(({ name }) => logStreamNames?.includes(name) ?? name.startsWith(logStreamNamePrefix ?? '')))
        .map((event, index) => ({ ...event, eventId: String(index).padStart(8, '0') }))
        .filter(({ message, timestamp }) => matches(message) && timestamp >= startTime && timestamp <= endTime);
      const { items, next } = numberedPage(events, nextToken, limit, badToken);
      return { events: items, searchedLogStreams: [], nextToken: next };
    },
  }, OPERATIONS, SHAPES);

  private stream(input: any, name: string): LogStream {
    const stream = this.find(input).streams.get(name);
    if (!stream) { throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
    return stream;
  }
}

/**
 * Where a page of a stream begins and ends. Without a token it is the newest events, or the oldest from the head; at an end, the token leads to itself.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html (limit, startFromHead, nextForwardToken)
 */
function windowOf(length: number, limit: number, fromHead: boolean, token: string | undefined): readonly [from: number, to: number] {
  const [, way = fromHead ? 'f' : 'b', at = fromHead ? '0' : `${length}`] = /^([fb])\/(\d{1,15})$/.exec(token ?? '') ?? [];
  if (token !== undefined && !/^[fb]\/\d{1,15}$/.test(token)) { throw badToken(); }
  const place = Math.min(Number(at), length);
  return way === 'f' ? [place, Math.min(place + limit, length)] : [Math.max(place - limit, 0), place];
}

function sizeOf(streams: Iterable<LogStream>): number {
  return [...streams].flatMap(({ events }) => events).reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
}

function describedGroup({ name, arn, creationTime, retentionInDays, streams }: LogGroup): object {
  return {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: 'STANDARD',
    creationTime,
    retentionInDays,
    metricFilterCount: 0,
    storedBytes: sizeOf(streams.values()),
  };
}

function describedStream({ arn }: LogGroup, { name, creationTime, events }: LogStream): object {
  return {
    logStreamName: name,
    arn: `${arn}:log-stream:${name}`,
    creationTime,
    firstEventTimestamp: events[0]?.timestamp,
    lastEventTimestamp: events.at(-1)?.timestamp,
    lastIngestionTime: events.at(-1)?.ingestionTime,
    storedBytes: 0,
  };
}
