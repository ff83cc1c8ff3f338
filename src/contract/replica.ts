import type { Owner } from './custom-resource';

/** Copies what is written of a recommendation to another Region or account. */
export const REPLICA_RESOURCE_TYPE = 'Custom::InferenceRecommendationReplica';

/** Properties of a replica: where a recommendation's parameters are copied to. */
export interface ReplicaProperties {
  readonly SchemaVersion: string;
  readonly ParameterPath: string;
  readonly Region: string;
  /** A role of another account. */
  readonly RoleArn?: string;
  /** The fields: a change in them is what makes CloudFormation ask for another copy. */
  readonly Content?: ReadonlyArray<string | number>;
}

/** What a rule sends where a recommendation was written while no stack was deployed. */
export interface CopyRequest {
  readonly copy: ReplicaProperties;
  /** The replica's resource. */
  readonly owner: Owner;
}
