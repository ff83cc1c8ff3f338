import type { Tag } from './custom-resource';

export const MODEL_RESOURCE_TYPE = 'Custom::InferenceRecommendationModel';

/** Properties of a model made through the API: the recommendation's attributes beside the user's own settings. */
export interface ModelProperties {
  readonly SchemaVersion: string;
  /** What was benchmarked: a model package or else a model. */
  readonly ModelPackageName?: string;
  readonly ModelName?: string;
  readonly InferenceSpecificationName: string;
  readonly CompilationJobName: string;
  /** The tuned environment, as the JSON text that the recommendation answered. */
  readonly Environment: string;
  /** Of a model package's model; a model's own is copied where this is left out. */
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: string;
  readonly VpcConfig?: { readonly SecurityGroupIds: string[]; readonly Subnets: string[] };
  readonly Tags?: readonly Tag[];
}
