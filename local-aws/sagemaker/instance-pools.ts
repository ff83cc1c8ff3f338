import { SageMakerState } from './state';
import { Region } from '../kernel';

/** How many instances of each type serve a variant. */
export type Fleet = ReadonlyArray<{ readonly InstanceType: string; readonly CurrentInstanceCount: number }>;

/** The instance types that may serve a variant of a configuration, the first to try first. */
export function typesOf({ InstanceType, InstancePools = [] }: any): string[] {
  if (InstanceType !== undefined) { return [InstanceType]; }
  return [...InstancePools].sort((a: any, b: any) => a.Priority - b.Priority).map((pool: any) => pool.InstanceType);
}

/** The models that a variant of a configuration serves: none if it is for inference components. */
export function modelsOf({ ModelName, InstancePools = [] }: any): string[] {
  return [...ModelName === undefined ? [] : [ModelName], ...InstancePools.flatMap((pool: any) => pool.ModelNameOverride ?? [])];
}

/**
 * The fleet with as many instances: it grows on the first type with capacity, and shrinks from the last type. `undefined` if no type has capacity.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html#heterogeneous-endpoint-autoscaling
 */
export function resized(fleet: Fleet, variant: any, count: number, region: Region): Fleet | undefined {
  const { withoutCapacity } = region.room(SageMakerState);
  const types = typesOf(variant);
  let missing = count - countOf(fleet);
  const free = types.find((type) => !withoutCapacity.has(type));
  if (missing > 0 && free === undefined) { return undefined; }
  return types.reverse().map((InstanceType) => {
    const current = fleet.find((pool) => pool.InstanceType === InstanceType)?.CurrentInstanceCount ?? 0;
    const change = missing > 0 ? (InstanceType === free ? missing : 0) : Math.max(missing, -current);
    missing -= change;
    return { InstanceType, CurrentInstanceCount: current + change };
  }).reverse();
}

export function countOf(fleet: Fleet): number {
  return fleet.reduce((sum, { CurrentInstanceCount }) => sum + CurrentInstanceCount, 0);
}
