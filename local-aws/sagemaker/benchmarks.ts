import { createHash } from 'crypto';
import compiled from './recorded/default-job-with-compiled-model.json';
import plain from './recorded/default-job.json';
import loadTest from './recorded/load-test-job.json';

/** A row of a job's results, as DescribeInferenceRecommendationsJob gives it. */
export interface InferenceRecommendation {
  /** `<job>/<8 hex digits>`; another job's name before the slash is replaced. @default - made up */
  readonly RecommendationId?: string;
  readonly Metrics?: Readonly<Record<string, number>>;
  readonly EndpointConfiguration: Readonly<Record<string, any>>;
  readonly ModelConfiguration: Readonly<Record<string, any>>;
}

/** A benchmark that finds nothing. */
export interface FailedStep {
  readonly failureReason: string;
  readonly EndpointConfiguration?: Readonly<Record<string, any>>;
}

/** What GetScalingConfigurationRecommendation answers of a row. */
export interface ScalingAdvice {
  readonly Metric?: Readonly<Record<string, unknown>>;
  readonly DynamicScalingConfiguration?: Readonly<Record<string, unknown>>;
}

/** How one job goes. */
export interface BenchmarkRun {
  /** From its creation to its end, in virtual seconds. */
  readonly durationSeconds: number;
  /** Of these, how long it is PENDING. @default 60 */
  readonly startupSeconds?: number;
  /** @default 'COMPLETED' */
  readonly outcome?: 'COMPLETED' | 'FAILED';
  readonly failureReason?: string;
  /** One benchmark step each; shown by the job once it has completed. */
  readonly recommendations: readonly InferenceRecommendation[];
  readonly failedSteps?: readonly FailedStep[];
  /** Answers in place of what `scalingAdvice` computes, member by member; an error that it throws is answered. */
  readonly scaling?: (request: any, recommendation: InferenceRecommendation) => ScalingAdvice;
}

/**
 * Says how a job goes, from its request, its name, and how many jobs have been asked for in the account and Region,
 * this one included. Called once, when the job is created: what it throws refuses the job.
 */
export type BenchmarkScript = (request: any, jobName: string, attempt: number) => BenchmarkRun;

/** Results that AWS has published. */
export const PUBLISHED: Readonly<Record<'compiled' | 'plain' | 'loadTest', readonly InferenceRecommendation[]>> = {
  compiled: compiled.InferenceRecommendations,
  plain: plain.InferenceRecommendations,
  loadTest: loadTest.InferenceRecommendations,
};

/** A Default job finds the published rows in 45 minutes, an Advanced one the published row for each endpoint asked for. */
export const publishedBenchmarks: BenchmarkScript = ({ JobType, InputConfig }, jobName) => {
  if (JobType === 'Default') {
    return { durationSeconds: 45 * 60, recommendations: PUBLISHED.compiled.map((row) => withOwnCompilation(row, jobName)) };
  }
  const [row] = PUBLISHED.loadTest;
  const asked: any[] = InputConfig.EndpointConfigurations ?? [];
  return {
    durationSeconds: InputConfig.JobDurationInSeconds ?? 2 * 3600,
    recommendations: asked.map((endpoint) => ({
      Metrics: row.Metrics,
      EndpointConfiguration: endpoint.ServerlessConfig
        ? { ServerlessConfig: endpoint.ServerlessConfig }
        : { InstanceType: endpoint.InstanceType, InitialInstanceCount: row.EndpointConfiguration.InitialInstanceCount },
      ModelConfiguration: {
        InferenceSpecificationName: endpoint.InferenceSpecificationName,
        EnvironmentParameters: endpoint.EnvironmentParameterRanges?.CategoricalParameterRanges?.map(({ Name, Value }: any) => (
          { Key: Name, ValueType: 'String', Value: Value[0] }
        )),
      },
    })),
  };
};

/** Hexadecimal digits that only depend on the text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

// Compilations have names of their own: two jobs cannot have made the same one.
function withOwnCompilation(row: InferenceRecommendation, jobName: string): InferenceRecommendation {
  if (row.ModelConfiguration.CompilationJobName === undefined) { return row; }
  const hex = digest(`${jobName}/${row.ModelConfiguration.CompilationJobName}`);
  const name = `neo-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
  return { ...row, ModelConfiguration: { ...row.ModelConfiguration, InferenceSpecificationName: name, CompilationJobName: name } };
}
