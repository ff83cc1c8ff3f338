import { takesComponents } from './component-variants';
import { modelsOf, typesOf } from './instance-pools';
import { findModel } from './models';
import { EndpointConfig, SageMakerState } from './state';
import { SERVERLESS_MEMORY_STEP_MB } from '../../src/service/job-rules';
import { METRIC_PUBLISH_SECONDS } from '../../src/service/metrics-rules';
import { Call, invalid, listing, Operations } from '../kernel';

/** A configuration by its name; an error if there is none. */
export function findEndpointConfig(name: string, call: Call): EndpointConfig {
  const config = call.region.room(SageMakerState).endpointConfigs.get(name);
  if (!config) { throw invalid(`Could not find endpoint configuration "${configArn(name, call)}".`); }
  return config;
}

export const endpointConfigOperations: Operations = {
  CreateEndpointConfig({ Tags, ...input }, call) {
    const { endpointConfigs, tags } = call.region.room(SageMakerState);
    const name = input.EndpointConfigName;
    const arn = configArn(name, call);
    if (endpointConfigs.has(name)) { throw invalid(`Cannot create already existing endpoint configuration "${arn}".`); }
    const variants = [...input.ProductionVariants, ...input.ShadowProductionVariants ?? []];
    variants.forEach((variant) => checkVariant(variant, input, call));
    if (new Set(variants.map(({ VariantName }) => VariantName)).size < variants.length) { throw invalid('Variant names must be unique.'); }
    // API_CreateEndpointConfig: with a shadow variant, exactly one of each kind is allowed.
    if (input.ShadowProductionVariants !== undefined && variants.length > 2) {
      throw invalid('With ShadowProductionVariants, there can be only one production variant and one shadow variant.');
    }
    const seconds = input.MetricsConfig?.MetricPublishFrequencyInSeconds;
    if (seconds !== undefined && !METRIC_PUBLISH_SECONDS.includes(seconds)) {
      throw invalid(`MetricPublishFrequencyInSeconds ${seconds} must be one of ${METRIC_PUBLISH_SECONDS.join(', ')}.`);
    }
    endpointConfigs.set(name, { name, arn, created: new Date(call.region.clock.now()), input });
    tags.set(arn, Tags ?? []);
    return { EndpointConfigArn: arn };
  },

  DescribeEndpointConfig({ EndpointConfigName }, call) {
    const { arn, created, input } = findEndpointConfig(EndpointConfigName, call);
    return { ...input, EndpointConfigArn: arn, CreationTime: created };
  },

  // API_DeleteEndpointConfig: never during a create or an update. Under a live endpoint it works, at the caller's risk.
  DeleteEndpointConfig({ EndpointConfigName }, call) {
    const { endpointConfigs, endpoints, tags } = call.region.room(SageMakerState);
    const { name, arn } = findEndpointConfig(EndpointConfigName, call);
    const user = [...endpoints.values()].find(({ status, config, nextConfig }) =>
      (status === 'Creating' || status === 'Updating') && (config === name || nextConfig === name));
    if (user) { throw invalid(`Cannot delete endpoint configuration "${arn}" in use by endpoint "${user.arn}", which is ${user.status}.`); }
    endpointConfigs.delete(EndpointConfigName);
    tags.delete(arn);
  },

  ListEndpointConfigs(input, call) {
    return listing('EndpointConfigs', [...call.region.room(SageMakerState).endpointConfigs.values()].map(({ name, arn, created }) => (
      { name, created, modified: created, summary: { EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: created } }
    )), input);
  },
};

function checkVariant(variant: any, config: any, call: Call): void {
  const { VariantName, ModelName, InstanceType, InstancePools, InitialInstanceCount, ServerlessConfig } = variant;
  checkComponents(variant, config);
  modelsOf(variant).forEach((name) => findModel(name, call));
  if (ServerlessConfig !== undefined && [InstanceType, InstancePools, InitialInstanceCount].some((member) => member !== undefined)) {
    throw invalid(`Variant "${VariantName}" has a ServerlessConfig: it must have neither InstanceType nor InstancePools nor InitialInstanceCount.`);
  }
  if (ServerlessConfig !== undefined) { checkServerless(VariantName, ServerlessConfig, config, findModel(ModelName, call).input); }
  if (ServerlessConfig === undefined && ((InstanceType ?? InstancePools) === undefined || InitialInstanceCount === undefined)) {
    throw invalid(`Variant "${VariantName}" must have InstanceType or InstancePools, and InitialInstanceCount; or ServerlessConfig.`);
  }
  // The guide replaces InstanceType by InstancePools: https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
  if (InstanceType !== undefined && InstancePools !== undefined) {
    throw invalid(`Variant "${VariantName}" must have one of InstanceType and InstancePools, got both.`);
  }
  const types = typesOf(variant);
  if (new Set(types).size < types.length) { throw invalid(`The InstancePools of variant "${VariantName}" must have different instance types.`); }
  checkRouting(variant);
}

/** A variant without a model is for inference components. Words: https://github.com/hashicorp/terraform-provider-aws/pull/45926; the others are ours. */
function checkComponents(variant: any, { ExecutionRoleArn }: any): void {
  const { VariantName, ServerlessConfig, ManagedInstanceScaling } = variant;
  if (!takesComponents(variant)) {
    if (ManagedInstanceScaling !== undefined) { throw invalid('ManagedInstanceScaling is only supported for inference component endpoints'); }
    return;
  }
  // Seen: https://github.com/stdapi-ai/stdapi.ai/issues/43
  if (ExecutionRoleArn === undefined) { throw invalid(`ExecutionRoleArn is required: variant "${VariantName}" has no ModelName, so it is for inference components.`); }
  if (ServerlessConfig !== undefined) { throw invalid(`Variant "${VariantName}" is serverless and has no ModelName: inference components need instances.`); }
}

/** API_ProductionVariantRoutingConfig: the prefix's settings stand with the strategy PREFIX_AWARE only, which requires both of them. */
function checkRouting({ VariantName, RoutingConfig: { RoutingStrategy, PrefixAwareRoutingConfig: prefix } = {} as any }: any): void {
  const isWhole = prefix?.PrefixLength !== undefined && prefix.ConcurrencyThreshold !== undefined;
  if (RoutingStrategy === 'PREFIX_AWARE' ? !isWhole : prefix !== undefined) {
    throw invalid(`Variant "${VariantName}" must have PrefixLength and ConcurrencyThreshold if, and only if, its RoutingStrategy is PREFIX_AWARE.`);
  }
}

/** API_ProductionVariantServerlessConfig (steps of 1 GB, ProvisionedConcurrency); serverless-endpoints.html (feature exclusions). */
function checkServerless(name: string, { MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency }: any, config: any, model: any): void {
  if (MemorySizeInMB % SERVERLESS_MEMORY_STEP_MB !== 0) {
    throw invalid(`MemorySizeInMB of variant "${name}" must be a multiple of ${SERVERLESS_MEMORY_STEP_MB}, got ${MemorySizeInMB}.`);
  }
  if (ProvisionedConcurrency > MaxConcurrency) {
    throw invalid(`ProvisionedConcurrency of variant "${name}" must be at most its MaxConcurrency of ${MaxConcurrency}, got ${ProvisionedConcurrency}.`);
  }
  const excluded = [
    ...[config, model].some(({ VpcConfig }) => VpcConfig !== undefined) ? ['VpcConfig'] : [],
    ...[config, model].some(({ EnableNetworkIsolation }) => EnableNetworkIsolation) ? ['EnableNetworkIsolation'] : [],
    ...config.DataCaptureConfig !== undefined ? ['DataCaptureConfig'] : [],
    ...config.ProductionVariants.length > 1 ? ['several variants'] : [],
    ...(model.Containers ?? []).length > 1 ? ['several containers'] : [],
  ];
  if (excluded.length > 0) { throw invalid(`Variant "${name}" is serverless, which does not support ${excluded.join(', ')}.`); }
}

function configArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `endpoint-config/${name}`);
}
