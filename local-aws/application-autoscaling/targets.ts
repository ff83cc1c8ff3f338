import { serviceLinkedRole } from './needs';
import { checkNamespace, scalableOf, TargetKey } from './scalable';
import { AutoScalingState, ScalableTarget } from './state';
import { scalableTargetFindings, SCALABLE_VARIANT } from '../../src/service/scaling-rules';
import { AwsError, invalid, Operations, Region } from '../kernel';

const MOST = 50;
const NOT_SUSPENDED = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false };

export const targetOperations: Operations = {
  RegisterScalableTarget(input, call) {
    const { variant, facts, scale } = scalableOf(input, call.region);
    const room = call.region.room(AutoScalingState);
    const old = room.targets.get(input.ResourceId);
    const [min, max] = [input.MinCapacity ?? old?.min, input.MaxCapacity ?? old?.max];
    if (min === undefined || max === undefined) { throw invalid('MinCapacity and MaxCapacity are required to register a new scalable target.'); }
    const [error] = scalableTargetFindings({ MinCapacity: min, MaxCapacity: max }, facts).filter(({ severity }) => severity === 'error');
    if (error) { throw invalid(`${error.path.join('.')} ${error.sentence}`); }
    const id = old?.id ?? room.newId();
    const target: ScalableTarget = {
      id,
      arn: call.region.arn('application-autoscaling', `scalable-target/${id}`),
      resourceId: input.ResourceId,
      dimension: input.ScalableDimension,
      ...variant,
      created: old?.created ?? new Date(call.region.clock.now()),
      min,
      max,
      suspended: { ...NOT_SUSPENDED, ...old?.suspended, ...input.SuspendedState },
      tags: { ...old?.tags, ...input.Tags },
    };
    room.targets.set(input.ResourceId, target);
    room.serviceLinkedRoleMade = true;
    scale({ min, max });
    return { ScalableTargetARN: target.arn };
  },

  DeregisterScalableTarget(input, call) {
    findTarget(input, call.region, 'found');
    call.region.room(AutoScalingState).deregister(input.ResourceId);
    return {};
  },

  DescribeScalableTargets(input, call) {
    checkNamespace(input);
    // API_DescribeScalableTargets: a dimension requires resource ids.
    if (input.ScalableDimension !== undefined && !input.ResourceIds?.length) { throw invalid('ScalableDimension must be given with ResourceIds.'); }
    const targets = [...call.region.room(AutoScalingState).targets.values()]
      .map((target) => ({ key: target.resourceId, item: describe(target, call.region) }))
      .filter(({ key }) => !input.ResourceIds?.length || input.ResourceIds.includes(key))
      .filter(({ item }) => [undefined, item.ScalableDimension].includes(input.ScalableDimension));
    return page('ScalableTargets', targets, input);
  },

  ListTagsForResource({ ResourceARN }, call) {
    const target = [...call.region.room(AutoScalingState).targets.values()].find(({ arn }) => arn === ResourceARN);
    if (!target) { throw new AwsError('ResourceNotFoundException', `The specified resource doesn't exist: ${ResourceARN}`); }
    return { Tags: target.tags };
  },
};

/** A registered target; an error if there is none. */
export function findTarget(key: TargetKey, region: Region, verb: 'found' | 'registered'): ScalableTarget {
  checkNamespace(key);
  const target = region.room(AutoScalingState).targets.get(key.ResourceId);
  if (target?.dimension !== key.ScalableDimension) { throw new AwsError('ObjectNotFoundException', `No scalable target ${verb} for ${inWords(key)}`); }
  return target;
}

/** A target's key, as the service's errors word it. */
export function inWords({ ServiceNamespace, ResourceId, ScalableDimension }: TargetKey): string {
  return `service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`;
}

function describe(target: ScalableTarget, region: Region) {
  return {
    ServiceNamespace: SCALABLE_VARIANT.ServiceNamespace,
    ResourceId: target.resourceId,
    ScalableDimension: target.dimension,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: serviceLinkedRole(region),
    CreationTime: target.created,
    SuspendedState: target.suspended,
    ScalableTargetARN: target.arn,
  };
}

/** A page of items with unique keys. Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html */
export function page(member: string, entries: Array<{ key: string; item: object }>, { MaxResults = MOST, NextToken }: any): Record<string, unknown> {
  if (MaxResults < 1 || MaxResults > MOST) { throw invalid(`MaxResults must be between 1 and ${MOST}, got: ${MaxResults}`); }
  const last = NextToken === undefined ? undefined : Buffer.from(NextToken, 'base64url').toString();
  const from = last === undefined ? 0 : entries.findIndex(({ key }) => key === last) + 1;
  if (last !== undefined && from === 0) { throw new AwsError('InvalidNextTokenException', 'The next token supplied was invalid.'); }
  const to = from + MaxResults;
  return {
    [member]: entries.slice(from, to).map(({ item }) => item),
    ...to < entries.length && { NextToken: Buffer.from(entries[to - 1].key).toString('base64url') },
  };
}
