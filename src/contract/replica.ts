import type { Owner } from './custom-resource';

/** Copies a recommendation's parameters to another Region or account. */
export const REPLICA_RESOURCE_TYPE = 'Custom::InferenceRecommendationReplica';

/** Properties of a replica: the place to which a recommendation's parameters are copied. */
export interface ReplicaProperties {
  readonly SchemaVersion: string;
  readonly ParameterPath: string;
  readonly Region: string;
  /** A role in another account. */
  readonly RoleArn?: string;
  /** The fields. A change in them makes CloudFormation request another copy. */
  readonly Content?: ReadonlyArray<string | number>;
}

/** The event of a rule after a recommendation was written outside of a deploy. */
export interface CopyRequest {
  readonly copy: ReplicaProperties;
  /** The replica's resource. */
  readonly owner: Owner;
}
