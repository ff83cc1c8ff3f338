import {
  DeleteScalingPolicyCommand, DeregisterScalableTargetCommand, PutScalingPolicyCommand, RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ScalingPolicy, TargetTrackingScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import { Alarm, DeleteAlarms, PutMetricAlarm } from './alarms';
import { inService } from './endpoint';
import { foreignOn, merged, policiesOn, restore } from './foreign';
import { ScalingDeps, ScalingRecord, writeRecord } from './record';
import { isOwnPolicy, VariantScaling } from './settings';
import { outOfZeroAlarm, SCALABLE_VARIANT } from '../../src/service/scaling-rules';
import type { Clock } from '../runtime/deps';
import { errorName, isNotFound } from '../runtime/errors';

/** A new target becomes visible everywhere only after a moment. Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html */
const TRIES = 6;
const PAUSE_MS = 5_000;

/**
 * Registers an endpoint's variants and their policies, once it is in service, and puts back what others had set on them. An already registered variant
 * gets these values.
 *
 * @returns the record, without what is put back
 */
export async function register<R extends Pick<ScalingRecord, 'endpointName' | 'variants' | 'foreign'>>(record: R, deps: ScalingDeps): Promise<R> {
  const { endpointName, variants, foreign = [] } = record;
  const { autoScaling, clock, log } = deps;
  if (variants.length > 0) { await inService(endpointName, deps); }
  for (const variant of variants) {
    const { resourceId, minCapacity, maxCapacity, policies, outOfZero } = variant;
    const target = { ...SCALABLE_VARIANT, ResourceId: resourceId };
    const others = foreign.find((one) => one.resourceId === resourceId);
    await autoScaling.send(new RegisterScalableTargetCommand({
      ...target, MinCapacity: minCapacity, MaxCapacity: maxCapacity, SuspendedState: others?.suspended,
    }));
    await removeOld(variant, deps);
    for (const { name, config } of policies) {
      await onceKnown(clock, () => autoScaling.send(new PutScalingPolicyCommand({
        ...target, PolicyName: name, PolicyType: 'TargetTrackingScaling', TargetTrackingScalingPolicyConfiguration: config,
      })));
    }
    if (outOfZero) {
      const { PolicyARN } = await onceKnown(clock, () => autoScaling.send(new PutScalingPolicyCommand({
        ...target, PolicyName: outOfZero.name, PolicyType: 'StepScaling', StepScalingPolicyConfiguration: outOfZero.config,
      })));
      await deps.alarms.send(new PutMetricAlarm(waitingRequests(endpointName, resourceId, PolicyARN!)));
    }
    log({ message: 'registered', resourceId, minCapacity, maxCapacity, policies, outOfZero });
    if (others) { await restore(others, deps); }
  }
  const registered = variants.map(({ resourceId }) => resourceId);
  return { ...record, foreign: foreign.filter(({ resourceId }) => !registered.includes(resourceId)) };
}

/** Policies of old settings would scale together with the new ones, and two policies cannot track one metric. */
async function removeOld({ resourceId, policies, outOfZero }: VariantScaling, deps: ScalingDeps): Promise<void> {
  const isKept = ({ PolicyName, TargetTrackingScalingPolicyConfiguration: config }: ScalingPolicy) => PolicyName === outOfZero?.name
    || policies.some((policy) => policy.name === PolicyName && metricOf(policy.config) === metricOf(config));
  for (const policy of await policiesOn(resourceId, deps)) {
    if (!isOwnPolicy(policy.PolicyName!, resourceId) || isKept(policy)) { continue; }
    await deps.autoScaling.send(new DeleteScalingPolicyCommand({ ...SCALABLE_VARIANT, ResourceId: resourceId, PolicyName: policy.PolicyName }));
  }
}

function metricOf(config: TargetTrackingScalingPolicyConfiguration | undefined): string {
  return JSON.stringify([config?.PredefinedMetricSpecification?.PredefinedMetricType, config?.CustomizedMetricSpecification]);
}

/** Requests wait and there is no instance. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html */
function waitingRequests(endpointName: string, resourceId: string, policyArn: string): Alarm {
  return {
    AlarmName: outOfZeroAlarm(resourceId),
    AlarmDescription: `Requests wait for ${endpointName}, which has no instance.`,
    AlarmActions: [policyArn],
    Namespace: 'AWS/SageMaker',
    MetricName: 'HasBacklogWithoutCapacity',
    Dimensions: [{ Name: 'EndpointName', Value: endpointName }],
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'missing',
  };
}

/** Deletes the alarms of variants that no longer leave zero by them. */
export async function removeAlarms(resourceIds: readonly string[], { alarms }: ScalingDeps): Promise<void> {
  for (const resourceId of resourceIds) {
    await alarms.send(new DeleteAlarms({ AlarmNames: [outOfZeroAlarm(resourceId)] })).catch((error) => {
      if (!isNotFound(error)) { throw error; }
    });
  }
}

/** Writes down what others have set on the variants, and deregisters them. */
export async function takeOut(recordName: string, record: ScalingRecord, resourceIds: readonly string[], deps: ScalingDeps): Promise<ScalingRecord> {
  const kept = { ...record, foreign: merged(record.foreign ?? [], await foreignOn(resourceIds, deps)) };
  // Written first: after a crash in between, the record tells what to put back.
  await writeRecord(recordName, kept, deps);
  await deregister(resourceIds, deps);
  return kept;
}

/** Deregistering a target also removes its policies and scheduled actions. If the endpoint is gone, the target is gone as well, which is no error. */
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

async function onceKnown<T>(clock: Clock, put: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await put();
    } catch (error) {
      if (errorName(error) !== 'ObjectNotFoundException' || tried === TRIES) { throw error; }
      await clock.sleep(PAUSE_MS);
    }
  }
}
