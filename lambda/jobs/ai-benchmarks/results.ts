import type { DescribeAIBenchmarkJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { benchmarkOutput, troubleOf } from './output';
import { aiBenchmarksReader, logsOf } from './reader';
import type { AiBenchmarkAttribute } from '../../../src/contract/ai-benchmark';
import type { ArchiveLimits, BenchmarkRun } from '../../../src/service/aiperf';
import type { BenchmarkSearch } from '../../../src/service/aiperf-search';
import { canonicalMetric, TokenMetric } from '../../../src/service/token-metrics';
import { answerBytes, asStrings, Attributes, bytesLeft, fittingJson, fittingText } from '../../runtime/answer';
import type { SageMakerApi } from '../../runtime/deps';
import type { StoredApi } from '../../runtime/objects';
import type { JobResultsReader, JobWithRecommendations, ResultsDeps } from '../family';

/** Reads jobs that benchmark an endpoint, with their results. They recommend nothing. */
export const aiBenchmarksResults = {
  ...aiBenchmarksReader,

  async describe(sagemaker: SageMakerApi, jobName: string): Promise<JobWithRecommendations | undefined> {
    const job = await aiBenchmarksReader.describe(sagemaker, jobName);
    return job && { ...job, recommendations: [] };
  },

  async results({ sagemaker, stored, log }: ResultsDeps, jobName: string) {
    const found: DescribeAIBenchmarkJobCommandOutput = await aiBenchmarksReader.described(sagemaker, jobName);
    const measured = await measuredBy(stored, found);
    log({ message: 'benchmark', jobName, ...measured });
    return attributesOf(found, measured);
  },
} satisfies JobResultsReader;

/**
 * The function has 256 MB. It holds an archive twice while it reads it, and then its exports, their text and their figures: 170 MB with the largest ones.
 * An export has some 20 KB, so this is a sweep of hundreds of runs.
 */
const LIMITS: ArchiveLimits = {
  archive: 16 * 1024 * 1024, kept: 16 * 1024 * 1024, remedy: 'download the archive, and read it with `inference-recommender show --from output.tar.gz`',
};

/** All attributes fit in an answer, however long the addresses are: the other texts share what these leave. */
function attributesOf(found: DescribeAIBenchmarkJobCommandOutput, { archive, runs, search, trouble = '' }: Measured): Attributes {
  const attributes: Record<AiBenchmarkAttribute, string | number | undefined> = {
    JobName: found.AIBenchmarkJobName,
    JobArn: found.AIBenchmarkJobArn,
    Status: found.AIBenchmarkJobStatus,
    CreationTime: found.CreationTime?.toISOString(),
    StartTime: found.StartTime?.toISOString(),
    EndTime: found.EndTime?.toISOString(),
    OutputLocation: found.OutputConfig?.S3OutputLocation,
    Logs: '',
    Archive: archive,
    RunCount: runs.length,
    Figures: '',
    Search: '',
    Trouble: '',
  };
  const left = () => bytesLeft(asStrings(attributes));
  attributes.Logs = fittingText(logsOf(found) ?? '', left() / 3);
  attributes.Trouble = fittingText(trouble, left());
  const searched = search ? JSON.stringify(search) : '';
  attributes.Search = answerBytes(searched) <= left() ? searched : '';
  attributes.Figures = fittingJson(runs, left());
  return asStrings(attributes);
}

/** The metrics that are attributes, and their statistics. Only the archive has all. */
const TOLD: readonly TokenMetric[] = ['time_to_first_token', 'inter_token_latency', 'output_token_throughput', 'request_throughput', 'request_latency'];
const STATS = ['avg', 'p50', 'p90', 'p99'];

/** What a job has measured, with the names of AIPerf. */
interface Measured {
  readonly archive?: string;
  readonly runs: ReadonlyArray<Readonly<Record<string, unknown>>>;
  /** Absent if the workload was no search. */
  readonly search?: BenchmarkSearch;
  /** Why there are no figures: one sentence. */
  readonly trouble?: string;
}

/** A job that measured nothing that can be read has no figures, and says why: it is paid, and its other results are of use. */
async function measuredBy(stored: StoredApi, found: DescribeAIBenchmarkJobCommandOutput): Promise<Measured> {
  const location = found.OutputConfig?.S3OutputLocation;
  if (found.AIBenchmarkJobStatus !== 'Completed') { return { runs: [], trouble: `The job ended ${found.AIBenchmarkJobStatus}: only a completed one has figures.` }; }
  if (location === undefined) { return { runs: [], trouble: 'The service does not say where the job has written its figures.' }; }
  try {
    const output = await benchmarkOutput(stored, { location, jobName: found.AIBenchmarkJobName! }, LIMITS);
    return 'trouble' in output ? { runs: [], trouble: `${output.trouble}.` } : { archive: output.address, runs: output.runs.map(told), search: output.search };
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === undefined) { throw error; }
    return { runs: [], trouble: `${trouble}.` };
  }
}

function told({ file, requests, errors, metrics }: BenchmarkRun): Readonly<Record<string, unknown>> {
  const figures = metrics.flatMap(({ name, unit, stats }) => {
    const metric = canonicalMetric(name, unit);
    const kept = Object.fromEntries(STATS.filter((stat) => stat in stats).map((stat) => [stat, Number(stats[stat].toPrecision(6))]));
    return metric !== undefined && TOLD.includes(metric) ? [[metric, { unit, ...kept }] as const] : [];
  });
  return { file, requests, errors, ...Object.fromEntries(figures) };
}
