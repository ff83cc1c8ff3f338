import { CfnEndpointConfig, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { poolModels } from './pool-models';
import type {
  HostingOptions, InferenceComponentVariantProps, InstancePoolVariantProps, InstanceVariantProps, ManagedInstanceScaling, ServerlessVariantProps,
} from './variant-props';
import { checkProp, serverlessMemory, enumValue, firstTwice } from '../common/check';
import { modelNameOf } from '../common/refs';
import { MOST_POOLS } from '../contract/pools';
import type { IRecommendation } from '../recommendation/recommendation-interface';

type VariantProperty = CfnEndpointConfig.ProductionVariantProperty;

/** The properties that one kind of variant adds to the name, weight and model. */
export interface Capacity {
  readonly properties: Partial<VariantProperty>;
  /** Properties that the oldest supported aws-cdk-lib does not have, by their path in the variant. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** A warning, if the service's pages advise against a value. */
  readonly advice?: string;
}

/** Checks and renders the settings of instances. */
export function hosting(options: HostingOptions): Partial<VariantProperty> {
  const properties = {
    volumeSizeInGb: options.volumeSize?.toGibibytes(),
    modelDataDownloadTimeoutInSeconds: options.modelDataDownloadTimeout?.toSeconds(),
    containerStartupHealthCheckTimeoutInSeconds: options.containerStartupHealthCheckTimeout?.toSeconds(),
    variantInstanceProvisionTimeoutInSeconds: options.instanceProvisionTimeout?.toSeconds(),
    enableSsmAccess: options.enableSsmAccess,
    inferenceAmiVersion: options.inferenceAmiVersion && enumValue('inferenceAmiVersion', options.inferenceAmiVersion, 'InferenceAmiVersion'),
    routingConfig: options.routingStrategy && { routingStrategy: enumValue('routingStrategy', options.routingStrategy, 'RoutingStrategy') },
  };
  checkProp('volumeSize', 'ProductionVariantVolumeSizeInGB', properties.volumeSizeInGb);
  checkProp('modelDataDownloadTimeout', 'ProductionVariantModelDataDownloadTimeoutInSeconds', properties.modelDataDownloadTimeoutInSeconds);
  checkProp('containerStartupHealthCheckTimeout', 'ProductionVariantContainerStartupHealthCheckTimeoutInSeconds',
    properties.containerStartupHealthCheckTimeoutInSeconds);
  checkProp('instanceProvisionTimeout', 'VariantInstanceProvisionTimeoutInSeconds', properties.variantInstanceProvisionTimeoutInSeconds);
  return properties;
}

export function instances(props: InstanceVariantProps): Capacity {
  const initialInstanceCount = props.initialInstanceCount ?? 1;
  checkProp('initialInstanceCount', 'InitialTaskCount', initialInstanceCount);
  const instanceType = enumValue('instanceType', props.instanceType, 'InstanceType');
  return { properties: { instanceType, initialInstanceCount, ...hosting(props) } };
}

export function pools(props: InstancePoolVariantProps): Capacity {
  const initialInstanceCount = props.initialInstanceCount ?? 1;
  checkProp('initialInstanceCount', 'InitialTaskCount', initialInstanceCount);
  const instancePools = props.instancePools.map(({ instanceType, priority, model }, index) => ({
    instanceType: enumValue(`instancePools[${index}].instanceType`, instanceType, 'InstanceType'),
    priority: priority ?? index + 1,
    modelNameOverride: model && modelNameOf(model),
  }));
  if (instancePools.length < 1 || instancePools.length > MOST_POOLS) {
    throw new Error(`\`instancePools\` must have 1 to ${MOST_POOLS} entries, got: ${instancePools.length}.`);
  }
  instancePools.forEach(({ priority }, index) => checkProp(`instancePools[${index}].priority`, 'InstancePoolPriority', priority));
  const twice = firstTwice(instancePools.map(({ instanceType }) => instanceType));
  if (twice !== undefined) { throw new Error(`\`instancePools\` must have different instance types, got '${twice}' twice: leave one pool out.`); }
  return { properties: { instancePools, initialInstanceCount, ...hosting(props) } };
}

/** The pools of a recommendation: it comes first, and the next best ones follow. */
export function recommendedInstances(model: IModelRef, recommendation: IRecommendation, options: HostingOptions): Capacity {
  const { instanceType, instanceCount, variantInstanceCount, nextBest } = recommendation;
  if (nextBest.length === 0) { return { properties: { instanceType, initialInstanceCount: instanceCount, ...hosting(options) } }; }
  const own = poolModels.of(model);
  const modelNames = own?.recommendation === recommendation ? own.names : [];
  const instancePools = [
    { instanceType, priority: 1 },
    ...nextBest.map((next, index) => ({ instanceType: next.instanceType, priority: index + 2, modelNameOverride: modelNames[index] })),
  ];
  return { properties: { instancePools, initialInstanceCount: variantInstanceCount, ...hosting(options) } };
}

export function inferenceComponents(props: InferenceComponentVariantProps): Capacity {
  const { properties } = instances(props);
  const scaling = props.managedInstanceScaling;
  if (!scaling) { return { properties }; }
  return {
    properties: { ...properties, managedInstanceScaling: managedScaling(scaling) },
    overrides: { 'ManagedInstanceScaling.ScaleInPolicy': scaleIn(scaling) },
  };
}

export function serverless(props: ServerlessVariantProps): Capacity {
  const memorySizeInMb = serverlessMemory(props.memorySize);
  const { maxConcurrency, provisionedConcurrency } = props;
  checkProp('maxConcurrency', 'ServerlessMaxConcurrency', maxConcurrency);
  checkProp('provisionedConcurrency', 'ServerlessProvisionedConcurrency', provisionedConcurrency);
  // This is a warning because API_ProductionVariantServerlessConfig says "should".
  const isKnown = provisionedConcurrency !== undefined && !Token.isUnresolved(provisionedConcurrency) && !Token.isUnresolved(maxConcurrency);
  return {
    properties: { serverlessConfig: { memorySizeInMb, maxConcurrency, provisionedConcurrency } },
    advice: isKnown && provisionedConcurrency > maxConcurrency
      ? `\`provisionedConcurrency\` should be at most \`maxConcurrency\`, which is ${maxConcurrency}, got: ${provisionedConcurrency}.` : undefined,
  };
}

function managedScaling(scaling: ManagedInstanceScaling): CfnEndpointConfig.ManagedInstanceScalingProperty {
  checkProp('minInstanceCount', 'ManagedInstanceScalingMinInstanceCount', scaling.minInstanceCount);
  checkProp('maxInstanceCount', 'ManagedInstanceScalingMaxInstanceCount', scaling.maxInstanceCount);
  return { status: 'ENABLED', minInstanceCount: scaling.minInstanceCount, maxInstanceCount: scaling.maxInstanceCount };
}

function scaleIn(scaling: ManagedInstanceScaling): Record<string, unknown> | undefined {
  const { scaleInStrategy, scaleInMaximumStepSize: MaximumStepSize, scaleInCooldown } = scaling;
  const CooldownInMinutes = scaleInCooldown?.toMinutes();
  checkProp('scaleInMaximumStepSize', 'ManagedInstanceScalingMaximumStepSize', MaximumStepSize);
  checkProp('scaleInCooldown', 'ManagedInstanceScalingCooldownInMinutes', CooldownInMinutes);
  if (!scaleInStrategy) {
    if (MaximumStepSize === undefined && CooldownInMinutes === undefined) { return undefined; }
    throw new Error('`scaleInStrategy` is required if `scaleInMaximumStepSize` or `scaleInCooldown` is set.');
  }
  return { Strategy: enumValue('scaleInStrategy', scaleInStrategy, 'ScaleInStrategy'), MaximumStepSize, CooldownInMinutes };
}
