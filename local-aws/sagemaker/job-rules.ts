import { EndpointFacts, jobErrors, TargetFacts } from '../../src/service/job-rules';
import { Call, invalid } from '../kernel';
import { findEndpointConfig } from './endpoint-configs';
import { findEndpoint } from './endpoints';
import { findPackage } from './model-packages';
import { containersOf, findModel } from './models';

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
