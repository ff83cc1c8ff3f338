import { Duration } from 'aws-cdk-lib/core';
import { EndpointCandidate } from './endpoint-candidate';
import { TrafficPattern } from './traffic-pattern';
import { checkProp, checkSeconds } from '../common/check';
import { prune } from '../common/render';
import type { UniformRecommendations } from '../recommendation/facts';
import { MAX_JOB_SECONDS } from '../service/job-rules';

/** The behaviour of a test when the invocations that an endpoint serves no longer rise. */
export enum FlatInvocations {
  /** The test goes on. */
  CONTINUE = 'Continue',
  /** The test stops: the instance has reached its capacity. */
  STOP = 'Stop',
}

/** A percentile of the model's latency. */
export enum LatencyPercentile {
  /** 95 of 100 requests are faster. By the API's page, a load test uses this one. */
  P95 = 'P95',
  /** 99 of 100 requests are faster. */
  P99 = 'P99',
}

/** A model latency at which a test ends. */
export interface ModelLatencyThreshold {
  /**
   * The percentile that the test watches.
   *
   * @default LatencyPercentile.P95
   */
  readonly percentile?: LatencyPercentile;
  /** The latency, in whole milliseconds. An error is thrown for a fraction of one. */
  readonly value: Duration;
}

/** Options of both kinds of job. Changing any of them runs, and bills, a new job. */
export interface JobTypeOptions {
  /**
   * How long the job may take, in whole seconds: 1 to 18,000 (5 hours).
   *
   * @default - the service's default: 45 minutes for an instance recommendation, 2 hours for a load test
   */
  readonly maxDuration?: Duration;
  /**
   * Number of load tests in all: at least 1. The guide says at most 10, but its own example has 100.
   *
   * @default - the service chooses
   */
  readonly maxNumberOfTests?: number;
  /**
   * Number of load tests that run at the same time: at least 1. The guide says at most 10.
   *
   * @default - the service chooses
   */
  readonly maxParallelOfTests?: number;
  /**
   * A test ends when the endpoint serves this many requests a minute. The guide says 1 to 30,000.
   *
   * @default - no bound
   */
  readonly maxInvocations?: number;
  /**
   * A test ends when the model's latency reaches this threshold.
   *
   * @default - no bound
   */
  readonly modelLatencyThreshold?: ModelLatencyThreshold;
  /**
   * The behaviour of a test when the invocations that the endpoint serves no longer rise.
   *
   * @default FlatInvocations.STOP
   */
  readonly flatInvocations?: FlatInvocations;
}

/**
 * Options of an instance recommendation. Some pages say that the service takes them for load tests only, so each of them gets a warning: it is unverified.
 */
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

/** Properties of a load test: your traffic, on your endpoint candidates. */
export interface LoadTestProps extends JobTypeOptions {
  /** How the load grows. */
  readonly trafficPattern: TrafficPattern;
  /**
   * Endpoints to try: at most 10.
   *
   * @default - none: the job only compares existing endpoints
   */
  readonly endpointCandidates?: EndpointCandidate[];
}

/**
 * The type of a job: an instance recommendation or a load test, with its options.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 * @example
 * const phases: TrafficPhase[] = [{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(10) }];
 * new InferenceRecommendationsJob(this, 'Job', {
 *   target: BenchmarkTarget.fromModelPackage(modelPackage),
 *   jobType: JobType.loadTest({
 *     trafficPattern: TrafficPattern.phases(phases),
 *     endpointCandidates: [EndpointCandidate.instance(InstanceType.of('ml.c5.xlarge'))],
 *     maxInvocations: 10_000,
 *   }),
 * });
 */
export class JobType {
  /**
   * An instance recommendation (`Default`): the service chooses the instance types that it tries, within 45 minutes.
   *
   * @param options limits of the job and of its tests, endpoint candidates and traffic
   * @throws if a figure is out of its range, or there are more than 10 candidates
   */
  public static instanceRecommendation(options: InstanceRecommendationOptions = {}): JobType {
    return new JobType('Default', options, options.maxDuration?.toSeconds());
  }

  /**
   * A load test (`Advanced`): your traffic on your endpoint candidates, 2 hours on average.
   *
   * @param props the traffic, the endpoint candidates, and limits of the job and of its tests
   * @throws if a figure is out of its range, or there are more than 10 candidates
   */
  public static loadTest(props: LoadTestProps): JobType {
    return new JobType('Advanced', props, (props.maxDuration ?? Duration.hours(2)).toSeconds());
  }

  private readonly config: JobTypeConfig;

  private constructor(jobType: 'Default' | 'Advanced', options: InstanceRecommendationOptions, seconds: number | undefined) {
    if (seconds !== undefined) { checkSeconds('maxDuration', 'JobDurationInSeconds', seconds, MAX_JOB_SECONDS); }
    const candidates = options.endpointCandidates?.map((candidate) => candidate._render());
    // This checks only their number: each candidate checks its own values.
    if (candidates && candidates.length > 0) { checkProp('endpointCandidates', 'EndpointInputConfigurations', candidates.map(() => ({}))); }
    checkProp('maxNumberOfTests', 'MaxNumberOfTests', options.maxNumberOfTests);
    checkProp('maxParallelOfTests', 'MaxParallelOfTests', options.maxParallelOfTests);
    checkProp('maxInvocations', 'Integer', options.maxInvocations);
    const threshold = options.modelLatencyThreshold;
    this.config = {
      jobType,
      seconds,
      uniform: jobType === 'Advanced' ? uniformOf(options.endpointCandidates ?? []) : undefined,
      tunedNames: [...new Set(options.endpointCandidates?.flatMap(({ _environmentNames }) => _environmentNames))],
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
   * The parts of the request that depend on the job's type.
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
  /** Facts that all recommendations of the job will share, because a load test tries only the given candidates. */
  readonly uniform?: UniformRecommendations;
  /** The variables that any candidate tunes. */
  readonly tunedNames: readonly string[];
}
