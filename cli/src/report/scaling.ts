import { DescribeScalableTargetsCommand, DescribeScalableTargetsCommandOutput } from '@aws-sdk/client-application-auto-scaling';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import type { Account } from '../account/account';
import { isDenied } from '../account/sentences';
import type { ResourceView, StackView } from '../account/stack';
import { referencesOf } from '../account/template';
import { nameOf } from '../subject/choice';

/** How far a deployed endpoint scales. */
export interface ScalingRange {
  readonly endpointName: string;
  readonly variantName: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/** The scaling of the endpoints that a stack deploys from its recommendations, by the recommendation's name. Empty if it may not be read. */
export async function scalingRanges({ autoScaling }: Account, { resources }: StackView): Promise<ReadonlyMap<string, readonly ScalingRange[]>> {
  const endpoints = resources.flatMap((resource) => {
    const name = resource.type === 'AWS::SageMaker::Endpoint' && resource.status !== 'DELETE_COMPLETE' ? resource.physicalId?.split('/').pop() : undefined;
    return name === undefined ? [] : [{ resource, name }];
  });
  if (endpoints.length === 0) { return new Map(); }
  const ranges = await targets(autoScaling);
  const byChoice = new Map<string, ScalingRange[]>();
  for (const { resource, name } of endpoints) {
    const mine = ranges.filter(({ endpointName }) => endpointName.toLowerCase() === name.toLowerCase());
    if (mine.length === 0) { continue; }
    for (const choice of recommendationsBehind(resource, resources)) { byChoice.set(choice, [...byChoice.get(choice) ?? [], ...mine]); }
  }
  return byChoice;
}

/** The recommendations that an endpoint's configuration and models refer to. */
function recommendationsBehind(from: ResourceView, resources: readonly ResourceView[]): string[] {
  const seen = new Set<ResourceView>();
  const visit = (resource: ResourceView): string[] => {
    if (seen.has(resource)) { return []; }
    seen.add(resource);
    if (resource.type === RECOMMENDATION_RESOURCE_TYPE) { return [nameOf(resource)]; }
    const ids = referencesOf(resource.properties);
    const texts = new Set(textsIn(resource.properties));
    return resources.filter(({ stack, logicalId, physicalId }) => stack === resource.stack
      && (ids.includes(logicalId) || (physicalId !== undefined && (texts.has(physicalId) || texts.has(physicalId.split('/').pop()!))))).flatMap(visit);
  };
  return visit(from);
}

/** A reference to what is deployed is resolved: then the name is all that is left of it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') { return [value]; }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

async function targets(autoScaling: Account['autoScaling']): Promise<ScalingRange[]> {
  const found: ScalingRange[] = [];
  try {
    let NextToken: string | undefined;
    do {
      const page: DescribeScalableTargetsCommandOutput = await autoScaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker', NextToken }));
      for (const { ResourceId, MinCapacity: minCapacity, MaxCapacity: maxCapacity } of page.ScalableTargets ?? []) {
        const [, endpointName, variantName] = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(ResourceId ?? '') ?? [];
        if (endpointName !== undefined && minCapacity !== undefined && maxCapacity !== undefined) {
          found.push({ endpointName, variantName, minCapacity, maxCapacity });
        }
      }
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!isDenied(error)) { throw error; }
  }
  return found;
}
