import { stillScalable, TargetKey } from './scalable';
import { AutoScalingState, ScalingPolicy, trackingAlarms } from './state';
import { Alarm, AlarmState } from '../cloudwatch';
import { Region } from '../kernel';

/** The alarms of a policy: those that target tracking has made, or a step policy's user. */
export function alarmsOf({ id, arn, input }: ScalingPolicy, region: Region): Array<{ AlarmName: string; AlarmARN: string }> {
  const names = input.PolicyType === 'TargetTrackingScaling' ? trackingAlarms(id, input) : region.room(AlarmState).having(arn).map(({ name }) => name);
  return names.map((AlarmName) => ({ AlarmName, AlarmARN: region.arn('cloudwatch', `alarm:${AlarmName}`) }));
}

/** Makes the alarms of a policy that tracks a target. Their actions do nothing here: nothing scales by load. */
export function putTrackingAlarms({ id, arn, input }: ScalingPolicy, region: Region): void {
  if (input.PolicyType !== 'TargetTrackingScaling') { return; }
  const { TargetValue, CustomizedMetricSpecification: customized = {} } = input.TargetTrackingScalingPolicyConfiguration;
  const now = new Date(region.clock.now());
  for (const name of trackingAlarms(id, input)) {
    const actions = { ActionsEnabled: true, AlarmActions: [arn], OKActions: [], InsufficientDataActions: [] };
    const comparison = { ComparisonOperator: name.includes('-AlarmHigh-') ? 'GreaterThanThreshold' : 'LessThanThreshold', EvaluationPeriods: 3, Period: 60 };
    region.room(AlarmState).alarms.set(name, {
      name,
      arn: region.arn('cloudwatch', `alarm:${name}`),
      input: { ...customized, AlarmName: name, Threshold: TargetValue, ...actions, ...comparison },
      tags: {},
      configured: now,
      state: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      set: now,
      changed: now,
    });
  }
}

/** Scales as a step policy says when an alarm invokes it. An ARN that no policy has any more does nothing. */
export function scaleBySteps(region: Region, alarm: Alarm, policyArn: string): void {
  const { policies, targets, cooldowns } = region.room(AutoScalingState);
  const policy = [...policies.values()].find(({ arn, input }) => arn === policyArn && input.PolicyType === 'StepScaling');
  const target = policy && targets.get(policy.input.ResourceId);
  const scaled = policy && stillScalable(policy.input as TargetKey, region);
  if (!policy || !target || scaled?.count === undefined) { return; }
  const { StepAdjustments, Cooldown = 300, ...manner } = policy.input.StepScalingPolicyConfiguration;
  const breach = breachOf(alarm);
  const step = StepAdjustments.find(({ MetricIntervalLowerBound: from = -Infinity, MetricIntervalUpperBound: to = Infinity }: any) =>
    (breach >= 0 ? breach >= from && breach < to : breach > from && breach <= to));
  if (step === undefined) { return; }
  const now = scaled.count;
  const count = Math.min(Math.max(adjusted(now, step.ScalingAdjustment, manner), target.min), target.max);
  const suspended = target.suspended[count > now ? 'DynamicScalingOutSuspended' : 'DynamicScalingInSuspended'];
  if (count === now || suspended || region.clock.now() < (cooldowns.get(policy.id) ?? 0)) { return; }
  cooldowns.set(policy.id, region.clock.now() + Cooldown * 1000);
  scaled.scale({ min: count, max: count });
}

/**
 * How far the metric is beyond the threshold, by the state's data: its last datapoint, as CloudWatch writes it. Without data it is at the threshold.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html (StateReasonData)
 */
function breachOf({ input, reasonData }: Alarm): number {
  const { recentDatapoints = [], threshold = input.Threshold } = reasonData === undefined ? {} : JSON.parse(reasonData) ?? {};
  const breach = Number([].concat(recentDatapoints).pop() ?? threshold) - Number(threshold);
  return Number.isFinite(breach) ? breach : 0;
}

/** Source: https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html (adjustment types) */
function adjusted(now: number, by: number, { AdjustmentType, MinAdjustmentMagnitude = 0 }: any): number {
  if (AdjustmentType === 'ExactCapacity') { return by; }
  if (AdjustmentType === 'ChangeInCapacity') { return now + by; }
  // Values of 1 and more are rounded down, those between 0 and 1 up to 1.
  const size = Math.abs(now * by / 100);
  return now + Math.sign(by) * Math.max(size > 0 && size < 1 ? 1 : Math.floor(size), size > 0 ? MinAdjustmentMagnitude : 0);
}
