import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { report } from '../../../cli/src/report/report';
import { buildReportPage } from '../../../projenrc/report-page';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { benchmarkArchive } from '../../harness/benchmark-archive';

/** What would run, if a name were read as HTML. */
export const INJECTED = '</script><img src=x onerror="window.pwned=1">';

/** Output of a verb. */
export function collected() {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (lines: string[]) => (text: string) => void lines.push(text);
  return { out, err, io: { out: into(out), err: into(err), isTerminal: false, hasColors: false, columns: 120 } };
}

/** A folder with the page's script, as the package of the command has it. */
export class Pages {
  public static async open(): Promise<Pages> {
    const pages = new Pages();
    await buildReportPage(pages.script);
    return pages;
  }

  private readonly made = new Map<object, string>();
  public readonly folder = mkdtempSync(join(tmpdir(), 'report-'));
  public readonly script = join(this.folder, 'report-page.js');

  /** The file of the page about a job, as `aws` prints it, or about an archive of a benchmark. */
  public async of(job: object): Promise<string> {
    const made = this.made.get(job);
    if (made) { return made; }
    const isArchive = Buffer.isBuffer(job);
    const [from, out] = [join(this.folder, isArchive ? 'output.tar.gz' : 'job.json'), join(this.folder, `report-${this.made.size}.html`)];
    writeFileSync(from, isArchive ? job : JSON.stringify(job));
    await report(['--from', from, '--out', out], collected().io, this.script);
    this.made.set(job, out);
    return out;
  }

  public async text(job: object): Promise<string> {
    return readFileSync(await this.of(job), 'utf8');
  }

  public close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** A result as the service answers it: of an instance type, or of so many MB of serverless memory. */
export function result(at: number, on: string | number, { usd, most, latency }: Readonly<Record<'usd' | 'most' | 'latency', number>>) {
  return {
    RecommendationId: `job/${`${at}`.padStart(8, '0')}`,
    Metrics: { ...typeof on === 'string' && { CostPerHour: usd }, CostPerInference: usd / 60 / most, MaxInvocations: most, ModelLatency: latency },
    EndpointConfiguration: {
      EndpointName: `endpoint-${at}`, VariantName: 'variant', ...typeof on === 'string' ? { InstanceType: on, InitialInstanceCount: 1 } : { ServerlessConfig: { MemorySizeInMB: on, MaxConcurrency: 1 } },
    },
    ModelConfiguration: { EnvironmentParameters: [{ Key: 'TOKEN', ValueType: 'String', Value: 'a-secret-of-the-container' }] },
  };
}

const JOB = {
  JobType: 'Default', Status: 'COMPLETED', CreationTime: '2026-10-02T10:00:00Z', CompletionTime: '2026-10-02T10:44:00Z', InputConfig: { ModelName: 'shop' },
};

/** A job with instances and serverless endpoints. */
export const BOTH_KINDS = {
  ...JOB,
  JobName: 'both-kinds',
  InferenceRecommendations: [
    result(1, 'ml.c5.xlarge', { usd: 0.204, most: 5140, latency: 35 }),
    result(2, 'ml.m5.xlarge', { usd: 0.23, most: 4654, latency: 39 }),
    result(3, 2048, { usd: 1.9, most: 2210, latency: 27 }),
    result(4, 'ml.c5.9xlarge', { usd: 1.836, most: 18_710, latency: 22 }),
  ],
};

/** Ten recommendations with nearly the same figures. */
export const ALIKE = {
  ...JOB,
  JobName: 'alike',
  InferenceRecommendations: Array.from({ length: 10 }, (_, at) => result(at, `ml.c${at % 5 + 3}.${['', '2', '4'][at % 3]}xlarge`, { usd: 0.2 + at * 7 % 10 / 1e5, most: 900 + at * 3 % 10, latency: 100 + at % 3 })),
};

const recommended = (InstanceType: string, copies: number, figures: Readonly<Record<string, readonly [value: number, unit: string]>>) => ({
  ModelDetails: { ModelPackageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1', InferenceSpecificationName: `${InstanceType}-cost` },
  DeploymentConfiguration: { InstanceType, InstanceCount: 1, CopyCountPerInstance: copies, EnvironmentVariables: { OPTION_MAX_MODEL_LEN: '2048', HF_TOKEN: 'a-secret-of-the-container' } },
  ExpectedPerformance: Object.entries(figures).flatMap(([Metric, [value, Unit]]) => ['avg', 'p99'].map((Stat, at) => ({ Metric, Stat, Value: String(value * (1 + at)), Unit }))),
});
const tokens = (first: number, between: number, throughput: number) => ({
  TimeToFirstToken: [first, 'ms'], InterTokenLatency: [between, 'ms'], OutputTokenThroughput: [throughput, 'tokens/sec'], RequestThroughput: [throughput / 150, 'requests/sec'],
} as const);

/** A job for a generative model, with types that have a public price. */
export const GENERATIVE = {
  AIRecommendationJobName: 'chat',
  AIRecommendationJobArn: 'arn:aws:sagemaker:us-east-1:111111111111:ai-recommendation-job/chat',
  AIRecommendationJobStatus: 'Completed',
  CreationTime: '2026-10-02T10:00:00Z',
  EndTime: '2026-10-02T14:35:00Z',
  ModelSource: { S3: { S3Uri: 's3://models/chat/' } },
  AIWorkloadConfigIdentifier: 'chat',
  PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
  Recommendations: [
    recommended('ml.g6.12xlarge', 4, tokens(42.6, 6.2, 1557)), recommended('ml.g5.12xlarge', 4, tokens(53.9, 4.6, 2015)), recommended('ml.g5.48xlarge', 2, tokens(31, 3.1, 2900)),
  ],
};

const times = (name: string, avg: number) => ({ name, unit: 'ms', stats: { avg, p50: avg * 0.95, p90: avg * 1.6, p99: avg * 2.5 } });
const measuredAt = (users: number): BenchmarkRun => ({
  file: `sweep/concurrency_${users}/profile_export_aiperf.json`,
  models: [INJECTED],
  requests: 300,
  errors: users > 64 ? 3 : 0,
  isCancelled: false,
  metrics: [
    times('time_to_first_token', 40 + users * 3), times('inter_token_latency', 4 + users / 10), times('request_latency', 800 + users * 20),
    { name: 'output_token_throughput', unit: 'tokens/sec', stats: { avg: 200 * users / (1 + users / 60) } },
  ],
});

/** What AIPerf has measured: once, and at several loads. */
export const MEASURED = benchmarkArchive([measuredAt(8)]);
export const SWEEP = benchmarkArchive([1, 4, 16, 64, 128].map(measuredAt));

export const FAILED = {
  ...JOB,
  JobName: `failed ${INJECTED}`,
  Status: 'FAILED',
  FailureReason: `The container said ${INJECTED} and ended`,
  InputConfig: { ModelName: 'shop', ContainerConfig: { Task: INJECTED } },
};
