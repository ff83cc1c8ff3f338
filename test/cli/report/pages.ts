import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { report } from '../../../cli/src/report/report';
import { buildReportPage } from '../../../projenrc/report-page';

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

  /** The file of the page about a job, as `aws` prints it. */
  public async of(job: object): Promise<string> {
    const made = this.made.get(job);
    if (made) { return made; }
    const [from, out] = [join(this.folder, 'job.json'), join(this.folder, `report-${this.made.size}.html`)];
    writeFileSync(from, JSON.stringify(job));
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

export const FAILED = {
  ...JOB,
  JobName: `failed ${INJECTED}`,
  Status: 'FAILED',
  FailureReason: `The container said ${INJECTED} and ended`,
  InputConfig: { ModelName: 'shop', ContainerConfig: { Task: INJECTED } },
};
