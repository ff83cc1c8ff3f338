import { isDeepStrictEqual } from 'util';
import { AwsError, ResourceProvider, ResourceRequest, ResourceState } from '../../kernel';
import { generatedName, guid } from '../ids';
import { opaque, OPAQUE } from '../opaque';
import { isCustom } from '../scope';
import { replacement } from '../spec';
import { Resource, Stack } from '../stack';
import { invalid } from '../template/template';

/** Failed resources of a nested stack are preserved inside it. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** The reason in the events of express mode, as stacks were seen to give it: https://github.com/aws/aws-cdk-cli/pull/1689 */
const EXPRESS = 'Resource operation completed using Express Mode. It may continue becoming available in the background.';

/** A failure that still has a physical id to delete: a custom resource's FAILED answer, or an incomplete nested stack. */
export class ResourceFailure extends Error {
  constructor(message: string, readonly physicalId?: string) {
    super(message);
  }
}

/** A request that may report its physical id before its work is done, as a nested stack does. */
export interface EarlyRequest extends ResourceRequest {
  readonly initiated: (physicalId: string) => void;
}

/** The top-level properties that differ. */
export function changedProperties(one: Resource['properties'], other: Resource['properties']): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** Creates, updates and deletes one resource of a stack, and records the events. */
export class Steps {
  constructor(private readonly stack: Stack, private readonly providerOf: (type: string) => ResourceProvider) {}

  public async create(next: Resource): Promise<void> {
    const begun = this.stack.put({ ...next, physicalId: undefined, attributes: {}, status: 'CREATE_IN_PROGRESS' });
    await this.make(begun, 'CREATE');
  }

  /**
   * Deletes the leftovers of a failed creation before the next one: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
   */
  public async clear(failed: Resource): Promise<void> {
    if (!await this.delete(failed, false)) { this.stack.superseded.push(failed); }
  }

  /**
   * In place, or with a new physical resource first. The replaced resource stays until the clean-up:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
   */
  public async update(current: Resource, next: Resource): Promise<void> {
    const { stack } = this;
    const told = { ...next, physicalId: current.physicalId, attributes: current.attributes, opaque: current.opaque };
    try {
      if (current.type !== next.type) { throw invalid('Update of resource type is not permitted.'); }
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html (ServiceToken)
      if (isCustom(next.type) && current.properties.ServiceToken !== next.properties.ServiceToken) {
        throw new ResourceFailure('Modifying service token is not allowed.');
      }
      const changed = changedProperties(current.properties, next.properties);
      if (!isCustom(next.type) && changed.some((name) => replacement(next.type, name) === 'yes')) {
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html (immutable update types)
        if (stack.preserves) { throw new ResourceFailure('Replacement type updates not supported on stack with disable-rollback.'); }
        stack.put({
          ...told,
          properties: current.properties,
          status: 'UPDATE_IN_PROGRESS',
          reason: 'Requested update requires the creation of a new physical resource; hence creating one.',
        });
        await this.make(next, 'UPDATE');
        stack.superseded.push(current);
        return;
      }
    } catch (error) {
      stack.put({ ...current, status: 'UPDATE_FAILED', reason: reasonOf(this.stack, error) });
      throw error;
    }
    const { properties, tags } = current;
    const updated = await this.change({ ...told, properties, attempted: next.properties }, next.properties, properties, tags);
    if (updated.physicalId !== current.physicalId) { stack.superseded.push(current); }
  }

  /**
   * Restores a resource's state from before the update. A custom resource under another id also gets an Update with its old properties:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
   */
  public async restore(current: Resource, old: Resource): Promise<void> {
    const { stack } = this;
    const back = { ...old, status: 'UPDATE_COMPLETE', reason: undefined };
    const from = current.attempted ?? current.properties;
    if (current.physicalId === old.physicalId && isDeepStrictEqual([from, current.tags], [old.properties, old.tags])) {
      if (current.status === 'UPDATE_FAILED') { stack.put(back); } else { stack.resources.set(old.logicalId, old); }
    } else if (current.physicalId !== old.physicalId && !isCustom(old.type)) {
      stack.newcomers.push(current);
      stack.put(back);
    } else {
      const begun = { ...old, physicalId: current.physicalId, attributes: current.attributes, opaque: current.opaque, attempted: from };
      const updated = await this.change(begun, old.properties, from, current.tags);
      if (updated.physicalId !== current.physicalId) { stack.newcomers.push(current); }
    }
  }

  /** Deletes a physical resource, even one put aside; `keep` only removes it from the stack. Returns whether it succeeded. */
  public async delete(resource: Resource, keep: boolean): Promise<boolean> {
    const tell = (status: string, reason?: string) => {
      const told = { ...resource, attempted: undefined, status, reason };
      if (this.stack.holds(resource)) { this.stack.put(told); } else { this.stack.note(told); }
    };
    if (keep) {
      tell('DELETE_SKIPPED');
      return true;
    }
    tell('DELETE_IN_PROGRESS');
    try {
      const provider = this.providerOf(resource.type);
      if (resource.physicalId !== undefined) {
        await provider.delete({ ...this.request(resource, resource.properties), physicalId: resource.physicalId });
      }
      tell('DELETE_COMPLETE', provider === opaque || resource.opaque !== undefined ? undefined : this.completed(resource, provider));
      return true;
    } catch (error) {
      tell('DELETE_FAILED', reasonOf(this.stack, error));
      return false;
    }
  }

  private async make(next: Resource, verb: 'CREATE' | 'UPDATE'): Promise<void> {
    const { stack } = this;
    let early: string | undefined;
    const initiated = (physicalId: string) => {
      early = physicalId;
      const told = { ...next, physicalId, status: `${verb}_IN_PROGRESS`, reason: 'Resource creation Initiated' };
      if (verb === 'CREATE') { stack.put(told); } else { stack.note(told); }
    };
    try {
      const request: EarlyRequest = { ...this.request(next, next.properties), initiated };
      const provider = this.providerOf(next.type);
      const made = await provider.create(request);
      if (early === undefined) { initiated(made.physicalId); }
      stack.put({ ...next, ...made, status: `${verb}_COMPLETE`, reason: this.completed(next, provider, made) });
    } catch (error) {
      const current = stack.resources.get(next.logicalId)!;
      const reason = reasonOf(stack, error);
      const physicalId = error instanceof ResourceFailure ? error.physicalId : undefined;
      if (verb === 'CREATE') {
        stack.put({ ...next, physicalId: physicalId ?? early, attributes: {}, status: 'CREATE_FAILED', reason });
      } else {
        if (physicalId ?? early) { stack.newcomers.push({ ...next, physicalId: physicalId ?? early }); }
        stack.put({ ...current, status: 'UPDATE_FAILED', reason });
      }
      throw error;
    }
  }

  private async change(
    begun: Resource, properties: Resource['properties'], oldProperties: Resource['properties'], oldTags: Resource['tags'] = {},
  ): Promise<Resource> {
    const { stack } = this;
    stack.put({ ...begun, status: 'UPDATE_IN_PROGRESS', reason: undefined });
    try {
      const provider = this.providerOf(begun.type);
      const request = { ...this.request(begun, properties), physicalId: begun.physicalId!, oldProperties, oldTags };
      const changed = await provider.update(request);
      const { physicalId, attributes, opaque: lacking } = changed;
      if (physicalId !== begun.physicalId) {
        stack.note({ ...begun, physicalId, status: 'UPDATE_IN_PROGRESS', reason: 'Requested update required the provider to create a new physical resource' });
      }
      const reason = this.completed(begun, provider, changed);
      return stack.put({ ...begun, physicalId, attributes, opaque: lacking, properties, attempted: undefined, status: 'UPDATE_COMPLETE', reason });
    } catch (error) {
      const failed = stack.put({ ...begun, status: 'UPDATE_FAILED', reason: reasonOf(stack, error) });
      if (stack.preserves && stack.status === 'UPDATE_IN_PROGRESS' && begun.type !== NESTED_STACK) { await this.stabilize(failed, properties); }
      throw error;
    }
  }

  /**
   * Without rollback, a failed resource returns to its last stable state and stays UPDATE_FAILED:
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
   */
  private async stabilize(failed: Resource, attempted: Resource['properties']): Promise<void> {
    const { stack } = this;
    const { properties, physicalId } = failed;
    const request = { ...this.request(failed, properties), physicalId: physicalId!, oldProperties: attempted };
    try {
      const stable = await this.providerOf(failed.type).update(request);
      stack.resources.set(failed.logicalId, { ...failed, opaque: undefined, ...stable, attempted: undefined });
      if (stable.physicalId !== physicalId) { stack.superseded.push(failed); }
    } catch {
      // It keeps the attempted properties, so that the next operation continues from them.
    }
  }

  /** A custom resource and a nested stack are waited for in express mode as well. */
  private completed({ type }: Resource, provider: ResourceProvider, state?: ResourceState): string | undefined {
    if (state?.opaque !== undefined) { return `opaque: ${state.opaque}`; }
    return provider === opaque ? OPAQUE : this.stack.express && !isCustom(type) && type !== NESTED_STACK ? EXPRESS : undefined;
  }

  private request({ logicalId, type, tags = {}, opaque: lacking }: Resource, properties: Resource['properties']): ResourceRequest {
    const { stack } = this;
    const seed = guid(stack.id, logicalId, stack.made++);
    return {
      region: stack.region,
      stackId: stack.id,
      stackName: stack.name,
      logicalId,
      type,
      properties,
      tags,
      opaque: lacking,
      express: stack.express,
      generatedName: (maxLength) => generatedName(stack.name, logicalId, seed, maxLength),
    };
  }
}

/** The reason in a failure's event: a service's refusal is wrapped as resource handlers wrap it. */
function reasonOf(stack: Stack, error: unknown): string {
  if (!(error instanceof AwsError) || error.code === 'ValidationError') { return (error as Error).message; }
  return `Resource handler returned message: "${error.message} (Status Code: ${error.status}, Error Code: ${error.code})" `
    + `(RequestToken: ${guid(stack.id, 'token', stack.events.length)}, HandlerErrorCode: GeneralServiceException)`;
}
