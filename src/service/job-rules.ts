import { Violation, violations } from './constraints';
import { JOB_SHAPES } from './shapes';

/**
 * Rules between the fields of a recommendation job, and rules that only a page of the service states. The shapes have the bounds of single
 * members.
 *
 * An error is a request that the service is known to refuse. A warning (`job-advice.ts`) is a rule that a page states only as "should", or on which
 * AWS contradicts itself: refusing a valid request is as bad as accepting an invalid one.
 */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** Name of the rule. It never changes, because users acknowledge warnings by it. */
  readonly rule: string;
  /** Path of the request's member, from the top. */
  readonly path: readonly string[];
  /** The problem, the value and the mending. The sentence follows the member's name. */
  readonly sentence: string;
}

/** Known facts of the model package or model that a job benchmarks. An `undefined` member is known to be absent. */
export interface TargetFacts {
  readonly domain?: string;
  readonly task?: string;
  readonly framework?: string;
  readonly samplePayload?: boolean;
  readonly supportedContentTypes?: readonly string[];
  readonly supportedInstanceTypes?: readonly string[];
}

/** Known facts of an existing endpoint that a job compares. */
export interface EndpointFacts {
  readonly variants: number;
  readonly serverless: boolean;
  readonly scalesItself: boolean;
  /** Whether its models are inference components. */
  readonly hostsComponents?: boolean;
}

/** Facts for the rules, besides the request. */
export interface JobFacts {
  /** `undefined` if nothing is known of the target, because it is imported. */
  readonly target?: TargetFacts;
  readonly existingEndpoint?: EndpointFacts;
  /** Whether a value is known; a token is not. @default - every value is */
  readonly isKnown?: (value: unknown) => boolean;
}

/** The longest JobDurationInSeconds. Source: API_RecommendationJobInputConfig. */
export const MAX_JOB_SECONDS = 18_000;

/** An instance recommendation ends within this time. Source: GUIDE/inference-recommender-instance-recommendation.html */
export const DEFAULT_JOB_SECONDS = 45 * 60;

/** The longest time of a job in seconds: its JobDurationInSeconds, or what its type takes at most. */
export function longestSeconds(jobType: unknown, given?: number): number {
  return given ?? (jobType === 'Advanced' ? MAX_JOB_SECONDS : DEFAULT_JOB_SECONDS);
}

/** The shortest instance recommendations that were published took longer. */
const EARLIEST_DEFAULT_SECONDS = 24 * 60;

/**
 * How long a job takes at least in seconds, if it does not fail at once. A load test mostly takes its whole duration; one that ends before is noticed
 * later. `undefined` if nothing says it.
 */
export function earliestSeconds(jobType: unknown, given?: number): number | undefined {
  if (jobType === 'Advanced') { return given; }
  return Math.min(EARLIEST_DEFAULT_SECONDS, given ?? Infinity);
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html (valid values) */
export const SERVERLESS_MEMORY_STEP_MB = 1024;

/** Sources: the API's pages, and the guide's pages on load tests and on troubleshooting. */
export const GUIDE = 'https://docs.aws.amazon.com/sagemaker/latest/dg/';

/** A job has at most so many recommendations. Source: API_DescribeInferenceRecommendationsJob (InferenceRecommendations). */
export const MOST_RECOMMENDATIONS = 10;

/** The instance types that both the container and the package support. `undefined` if nothing says which: then the service chooses. */
export function supportedTypes(ofContainer?: readonly string[], ofPackage?: readonly string[]): string[] | undefined {
  // An empty list says nothing.
  const [container, packaged] = [ofContainer, ofPackage].map((types) => (types && types.length > 0 ? types : undefined));
  return (container ?? packaged)?.filter((type) => packaged?.includes(type) ?? true);
}

/**
 * The kind of endpoint that an instance recommendation tries. `undefined` if it tries both.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html (SupportedEndpointType)
 */
export function endpointKind({ ContainerConfig: config = {}, VpcConfig }: any): 'RealTime' | 'Serverless' | undefined {
  return config.SupportedEndpointType ?? (VpcConfig || config.SupportedInstanceTypes?.length ? 'RealTime' : undefined);
}

/**
 * The constraints of the API's shapes that a request breaks. An unknown instance type breaks none of them: the service gets new
 * types, and `InstanceType.of()` is for those.
 */
export function jobViolations(request: unknown): Violation[] {
  return violations(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest', request)
    .filter(({ constraint, path }) => !(constraint === 'enum' && path.at(-1) === 'InstanceType'));
}

/**
 * Every rule that a request breaks and for which the service is known to refuse it. The request's members have passed the shapes, or are tokens. What
 * a page only advises is in `job-advice.ts`, which no function carries.
 */
export function jobErrors(request: any, facts: JobFacts = {}): Finding[] {
  const known = facts.isKnown ?? (() => true);
  return [
    ...durationRules(request.InputConfig ?? {}, known),
    ...trafficRules(request.InputConfig ?? {}, known),
    ...candidateRules(request.InputConfig ?? {}, known),
    ...mandatoryRules(request.InputConfig ?? {}, facts.target, known),
    ...existingEndpointRules(facts.existingEndpoint).filter(({ severity }) => severity === 'error'),
    ...percentileRules(request.StoppingConditions ?? {}, known),
  ];
}

export type Known = (value: unknown) => boolean;

function* durationRules({ JobDurationInSeconds: duration }: any, known: Known): Generator<Finding> {
  if (duration !== undefined && known(duration) && duration > MAX_JOB_SECONDS) {
    yield error('MaxJobDuration', ['InputConfig', 'JobDurationInSeconds'], `must be at most ${MAX_JOB_SECONDS} seconds (5 hours), got: ${duration}`);
  }
}

/** Source: GUIDE/inference-recommender-load-test.html, GUIDE/inference-recommender-troubleshooting.html */
function* trafficRules({ TrafficPattern: pattern, JobDurationInSeconds: duration }: any, known: Known): Generator<Finding> {
  if (pattern === undefined || !known(pattern)) { return; }
  const at = ['InputConfig', 'TrafficPattern'];
  const { TrafficType: type = 'PHASES', Phases: phases, Stairs: stairs } = pattern;
  if (known(type) && ((type === 'PHASES') !== (phases !== undefined) || (type === 'STAIRS') !== (stairs !== undefined))) {
    yield error('TrafficMembers', at, `of type ${type} must have ${type === 'STAIRS' ? 'Stairs' : 'Phases'} and nothing else`);
  }
  if (!Array.isArray(phases) || !known(phases)) { return; }
  const durations = phases.map((phase) => phase.DurationInSeconds ?? 0);
  const total = durations.reduce((sum, seconds) => sum + seconds, 0);
  if (durations.every(known) && duration !== undefined && known(duration) && total > duration) {
    yield error('PhasesWithinDuration', [...at, 'Phases'], `must last no longer than the job (${duration} seconds), got: ${total} seconds in all.`
      + ' Shorten the phases or lengthen the job');
  }
}

function* candidateRules({ EndpointConfigurations: candidates = [] }: any, known: Known): Generator<Finding> {
  if (!Array.isArray(candidates) || !known(candidates)) { return; }
  for (const [index, { InstanceType: instance, ServerlessConfig: serverless }] of candidates.entries()) {
    const here = ['InputConfig', 'EndpointConfigurations', `${index}`];
    if (instance !== undefined && serverless !== undefined) {
      yield error('CandidateKind', here, 'must have either InstanceType or ServerlessConfig, got both');
    }
    if (typeof instance === 'string' && known(instance) && instance.startsWith('ml.t2.')) {
      yield error('NoT2', [...here, 'InstanceType'], `must not be of the t2 family: recommendation jobs refuse it, got: '${instance}'`);
    }
    if (serverless?.ProvisionedConcurrency !== undefined) {
      yield error('NoProvisionedConcurrency', [...here, 'ServerlessConfig', 'ProvisionedConcurrency'], 'must not be set: recommendation jobs do not support it');
    }
    const memory = serverless?.MemorySizeInMB;
    if (typeof memory === 'number' && known(memory) && memory % SERVERLESS_MEMORY_STEP_MB !== 0) {
      yield error('ServerlessMemory', [...here, 'ServerlessConfig', 'MemorySizeInMB'], `must be a multiple of ${SERVERLESS_MEMORY_STEP_MB} MB, got: ${memory} MB`);
    }
  }
}

/**
 * Each member is mandatory, in the model package or in ContainerConfig. A framework is not: the API has none as optional, and AWS's own notebook for text
 * generation runs a job without one.
 * Sources: API_RecommendationJobInputConfig (ContainerConfig), GUIDE/inference-recommender-prerequisites.html,
 * https://github.com/aws/amazon-sagemaker-examples (inference recommender with Text Generation Inference)
 */
function* mandatoryRules({ ContainerConfig: config = {} }: any, target: TargetFacts | undefined, known: Known): Generator<Finding> {
  if (!known(config)) { return; }
  const payload = config.PayloadConfig ?? {};
  const url = payload.SamplePayloadUrl;
  if (typeof url === 'string' && known(url) && !url.endsWith('.tar.gz')) {
    yield error('PayloadArchive', ['InputConfig', 'ContainerConfig', 'PayloadConfig', 'SamplePayloadUrl'], `must name one .tar.gz archive, got: '${url}'`);
  }
  if (!target) { return; }
  const mandatory: Array<[string, unknown]> = [
    ['Domain', config.Domain ?? target.domain],
    ['Task', config.Task ?? target.task],
    ['SamplePayloadUrl', url ?? (target.samplePayload || undefined)],
  ];
  for (const [member, value] of mandatory) {
    if (value === undefined) {
      yield error(`Mandatory${member}`, ['InputConfig', 'ContainerConfig', ...(member === 'SamplePayloadUrl' ? ['PayloadConfig'] : []), member],
        'must be given, in the model package or in the job\'s container configuration');
    }
  }
}

/** Source: GUIDE/inference-recommender-existing-endpoint.html */
export function existingEndpointRules(endpoint: EndpointFacts | undefined): Finding[] {
  if (!endpoint) { return []; }
  const at = ['InputConfig', 'Endpoints', '0'];
  return [
    ...endpoint.variants !== 1 ? [error('ExistingEndpointVariants', at, `must have 1 production variant, got: ${endpoint.variants}`)] : [],
    ...endpoint.serverless ? [error('ExistingEndpointRealTime', at, 'must be a real-time endpoint, got a serverless one')] : [],
    ...endpoint.scalesItself
      ? [warning('ExistingEndpointScales', at, 'should not scale while it is benchmarked: its instance count would change during the measurement')] : [],
  ];
}

function* percentileRules({ ModelLatencyThresholds: thresholds = [] }: any, known: Known): Generator<Finding> {
  for (const [index, { Percentile: percentile }] of (known(thresholds) ? thresholds : []).entries()) {
    if (percentile !== undefined && known(percentile) && !PERCENTILES.includes(percentile)) {
      yield error('Percentile', ['StoppingConditions', 'ModelLatencyThresholds', `${index}`, 'Percentile'], `must be P95 or P99, got: '${percentile}'`);
    }
  }
}

const PERCENTILES = ['P95', 'P99'];

export function error(rule: string, path: readonly string[], sentence: string): Finding {
  return { severity: 'error', rule, path, sentence };
}

export function warning(rule: string, path: readonly string[], sentence: string): Finding {
  return { severity: 'warning', rule, path, sentence };
}
