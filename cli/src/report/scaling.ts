import { DescribeScalableTargetsCommand, DescribeScalableTargetsCommandOutput } from '@aws-sdk/client-application-auto-scaling';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import type { Account } from '../account/account';
import { deployedEndpoints, nextBehind } from '../account/endpoints';
import { isDenied } from '../account/sentences';
import type { StackView } from '../account/stack';
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
  const endpoints = deployedEndpoints(resources);
  if (endpoints.length === 0) { return new Map(); }
  const ranges = await targets(autoScaling);
  const byChoice = new Map<string, ScalingRange[]>();
  for (const { resource, name } of endpoints) {
    const mine = ranges.filter(({ endpointName }) => endpointName.toLowerCase() === name.toLowerCase());
    if (mine.length === 0) { continue; }
    const choices = nextBehind(resource, resources, ({ type }) => type === RECOMMENDATION_RESOURCE_TYPE).map(nameOf);
    for (const choice of choices) { byChoice.set(choice, [...byChoice.get(choice) ?? [], ...mine]); }
  }
  return byChoice;
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
