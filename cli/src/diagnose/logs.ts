import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Said } from './facts';
import { diagnosedFamily, LogPlace } from './families';
import type { Account } from '../account/account';
import { JobView, LOG_GROUP } from '../subject/job';

/** Logs of the endpoints that a job has made, as the guide on troubleshooting says where they are. */
const ENDPOINT_LOGS = '/aws/sagemaker/Endpoints/';
/** So many lines of a stream, and so many benchmarks: most fail in the same way. */
const [MOST_LINES, MOST_BENCHMARKS, MOST_STREAMS] = [60, 4, 3];
/** How much a line counts: a container also logs what does no harm. */
const WEIGHT = 0.9;

/** The last lines of the job and of the containers whose benchmarks have failed. */
export async function readLogs({ logs, sagemaker }: Pick<Account, 'logs' | 'sagemaker'>, { family, name, benchmarks, phase }: JobView): Promise<Said[]> {
  const failed = benchmarks.filter(({ failureReason, status }) => failureReason !== undefined || status === 'FAILED').slice(0, MOST_BENCHMARKS);
  if (failed.length === 0 && phase !== 'failed') { return []; }
  const streams = await Promise.all([
    ...failed.flatMap(({ logStream }) => {
      if (!logStream) { return []; }
      const group = `${ENDPOINT_LOGS}${logStream.split('/').at(-1)}`;
      return [linesOf(logs, LOG_GROUP, [logStream]), streamsOf(logs, group).then((names) => linesOf(logs, group, names))];
    }),
    readPlaces(logs, await diagnosedFamily(family)?.logs?.(sagemaker, name) ?? []),
  ]);
  return streams.flat();
}

/** The last lines of the first streams at each place. */
export async function readPlaces(logs: CloudWatchLogsClient, places: readonly LogPlace[]): Promise<Said[]> {
  const all = await Promise.all(places.map(([group, prefix]) => streamsOf(logs, group, prefix).then((names) => linesOf(logs, group, names))));
  return all.flat();
}

async function streamsOf(logs: CloudWatchLogsClient, logGroupName: string, logStreamNamePrefix?: string): Promise<string[]> {
  const request = new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix, limit: MOST_STREAMS });
  const { logStreams = [] } = await ifThere(() => logs.send(request)) ?? {};
  return logStreams.map(({ logStreamName }) => logStreamName!);
}

async function linesOf(logs: CloudWatchLogsClient, logGroupName: string, streams: readonly string[]): Promise<Said[]> {
  const all = await Promise.all(streams.map(async (logStreamName) => {
    const request = new GetLogEventsCommand({ logGroupName, logStreamName, limit: MOST_LINES, startFromHead: false });
    const { events = [] } = await ifThere(() => logs.send(request)) ?? {};
    const source = `log ${logGroupName}, stream ${logStreamName}`;
    return events.map(({ message = '' }): Said => ({ place: 'log', source, text: message, weight: WEIGHT }));
  }));
  return all.flat();
}

/** `undefined` if the group or the stream is not there: a benchmark that got no endpoint has none. */
async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') { return undefined; }
    throw error;
  }
}
