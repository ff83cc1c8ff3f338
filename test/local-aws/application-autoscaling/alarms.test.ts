import * as fc from 'fast-check';
import { Bench, ResourceId, TARGET } from './fixtures';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.endpoint();
  await bench.register({ MinCapacity: 1, MaxCapacity: 6 });
});

const ALARM = {
  AlarmName: 'theirs', Namespace: 'n', MetricName: 'm', Statistic: 'Average', Period: 60, EvaluationPeriods: 1, Threshold: 10, ComparisonOperator: 'GreaterThanThreshold',
};

const cloudwatch = (operation: string, input: object): Promise<any> => {
  const { region } = bench;
  return region.cloudwatch.operations[operation](input, { region, principal: region.root, requestId: 'r' }) as Promise<any>;
};

async function steps(configuration: object): Promise<string> {
  const { PolicyARN } = await bench.scaling('PutScalingPolicy', {
    ...TARGET, PolicyName: 'steps', PolicyType: 'StepScaling', StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', Cooldown: 60, ...configuration },
  });
  await cloudwatch('PutMetricAlarm', { ...ALARM, AlarmActions: [PolicyARN] });
  return PolicyARN;
}

async function trigger(value?: number): Promise<void> {
  const StateReasonData = value === undefined ? undefined : JSON.stringify({ recentDatapoints: [0, value], threshold: 10 });
  await cloudwatch('SetAlarmState', { AlarmName: 'theirs', StateValue: 'OK', StateReason: '' });
  await cloudwatch('SetAlarmState', { AlarmName: 'theirs', StateValue: 'ALARM', StateReason: '', StateReasonData });
  await bench.minutes(4);
}

const count = async (): Promise<number> => (await bench.call('DescribeEndpoint', { EndpointName: 'live' })).ProductionVariants[0].CurrentInstanceCount;

test('an alarm that invokes a step policy changes the count of the variant, and the policy lists it', async () => {
  await steps({ StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }] });
  expect((await bench.policies())[0].Alarms).toMatchObject([{ AlarmName: 'theirs' }]);
  await trigger();
  expect(await count()).toBe(3);
});

test.each([
  ['the step of the breach', { StepAdjustments: [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 }, { MetricIntervalLowerBound: 5, ScalingAdjustment: 3 }] }, 15, 4],
  ['the maximum', { StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 50 }] }, 11, 6],
  ['an exact capacity', { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 5 }] }, 11, 5],
  ['percent, at least one', { AdjustmentType: 'PercentChangeInCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 20 }] }, 11, 2],
  ['percent, by the least magnitude', { AdjustmentType: 'PercentChangeInCapacity', MinAdjustmentMagnitude: 3, StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 20 }] }, 11, 4],
  ['nothing where no step fits', { StepAdjustments: [{ MetricIntervalLowerBound: 5, ScalingAdjustment: 3 }] }, 11, 1],
])('it goes by %s', async (_what, configuration, value, expected) => {
  await steps(configuration);
  await trigger(value);
  expect(await count()).toBe(expected);
});

test('it waits for its cooldown, and is silent while scaling out is suspended', async () => {
  await steps({ Cooldown: 600, StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }] });
  await trigger();
  await trigger();
  expect(await count()).toBe(2);
  await bench.minutes(10);
  await bench.register({ SuspendedState: { DynamicScalingOutSuspended: true } });
  await trigger();
  expect(await count()).toBe(2);
});

test('an ARN of a policy that was deregistered and put again scales no more', async () => {
  const arn = await steps({ StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }] });
  await bench.scaling('DeregisterScalableTarget', TARGET);
  await bench.register({ MinCapacity: 1, MaxCapacity: 6 });
  const again = await steps({ StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }] });
  expect(again).not.toBe(arn);
  await cloudwatch('PutMetricAlarm', { ...ALARM, AlarmActions: [arn] });
  await trigger();
  expect(await count()).toBe(1);
});

test('target tracking has two alarms of its own, which go with the policy', async () => {
  await bench.put();
  const names = [...bench.region.cloudwatch.alarms.keys()];
  expect(names).toEqual([expect.stringMatching(`^TargetTracking-${ResourceId}-AlarmHigh-`), expect.stringMatching(`^TargetTracking-${ResourceId}-AlarmLow-`)]);
  await bench.put();
  expect([...bench.region.cloudwatch.alarms.keys()]).toEqual(names);
  await bench.scaling('DeleteScalingPolicy', { ...TARGET, PolicyName: 'track' });
  expect(bench.region.cloudwatch.alarms.size).toBe(0);
  await bench.put();
  await bench.scaling('DeregisterScalableTarget', TARGET);
  expect(bench.region.cloudwatch.alarms.size).toBe(0);
});

test('whatever the adjustment, the count stays within the bounds of the target', async () => {
  const types = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];
  const adjustments = fc.integer({ min: -300, max: 300 });
  await fc.assert(fc.asyncProperty(fc.constantFrom(...types), adjustments, fc.nat(30), async (AdjustmentType, by, value) => {
    await steps({ AdjustmentType, StepAdjustments: [{ ScalingAdjustment: by }] });
    await trigger(value);
    expect(await count()).toBeGreaterThanOrEqual(1);
    expect(await count()).toBeLessThanOrEqual(6);
  }), { numRuns: 40 });
});
