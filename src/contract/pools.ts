import type { RecommendationAttribute } from './recommend';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InstancePools) */
export const MOST_POOLS = 5;

/**
 * Attributes of each instance pool after the first, by `poolAttribute`. There are few, because an answer with five pools must fit CloudFormation's limit.
 * Tuned variables that are attributes of their own are such as well, after the same prefix.
 */
export const POOL_ATTRIBUTES = [
  'RecommendationId', 'InstanceType', 'InitialInstanceCount', 'InstanceCount', 'InferenceSpecificationName', 'CompilationJobName', 'Environment',
  'MaxInvocations', 'FleetCostPerHour',
] as const satisfies readonly RecommendationAttribute[];

/** The largest `InstanceCount` of all pools. A recommendation has it only if it has pools. */
export const VARIANT_INSTANCE_COUNT = 'VariantInstanceCount';

/** The name of a pool's attribute. The first pool is the recommendation itself, with attributes of no prefix. */
export function poolAttribute<A extends string>(priority: number, attribute: A): `Pool${number}.${A}` {
  return `Pool${priority}.${attribute}`;
}

/** A field that a recommendation may have. */
export type RecommendationField = RecommendationAttribute | typeof VARIANT_INSTANCE_COUNT | `Pool${number}.${typeof POOL_ATTRIBUTES[number]}`;
