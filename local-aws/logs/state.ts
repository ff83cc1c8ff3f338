import { AwsError, invalid, Region } from '../kernel';

export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly creationTime: number;
  /** By their time. */
  readonly events: LogEvent[];
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly creationTime: number;
  retentionInDays?: number;
  readonly streams: Map<string, LogStream>;
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The groups of an account in a Region. */
export class LogsState {
  public readonly groups = new Map<string, LogGroup>();
  /** By name. */
  protected readonly resourcePolicies = new Map<string, string>();

  constructor(private readonly region: Region) {}

  /** Adds a line. The first line creates the group and the stream. */
  public append(groupName: string, line: string, streamName = 'local'): void {
    const group = this.groups.get(groupName) ?? this.createGroup(groupName);
    const stream = group.streams.get(streamName) ?? this.createStream(group, streamName);
    this.put(stream, this.region.clock.now(), line);
  }

  /** Adds an event at its place in time. */
  public put({ events }: LogStream, timestamp: number, message: string): void {
    let after = events.length;
    while (after > 0 && events[after - 1].timestamp > timestamp) { after--; }
    events.splice(after, 0, { timestamp, ingestionTime: this.region.clock.now(), message });
  }

  /** The last lines of a group, over all its streams. */
  public tail(groupName: string, lines = 100): string[] {
    const group = this.groups.get(groupName);
    return group ? merged(group.streams.values()).slice(-lines).map((event) => event.message) : [];
  }

  public createGroup(name: string, retentionInDays?: number): LogGroup {
    if (!/^[\w./#-]{1,512}$/.test(name ?? '')) {
      throw invalid(`1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: `
        + 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+', 'logs');
    }
    if (this.groups.has(name)) { throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists'); }
    const group = { name, arn: this.region.arn('logs', `log-group:${name}`), creationTime: this.region.clock.now(), retentionInDays, streams: new Map() };
    this.groups.set(name, group);
    return group;
  }

  public createStream({ streams }: LogGroup, name: string): LogStream {
    if (streams.has(name)) { throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists'); }
    const stream = { name, creationTime: this.region.clock.now(), events: [] };
    streams.set(name, stream);
    return stream;
  }

  /** The group that a request names, by its name or its ARN; an error if there is none. */
  public find({ logGroupName, logGroupIdentifier }: { readonly logGroupName?: string; readonly logGroupIdentifier?: string }): LogGroup {
    if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
      throw invalid(logGroupName === undefined
        ? "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"
        : 'LogGroup name and LogGroup ARN are mutually exclusive parameters.', 'logs');
    }
    const name = logGroupName ?? logGroupIdentifier!.replace(/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:(.*?)(:\*)?$/, '$1');
    const group = this.groups.get(name);
    if (!group) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
    return group;
  }
}

/** A retention in days; an error if Logs has no such one. */
export function retentionOf(days: unknown): number | undefined {
  if (days === undefined) { return undefined; }
  if (!RETENTIONS.includes(Number(days))) {
    throw invalid(`1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`, 'logs');
  }
  return Number(days);
}

/** All events of the streams by their time, each with the name of its stream. */
export function merged(streams: Iterable<LogStream>): Array<LogEvent & { readonly logStreamName: string }> {
  return [...streams].flatMap(({ name, events }) => events.map((event) => ({ logStreamName: name, ...event })))
    .sort((a, b) => a.timestamp - b.timestamp);
}
