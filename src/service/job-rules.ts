import { Violation, violations } from './constraints';
import { JOB_SHAPES } from './shapes';

/**
 * Rules between the fields of a recommendation job, and rules that only a page of the service states. The shapes have the bounds of single
 * members.
 *
 * An error is a request that the service is known to refuse. A warning is a rule that a page states only as "should", or on which AWS
 * contradicts itself: refusing a valid request is as bad as accepting an invalid one.
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

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html (valid values) */
export const SERVERLESS_MEMORY_STEP_MB = 1024;

/** Sources: the API's pages, and the guide's pages on load tests and on troubleshooting. */
export const GUIDE = 'https://docs.aws.amazon.com/sagemaker/latest/dg/';

/**
 * The constraints of the API's shapes that a request breaks. An unknown instance type breaks none of them: the service gets new
 * types, and `InstanceType.of()` is for those.
 */
export function jobViolations(request: unknown): Violation[] {
  return violations(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest', request)
    .filter(({ constraint, path }) => !(constraint === 'enum' && path.at(-1) === 'InstanceType'));
}

/** Every rule that a request breaks. The request's members have passed the shapes, or are tokens. */
export function jobFindings(request: any, facts: JobFacts = {}): Finding[] {
  const known = facts.isKnown ?? (() => true);
  return [
    ...durationRules(request.InputConfig ?? {}, known),
    ...trafficRules(request.InputConfig ?? {}, known),
    ...candidateRules(request, facts, known),
    ...mandatoryRules(request.InputConfig ?? {}, facts.target, known),
    ...existingEndpointRules(facts.existingEndpoint),
    ...limitRules(request, known),
  ];
}

type Known = (value: unknown) => boolean;

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
  for (const [index, phase] of phases.entries()) {
    const here = [...at, 'Phases', `${index}`];
    yield* should(phase.InitialNumberOfUsers, 1, 3, 'InitialUsers', [...here, 'InitialNumberOfUsers'], known);
    yield* should(phase.SpawnRate, 0, 3, 'SpawnRate', [...here, 'SpawnRate'], known);
    yield* should(phase.DurationInSeconds, 120, 3600, 'PhaseDuration', [...here, 'DurationInSeconds'], known);
    if (index > 0) { yield* usersBetween(phases[index - 1], phase, here, known); }
  }
}

function* usersBetween(before: any, phase: any, path: readonly string[], known: Known): Generator<Finding> {
  const figures = [before.InitialNumberOfUsers, before.SpawnRate, before.DurationInSeconds, phase.InitialNumberOfUsers];
  if (!figures.every((figure) => figure !== undefined && known(figure))) { return; }
  const end = before.InitialNumberOfUsers + before.SpawnRate * before.DurationInSeconds / 60;
  // It is unknown whether a partial minute counts: the rule refuses only values that are invalid in both cases.
  const step = Math.min(Math.abs(phase.InitialNumberOfUsers - Math.floor(end)), Math.abs(phase.InitialNumberOfUsers - Math.ceil(end)));
  if (step > 3) {
    yield error('UsersBetweenPhases', [...path, 'InitialNumberOfUsers'],
      `must differ by at most 3 from the users at the end of the phase before (${Math.floor(end)}), got: ${phase.InitialNumberOfUsers}`);
  }
}

function* candidateRules({ JobType: type, InputConfig: config = {} }: any, { target }: JobFacts, known: Known): Generator<Finding> {
  const { EndpointConfigurations: candidates = [], Endpoints: endpoints = [] } = config;
  const at = ['InputConfig', 'EndpointConfigurations'];
  if (type === 'Advanced' && known(candidates) && known(endpoints) && candidates.length + endpoints.length === 0) {
    yield warning('LoadTestCandidates', at, 'should have at least 1 entry for a load test: it tries only the endpoints that you name');
  }
  if (!Array.isArray(candidates) || !known(candidates)) { return; }
  for (const [index, { InstanceType: instance, ServerlessConfig: serverless }] of candidates.entries()) {
    const here = [...at, `${index}`];
    if (instance !== undefined && serverless !== undefined) {
      yield error('CandidateKind', here, 'must have either InstanceType or ServerlessConfig, got both');
    }
    if (typeof instance === 'string' && known(instance)) {
      if (instance.startsWith('ml.t2.')) {
        yield error('NoT2', [...here, 'InstanceType'], `must not be of the t2 family: recommendation jobs refuse it, got: '${instance}'`);
      }
      if (!KNOWN_TYPES.includes(instance)) {
        yield warning('UnknownInstanceType', [...here, 'InstanceType'], `should be one that the service knew in 2026-05, got: '${instance}'`);
      }
      const supported = target?.supportedInstanceTypes;
      if (supported && supported.length > 0 && supported.every(known) && !supported.includes(instance)) {
        yield warning('UnsupportedCandidate', [...here, 'InstanceType'], `should be one that the model package supports (${supported.join(', ')}), got: '${instance}'`);
      }
    }
    if (serverless?.ProvisionedConcurrency !== undefined) {
      yield error('NoProvisionedConcurrency', [...here, 'ServerlessConfig', 'ProvisionedConcurrency'], 'must not be set: recommendation jobs do not support it');
    }
    const memory = serverless?.MemorySizeInMB;
    if (typeof memory === 'number' && known(memory) && memory % SERVERLESS_MEMORY_STEP_MB !== 0) {
      yield error('ServerlessMemory', [...here, 'ServerlessConfig', 'MemorySizeInMB'], `must be a multiple of ${SERVERLESS_MEMORY_STEP_MB}, got: ${memory}`);
    }
  }
}

const KNOWN_TYPES = JOB_SHAPES.ProductionVariantInstanceType.enum!;

/** Each member is mandatory, in the model package or in ContainerConfig. Source: API_RecommendationJobInputConfig (ContainerConfig), GUIDE/inference-recommender-prerequisites.html */
function* mandatoryRules({ ContainerConfig: config = {} }: any, target: TargetFacts | undefined, known: Known): Generator<Finding> {
  if (!known(config)) { return; }
  const payload = config.PayloadConfig ?? {};
  const url = payload.SamplePayloadUrl;
  if (typeof url === 'string' && known(url) && !url.endsWith('.tar.gz')) {
    yield error('PayloadArchive', ['InputConfig', 'ContainerConfig', 'PayloadConfig', 'SamplePayloadUrl'], `must name one .tar.gz archive, got: '${url}'`);
  }
  if (!target) { return; }
  const types = payload.SupportedContentTypes ?? target.supportedContentTypes;
  if (Array.isArray(types) && known(types) && types.length > 1) {
    yield warning('OneContentType', ['InputConfig', 'ContainerConfig', 'PayloadConfig', 'SupportedContentTypes'],
      `should have 1 entry, the type of the sample payload, got: ${types.length}`);
  }
  const mandatory: Array<[string, unknown]> = [
    ['Domain', config.Domain ?? target.domain],
    ['Task', config.Task ?? target.task],
    ['Framework', config.Framework ?? target.framework],
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
export function* existingEndpointRules(endpoint: EndpointFacts | undefined): Generator<Finding> {
  if (!endpoint) { return; }
  const at = ['InputConfig', 'Endpoints', '0'];
  if (endpoint.variants !== 1) { yield error('ExistingEndpointVariants', at, `must have 1 production variant, got: ${endpoint.variants}`); }
  if (endpoint.serverless) { yield error('ExistingEndpointRealTime', at, 'must be a real-time endpoint, got a serverless one'); }
  if (endpoint.scalesItself) { yield warning('ExistingEndpointScales', at, 'should not scale while it is benchmarked: its instance count would change during the measurement'); }
}

function* limitRules({ JobType: type, InputConfig: config = {}, StoppingConditions: stopping = {} }: any, known: Known): Generator<Finding> {
  const limits = config.ResourceLimit ?? {};
  for (const member of ['MaxNumberOfTests', 'MaxParallelOfTests']) {
    yield* should(limits[member], 1, 10, member, ['InputConfig', 'ResourceLimit', member], known);
  }
  yield* should(stopping.MaxInvocations, 1, 30_000, 'MaxInvocations', ['StoppingConditions', 'MaxInvocations'], known);
  for (const [index, { Percentile: percentile }] of (known(stopping.ModelLatencyThresholds) ? stopping.ModelLatencyThresholds ?? [] : []).entries()) {
    const at = ['StoppingConditions', 'ModelLatencyThresholds', `${index}`];
    if (percentile === undefined || !known(percentile)) { continue; }
    if (!['P95', 'P99'].includes(percentile)) { yield error('Percentile', [...at, 'Percentile'], `must be P95 or P99, got: '${percentile}'`); }
    if (percentile === 'P99' && type === 'Advanced') { yield warning('LoadTestPercentile', [...at, 'Percentile'], 'should be P95 for a load test, got: \'P99\''); }
    yield warning('LatencyUnit', [...at, 'ValueInMilliseconds'],
      'is in milliseconds, but AWS\'s pages disagree whether a job reports latency in milliseconds or microseconds: compare with care');
  }
}

/** A bound that a page only recommends. */
function* should(value: unknown, least: number, most: number, rule: string, path: readonly string[], known: Known): Generator<Finding> {
  if (typeof value === 'number' && known(value) && (value < least || value > most)) {
    yield warning(rule, path, `should be between ${least} and ${most}, as the guide says, got: ${value}`);
  }
}

export function error(rule: string, path: readonly string[], sentence: string): Finding {
  return { severity: 'error', rule, path, sentence };
}

export function warning(rule: string, path: readonly string[], sentence: string): Finding {
  return { severity: 'warning', rule, path, sentence };
}
