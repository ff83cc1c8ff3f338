import { Copies, copiesByType, Instance, place, Placement, Room, roomInWords } from './component-placement';
import { fleetMembers, servedVariants } from './endpoint-variants';
import { Fleet, resized, typesOf } from './instance-pools';
import { instanceModel } from './instance-types';
import { lackOf } from './quotas';
import { Endpoint, InferenceComponent, SageMakerState } from './state';
import { Call, invalid, Region } from '../kernel';

const MB_PER_GB = 1024;

/** What a component runs and how many copies it has, as it is or as an update will have it. */
export interface Wanted {
  readonly input: Record<string, any>;
  readonly copies: number;
}

/** Whether a variant of a configuration is for inference components. */
export function takesComponents({ ModelName }: any): boolean {
  return ModelName === undefined;
}

/** The components on an endpoint that are not deleted yet. */
export function componentsOf(endpoint: string, region: Region): InferenceComponent[] {
  return [...region.room(SageMakerState).components.values()].filter(({ endpointName }) => endpointName.toLowerCase() === endpoint.toLowerCase());
}

/** The specifications of a component: the only one has no instance type. */
export function specificationsOf({ Specification, Specifications = [] }: any): any[] {
  return Specification === undefined ? Specifications : [Specification];
}

/** The name of the component that an adapter adapts. */
export function baseOf(input: Record<string, any>): string | undefined {
  return specificationsOf(input).find(({ BaseInferenceComponentName: base }) => base !== undefined)?.BaseInferenceComponentName;
}

/** Refuses to delete an endpoint that still has components. Words of ours: https://github.com/aws/amazon-sagemaker-feedback/issues/49 shows the refusal only. */
export function checkNoComponents(endpoint: Endpoint, { region }: Call): void {
  const names = componentsOf(endpoint.name, region).map(({ name }) => name);
  if (names.length > 0) { throw invalid(`Cannot delete endpoint "${endpoint.arn}": it has the inference components ${names.join(', ')}. Delete them first.`); }
}

/** Refuses an update of an endpoint that takes the variant away under a component. */
export function checkComponentVariants(endpoint: Endpoint, variants: readonly any[], { region }: Call): void {
  for (const { name, variantName } of componentsOf(endpoint.name, region)) {
    const variant = variants.find(({ VariantName }) => VariantName === variantName);
    if (variantName !== undefined && !(variant && takesComponents(variant))) {
      throw invalid(`Cannot update endpoint "${endpoint.arn}": the inference component ${name} is on its variant "${variantName}", which would `
        + `${variant ? 'have a model' : 'be removed'}. Delete the component first.`);
    }
  }
}

/** Why the copies of an endpoint would have no room on the fleets that an update gives it; nothing if they have. */
export function lackAfterUpdate(
  endpoint: Endpoint, variants: readonly any[], fleetAfter: (variant: any) => Fleet | undefined, region: Region,
): string | undefined {
  return variants.filter(takesComponents).map((variant) => lackIn(placed(endpoint, variant, fleetAfter(variant) ?? [], region), variant))
    .find((lack) => lack !== undefined);
}

/**
 * Puts a component's copies on its variant's instances, as it wants them; nothing of it changes if they have no room, and the reason is given.
 * With managed instance scaling, the variant gets the instances that copies need, and loses those that have none.
 */
export function putCopies(component: InferenceComponent, wanted: Wanted, region: Region): string | undefined {
  const endpoint = region.room(SageMakerState).endpoints.get(component.endpointName)!;
  const variant = servedVariants(endpoint, region).find(({ VariantName }) => VariantName === component.variantName);
  const placement = placed(endpoint, variant, fleetOf(endpoint, component.variantName!), region, { component, wanted });
  const lack = lackIn(placement, variant);
  if (lack === undefined) { keep(endpoint, variant, placement.instances, region); }
  return lack;
}

/** Places the copies of a variant again, after a component or the instances have gone. */
export function settleVariant(endpointName: string, variantName: string, region: Region): void {
  const endpoint = region.room(SageMakerState).endpoints.get(endpointName);
  const variant = endpoint && servedVariants(endpoint, region).find(({ VariantName }) => VariantName === variantName);
  if (endpoint?.variants && variant) { keep(endpoint, variant, placed(endpoint, variant, fleetOf(endpoint, variantName), region).instances, region); }
}

/** The same for all variants of an endpoint that have components. */
export function settleVariants(endpoint: Endpoint, region: Region): void {
  const names = componentsOf(endpoint.name, region).flatMap(({ variantName }) => variantName ?? []);
  new Set(names).forEach((name) => settleVariant(endpoint.name, name, region));
}

interface Change {
  readonly component: InferenceComponent;
  readonly wanted: Wanted;
}

function placed(endpoint: Endpoint, variant: any, fleet: Fleet, region: Region, change?: Change): Placement {
  const own = change ? [copiesOf(change.component, change.wanted)] : [];
  // The others stay where they are, so that a component without room harms itself only.
  const others = componentsOf(endpoint.name, region)
    .filter(({ name, variantName, status }) => variantName === variant.VariantName && name !== change?.component.name && status !== 'Deleting')
    .map((component) => copiesOf(component, { input: component.input, copies: currentCopies(component) }));
  const grow = (count: number) => {
    const { Status, MaxInstanceCount = variant.InitialInstanceCount } = variant.ManagedInstanceScaling ?? {};
    const grown = Status === 'ENABLED' && count < MaxInstanceCount ? resized(fleet, variant, count + 1, region) : undefined;
    const added = grown?.find(({ InstanceType, CurrentInstanceCount }) => CurrentInstanceCount > countIn(fleet, InstanceType))?.InstanceType;
    return added !== undefined && lackOf(new Map([[added, 1]]), region) === undefined ? added : undefined;
  };
  const types = fleet.flatMap(({ InstanceType, CurrentInstanceCount }) => Array<string>(CurrentInstanceCount).fill(InstanceType));
  return place([...others, ...own], types, roomOf, grow);
}

export function currentCopies({ placed: places }: InferenceComponent): number {
  return [...places.values()].reduce((sum, count) => sum + count, 0);
}

function copiesOf({ name }: InferenceComponent, { input, copies }: Wanted): Copies {
  const all = specificationsOf(input);
  return {
    component: name,
    count: copies,
    spreads: all.some(({ SchedulingConfig: scheduling }) => scheduling?.PlacementStrategy === 'SPREAD'),
    takes: (type) => {
      const { ComputeResourceRequirements: needs } = all.find(({ InstanceType }) => InstanceType === undefined || InstanceType === type) ?? {};
      return needs && {
        memoryMb: needs.MinMemoryRequiredInMb,
        accelerators: needs.NumberOfAcceleratorDevicesRequired ?? 0,
        cpuCores: needs.NumberOfCpuCoresRequired ?? 0,
      };
    },
  };
}

/** The whole of an instance: what the service keeps for itself is not documented. */
function roomOf(type: string): Room {
  const { memoryGb, accelerators, vCpus } = instanceModel(type);
  return { memoryMb: memoryGb * MB_PER_GB, accelerators, cpuCores: vCpus };
}

function lackIn({ homeless, instances }: Placement, variant: any): string | undefined {
  if (!homeless) { return undefined; }
  const { copies: { component, count, takes }, number } = homeless;
  const types = typesOf(variant);
  const type = types.find((one) => takes(one));
  const wanted = type === undefined ? `It has no specification for ${types.join(', ')}` : `A copy takes ${roomInWords(takes(type)!)}, and ${type} has ${roomInWords(roomOf(type))}`;
  return `Copy ${number} of ${count} of inference component "${component}" has no room on the ${instances.length} instances of variant "${variant.VariantName}". ${wanted}.`;
}

/** Keeps a placement: where each component's copies are, and the variant's instances. */
function keep(endpoint: Endpoint, variant: any, instances: readonly Instance[], region: Region): void {
  for (const component of componentsOf(endpoint.name, region).filter(({ variantName }) => variantName === variant.VariantName)) {
    component.placed = copiesByType(component.name, instances);
  }
  const { Status, MinInstanceCount = variant.InitialInstanceCount } = variant.ManagedInstanceScaling ?? {};
  if (Status !== 'ENABLED') { return; }
  const count = Math.max(MinInstanceCount, instances.filter(({ copies }) => copies.size > 0).length);
  const fleet = fleetOf(endpoint, variant.VariantName);
  const summary = endpoint.variants!.find(({ VariantName }) => VariantName === variant.VariantName)!;
  Object.assign(summary, fleetMembers(resized(fleet, variant, count, region) ?? fleet, variant));
}

function fleetOf(endpoint: Endpoint, variantName: string): Fleet {
  const summary = endpoint.variants?.find(({ VariantName }) => VariantName === variantName);
  const configured = endpoint.served?.find(({ VariantName }) => VariantName === variantName);
  return summary?.InstancePools ?? [{ InstanceType: typesOf(configured ?? {})[0], CurrentInstanceCount: summary?.CurrentInstanceCount ?? 0 }];
}

function countIn(fleet: Fleet, type: string): number {
  return fleet.find(({ InstanceType }) => InstanceType === type)?.CurrentInstanceCount ?? 0;
}
