import { DeregisterScalableTargetCommand, PutScalingPolicyCommand, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { inService } from './endpoint';
import type { ScalingDeps, ScalingRecord } from './record';
import { SCALABLE_VARIANT } from '../../src/service/scaling-rules';
import type { Clock } from '../runtime/deps';
import { errorName } from '../runtime/errors';

/** A new target becomes visible everywhere only after a moment. Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html */
const TRIES = 6;
const PAUSE_MS = 5_000;

/** Registers an endpoint's variants and their policies, once it is in service. An already registered variant gets these values. */
export async function register({ endpointName, variants }: Pick<ScalingRecord, 'endpointName' | 'variants'>, deps: ScalingDeps): Promise<void> {
  const { autoScaling, clock, log } = deps;
  if (variants.length > 0) { await inService(endpointName, deps); }
  for (const { resourceId, minCapacity, maxCapacity, policies } of variants) {
    const target = { ...SCALABLE_VARIANT, ResourceId: resourceId };
    await autoScaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: minCapacity, MaxCapacity: maxCapacity }));
    for (const { name, config } of policies) {
      await onceKnown(clock, () => autoScaling.send(new PutScalingPolicyCommand({
        ...target, PolicyName: name, PolicyType: 'TargetTrackingScaling', TargetTrackingScalingPolicyConfiguration: config,
      })));
    }
    log({ message: 'registered', resourceId, minCapacity, maxCapacity, policies });
  }
}

/** Deregistering a target also removes its policies. If the endpoint is gone, the target is gone as well, which is no error. */
export async function deregister(resourceIds: readonly string[], { autoScaling, log }: ScalingDeps): Promise<void> {
  for (const resourceId of resourceIds) {
    try {
      await autoScaling.send(new DeregisterScalableTargetCommand({ ...SCALABLE_VARIANT, ResourceId: resourceId }));
      log({ message: 'deregistered', resourceId });
    } catch (error) {
      if (errorName(error) !== 'ObjectNotFoundException') { throw error; }
    }
  }
}

async function onceKnown(clock: Clock, put: () => Promise<unknown>): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await put();
      return;
    } catch (error) {
      if (errorName(error) !== 'ObjectNotFoundException' || tried === TRIES) { throw error; }
      await clock.sleep(PAUSE_MS);
    }
  }
}
