import { Region } from './world';

/** What CloudFormation asks of a resource type; every value is resolved, nothing is an intrinsic any more. */
export interface ResourceRequest {
  readonly region: Region;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, any>>;
  /** Tags of the stack. */
  readonly tags: Readonly<Record<string, string>>;
  /** A name as CloudFormation makes it (stack, logical id, random end), for a resource that has none. */
  readonly generatedName: (maxLength: number) => string;
}

export interface UpdateRequest extends ResourceRequest {
  readonly physicalId: string;
  readonly oldProperties: Readonly<Record<string, any>>;
}

export interface DeleteRequest extends ResourceRequest {
  readonly physicalId: string;
}

export interface ResourceState {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, any>>;
}

/**
 * How one resource type is made, changed and deleted. It throws (an `AwsError` or any other) when the service refuses.
 * It runs with the clock held; `region.clock.sleep()` is how a resource takes its (virtual) time.
 * Whether a change replaces is not its business: that stands in `@aws-cdk/aws-service-spec`.
 */
export interface ResourceProvider {
  create(request: ResourceRequest): Promise<ResourceState>;
  update(request: UpdateRequest): Promise<ResourceState>;
  /** Of something already gone, succeeds. */
  delete(request: DeleteRequest): Promise<void>;
}

/** By CloudFormation type name. Each room exports its own from `resources.ts`. */
export type ResourceProviders = Readonly<Record<string, ResourceProvider>>;
