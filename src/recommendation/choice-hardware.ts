import { Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import type { NamesInstances } from './choice-request';
import { EndpointType } from '../common/endpoint-type';
import type { ImageProperties } from '../contract/recommend';
import type { KnownImage } from '../model-package/facts';
import { saidBy, warnOfMisfits, warnOfServerlessImages } from '../model-package/image-hardware';
import { hasLocalStorage } from '../service/instance-facts';
import { isOneOf } from '../service/limits';

/** Warns of listed types that no image of the target runs on. */
export function adviseOnChoice(scope: Construct, images: readonly KnownImage[], options: NamesInstances, endpointType: EndpointType): void {
  const own = images.filter(({ specificationName }) => specificationName === undefined);
  if (endpointType === EndpointType.SERVERLESS) {
    warnOfServerlessImages(scope, own);
    return;
  }
  const { limits = {}, pinnedInstanceType, fallback, withoutJobs } = options;
  // A candidate with another specification may have another image.
  if (images.length > own.length) { return; }
  warnOfMisfits(scope, own, [
    ...(limits.allowedInstanceTypes ?? []).map(({ value }, index) => [`limits.allowedInstanceTypes[${index}]`, value] as const),
    ...(limits.allowedInstanceFamilies ?? []).map((family, index) => [`limits.allowedInstanceFamilies[${index}]`, family] as const),
    ['pinnedInstanceType', pinnedInstanceType?.value],
    ['fallback.instanceType', fallback?.instanceType?.value],
    ['withoutJobs.instanceType', withoutJobs?.instanceType?.value],
  ]);
}

/** What the target's images say of the hardware that they are for, for the choice among types that only the job knows. */
export function renderImages(scope: IConstruct, images: readonly KnownImage[]): ImageProperties[] | undefined {
  const said = images.flatMap(({ image, specificationName }) => {
    const { architecture, accelerator } = saidBy(scope, image);
    return architecture === undefined && accelerator === undefined ? [] : [{
      InferenceSpecificationName: specificationName, Architecture: architecture, Accelerator: accelerator,
    }];
  });
  return said.length > 0 ? said : undefined;
}

/** Whether a type with local storage may be chosen, by the limits or by what the job tries. */
export function mayHaveLocalStorage(
  { limits = {}, pinnedInstanceType, fallback }: NamesInstances, endpointType: EndpointType, tried: readonly string[] | undefined,
): boolean {
  if (endpointType === EndpointType.SERVERLESS) { return false; }
  if (hasLocalStorage(fallback?.instanceType?.value)) { return true; }
  if (limits.allowLocalStorage === false) { return false; }
  const refused = [...(limits.refusedInstanceTypes ?? []).map(({ value }) => value), ...limits.refusedInstanceFamilies ?? []];
  const allowed = [...(limits.allowedInstanceTypes ?? []).map(({ value }) => value), ...limits.allowedInstanceFamilies ?? []];
  const listed = pinnedInstanceType ? [pinnedInstanceType.value] : tried?.filter((type) => allowed.length === 0 || isOneOf(allowed, type)) ?? allowed;
  if (listed.length === 0) { return tried === undefined; }
  return listed.some((type) => Token.isUnresolved(type) || (hasLocalStorage(type) && !isOneOf(refused, type) && !refused.includes(type)));
}
