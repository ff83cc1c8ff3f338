import { AwsError, guarded, Operations, Region } from '../kernel';
import { settingOperations } from './settings';
import { OPERATIONS, SHAPES } from './shapes';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly creationTime: number;
  retentionInDays?: number;
  readonly streams: Map<string, LogEvent[]>;
}

/** CloudWatch Logs: groups and streams of lines. */
export class Logs {
  public readonly groups = new Map<string, LogGroup>();

  public readonly operations: Operations = guarded('logs', {
    ...settingOperations(this.groups),
    CreateLogGroup: ({ logGroupName }) => { this.createGroup(logGroupName); },
    DeleteLogGroup: ({ logGroupName }) => {
      this.find(logGroupName);
      this.groups.delete(logGroupName);
    },
    DescribeLogGroups: ({ logGroupNamePrefix = '' }) => ({
      logGroups: [...this.groups.values()].filter(({ name }) => name.startsWith(logGroupNamePrefix)).sort((a, b) => a.name < b.name ? -1 : 1)
        .map(({ name, arn, creationTime, retentionInDays }) =>
          ({ logGroupName: name, arn: `${arn}:*`, logGroupArn: arn, creationTime, retentionInDays, metricFilterCount: 0, storedBytes: 0 })),
    }),
    DescribeLogStreams: ({ logGroupName, logStreamNamePrefix = '' }) => ({
      logStreams: [...this.find(logGroupName).streams].filter(([name]) => name.startsWith(logStreamNamePrefix)).map(([name, events]) => ({
        logStreamName: name,
        arn: this.region.arn('logs', `log-group:${logGroupName}:log-stream:${name}`),
        creationTime: events[0].timestamp,
        firstEventTimestamp: events[0].timestamp,
        lastEventTimestamp: events[events.length - 1].timestamp,
        storedBytes: 0,
      })),
    }),
    GetLogEvents: ({ logGroupName, logStreamName, nextToken }) => {
      const events = this.find(logGroupName).streams.get(logStreamName);
      if (!events) { throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.'); }
      // All events are on the first page. A token requests the events after it.
      return { events: nextToken ? [] : events.map(withIngestion), nextForwardToken: `f/${events.length}`, nextBackwardToken: 'b/0' };
    },
    FilterLogEvents: ({ logGroupName, logStreamNames, filterPattern, startTime = 0, endTime = Infinity }) => {
      if (filterPattern && !/^"[^"]*"$|^\w+$/.test(filterPattern)) {
        throw new AwsError('InvalidParameterException', 'A filterPattern other than one term is not part of the local AWS');
      }
      const term = (filterPattern ?? '').replace(/"/g, '');
      const events = merged(this.find(logGroupName), (stream) => !logStreamNames || logStreamNames.includes(stream));
      return {
        events: events.filter((event) => event.message.includes(term) && event.timestamp >= startTime && event.timestamp <= endTime)
          .map((event, index) => ({ ...withIngestion(event), eventId: String(index).padStart(8, '0') })),
      };
    },
  }, OPERATIONS, SHAPES);

  constructor(private readonly region: Region) {}

  /** Adds a line. The first line creates the group and the stream. */
  public append(groupName: string, line: string, streamName = 'local'): void {
    const group = this.groups.get(groupName) ?? this.createGroup(groupName);
    const stream = group.streams.get(streamName) ?? [];
    group.streams.set(streamName, stream);
    stream.push({ timestamp: this.region.clock.now(), message: line });
  }

  /** The last lines of a group, over all its streams. */
  public tail(groupName: string, lines = 100): string[] {
    const group = this.groups.get(groupName);
    return group ? merged(group, () => true).slice(-lines).map((event) => event.message) : [];
  }

  public createGroup(name: string, retentionInDays?: number): LogGroup {
    if (!/^[\w./#-]{1,512}$/.test(name ?? '')) {
      throw new AwsError('InvalidParameterException', `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: `
        + 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
    }
    if (this.groups.has(name)) { throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists'); }
    const group = { name, arn: this.region.arn('logs', `log-group:${name}`), creationTime: this.region.clock.now(), retentionInDays, streams: new Map() };
    this.groups.set(name, group);
    return group;
  }

  private find(name: string): LogGroup {
    const group = this.groups.get(name);
    if (!group) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return group;
  }
}

function merged(group: LogGroup, takes: (stream: string) => boolean) {
  return [...group.streams].filter(([name]) => takes(name))
    .flatMap(([logStreamName, events]) => events.map((event) => ({ logStreamName, ...event })))
    .sort((a, b) => a.timestamp - b.timestamp);
}

function withIngestion<T extends LogEvent>(event: T): T & { ingestionTime: number } {
  return { ...event, ingestionTime: event.timestamp };
}
