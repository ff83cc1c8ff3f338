import { existingEndpointRules, Finding, JobFacts, Known, TargetFacts, warning } from './job-rules';
import { JOB_SHAPES } from './shapes';
import { nearestOf } from './words';

/**
 * Warnings about a request: rules that a page states only as "should", or on which AWS's pages and samples contradict each other. The service may accept
 * each such request.
 */
export function jobAdvice(request: any, { target, existingEndpoint, isKnown: known = () => true }: JobFacts = {}): Finding[] {
  const config = request.InputConfig ?? {};
  return [
    ...defaultJobAdvice(request),
    ...phaseAdvice(config, known),
    ...candidateAdvice(request, target, known),
    ...containerAdvice(config, target, known),
    ...existingEndpointRules(existingEndpoint).filter(({ severity }) => severity === 'warning'),
    ...limitAdvice(request, known),
  ];
}

/**
 * Members that the service refuses for instance recommendations, by those who have tried it. AWS's pages do not say it.
 * Source: https://github.com/flyteorg/flytekit (the plugin for SageMaker inference)
 */
const OF_LOAD_TESTS = [
  ['InputConfig', 'JobDurationInSeconds'], ['InputConfig', 'TrafficPattern'], ['InputConfig', 'ResourceLimit'], ['InputConfig', 'EndpointConfigurations'],
  ['StoppingConditions'],
] as const;

function* defaultJobAdvice(request: any): Generator<Finding> {
  if (request.JobType !== 'Default') { return; }
  const [given] = OF_LOAD_TESTS.filter((path) => path.reduce((value: any, member) => value?.[member], request) !== undefined);
  if (given) {
    yield warning('DefaultJobOptions', given, 'may be refused for an instance recommendation, where the service chooses the endpoints and the traffic:'
      + ' leave it out, or make the job a load test');
  }
}

/** Source: GUIDE/inference-recommender-load-test.html */
function* phaseAdvice({ TrafficPattern: pattern }: any, known: Known): Generator<Finding> {
  if (pattern === undefined || !known(pattern) || !Array.isArray(pattern.Phases) || !known(pattern.Phases)) { return; }
  for (const [index, phase] of pattern.Phases.entries()) {
    const here = ['InputConfig', 'TrafficPattern', 'Phases', `${index}`];
    // A later phase begins with about as many users as the one before it ends with.
    if (index === 0) { yield* should(phase.InitialNumberOfUsers, 1, 3, 'users', 'InitialUsers', [...here, 'InitialNumberOfUsers'], known); }
    if (index > 0) { yield* usersBetween(pattern.Phases[index - 1], phase, here, known); }
    yield* should(phase.SpawnRate, 0, 3, 'users a minute', 'SpawnRate', [...here, 'SpawnRate'], known);
    yield* should(phase.DurationInSeconds, 120, 3600, 'seconds', 'PhaseDuration', [...here, 'DurationInSeconds'], known);
  }
}

/** The guide states the rule, and has a sample of its own that breaks it. Source: GUIDE/inference-recommender-load-test.html */
function* usersBetween(before: any, phase: any, path: readonly string[], known: Known): Generator<Finding> {
  const figures = [before.InitialNumberOfUsers, before.SpawnRate, before.DurationInSeconds, phase.InitialNumberOfUsers];
  if (!figures.every((figure) => figure !== undefined && known(figure))) { return; }
  const end = before.InitialNumberOfUsers + before.SpawnRate * before.DurationInSeconds / 60;
  // It is unknown whether a partial minute counts: only a value that is wrong in both cases is named.
  const step = Math.min(Math.abs(phase.InitialNumberOfUsers - Math.floor(end)), Math.abs(phase.InitialNumberOfUsers - Math.ceil(end)));
  if (step > 3) {
    yield warning('UsersBetweenPhases', [...path, 'InitialNumberOfUsers'],
      `should differ by at most 3 from the users at the end of the phase before (${Math.floor(end)}), got: ${phase.InitialNumberOfUsers}`);
  }
}

function* candidateAdvice({ JobType: type, InputConfig: config = {} }: any, target: TargetFacts | undefined, known: Known): Generator<Finding> {
  const { EndpointConfigurations: candidates = [], Endpoints: endpoints = [] } = config;
  const at = ['InputConfig', 'EndpointConfigurations'];
  if (type === 'Advanced' && known(candidates) && known(endpoints) && candidates.length + endpoints.length === 0) {
    yield warning('LoadTestCandidates', at, 'should have at least 1 entry for a load test: it tries only the endpoints that you name');
  }
  if (!Array.isArray(candidates) || !known(candidates)) { return; }
  for (const [index, { InstanceType: instance }] of candidates.entries()) {
    const here = [...at, `${index}`, 'InstanceType'];
    if (typeof instance !== 'string' || !known(instance)) { continue; }
    if (!KNOWN_TYPES.includes(instance)) {
      const near = nearestOf(instance, KNOWN_TYPES);
      yield warning('UnknownInstanceType', here, `should be one that the service knew in 2026-05, got: '${instance}'${near ? `. Did you mean '${near}'?` : ''}`);
    }
    const supported = target?.supportedInstanceTypes;
    if (supported && supported.length > 0 && supported.every(known) && !supported.includes(instance)) {
      yield warning('UnsupportedCandidate', here, `should be one that the model package supports (${supported.join(', ')}), got: '${instance}'`);
    }
  }
}

const KNOWN_TYPES = JOB_SHAPES.ProductionVariantInstanceType.enum!;

/** Source: GUIDE/inference-recommender-prerequisites.html */
function* containerAdvice({ ContainerConfig: config = {} }: any, target: TargetFacts | undefined, known: Known): Generator<Finding> {
  if (!known(config) || !target) { return; }
  const at = ['InputConfig', 'ContainerConfig'];
  const types = config.PayloadConfig?.SupportedContentTypes ?? target.supportedContentTypes;
  if (Array.isArray(types) && known(types) && types.length > 1) {
    yield warning('OneContentType', [...at, 'PayloadConfig', 'SupportedContentTypes'], `should have 1 entry, the type of the sample payload, got: ${types.length}`);
  }
  if ((config.Framework ?? target.framework) === undefined) {
    yield warning('NoFramework', [...at, 'Framework'], 'should be given, in the model package or in the job\'s container configuration: the service then chooses'
      + ' better instance types. If the service does not list yours, give OTHER');
  }
}

function* limitAdvice({ JobType: type, InputConfig: config = {}, StoppingConditions: stopping = {} }: any, known: Known): Generator<Finding> {
  for (const member of ['MaxNumberOfTests', 'MaxParallelOfTests']) {
    yield* should(config.ResourceLimit?.[member], 1, 10, 'tests', member, ['InputConfig', 'ResourceLimit', member], known);
  }
  yield* should(stopping.MaxInvocations, 1, 30_000, 'requests a minute', 'MaxInvocations', ['StoppingConditions', 'MaxInvocations'], known);
  for (const [index, { Percentile: percentile }] of (known(stopping.ModelLatencyThresholds) ? stopping.ModelLatencyThresholds ?? [] : []).entries()) {
    if (percentile === 'P99' && type === 'Advanced') {
      yield warning('LoadTestPercentile', ['StoppingConditions', 'ModelLatencyThresholds', `${index}`, 'Percentile'], 'should be P95 for a load test, got: \'P99\'');
    }
  }
}

/** A bound that a page only recommends. */
function* should(value: unknown, least: number, most: number, unit: string, rule: string, path: readonly string[], known: Known): Generator<Finding> {
  if (typeof value === 'number' && known(value) && (value < least || value > most)) {
    yield warning(rule, path, `should be between ${least} and ${most} ${unit}, as the guide says, got: ${value}`);
  }
}
