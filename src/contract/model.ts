import type { Tag } from './custom-resource';

export const MODEL_RESOURCE_TYPE = 'Custom::InferenceRecommendationModel';

/** Properties of a model made through the API: the recommendation's attributes, or the user's containers, and the user's own settings. */
export interface ModelProperties {
  readonly SchemaVersion: string;
  /** The user's containers, with the API's names. */
  readonly Containers?: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly InferenceExecutionConfig?: { readonly Mode: string };
  /** What the job benchmarked: a model package or else a model. */
  readonly ModelPackageName?: string;
  readonly ModelName?: string;
  readonly InferenceSpecificationName: string;
  readonly CompilationJobName: string;
  /** The tuned environment, as the recommendation's JSON text. */
  readonly Environment: string;
  /** The user's own variables, which override all others. */
  readonly OwnEnvironment?: Readonly<Record<string, string>>;
  /** Role of a model package's model. If it is absent, a benchmarked model's own role is copied. */
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: string;
  readonly VpcConfig?: { readonly SecurityGroupIds: string[]; readonly Subnets: string[] };
  readonly Tags?: readonly Tag[];
}
