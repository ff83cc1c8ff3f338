import * as fc from 'fast-check';
import { merged } from '../../../lambda/scaling/foreign';
import type { Foreign } from '../../../lambda/scaling/record';
import { isOwnPolicy } from '../../../lambda/scaling/settings';
import { ALARM, ID, LARGER, OWN, ScaledEndpoint, StackState, STEPS, XLARGE } from '../../harness/scaled-endpoint';
import { serviceError } from '../../harness/stage';

const TARGET = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: ID };
const BACKLOG = { MetricName: 'ApproximateBacklogSizePerInstance', Namespace: 'AWS/SageMaker', Statistic: 'Average', Dimensions: [{ Name: 'EndpointName', Value: 'live' }] };
const AT_ZERO = { MinCapacity: '0', MaxCapacity: '3', TargetValue: '5', CustomizedMetric: BACKLOG, InstancesOutOfZero: '1' };
const THEIRS = { policies: ['AllTraffic-target-tracking', 'theirs'], actions: ['nightly'], isInvoked: true };
const OUT_OF_ZERO = 'InferenceScaling-endpoint/live/variant/AllTraffic-OutOfZero';

async function scaled(state: StackState = XLARGE): Promise<ScaledEndpoint> {
  const stack = await new ScaledEndpoint().setUp();
  expect(await stack.create(state)).toMatchObject({ Status: 'SUCCESS' });
  await stack.settings('AllTraffic');
  return stack;
}

const policyArn = (stack: ScaledEndpoint) => [...stack.region.applicationAutoScaling.policies.values()].find(({ input }) => input.PolicyName === 'theirs')!.arn;
const action = (stack: ScaledEndpoint, more: object) => stack.autoScaling('PutScheduledAction', {
  ...TARGET, ScheduledActionName: 'own', Schedule: 'cron(0 6 * * ? *)', ScalableTargetAction: { MinCapacity: 2 }, ...more,
});
const seconds = (stack: ScaledEndpoint, minutes: number) => Math.round(stack.clock.now() / 1000) + 60 * minutes;

test('what others have set outlasts another instance type: under another ARN, to which their alarm leads', async () => {
  const stack = await scaled();
  const arn = policyArn(stack);
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
  expect(policyArn(stack)).not.toBe(arn);
  expect(stack.region.cloudwatch.alarms.get('theirs-AllTraffic')!.input).toMatchObject({ ...ALARM, AlarmActions: ['arn:aws:sns:us-east-1:111111111111:topic', policyArn(stack)] });
  expect(stack.record).not.toHaveProperty('packed');
});

test.each(['endpoint', 'sibling'] as const)('it outlasts a rollback after the %s failed, and the next update', async (failure) => {
  const stack = await scaled();
  expect(await stack.update(LARGER, failure)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
});

test('a change of the figures alone deregisters nothing, so a policy keeps its ARN', async () => {
  const stack = await scaled();
  const arn = policyArn(stack);
  stack.calls.length = 0;
  await stack.scale('Update', { ...XLARGE, properties: { ...OWN, MaxCapacity: '9', TargetValue: '5' } }, { PhysicalResourceId: 'Scaling' });
  expect([policyArn(stack), stack.count('DeregisterScalableTarget'), stack.count('PutMetricAlarm')]).toEqual([arn, 0, 0]);
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
});

test('a variant that comes back with a rollback has what others had set, and one that is gone for good leaves nothing in the record', async () => {
  const stack = await scaled();
  const renamed: StackState = { ...LARGER, variants: { Other: 'ml.c5.xlarge' } };
  expect(await stack.update(renamed, 'sibling')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
  expect(await stack.update(renamed)).toBe('UPDATE_COMPLETE');
  expect(stack.record).not.toHaveProperty('packed');
  expect(Object.keys(stack.registered)).toEqual(['endpoint/live/variant/Other']);
});

test('another resource that scales the endpoint gives it back when its creation is rolled back', async () => {
  const stack = await scaled();
  const other = { LogicalResourceId: 'Other', PhysicalResourceId: 'Other' };
  await stack.scale('Create', { ...XLARGE, properties: { ...OWN, MaxCapacity: '5' } }, other);
  await stack.scale('Delete', XLARGE, other);
  expect(await stack.theirs('AllTraffic')).toEqual(THEIRS);
});

test('suspended scaling stays suspended', async () => {
  const stack = await scaled();
  await stack.autoScaling('RegisterScalableTarget', { ...TARGET, SuspendedState: { DynamicScalingInSuspended: true } });
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  expect(stack.region.applicationAutoScaling.targets.get(ID)!.suspended).toEqual({
    DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false,
  });
});

test.each([
  ['a start that has passed', { start: -1 }, {}, { Schedule: 'cron(0 6 * * ? *)' }],
  ['a start to come, and an end', { start: 60, end: 120 }, {}, { StartTime: expect.any(Date), EndTime: expect.any(Date) }],
  ['a time to come', {}, { Schedule: 'at(2030-01-01T00:00:00)', Timezone: 'Asia/Tokyo' }, { Schedule: 'at(2030-01-01T00:00:00)', Timezone: 'Asia/Tokyo' }],
])('a scheduled action with %s is restored', async (_what, { start, end }: { start?: number; end?: number }, more, expected) => {
  const stack = await scaled();
  await action(stack, { ...more, StartTime: start && seconds(stack, start), EndTime: end && seconds(stack, end) });
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  const found = [...stack.region.applicationAutoScaling.scheduledActions.values()].find(({ input }) => input.ScheduledActionName === 'own')!.input;
  expect(found).toMatchObject(expected);
  if (start === -1) { expect(found.StartTime).toBeUndefined(); }
});

test.each([
  ['its end has passed', (stack: ScaledEndpoint) => ({ EndTime: seconds(stack, 4) })],
  ['its time has passed', (stack: ScaledEndpoint) => ({ Schedule: `at(${new Date(stack.clock.now() + 240_000).toISOString().slice(0, 19)})` })],
  ['its time has passed in its zone', (stack: ScaledEndpoint) => (
    { Schedule: `at(${new Date(stack.clock.now() + 9 * 3_600_000 + 240_000).toISOString().slice(0, 19)})`, Timezone: 'Asia/Tokyo' })],
])('a scheduled action is left out if %s meanwhile', async (_what, moreOf) => {
  const stack = await scaled();
  await action(stack, moreOf(stack));
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  expect((await stack.theirs('AllTraffic')).actions).toEqual(['nightly']);
  expect(stack.logs.join()).toContain('"not restored"');
});

test('hundreds of them fit into the record, and what does not fit is left on the variant', async () => {
  const stack = await scaled();
  for (let n = 0; n < 40; n++) { await stack.autoScaling('PutScalingPolicy', { ...TARGET, PolicyName: `p${n}`, PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEPS }); }
  for (let n = 0; n < 60; n++) { await action(stack, { ScheduledActionName: `a${n}` }); }
  expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
  const { policies, scheduledActions } = stack.region.applicationAutoScaling;
  expect([policies.size, scheduledActions.size]).toEqual([42, 61]);
  stack.faults.push({ operation: 'PutParameter', error: serviceError('ValidationException', 'Too long.'), times: 1 });
  await stack.config({ ...XLARGE, config: 'three' });
  const { Status, Reason } = await stack.pause('Update', { ...XLARGE, config: 'three' }, { PhysicalResourceId: 'two' });
  expect([Status, Reason]).toEqual(['FAILED', expect.stringMatching(/^Too long\. The scaling policies and scheduled actions that others .* take \d+ of its 8192 characters: remove some/)]);
  expect([policies.size, scheduledActions.size]).toEqual([42, 61]);
});

describe('an endpoint that leaves zero', () => {
  const asynchronous = async (properties: object = AT_ZERO) => {
    const stack = await new ScaledEndpoint().setUp();
    expect(await stack.create({ ...XLARGE, properties })).toMatchObject({ Status: 'SUCCESS', Data: { Metric: 'ApproximateBacklogSizePerInstance', TargetValue: '5' } });
    return stack;
  };
  const alarms = (stack: ScaledEndpoint) => [...stack.region.cloudwatch.alarms.keys()].filter((name) => name.startsWith('Inference'));

  test('has a step policy and its alarm, which follow it through a roll-over, and go with it', async () => {
    const stack = await asynchronous();
    const invoked = () => stack.region.cloudwatch.alarms.get(OUT_OF_ZERO)!.input;
    const own = () => [...stack.region.applicationAutoScaling.policies.values()].find(({ input }) => input.PolicyName === 'AllTraffic-out-of-zero')!;
    expect(invoked()).toMatchObject({
      MetricName: 'HasBacklogWithoutCapacity', Namespace: 'AWS/SageMaker', Dimensions: [{ Name: 'EndpointName', Value: 'live' }], AlarmActions: [own().arn],
    });
    expect(own().input.StepScalingPolicyConfiguration).toMatchObject({ AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }], Cooldown: 300 });
    const { arn } = own();
    expect(await stack.update({ ...LARGER, properties: { ...AT_ZERO, ScaleOutCooldown: '60' } })).toBe('UPDATE_COMPLETE');
    expect(own().arn).not.toBe(arn);
    expect([invoked().AlarmActions, own().input.StepScalingPolicyConfiguration.Cooldown]).toEqual([[own().arn], 60]);
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    expect([alarms(stack), stack.record]).toEqual([[], undefined]);
  });

  test.each([['0', '0'], ['1', '1'], ['0', undefined]])('has neither with a minimum of %s and %s instances out of zero', async (MinCapacity, InstancesOutOfZero) => {
    const stack = await asynchronous({ ...AT_ZERO, MinCapacity, InstancesOutOfZero });
    expect([Object.keys(stack.registered[ID].policies), alarms(stack)]).toEqual([['AllTraffic-target-tracking'], []]);
  });

  test('loses both when it no longer leaves zero by them, and has them again after a rollback of that', async () => {
    const stack = await asynchronous();
    const never: StackState = { ...LARGER, properties: { ...AT_ZERO, InstancesOutOfZero: '0' } };
    expect(await stack.update(never, 'sibling')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(alarms(stack)).toEqual([OUT_OF_ZERO]);
    expect(await stack.update(never)).toBe('UPDATE_COMPLETE');
    expect([Object.keys(stack.registered[ID].policies), alarms(stack)]).toEqual([['AllTraffic-target-tracking'], []]);
  });

  test('that comes from InvocationsPerInstance tracks its backlog, without a policy of before', async () => {
    const stack = await scaled();
    await stack.scale('Update', { ...XLARGE, properties: { ...AT_ZERO, InstancesOutOfZero: '0' } }, { PhysicalResourceId: 'Scaling' });
    expect(stack.registered[ID].policies).toEqual({ 'AllTraffic-target-tracking': { TargetValue: 5, CustomizedMetricSpecification: BACKLOG } });
  });
});

test('an own policy is known by its name, however the variant is called', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9](-?[a-zA-Z0-9]){0,20}$/);
  fc.assert(fc.property(name, fc.integer({ min: 2, max: 9 }), fc.string(), (variant, n, other) => {
    const id = `endpoint/live/variant/${variant}`;
    const own = [`${variant}-target-tracking`, `${variant}-target-tracking-${n}`, `${variant}-out-of-zero`];
    expect(own.map((policy) => isOwnPolicy(policy, id))).toEqual([true, true, true]);
    expect([`x${own[0]}`, `${own[0]}-x`, other].filter((policy) => !own.includes(policy)).some((policy) => isOwnPolicy(policy, id))).toBe(false);
  }));
});

test('what is found again replaces what was found before, but for the ARNs, and nothing is lost', () => {
  const policies = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), arns: fc.array(fc.string(), { minLength: 1, maxLength: 2 }), members: fc.record({ n: fc.nat() }) }), { selector: ({ name }) => name });
  const list: fc.Arbitrary<Foreign[]> = fc.uniqueArray(fc.record({ resourceId: fc.constantFrom('x', 'y'), policies, actions: fc.constant([]) }), { selector: ({ resourceId }) => resourceId });
  fc.assert(fc.property(list, list, (before, found) => {
    const result = merged(before, found);
    for (const given of [before, found]) {
      for (const { resourceId, policies: all } of given) {
        const kept = result.find((one) => one.resourceId === resourceId)!;
        for (const { name, arns, members } of all) {
          const policy = kept.policies.find((one) => one.name === name)!;
          expect(policy.arns).toEqual(expect.arrayContaining(arns));
          if (given === found) { expect(policy.members).toEqual(members); }
        }
      }
    }
    expect(merged(result, found)).toEqual(result);
  }));
});
