import { countOf, Fleet, resized, typesOf } from './instance-pools';
import { lackOf } from './quotas';
import { Endpoint, SageMakerState } from './state';
import { SCALABLE_VARIANT, variantResourceId } from '../../src/service/scaling-rules';
import { Iam } from '../iam';
import { Call, invalid, Region } from '../kernel';

const SCALE_MS = 3 * 60_000;

/** The production variants that serve, or will serve first, from the endpoint's record: their configuration may be deleted by now. */
export function servedVariants(endpoint: Endpoint, region: Region): any[] {
  return endpoint.served ?? configOf(endpoint.config, region)?.ProductionVariants ?? [];
}

export function isAsynchronous({ config }: Endpoint, region: Region): boolean {
  return configOf(config, region)?.AsyncInferenceConfig !== undefined;
}

/**
 * Refuses an update that changes a registered variant's instance type, or removes the variant.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
 */
export function checkRegisteredVariants(endpoint: Endpoint, nextConfig: string, { region }: Call): void {
  for (const { variantName } of region.room(SageMakerState).scaling?.targetsOf(endpoint.name) ?? []) {
    const typeIn = (variants: any[]): string | undefined => {
      const variant = variants.find(({ VariantName }) => VariantName === variantName);
      return variant && (typesOf(variant).join(', ') || 'serverless');
    };
    const [from, to] = [typeIn(servedVariants(endpoint, region)), typeIn(configOf(nextConfig, region)!.ProductionVariants)];
    if (from !== to) {
      throw invalid(`Cannot update endpoint "${endpoint.arn}": an Application Auto Scaling scalable target exists for variant "${variantName}", which would `
        + `${to === undefined ? 'be removed' : `change from ${from} to ${to}`}. Deregister the scalable target before the update.`);
    }
  }
}

/**
 * Deregisters the variants of a deleted endpoint, if its caller has the permission.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-delete-with-scaling.html
 */
export function deregisterVariants(endpoint: Endpoint, { region, principal }: Call): void {
  const { scaling } = region.room(SageMakerState);
  const keys = (scaling?.targetsOf(endpoint.name) ?? [])
    .map(({ endpointName, variantName }) => ({ ...SCALABLE_VARIANT, ResourceId: variantResourceId(endpointName, variantName) }));
  for (const key of keys) {
    const [{ action, resource, context }] = region.room(Iam).needs('application-autoscaling', 'DeregisterScalableTarget', key);
    if (!region.room(Iam).allows(principal.arn, action, resource, context)) {
      throw invalid('An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to invoke DeleteEndpoint does not '
        + `have ${action} permission to deregister the scalable target.`);
    }
  }
  keys.forEach(({ ResourceId }) => scaling?.deregister(ResourceId));
}

/**
 * Brings a variant's instance count within bounds. This updates the endpoint. One that changes at the moment follows at its end. A fleet that would grow while no
 * type has capacity, or beyond a quota, stays unchanged.
 */
export function scaleVariant(endpoint: Endpoint, variantName: string, { min, max }: { min: number; max: number }, region: Region): void {
  const { clock } = region;
  const variant = endpoint.variants?.find(({ VariantName }) => VariantName === variantName);
  if (endpoint.status !== 'InService' || !variant) { return; }
  const count = Math.min(Math.max(variant.CurrentInstanceCount, min), max);
  const more = count - variant.CurrentInstanceCount;
  const [first] = typesOf(servedVariants(endpoint, region).find(({ VariantName }) => VariantName === variantName));
  if (more === 0 || (more > 0 && lackOf(new Map([[first, more]]), region) !== undefined)) { return; }
  const become = (status: Endpoint['status']) => Object.assign(endpoint, { status, modified: new Date(clock.now()) });
  variant.DesiredInstanceCount = count;
  become('Updating');
  clock.at(clock.now() + SCALE_MS, () => {
    const configured = servedVariants(endpoint, region).find(({ VariantName }) => VariantName === variantName);
    const [type] = typesOf(configured);
    const fleet = variant.InstancePools ?? [{ InstanceType: type, CurrentInstanceCount: variant.CurrentInstanceCount }];
    const changed = resized(fleet, configured, count, region);
    Object.assign(variant, fleetMembers(changed ?? fleet, configured));
    become('InService');
    if (changed) { keepVariantBounds(endpoint, region); }
  });
}

/** Application Auto Scaling moves a count that is out of its target's bounds. */
export function keepVariantBounds(endpoint: Endpoint, region: Region): void {
  const { scaling } = region.room(SageMakerState);
  for (const { endpointName, variantName } of scaling?.targetsOf(endpoint.name) ?? []) {
    scaleVariant(endpoint, variantName, scaling!.boundsOf(variantResourceId(endpointName, variantName))!, region);
  }
}

/** The members of a variant's summary that tell its instances. */
export function fleetMembers(fleet: Fleet, { InstancePools }: any): Record<string, any> {
  return { CurrentInstanceCount: countOf(fleet), DesiredInstanceCount: countOf(fleet), ...InstancePools && { InstancePools: fleet } };
}

function configOf(name: string, region: Region): Record<string, any> | undefined {
  return region.room(SageMakerState).endpointConfigs.get(name)?.input;
}
