import { BenchmarkTarget } from './benchmarks';
import { findEndpointConfig } from './endpoint-configs';
import { findEndpoint } from './endpoints';
import { typesOf } from './instance-pools';
import { findPackage } from './model-packages';
import { containersOf, findModel } from './models';
import { EndpointFacts, jobErrors, TargetFacts } from '../../src/service/job-rules';
import { Call, invalid } from '../kernel';

/** Refuses a job whose members contradict each other, by the library's own rules; the messages are ours. */
export function checkJob(request: any, call: Call): void {
  const { ModelPackageVersionArn, ModelName, Endpoints = [] } = request.InputConfig;
  if ((ModelPackageVersionArn === undefined) === (ModelName === undefined)) {
    throw invalid('Exactly one of ModelPackageVersionArn and ModelName must be given.');
  }
  const [existing] = Endpoints;
  const [error] = jobErrors(request, {
    target: targetFacts(request.InputConfig, call),
    existingEndpoint: existing && endpointFacts(existing.EndpointName, call),
  });
  if (error) { throw invalid(`${error.path.join('.')} ${error.sentence}`); }
}

/** The container that a job benchmarks. */
export function targetContainer({ ModelPackageVersionArn, ModelName }: any, call: Call): Record<string, any> {
  if (ModelName !== undefined) {
    const [container] = containersOf(findModel(ModelName, call));
    return container.ModelPackageName === undefined ? container : firstContainer(container.ModelPackageName, call);
  }
  return firstContainer(ModelPackageVersionArn, call);
}

/** What a job benchmarks: ContainerConfig stands before what the package or the model says. */
export function benchmarkTarget({ InputConfig: config }: any, call: Call): BenchmarkTarget {
  const { ContainerConfig: given = {}, Endpoints: [existing] = [] } = config;
  const container = targetContainer(config, call);
  const { domain, task, framework, supportedInstanceTypes } = targetFacts(config, call);
  const [variant] = existing === undefined ? [] : findEndpointConfig(findEndpoint(existing.EndpointName, call).config, call).input.ProductionVariants;
  return {
    domain: given.Domain ?? domain,
    task: given.Task ?? task,
    framework: given.Framework ?? framework,
    frameworkVersion: given.FrameworkVersion ?? container.FrameworkVersion,
    nearestModel: given.NearestModelName ?? container.NearestModelName,
    hasDataInputConfig: (given.DataInputConfig ?? container.ModelInput?.DataInputConfig) !== undefined,
    environment: container.Environment,
    supportedInstanceTypes,
    ...variant && { existingEndpoint: { instanceType: typesOf(variant)[0], instances: variant.InitialInstanceCount } },
  };
}

/** The location of the sample payload: the job's, or the package's. */
export function payloadOf({ ContainerConfig, ModelPackageVersionArn }: any, call: Call): string | undefined {
  return ContainerConfig?.PayloadConfig?.SamplePayloadUrl
    ?? (ModelPackageVersionArn === undefined ? undefined : findPackage(ModelPackageVersionArn, call).description.SamplePayloadUrl);
}

function firstContainer(packageName: string, call: Call): Record<string, any> {
  return findPackage(packageName, call).description.InferenceSpecification?.Containers[0] ?? {};
}

function targetFacts(config: any, call: Call): TargetFacts {
  const container = targetContainer(config, call);
  if (config.ModelPackageVersionArn === undefined) { return { framework: container.Framework }; }
  const { Domain, Task, SamplePayloadUrl, InferenceSpecification } = findPackage(config.ModelPackageVersionArn, call).description;
  return {
    domain: Domain,
    task: Task,
    framework: container.Framework,
    samplePayload: SamplePayloadUrl !== undefined,
    supportedContentTypes: InferenceSpecification?.SupportedContentTypes,
    supportedInstanceTypes: InferenceSpecification?.SupportedRealtimeInferenceInstanceTypes,
  };
}

function endpointFacts(name: string, call: Call): EndpointFacts {
  const variants: any[] = findEndpointConfig(findEndpoint(name, call).config, call).input.ProductionVariants;
  return {
    variants: variants.length,
    serverless: variants.some(({ ServerlessConfig }) => ServerlessConfig !== undefined),
    scalesItself: variants.some(({ ManagedInstanceScaling }) => ManagedInstanceScaling?.Status === 'ENABLED'),
  };
}
