import type { DescribeAIBenchmarkJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { benchmarkOutput } from './output';
import { aiBenchmarksReader, logsOf } from './reader';
import type { AiBenchmarkAttribute } from '../../../src/contract/ai-benchmark';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import type { BenchmarkSearch } from '../../../src/service/aiperf-search';
import { canonicalMetric, TokenMetric } from '../../../src/service/token-metrics';
import { asStrings, fittingJson } from '../../runtime/answer';
import type { SageMakerApi } from '../../runtime/deps';
import { errorMessage, isDenied } from '../../runtime/errors';
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
    const attributes: Record<AiBenchmarkAttribute, string | number | undefined> = {
      JobName: found.AIBenchmarkJobName,
      JobArn: found.AIBenchmarkJobArn,
      Status: found.AIBenchmarkJobStatus,
      CreationTime: found.CreationTime?.toISOString(),
      StartTime: found.StartTime?.toISOString(),
      EndTime: found.EndTime?.toISOString(),
      OutputLocation: found.OutputConfig?.S3OutputLocation,
      Logs: logsOf(found),
      Archive: measured.archive,
      RunCount: measured.runs.length,
      Figures: fittingJson(measured.runs, MOST_FIGURE_BYTES),
      Search: measured.search && JSON.stringify(measured.search),
      Trouble: measured.trouble,
    };
    return asStrings(attributes);
  },
} satisfies JobResultsReader;

/** Room for the figures in an answer, which has at most 4,096 bytes. */
const MOST_FIGURE_BYTES = 2000;
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
  if (found.AIBenchmarkJobStatus !== 'Completed' || location === undefined) { return { runs: [] }; }
  try {
    const output = await benchmarkOutput(stored, { location, jobName: found.AIBenchmarkJobName! });
    return 'trouble' in output ? { runs: [], trouble: `${output.trouble}.` } : { archive: output.address, runs: output.runs.map(told), search: output.search };
  } catch (error) {
    if (!isDenied(error)) { throw error; }
    return { runs: [], trouble: `The results may not be read: ${errorMessage(error)}` };
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
