import { Duration } from 'aws-cdk-lib/core';
import { MAX_JOB_SECONDS } from './api/waiting';
import { EndpointCandidate } from './endpoint-candidate';
import { checkProp, checkSeconds } from './private/check';
import { TrafficPattern } from './traffic-pattern';

/** What an instance recommendation may be told. */
export interface InstanceRecommendationOptions {
  /**
   * Instance types to try, at most 10. Changing them runs, and bills, a new job.
   *
   * @default - the service chooses
   */
  readonly endpointCandidates?: EndpointCandidate[];
}

/** A load test: your traffic, on your candidates. */
export interface LoadTestProps {
  /** The endpoints to try: 1 to 10. */
  readonly endpointCandidates: EndpointCandidate[];
  /** How the load grows. */
  readonly trafficPattern: TrafficPattern;
  /**
   * The longest that the job may take, in whole seconds: at most 18,000 (5 hours).
   *
   * @default Duration.hours(2)
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
   * Ends a test when the model's latency at the 95th percentile reaches this, in whole milliseconds.
   *
   * @default - no bound
   */
  readonly maxModelLatency?: Duration;
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
   * @throws if there are more than 10 candidates
   */
  public static instanceRecommendation(options: InstanceRecommendationOptions = {}): JobType {
    return new JobType('Default', undefined, inputConfig(options.endpointCandidates), {});
  }

  /**
   * A load test (`Advanced`): your traffic on your candidates, 2 hours on average.
   *
   * @throws if a figure is out of its range
   */
  public static loadTest(props: LoadTestProps): JobType {
    const seconds = checkSeconds('maxDuration', 'JobDurationInSeconds', (props.maxDuration ?? Duration.hours(2)).toSeconds(), MAX_JOB_SECONDS);
    if (props.endpointCandidates.length === 0) {
      throw new Error('`endpointCandidates` must have at least 1 entry, got none: a load test tries the endpoints that you name.');
    }
    const limits = prune({ MaxNumberOfTests: props.maxNumberOfTests, MaxParallelOfTests: props.maxParallelOfTests });
    checkProp('resourceLimit', 'RecommendationJobResourceLimit', limits ?? {});
    const stopping = prune({
      MaxInvocations: props.maxInvocations,
      ModelLatencyThresholds: props.maxModelLatency && [{ Percentile: 'P95', ValueInMilliseconds: props.maxModelLatency.toMilliseconds() }],
    });
    return new JobType('Advanced', seconds, {
      ...inputConfig(props.endpointCandidates),
      JobDurationInSeconds: seconds,
      TrafficPattern: props.trafficPattern._render(),
      ResourceLimit: limits,
    }, { StoppingConditions: stopping });
  }

  private constructor(
    private readonly type: 'Default' | 'Advanced',
    private readonly seconds: number | undefined,
    private readonly input: Record<string, unknown>,
    private readonly rest: Record<string, unknown>,
  ) {}

  /**
   * The parts of the request that the job's type decides.
   *
   * @internal
   */
  public _bind(): JobTypeConfig {
    return { jobType: this.type, seconds: this.seconds, inputConfig: this.input, rest: this.rest };
  }
}

/** @internal */
export interface JobTypeConfig {
  readonly jobType: 'Default' | 'Advanced';
  readonly seconds?: number;
  readonly inputConfig: Record<string, unknown>;
  readonly rest: Record<string, unknown>;
}

function inputConfig(candidates: EndpointCandidate[] = []): Record<string, unknown> {
  if (candidates.length === 0) { return {}; }
  const rendered = candidates.map((candidate) => candidate._render());
  checkProp('endpointCandidates', 'EndpointInputConfigurations', rendered);
  return { EndpointConfigurations: rendered };
}

function prune(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const set = Object.entries(record).filter(([, value]) => value !== undefined);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}
