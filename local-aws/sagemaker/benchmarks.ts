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
  /** What the container of its endpoint logs. @default - it has no log stream of its own */
  readonly log?: readonly string[];
  /** Whether it has no endpoint, so that nothing is invoked. @default - it has one */
  readonly lacksEndpoint?: boolean;
}

/** What a job benchmarks, from its request, its model package or model, and the endpoint that it compares with. */
export interface BenchmarkTarget {
  readonly domain?: string;
  readonly task?: string;
  readonly framework?: string;
  readonly frameworkVersion?: string;
  readonly nearestModel?: string;
  /** Whether the input's shape is known, without which nothing is compiled. */
  readonly hasDataInputConfig?: boolean;
  /** The container's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The instance types of the model package. */
  readonly supportedInstanceTypes?: readonly string[];
  readonly existingEndpoint?: { readonly instanceType: string; readonly instances: number };
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
  readonly outcome?: 'COMPLETED' | 'FAILED' | 'STOPPED';
  readonly failureReason?: string;
  /** One benchmark step for each. The job shows them after it has completed. */
  readonly recommendations: readonly InferenceRecommendation[];
  readonly failedSteps?: readonly FailedStep[];
  /** The seconds of each step, of those with a result first. @default - all steps are equally long */
  readonly stepSeconds?: readonly number[];
  /** When each step begins, in seconds from the first one's begin. @default - as soon as one of the parallel steps before it has ended */
  readonly stepBegins?: readonly number[];
  /** The steps that run at a time. @default 1 */
  readonly parallelSteps?: number;
  /** The figures of the existing endpoint that the job compares with. @default - those of the first recommendation */
  readonly existingEndpoint?: { readonly MaxInvocations: number; readonly ModelLatency: number };
  /** A line for the job's log stream, which says where the figures come from. @default - none */
  readonly note?: string;
  /** Overrides members of the answer that `scalingAdvice` computes. If it throws an error, the error is the answer. */
  readonly scaling?: (request: any, recommendation: InferenceRecommendation) => ScalingAdvice;
}

/**
 * Defines the run of a job from its request, its name, the number of jobs requested in the account and Region,
 * including this one, and what it benchmarks. Called once, at the job's creation. If it throws, the job is refused.
 */
export type BenchmarkScript = (request: any, jobName: string, attempt: number, target: BenchmarkTarget) => BenchmarkRun;

/** Results that AWS has published. */
export const PUBLISHED: Readonly<Record<'compiled' | 'plain' | 'loadTest', readonly InferenceRecommendation[]>> = {
  compiled: compiled.InferenceRecommendations,
  plain: plain.InferenceRecommendations,
  loadTest: loadTest.InferenceRecommendations,
};

/** A Default job finds the published recommendations in 45 minutes, or serverless ones if it asks for them, an Advanced one the published recommendation for each requested endpoint. */
export const publishedBenchmarks = ({ JobType, InputConfig }: any, jobName: string, _attempt?: number): BenchmarkRun => {
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

/** A published or recorded row, as another job has it: compilation names are unique, because two jobs cannot have created the same compilation. */
export function withOwnCompilation(published: InferenceRecommendation, jobName: string): InferenceRecommendation {
  if (published.ModelConfiguration.CompilationJobName === undefined) { return published; }
  const hex = digest(`${jobName}/${published.ModelConfiguration.CompilationJobName}`);
  const name = `neo-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
  return { ...published, ModelConfiguration: { ...published.ModelConfiguration, InferenceSpecificationName: name, CompilationJobName: name } };
}
