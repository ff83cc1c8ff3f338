import { createHash } from 'crypto';
import compiled from './recorded/default-job-with-compiled-model.json';
import plain from './recorded/default-job.json';
import loadTest from './recorded/load-test-job.json';

/** A recommendation of a job's results, as DescribeInferenceRecommendationsJob returns it. */
export interface InferenceRecommendation {
  /** `<job>/<8 hex digits>`. Another job's name before the slash is replaced. @default - generated */
  readonly RecommendationId?: string;
  readonly Metrics?: Readonly<Record<string, number>>;
  readonly EndpointConfiguration: Readonly<Record<string, any>>;
  readonly ModelConfiguration: Readonly<Record<string, any>>;
}

/** A benchmark without a result. */
export interface FailedStep {
  readonly failureReason: string;
  readonly EndpointConfiguration?: Readonly<Record<string, any>>;
}

/** The answer of GetScalingConfigurationRecommendation for a recommendation. */
export interface ScalingAdvice {
  readonly Metric?: Readonly<Record<string, unknown>>;
  readonly DynamicScalingConfiguration?: Readonly<Record<string, unknown>>;
}

/** The run of one job. */
export interface BenchmarkRun {
  /** From its creation to its end, in virtual seconds. */
  readonly durationSeconds: number;
  /** The part of it during which the job is PENDING. @default 60 */
  readonly startupSeconds?: number;
  /** @default 'COMPLETED' */
  readonly outcome?: 'COMPLETED' | 'FAILED';
  readonly failureReason?: string;
  /** One benchmark step for each. The job shows them after it has completed. */
  readonly recommendations: readonly InferenceRecommendation[];
  readonly failedSteps?: readonly FailedStep[];
  /** Overrides members of the answer that `scalingAdvice` computes. If it throws an error, the error is the answer. */
  readonly scaling?: (request: any, recommendation: InferenceRecommendation) => ScalingAdvice;
}

/**
 * Defines the run of a job from its request, its name, and the number of jobs requested in the account and Region,
 * including this one. Called once, at the job's creation. If it throws, the job is refused.
 */
export type BenchmarkScript = (request: any, jobName: string, attempt: number) => BenchmarkRun;

/** Results that AWS has published. */
export const PUBLISHED: Readonly<Record<'compiled' | 'plain' | 'loadTest', readonly InferenceRecommendation[]>> = {
  compiled: compiled.InferenceRecommendations,
  plain: plain.InferenceRecommendations,
  loadTest: loadTest.InferenceRecommendations,
};

/** A Default job finds the published recommendations in 45 minutes, or serverless ones if it asks for them, an Advanced one the published recommendation for each requested endpoint. */
export const publishedBenchmarks: BenchmarkScript = ({ JobType, InputConfig }, jobName) => {
  if (JobType === 'Default' && InputConfig.ContainerConfig?.SupportedEndpointType === 'Serverless') {
    return { durationSeconds: 45 * 60, recommendations: [2048, 4096, 6144].map(serverlessRow) };
  }
  if (JobType === 'Default') {
    return { durationSeconds: 45 * 60, recommendations: PUBLISHED.compiled.map((recommendation) => withOwnCompilation(recommendation, jobName)) };
  }
  const [recommendation] = PUBLISHED.loadTest;
  const asked: any[] = InputConfig.EndpointConfigurations ?? [];
  return {
    durationSeconds: InputConfig.JobDurationInSeconds ?? 2 * 3600,
    recommendations: asked.map((endpoint) => ({
      Metrics: recommendation.Metrics,
      EndpointConfiguration: endpoint.ServerlessConfig
        ? { ServerlessConfig: endpoint.ServerlessConfig }
        : { InstanceType: endpoint.InstanceType, InitialInstanceCount: recommendation.EndpointConfiguration.InitialInstanceCount },
      ModelConfiguration: {
        InferenceSpecificationName: endpoint.InferenceSpecificationName,
        EnvironmentParameters: endpoint.EnvironmentParameterRanges?.CategoricalParameterRanges?.map(({ Name, Value }: any) => (
          { Key: Name, ValueType: 'String', Value: Value[0] }
        )),
      },
    })),
  };
};

/** AWS has published no result of a serverless endpoint: the load test's figures, at the concurrency of 1 that instance recommendations try. */
function serverlessRow(MemorySizeInMB: number): InferenceRecommendation {
  const [{ Metrics: { CostPerHour: _instances, ...Metrics } = {} }] = PUBLISHED.loadTest;
  return { Metrics, EndpointConfiguration: { ServerlessConfig: { MaxConcurrency: 1, MemorySizeInMB } }, ModelConfiguration: {} };
}

/** Hexadecimal digits that depend only on the text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

// Compilation names are unique, because two jobs cannot have created the same compilation.
function withOwnCompilation(published: InferenceRecommendation, jobName: string): InferenceRecommendation {
  if (published.ModelConfiguration.CompilationJobName === undefined) { return published; }
  const hex = digest(`${jobName}/${published.ModelConfiguration.CompilationJobName}`);
  const name = `neo-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
  return { ...published, ModelConfiguration: { ...published.ModelConfiguration, InferenceSpecificationName: name, CompilationJobName: name } };
}
