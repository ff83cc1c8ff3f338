import { Duration } from 'aws-cdk-lib/core';
import { EndpointCandidate } from './endpoint-candidate';
import { TrafficPattern } from './traffic-pattern';
import { checkProp, checkSeconds } from '../common/check';
import { prune } from '../common/render';
import type { UniformRecommendations } from '../recommendation/facts';
import { MAX_JOB_SECONDS } from '../service/job-rules';

/** Whether a load test goes on when the requests that an endpoint serves no longer rise. */
export enum FlatInvocations {
  /** The test goes on. */
  CONTINUE = 'Continue',
  /** The test stops: the instance has reached its capacity. */
  STOP = 'Stop',
}

/** A percentile of the model's latency. */
export enum LatencyPercentile {
  /** 95 of 100 requests are faster. The one that a load test takes, by the API's page. */
  P95 = 'P95',
  /** 99 of 100 requests are faster. */
  P99 = 'P99',
}

/** A latency at which a test ends. */
export interface ModelLatencyThreshold {
  /**
   * The percentile that is watched.
   *
   * @default LatencyPercentile.P95
   */
  readonly percentile?: LatencyPercentile;
  /** The latency, in whole milliseconds. */
  readonly value: Duration;
}

/** What both kinds of job may be told. Changing any of it runs, and bills, a new job. */
export interface JobTypeOptions {
  /**
   * How long the job may take, in whole seconds: 1 to 18,000 (5 hours).
   *
   * @default - the service's own: 45 minutes for an instance recommendation, 2 hours for a load test
   */
  readonly maxDuration?: Duration;
  /**
   * Load tests in all: at least 1. The guide says at most 10; its own example has 100.
   *
   * @default - the service's own
   */
  readonly maxNumberOfTests?: number;
  /**
   * Load tests at a time: at least 1. The guide says at most 10.
   *
   * @default - the service's own
   */
  readonly maxParallelOfTests?: number;
  /**
   * Ends a test when the endpoint serves this many requests a minute. The guide says 1 to 30,000.
   *
   * @default - no bound
   */
  readonly maxInvocations?: number;
  /**
   * Ends a test when the model's latency reaches this.
   *
   * @default - no bound
   */
  readonly modelLatencyThreshold?: ModelLatencyThreshold;
  /**
   * Whether a test goes on when the requests that the endpoint serves no longer rise.
   *
   * @default FlatInvocations.STOP
   */
  readonly flatInvocations?: FlatInvocations;
}

/** What an instance recommendation may be told. */
export interface InstanceRecommendationOptions extends JobTypeOptions {
  /**
   * Endpoints to try: at most 10.
   *
   * @default - the service chooses
   */
  readonly endpointCandidates?: EndpointCandidate[];
  /**
   * How the load grows.
   *
   * @default - the service chooses
   */
  readonly trafficPattern?: TrafficPattern;
}

/** A load test: your traffic, on your candidates. */
export interface LoadTestProps extends JobTypeOptions {
  /** How the load grows. */
  readonly trafficPattern: TrafficPattern;
  /**
   * Endpoints to try: at most 10.
   *
   * @default - none: the job compares existing endpoints only
   */
  readonly endpointCandidates?: EndpointCandidate[];
}

/**
 * What kind of job runs.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html (JobType)
 */
export class JobType {
  /**
   * An instance recommendation (`Default`): the service tries instance types by itself, within 45 minutes.
   *
   * @throws if a figure is out of its range, or there are more than 10 candidates
   */
  public static instanceRecommendation(options: InstanceRecommendationOptions = {}): JobType {
    return new JobType('Default', options, options.maxDuration?.toSeconds());
  }

  /**
   * A load test (`Advanced`): your traffic on your candidates, 2 hours on average.
   *
   * @throws if a figure is out of its range, or there are more than 10 candidates
   */
  public static loadTest(props: LoadTestProps): JobType {
    return new JobType('Advanced', props, (props.maxDuration ?? Duration.hours(2)).toSeconds());
  }

  private readonly config: JobTypeConfig;

  private constructor(jobType: 'Default' | 'Advanced', options: InstanceRecommendationOptions, seconds: number | undefined) {
    if (seconds !== undefined) { checkSeconds('maxDuration', 'JobDurationInSeconds', seconds, MAX_JOB_SECONDS); }
    const candidates = options.endpointCandidates?.map((candidate) => candidate._render());
    // Their number only: each candidate judges itself.
    if (candidates && candidates.length > 0) { checkProp('endpointCandidates', 'EndpointInputConfigurations', candidates.map(() => ({}))); }
    checkProp('maxNumberOfTests', 'MaxNumberOfTests', options.maxNumberOfTests);
    checkProp('maxParallelOfTests', 'MaxParallelOfTests', options.maxParallelOfTests);
    checkProp('maxInvocations', 'Integer', options.maxInvocations);
    const threshold = options.modelLatencyThreshold;
    this.config = {
      jobType,
      seconds,
      uniform: jobType === 'Advanced' ? uniformOf(options.endpointCandidates ?? []) : undefined,
      inputConfig: {
        JobDurationInSeconds: seconds,
        TrafficPattern: options.trafficPattern?._render(),
        ResourceLimit: prune({ MaxNumberOfTests: options.maxNumberOfTests, MaxParallelOfTests: options.maxParallelOfTests }),
        EndpointConfigurations: candidates && candidates.length > 0 ? candidates : undefined,
      },
      stoppingConditions: prune({
        MaxInvocations: options.maxInvocations,
        ModelLatencyThresholds: threshold && [{
          Percentile: threshold.percentile ?? LatencyPercentile.P95,
          ValueInMilliseconds: threshold.value.toMilliseconds(),
        }],
        FlatInvocations: options.flatInvocations,
      }),
    };
  }

  /**
   * The parts of the request that the job's type decides.
   *
   * @internal
   */
  public _bind(): JobTypeConfig {
    return this.config;
  }
}

function uniformOf(candidates: readonly EndpointCandidate[]): UniformRecommendations | undefined {
  const kinds = candidates.map(({ _inferenceSpecificationName, _environmentNames }) => ({
    inferenceSpecificationName: _inferenceSpecificationName, environmentNames: _environmentNames,
  }));
  return kinds.every((kind) => JSON.stringify(kind) === JSON.stringify(kinds[0])) ? kinds[0] : undefined;
}

/** @internal */
export interface JobTypeConfig {
  readonly jobType: 'Default' | 'Advanced';
  readonly seconds?: number;
  readonly inputConfig: Record<string, unknown>;
  readonly stoppingConditions?: Record<string, unknown>;
  /** What all recommendations will have in common: a load test tries what it is told to and nothing else. */
  readonly uniform?: UniformRecommendations;
}
