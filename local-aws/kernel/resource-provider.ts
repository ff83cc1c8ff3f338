import { Region } from './world';

/** CloudFormation's request to a resource type. Every value is resolved, so no intrinsic is left. */
export interface ResourceRequest {
  readonly region: Region;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, any>>;
  /** Tags of the stack; none if the type takes none. */
  readonly tags: Readonly<Record<string, string>>;
  /** CloudFormation's generated name (stack, logical id, random end), for a resource without a name. */
  readonly generatedName: (maxLength: number) => string;
  /** What the resource lacked so far, if it is only recorded: nothing of it is in its room. */
  readonly opaque?: string;
  /** Whether CloudFormation does not wait until the resource is ready, or gone: its express mode. */
  readonly express?: boolean;
}

export interface UpdateRequest extends ResourceRequest {
  readonly physicalId: string;
  readonly oldProperties: Readonly<Record<string, any>>;
  /** The stack's tags that the resource had. */
  readonly oldTags?: Readonly<Record<string, string>>;
}

export interface DeleteRequest extends ResourceRequest {
  readonly physicalId: string;
}

export interface ResourceState {
  /** The value of `Ref`. */
  readonly physicalId: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, any>>;
  /** What the resource needs and the local AWS lacks. It is only recorded, and any attribute is a stand-in. */
  readonly opaque?: string;
}

/**
 * Creates, changes and deletes one resource type. It throws (an `AwsError` or any other) if the service refuses.
 * It runs with the clock held. A resource takes (virtual) time by `region.clock.sleep()`.
 * It does not decide whether a change replaces the resource: `@aws-cdk/aws-service-spec` does.
 */
export interface ResourceProvider {
  create(request: ResourceRequest): Promise<ResourceState>;
  update(request: UpdateRequest): Promise<ResourceState>;
  /** Succeeds if the resource is already gone. */
  delete(request: DeleteRequest): Promise<void>;
}

/** By CloudFormation type name. Each room exports its own from `resources.ts`. */
export type ResourceProviders = Readonly<Record<string, ResourceProvider>>;
