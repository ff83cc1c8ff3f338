import {
  DescribeScalableTargetsCommand, DescribeScalingPoliciesCommand, DescribeScheduledActionsCommand, PutScalingPolicyCommand, PutScheduledActionCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import { repoint } from './alarms';
import type { Foreign, ForeignAction, ScalingDeps } from './record';
import { isOwnPolicy } from './settings';
import { SCALABLE_VARIANT } from '../../src/service/scaling-rules';
import { errorMessage, errorName } from '../runtime/errors';

/** What others have set on registered variants. */
export async function foreignOn(resourceIds: readonly string[], deps: ScalingDeps): Promise<Foreign[]> {
  const found: Foreign[] = [];
  for (const resourceId of resourceIds) {
    const { ScalableTargets } = await deps.autoScaling.send(new DescribeScalableTargetsCommand({ ...SCALABLE_VARIANT, ResourceIds: [resourceId] }));
    const suspended = ScalableTargets?.[0]?.SuspendedState;
    const policies = (await policiesOn(resourceId, deps)).filter(({ PolicyName }) => !isOwnPolicy(PolicyName!, resourceId));
    const target = { ...SCALABLE_VARIANT, ResourceId: resourceId };
    const pageOf = (NextToken?: string) => deps.autoScaling.send(new DescribeScheduledActionsCommand({ ...target, NextToken }));
    const actions = await all(pageOf, ({ ScheduledActions }) => ScheduledActions);
    const isSuspended = Object.values(suspended ?? {}).includes(true);
    if (policies.length === 0 && actions.length === 0 && !isSuspended) { continue; }
    found.push({
      resourceId,
      policies: policies.map(({ PolicyName, PolicyARN, ...policy }) => ({ name: PolicyName!, arns: [PolicyARN!], members: without(policy, 'CreationTime', 'Alarms') })),
      actions: actions.map(({ ScheduledActionName, StartTime, EndTime, ...action }) => ({
        name: ScheduledActionName!, members: without(action, 'CreationTime', 'ScheduledActionARN'), start: StartTime?.toISOString(), end: EndTime?.toISOString(),
      })),
      ...isSuspended && { suspended },
    });
  }
  return found;
}

/** All policies on a variant, this library's and others'. */
export async function policiesOn(resourceId: string, { autoScaling }: ScalingDeps): Promise<ScalingPolicy[]> {
  const target = { ...SCALABLE_VARIANT, ResourceId: resourceId };
  return all((NextToken) => autoScaling.send(new DescribeScalingPoliciesCommand({ ...target, NextToken })), ({ ScalingPolicies }) => ScalingPolicies);
}

/** The members that are put again. The target's own are the same for all. */
function without<T extends object>(members: T, ...names: string[]): Record<string, unknown> {
  const left = [...names, ...Object.keys(SCALABLE_VARIANT), 'ResourceId'];
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => !left.includes(name) && value !== undefined));
}

/** All that was found, once and again: of what was found again, the newest counts, and all ARNs. */
export function merged(before: readonly Foreign[], found: readonly Foreign[]): Foreign[] {
  const ids = [...new Set([...before, ...found].map(({ resourceId }) => resourceId))];
  return ids.map((resourceId) => {
    const [old, now] = [before, found].map((list) => list.find((foreign) => foreign.resourceId === resourceId));
    const arnsOf = (name: string) => [old, now].flatMap((foreign) => foreign?.policies.find((policy) => policy.name === name)?.arns ?? []);
    return {
      resourceId,
      policies: byName(old?.policies, now?.policies).map((policy) => ({ ...policy, arns: [...new Set(arnsOf(policy.name))] })),
      actions: byName(old?.actions, now?.actions),
      suspended: now?.suspended ?? old?.suspended,
    };
  });
}

/** Puts back what others had set on a registered variant, and leads their alarms to the policies' new ARNs. */
export async function restore({ resourceId, policies, actions }: Foreign, deps: ScalingDeps): Promise<void> {
  const { autoScaling, clock, log } = deps;
  const target = { ...SCALABLE_VARIANT, ResourceId: resourceId };
  for (const { name, arns, members } of policies) {
    const { PolicyARN } = await autoScaling.send(new PutScalingPolicyCommand({ ...members, ...target, PolicyName: name }));
    const alarms = await repoint(arns, PolicyARN!, deps.alarms);
    log({ message: 'restored', resourceId, policy: name, alarms });
  }
  for (const action of actions) {
    try {
      const times = timesOf(action, clock.now());
      await autoScaling.send(new PutScheduledActionCommand({ ...action.members, ...times, ...target, ScheduledActionName: action.name }));
      log({ message: 'restored', resourceId, scheduledAction: action.name });
    } catch (error) {
      if (!(isOnce(action) && errorName(error) === 'ValidationException') && !(error instanceof Over)) { throw error; }
      log({ message: 'not restored', resourceId, scheduledAction: action.name, reason: errorMessage(error) });
    }
  }
}

/** An action's time is over. */
class Over extends Error {}

/** The times that an action still has. A start that has passed says nothing of a cron expression, and the service may refuse it. */
function timesOf(action: ForeignAction, now: number): { StartTime?: Date; EndTime?: Date } {
  const [start, end] = [action.start, action.end].map((time) => (time === undefined ? undefined : new Date(time)));
  const { Schedule, Timezone } = action.members;
  const once = Date.parse(`${/^at\((.+)\)$/.exec(String(Schedule))?.[1]}Z`);
  const isOver = (end && end.getTime() <= now) || once <= (isUtc(Timezone) ? now : now - BEHIND_UTC_MS);
  if (isOver) { throw new Over('Its time is over.'); }
  const isStarted = start && start.getTime() <= now && /^cron/.test(String(Schedule));
  return { StartTime: isStarted ? undefined : start, EndTime: end };
}

/** The time zone that is farthest behind UTC. */
const BEHIND_UTC_MS = 12 * 3_600_000;

function isUtc(timezone: unknown): boolean {
  return [undefined, 'UTC', 'Etc/UTC'].includes(timezone as string | undefined);
}

function isOnce({ members: { Schedule } }: ForeignAction): boolean {
  return /^at\(/.test(String(Schedule));
}

function byName<T extends { readonly name: string }>(before: readonly T[] = [], found: readonly T[] = []): T[] {
  return [...new Map([...before, ...found].map((one) => [one.name, one])).values()];
}

async function all<P extends { NextToken?: string }, T>(pageOf: (token?: string) => Promise<P>, itemsOf: (page: P) => T[] | undefined): Promise<T[]> {
  const items: T[] = [];
  for (let token: string | undefined; ;) {
    const page = await pageOf(token);
    items.push(...itemsOf(page) ?? []);
    if (page.NextToken === undefined) { return items; }
    token = page.NextToken;
  }
}
