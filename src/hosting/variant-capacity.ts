import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { poolModels } from './pool-models';
import { S3Destination } from './s3-destination';
import type {
  HostingOptions, InferenceComponentVariantProps, InstancePoolVariantProps, InstanceVariantProps, RecommendedVariantOptions, ServerlessVariantProps,
} from './variant-props';
import type { ManagedInstanceScaling, RoutingStrategy } from './variant-strategies';
import { checkMembers, checkProp, serverlessMemory, enumValue, firstTwice } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { modelNameOf } from '../common/refs';
import { MOST_POOLS } from '../contract/pools';
import { hostedAs, recommendationFacts } from '../recommendation/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';

type VariantProperty = CfnEndpointConfig.ProductionVariantProperty;

/** The properties that one kind of variant adds to the name, weight and model. */
export interface Capacity {
  readonly properties: Partial<VariantProperty>;
  /** Properties that the oldest supported aws-cdk-lib does not have, by their path in the variant. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Lets the role of the variant's containers use what the properties name. */
  readonly grantUse?: (grantee: IGrantable) => void;
  /** A warning, if the service's pages advise against a value. */
  readonly advice?: string;
  /** Whether a type with local storage may be chosen at deploy. */
  readonly mayHaveLocalStorage?: boolean;
}

/** The instance types that may serve, as far as they are known at synth. Instance pools have several. */
export function knownTypes({ instanceType, instancePools = [] }: Capacity['properties']): string[] {
  const types = (instancePools as Array<{ readonly instanceType: string }>).map((pool) => pool.instanceType);
  return [...instanceType === undefined ? [] : [instanceType], ...types].filter((type) => !Token.isUnresolved(type));
}

/** Checks and renders the settings of instances. */
export function hosting(options: HostingOptions): Capacity {
  const { routingStrategy, capacityReservation, coreDump } = options;
  const properties = {
    volumeSizeInGb: options.volumeSize?.toGibibytes(),
    modelDataDownloadTimeoutInSeconds: options.modelDataDownloadTimeout?.toSeconds(),
    containerStartupHealthCheckTimeoutInSeconds: options.containerStartupHealthCheckTimeout?.toSeconds(),
    variantInstanceProvisionTimeoutInSeconds: options.instanceProvisionTimeout?.toSeconds(),
    enableSsmAccess: options.enableSsmAccess,
    inferenceAmiVersion: options.inferenceAmiVersion && enumValue('inferenceAmiVersion', options.inferenceAmiVersion, 'InferenceAmiVersion'),
    routingConfig: routingStrategy && { routingStrategy: enumValue('routingStrategy', routingStrategy, 'RoutingStrategy') },
    capacityReservationConfig: capacityReservation && {
      mlReservationArn: capacityReservation.reservationArn,
      capacityReservationPreference: capacityReservation.reservedOnly === false ? undefined : 'capacity-reservations-only',
    },
  };
  checkProp('volumeSize', 'ProductionVariantVolumeSizeInGB', properties.volumeSizeInGb);
  checkProp('modelDataDownloadTimeout', 'ProductionVariantModelDataDownloadTimeoutInSeconds', properties.modelDataDownloadTimeoutInSeconds);
  checkProp('containerStartupHealthCheckTimeout', 'ProductionVariantContainerStartupHealthCheckTimeoutInSeconds',
    properties.containerStartupHealthCheckTimeoutInSeconds);
  checkProp('instanceProvisionTimeout', 'VariantInstanceProvisionTimeoutInSeconds', properties.variantInstanceProvisionTimeoutInSeconds);
  checkProp('capacityReservation.reservationArn', 'MlReservationArn', capacityReservation?.reservationArn);
  const destination = coreDump && new S3Destination('coreDump.prefix', coreDump.bucket, coreDump.prefix);
  return {
    properties,
    overrides: {
      'RoutingConfig.PrefixAwareRoutingConfig': routingStrategy && prefixRouting(routingStrategy),
      'CoreDumpConfig': destination && { DestinationS3Uri: destination.uri, KmsKeyId: coreDump?.encryptionKey?.keyRef.keyArn },
    },
    grantUse: (grantee) => destination?.grantWrite(grantee, coreDump?.encryptionKey),
  };
}

/** @throws if the options are missing that the service requires with this strategy, or a figure is out of its range */
function prefixRouting({ value, _prefix: prefix }: RoutingStrategy): object | undefined {
  if (!prefix) {
    if (value !== 'PREFIX_AWARE') { return undefined; }
    throw new Error('`routingStrategy` must say how long the prefix is, got: \'PREFIX_AWARE\' alone. Use `RoutingStrategy.prefixAware()`.');
  }
  checkMembers('routingStrategy', prefix, { prefixLength: 'PrefixLength', concurrencyThreshold: 'ConcurrencyThreshold' });
  return { PrefixLength: prefix.prefixLength, ConcurrencyThreshold: prefix.concurrencyThreshold };
}

export function instances(props: InstanceVariantProps): Capacity {
  const initialInstanceCount = props.initialInstanceCount ?? 1;
  checkProp('initialInstanceCount', 'InitialTaskCount', initialInstanceCount);
  const instanceType = enumValue('instanceType', props.instanceType, 'InstanceType');
  const capacity = hosting(props);
  return { ...capacity, properties: { instanceType, initialInstanceCount, ...capacity.properties } };
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
  const capacity = hosting(props);
  return { ...capacity, properties: { instancePools, initialInstanceCount, ...capacity.properties } };
}

/** The instances of a recommendation. With pools, it comes first, and the next best ones follow. */
function recommendedInstances(model: IModelRef | undefined, recommendation: IRecommendation): Partial<VariantProperty> {
  const { instanceType, instanceCount } = recommendation;
  const { pools: recommendedPools } = hostedAs(recommendation);
  if (!recommendedPools) { return { instanceType, initialInstanceCount: instanceCount }; }
  const own = poolModels.of(model);
  const modelNames = own?.recommendation === recommendation ? own.names : [];
  const instancePools = [
    { instanceType, priority: 1 },
    ...recommendedPools.nextBest
      .map((next, index) => ({ instanceType: next.instanceType, priority: index + 2, modelNameOverride: modelNames[index] })),
  ];
  return { instancePools, initialInstanceCount: recommendedPools.instanceCount };
}

export function inferenceComponents(props: InferenceComponentVariantProps): Capacity {
  const capacity = instances(props);
  const scaling = props.managedInstanceScaling;
  if (!scaling) { return capacity; }
  return {
    ...capacity,
    properties: { ...capacity.properties, managedInstanceScaling: managedScaling(scaling) },
    overrides: { ...capacity.overrides, 'ManagedInstanceScaling.ScaleInPolicy': scaleIn(scaling) },
  };
}

export function serverless({ memorySize, maxConcurrency, provisionedConcurrency }: ServerlessVariantProps): Capacity {
  return serverlessOf({ memorySizeInMb: serverlessMemory(memorySize), maxConcurrency, provisionedConcurrency });
}

/** The capacity that a recommendation gives, with the settings of one's own. */
export function recommended(model: IModelRef | undefined, recommendation: IRecommendation, options: RecommendedVariantOptions): Capacity {
  if (recommendation.endpointType === EndpointType.ANY) {
    throw new Error('A variant must be real-time or serverless when the template is made, and the recommendation may be either: set its `endpointType` to one of them.');
  }
  const isServerless = recommendation.endpointType === EndpointType.SERVERLESS;
  const [lost] = (isServerless ? OF_INSTANCES : OF_SERVERLESS).filter((prop) => options[prop] !== undefined);
  if (lost) {
    throw new Error(`\`${lost}\` is only for ${isServerless ? 'variants on instances, but the recommendation is serverless'
      : 'serverless variants, but the recommendation is real-time'}: remove it.`);
  }
  if (isServerless) {
    const { serverless: capacity } = hostedAs(recommendation);
    if (!capacity) { throw new Error('A serverless recommendation must have memory and concurrency, got none: set `endpointType` to real-time.'); }
    const { maxConcurrency = capacity.maxConcurrency, provisionedConcurrency } = options;
    return serverlessOf({ memorySizeInMb: capacity.memorySizeInMb, maxConcurrency, provisionedConcurrency });
  }
  const settings = hosting(options);
  const { pools: { nextBest = [] } = {} } = hostedAs(recommendation);
  const isChosenLater = [recommendation, ...nextBest].some(({ instanceType }) => Token.isUnresolved(instanceType));
  return {
    ...settings,
    properties: { ...recommendedInstances(model, recommendation), ...settings.properties },
    mayHaveLocalStorage: isChosenLater && (recommendationFacts.of(recommendation)?.mayHaveLocalStorage ?? false),
  };
}

const OF_INSTANCES = ['volumeSize', 'modelDataDownloadTimeout', 'containerStartupHealthCheckTimeout', 'instanceProvisionTimeout', 'enableSsmAccess',
  'inferenceAmiVersion', 'routingStrategy', 'capacityReservation', 'coreDump'] as const;
const OF_SERVERLESS = ['maxConcurrency', 'provisionedConcurrency'] as const;

function serverlessOf({ memorySizeInMb, maxConcurrency, provisionedConcurrency }: CfnEndpointConfig.ServerlessConfigProperty): Capacity {
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
