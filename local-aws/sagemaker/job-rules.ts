import { Call } from '../world';
import { findEndpointConfig } from './endpoint-configs';
import { findEndpoint } from './endpoints';
import { invalid } from './guard';
import { findPackage } from './model-packages';
import { containersOf, findModel } from './models';

const MAX_DURATION_SECONDS = 18_000;

/**
 * Refuses a job whose members do not go together. These rules stand in the service's guide and API pages,
 * not in its model; the sentences are ours.
 */
export function checkJob(request: any, call: Call): void {
  checkTarget(request.InputConfig, call);
  checkEndpointConfigurations(request);
  checkTraffic(request.InputConfig);
  for (const { Percentile } of request.StoppingConditions?.ModelLatencyThresholds ?? []) {
    const allowed = request.JobType === 'Advanced' ? ['P95'] : ['P95', 'P99'];
    if (!allowed.includes(Percentile)) { throw invalid(`Percentile must be ${allowed.join(' or ')} for a job of type ${request.JobType}, got ${Percentile}.`); }
  }
}

/** The container that a job benchmarks. */
export function targetContainer({ ModelPackageVersionArn, ModelName }: any, call: Call): Record<string, any> {
  if (ModelName !== undefined) {
    const [container] = containersOf(findModel(ModelName, call));
    return container.ModelPackageName === undefined ? container : firstContainer(container.ModelPackageName, call);
  }
  return firstContainer(ModelPackageVersionArn, call);
}

function firstContainer(packageName: string, call: Call): Record<string, any> {
  return findPackage(packageName, call).description.InferenceSpecification?.Containers[0] ?? {};
}

function checkTarget(config: any, call: Call): void {
  const { ModelPackageVersionArn, ModelName, ContainerConfig = {} } = config;
  if ((ModelPackageVersionArn === undefined) === (ModelName === undefined)) {
    throw invalid('Exactly one of ModelPackageVersionArn and ModelName must be given.');
  }
  const container = targetContainer(config, call);
  const description = ModelPackageVersionArn === undefined ? {} : findPackage(ModelPackageVersionArn, call).description;
  const facts: Record<string, unknown> = {
    Domain: ContainerConfig.Domain ?? description.Domain,
    Task: ContainerConfig.Task ?? description.Task,
    Framework: ContainerConfig.Framework ?? container.Framework,
    SamplePayloadUrl: ContainerConfig.PayloadConfig?.SamplePayloadUrl ?? description.SamplePayloadUrl,
    SupportedContentTypes: ContainerConfig.PayloadConfig?.SupportedContentTypes ?? description.InferenceSpecification?.SupportedContentTypes,
  };
  const missing = Object.keys(facts).filter((name) => facts[name] === undefined);
  if (missing.length > 0) { throw invalid(`${missing.join(', ')} must be given, in the model package or in ContainerConfig.`); }
  for (const { EndpointName } of config.Endpoints ?? []) {
    const variants: any[] = findEndpointConfig(findEndpoint(EndpointName, call).config, call).input.ProductionVariants;
    if (variants.length !== 1 || variants[0].ServerlessConfig) {
      throw invalid(`Endpoint "${EndpointName}" must have one variant, with real-time hosting.`);
    }
  }
}

function checkEndpointConfigurations({ JobType, InputConfig }: any): void {
  const { EndpointConfigurations = [], Endpoints = [] } = InputConfig;
  if (JobType === 'Advanced' && EndpointConfigurations.length + Endpoints.length === 0) {
    throw invalid('A job of type Advanced must have EndpointConfigurations or Endpoints.');
  }
  for (const { InstanceType, ServerlessConfig } of EndpointConfigurations) {
    if ((InstanceType === undefined) === (ServerlessConfig === undefined)) {
      throw invalid('An endpoint configuration must have either InstanceType or ServerlessConfig.');
    }
    if (InstanceType?.startsWith('ml.t2.')) { throw invalid(`Instance type ${InstanceType} is not supported by recommendation jobs.`); }
    if (ServerlessConfig?.ProvisionedConcurrency !== undefined) {
      throw invalid('ProvisionedConcurrency is not supported by recommendation jobs.');
    }
    if (ServerlessConfig && ServerlessConfig.MemorySizeInMB % 1024 !== 0) {
      throw invalid(`MemorySizeInMB must be a multiple of 1024, got ${ServerlessConfig.MemorySizeInMB}.`);
    }
  }
}

function checkTraffic({ TrafficPattern, JobDurationInSeconds: duration = MAX_DURATION_SECONDS }: any): void {
  if (duration > MAX_DURATION_SECONDS) { throw invalid(`JobDurationInSeconds must be at most ${MAX_DURATION_SECONDS}, got ${duration}.`); }
  if (TrafficPattern === undefined) { return; }
  const { TrafficType = 'PHASES', Phases, Stairs } = TrafficPattern;
  if ((TrafficType === 'PHASES') !== (Phases !== undefined) || (TrafficType === 'STAIRS') !== (Stairs !== undefined)) {
    throw invalid(`A traffic pattern of type ${TrafficType} must have ${TrafficType === 'STAIRS' ? 'Stairs' : 'Phases'} and nothing else.`);
  }
  const total = (Phases ?? []).reduce((sum: number, phase: any) => sum + (phase.DurationInSeconds ?? 0), 0);
  if (total > duration) { throw invalid(`The phases take ${total} seconds in all, more than the job's ${duration}.`); }
  (Phases ?? []).slice(1).forEach((phase: any, index: number) => {
    const { InitialNumberOfUsers = 0, SpawnRate = 0, DurationInSeconds = 0 } = Phases[index];
    const jump = phase.InitialNumberOfUsers - (InitialNumberOfUsers + SpawnRate * DurationInSeconds / 60);
    if (jump < 0 || jump > 3) { throw invalid(`Phase ${index + 2} must start with 0 to 3 users more than phase ${index + 1} ends with, got ${jump}.`); }
  });
}
