import { checkComponentVariants, checkNoComponents, lackAfterUpdate, settleVariants } from './component-variants';
import { findEndpointConfig } from './endpoint-configs';
import { checkRegisteredVariants, deregisterVariants, fleetMembers, keepVariantBounds } from './endpoint-variants';
import { modelsOf, resized } from './instance-pools';
import { containersOf } from './models';
import { checkEndpointQuotas } from './quotas';
import { Endpoint, SageMakerState } from './state';
import { Call, invalid, listing, Operations } from '../kernel';

const CREATE_MS = 3 * 60_000;
const DELETE_MS = 60_000;
const RETRY_MS = 60_000;
export const NO_CAPACITY = 'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. '
  + 'Please retry using a different ML instance type or after some time.';

/** The properties that an update can retain, by the API's names for them. */
const RETAINABLE: Readonly<Record<string, readonly string[]>> = {
  DataCaptureConfig: [],
  DesiredInstanceCount: ['CurrentInstanceCount', 'DesiredInstanceCount'],
  DesiredWeight: ['CurrentWeight', 'DesiredWeight'],
};

/** An endpoint by its name; an error if there is none. */
export function findEndpoint(name: string, call: Call): Endpoint {
  const endpoint = call.region.room(SageMakerState).endpoints.get(name);
  if (!endpoint) { throw invalid(`Could not find endpoint "${endpointArn(name, call)}".`); }
  return endpoint;
}

export const endpointOperations: Operations = {
  CreateEndpoint({ EndpointName: name, EndpointConfigName, DeploymentConfig, Tags }, call) {
    const { endpoints, tags } = call.region.room(SageMakerState);
    const arn = endpointArn(name, call);
    if (endpoints.has(name)) { throw invalid(`Cannot create already existing endpoint "${arn}".`); }
    const { name: config, input } = findEndpointConfig(EndpointConfigName, call);
    checkEndpointQuotas([...input.ProductionVariants, ...input.ShadowProductionVariants ?? []], call.region);
    const now = new Date(call.region.clock.now());
    const endpoint: Endpoint = { name, arn, created: now, modified: now, status: 'Creating', config, lastDeployment: DeploymentConfig };
    endpoints.set(name, endpoint);
    tags.set(arn, Tags ?? []);
    later(call, CREATE_MS, () => serve(endpoint, config, call));
    return { EndpointArn: arn };
  },

  DescribeEndpoint({ EndpointName }, call) {
    const { name, arn, created, modified, status, config, nextConfig, failureReason, inService: _, ...endpoint } = findEndpoint(EndpointName, call);
    return {
      EndpointName: name,
      EndpointArn: arn,
      EndpointConfigName: config,
      ProductionVariants: endpoint.variants,
      ShadowProductionVariants: endpoint.shadows,
      DataCaptureConfig: endpoint.dataCapture,
      AsyncInferenceConfig: call.region.room(SageMakerState).endpointConfigs.get(config)?.input.AsyncInferenceConfig,
      LastDeploymentConfig: endpoint.lastDeployment,
      EndpointStatus: status,
      FailureReason: failureReason,
      CreationTime: created,
      LastModifiedTime: modified,
      ...nextConfig !== undefined && { PendingDeploymentSummary: { EndpointConfigName: nextConfig, StartTime: modified } },
    };
  },

  UpdateEndpoint({ EndpointName, EndpointConfigName: asked, ...manner }, call) {
    const endpoint = atRest(EndpointName, call);
    const { name: EndpointConfigName, input } = findEndpointConfig(asked, call);
    checkRegisteredVariants(endpoint, EndpointConfigName, call);
    checkComponentVariants(endpoint, input.ProductionVariants, call);
    checkEndpointQuotas([...input.ProductionVariants, ...input.ShadowProductionVariants ?? []], call.region, endpoint);
    set(endpoint, 'Updating', call);
    endpoint.nextConfig = EndpointConfigName;
    const excluded = (manner.ExcludeRetainedVariantProperties ?? []).map((property: any) => property.VariantPropertyType);
    const retained = manner.RetainAllVariantProperties ? Object.keys(RETAINABLE).filter((type) => !excluded.includes(type)) : [];
    endpoint.lastDeployment = manner.DeploymentConfig ?? (manner.RetainDeploymentConfig ? endpoint.lastDeployment : undefined);
    later(call, CREATE_MS + bakingMs(endpoint.lastDeployment), () => serve(endpoint, EndpointConfigName, call, retained));
    return { EndpointArn: endpoint.arn };
  },

  DeleteEndpoint({ EndpointName }, call) {
    const { endpoints, tags } = call.region.room(SageMakerState);
    const endpoint = atRest(EndpointName, call);
    checkNoComponents(endpoint, call);
    deregisterVariants(endpoint, call);
    set(endpoint, 'Deleting', call);
    later(call, DELETE_MS, () => {
      endpoints.delete(EndpointName);
      tags.delete(endpoint.arn);
    });
  },

  ListEndpoints(input, call) {
    return listing('Endpoints', [...call.region.room(SageMakerState).endpoints.values()].map(({ name, arn, created, modified, status }) => ({
      name,
      created,
      modified,
      status,
      summary: { EndpointName: name, EndpointArn: arn, CreationTime: created, LastModifiedTime: modified, EndpointStatus: status },
    })), input);
  },
};

function atRest(name: string, call: Call): Endpoint {
  const endpoint = findEndpoint(name, call);
  if (!['InService', 'Failed'].includes(endpoint.status)) { throw invalid(`Cannot update in-progress endpoint "${endpoint.arn}".`); }
  return endpoint;
}

function set(endpoint: Endpoint, status: Endpoint['status'], call: Call): void {
  endpoint.status = status;
  endpoint.modified = new Date(call.region.clock.now());
}

function later({ region }: Call, ms: number, then: () => void): void {
  region.clock.at(region.clock.now() + ms, then);
}

/** Ends a create or an update. If a model is gone by then, or no instance is free, a create fails and an update keeps the old state. */
function serve(endpoint: Endpoint, configName: string, call: Call, retained: readonly string[] = [], begun = call.region.clock.now()): void {
  const { endpointConfigs, models } = call.region.room(SageMakerState);
  const { ProductionVariants: variants, ShadowProductionVariants: shadows, DataCaptureConfig } = endpointConfigs.get(configName)!.input;
  const all: any[] = [...variants, ...shadows ?? []];
  const members = retained.flatMap((type) => RETAINABLE[type]);
  const before = endpoint.variants ?? [];
  const kept = (name: string) => Object.fromEntries(Object.entries(before.find(({ VariantName }) => VariantName === name) ?? {})
    .filter(([member]) => members.includes(member)));
  const fleetOf = (variant: any) => resized([], variant, kept(variant.VariantName).DesiredInstanceCount ?? variant.InitialInstanceCount, call.region);
  const fleets = new Map(all.filter(({ ServerlessConfig }) => !ServerlessConfig).map((variant) => [variant, fleetOf(variant)]));
  const missing = all.flatMap(modelsOf).find((name) => !models.has(name));
  const [short] = [...fleets.keys()].filter((variant) => !fleets.get(variant));
  // API_ProductionVariant: the service tries all pools until this timeout.
  if (!missing && short && call.region.clock.now() < begun + 1000 * (short.VariantInstanceProvisionTimeoutInSeconds ?? 0)) {
    later(call, RETRY_MS, () => serve(endpoint, configName, call, retained, begun));
    return;
  }
  const first = endpoint.status === 'Creating';
  endpoint.nextConfig = undefined;
  endpoint.failureReason = missing ? `Could not find model "${missing}".`
    : short ? NO_CAPACITY : lackAfterUpdate(endpoint, variants, (variant) => fleets.get(variant), call.region);
  set(endpoint, endpoint.failureReason && first ? 'Failed' : 'InService', call);
  if (endpoint.failureReason) { return; }
  endpoint.config = configName;
  endpoint.inService ??= endpoint.modified;
  endpoint.served = variants;
  const summary = (variant: any) => ({
    VariantName: variant.VariantName,
    DeployedImages: modelsOf(variant).flatMap((name) => containersOf(models.get(name)!))
      .flatMap(({ Image }) => (Image === undefined ? [] : [{ SpecifiedImage: Image }])),
    CurrentWeight: variant.InitialVariantWeight ?? 1,
    DesiredWeight: variant.InitialVariantWeight ?? 1,
    ...variant.ServerlessConfig
      ? { CurrentServerlessConfig: variant.ServerlessConfig, DesiredServerlessConfig: variant.ServerlessConfig }
      : fleetMembers(fleets.get(variant)!, variant),
    ManagedInstanceScaling: variant.ManagedInstanceScaling,
    RoutingConfig: variant.RoutingConfig,
  });
  endpoint.variants = variants.map((variant: any) => ({ ...summary(variant), ...kept(variant.VariantName) }));
  endpoint.shadows = shadows?.map(summary);
  settleVariants(endpoint, call.region);
  if (!retained.includes('DataCaptureConfig')) { endpoint.dataCapture = DataCaptureConfig && captureSummary(DataCaptureConfig); }
  keepVariantBounds(endpoint, call.region);
}

function captureSummary(config: any): Record<string, any> {
  const { EnableCapture = true, InitialSamplingPercentage, DestinationS3Uri, KmsKeyId = '' } = config;
  return {
    EnableCapture,
    CaptureStatus: EnableCapture ? 'Started' : 'Stopped',
    CurrentSamplingPercentage: InitialSamplingPercentage,
    DestinationS3Uri,
    KmsKeyId,
  };
}

/** The time for which a deployment watches its steps and keeps the old fleet. A step by instance count is assumed to be half of the fleet. */
function bakingMs(deployment: Record<string, any> | undefined): number {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = deployment ?? {};
  const { Type, WaitIntervalInSeconds: wait = 0, LinearStepSize } = blueGreen?.TrafficRoutingConfiguration ?? {};
  const stepsOf = (size: any) => (size.Type === 'CAPACITY_PERCENT' ? Math.ceil(100 / size.Value) : 2);
  if (rolling) { return 1000 * rolling.WaitIntervalInSeconds * stepsOf(rolling.MaximumBatchSize); }
  const steps = Type === 'CANARY' ? 2 : Type === 'LINEAR' ? stepsOf(LinearStepSize) : 1;
  return 1000 * (wait * steps + (blueGreen?.TerminationWaitInSeconds ?? 0));
}

function endpointArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `endpoint/${name}`);
}
