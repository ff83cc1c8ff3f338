import { PutScheduledActionCommand, ApplicationAutoScalingClient, DescribeScheduledActionsCommand } from '@aws-sdk/client-application-auto-scaling';
import { Bench, TARGET } from './fixtures';
import { startLocalAws } from '../../../local-aws';

let bench: Bench;
beforeEach(async () => {
  bench = new Bench();
  await bench.endpoint();
  await bench.register({ MinCapacity: 1, MaxCapacity: 4 });
});

const put = (more: object = {}) => bench.scaling('PutScheduledAction', {
  ...TARGET, ScheduledActionName: 'daily', Schedule: 'cron(0 6 * * ? *)', ScalableTargetAction: { MinCapacity: 2 }, ...more,
});
const actions = async (): Promise<any[]> => (await bench.scaling('DescribeScheduledActions', { ServiceNamespace: 'sagemaker' })).ScheduledActions;
const bounds = () => [...bench.region.applicationAutoScaling.targets.values()].map(({ min, max }) => [min, max])[0];
const hours = (count: number) => bench.minutes(60 * count);

test('an action changes the target\'s bounds at its time, and the count with them', async () => {
  await put();
  await hours(5.5);
  expect(bounds()).toEqual([1, 4]);
  await hours(1);
  expect(bounds()).toEqual([2, 4]);
  expect(await bench.call('DescribeEndpoint', { EndpointName: 'live' })).toMatchObject({ ProductionVariants: [{ CurrentInstanceCount: 2 }] });
  await bench.register({ MinCapacity: 1 });
  await hours(24);
  expect(bounds()).toEqual([2, 4]);
});

test.each([
  ['a time zone, in winter', { Timezone: 'Europe/Berlin' }, 5],
  ['a time zone behind', { Timezone: 'America/New_York' }, 11],
  ['a rate', { Schedule: 'rate(3 hours)' }, 3],
  ['once', { Schedule: 'at(2026-01-01T02:00:00)' }, 2],
  ['once, in a time zone', { Schedule: 'at(2026-01-01T02:00:00)', Timezone: 'Europe/Berlin' }, 1],
  ['a start', { StartTime: Date.parse('2026-01-01T12:00:00Z') / 1000 }, 30],
])('runs by %s', async (_what, more, due) => {
  await put(more);
  // The endpoint took three minutes to be in service.
  await hours(due - 0.1);
  expect(bounds()).toEqual([1, 4]);
  await hours(0.2);
  expect(bounds()).toEqual([2, 4]);
});

test('it ends with its end, and rests while scheduled scaling is suspended', async () => {
  await put({ EndTime: Date.parse('2026-01-01T05:00:00Z') / 1000 });
  await hours(48);
  expect(bounds()).toEqual([1, 4]);
  await put();
  await bench.register({ SuspendedState: { ScheduledScalingSuspended: true } });
  await hours(48);
  expect(bounds()).toEqual([1, 4]);
});

test('a repeated put keeps what is left out, but for the times', async () => {
  await put({ StartTime: Date.parse('2026-01-02T00:00:00Z') / 1000, Timezone: 'Europe/Berlin' });
  const [{ ScheduledActionARN, StartTime }] = await actions();
  expect(StartTime).toEqual(new Date('2026-01-02T00:00:00Z'));
  await bench.scaling('PutScheduledAction', { ...TARGET, ScheduledActionName: 'daily', ScalableTargetAction: { MaxCapacity: 9 } });
  const [again] = await actions();
  expect(again).toMatchObject({ ScheduledActionARN, Schedule: 'cron(0 6 * * ? *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MaxCapacity: 9 } });
  expect(again).not.toHaveProperty('StartTime');
});

test('it goes by its name, and with its target', async () => {
  await put();
  await put({ ScheduledActionName: 'other' });
  await bench.scaling('DeleteScheduledAction', { ...TARGET, ScheduledActionName: 'daily' });
  expect((await actions()).map(({ ScheduledActionName }) => ScheduledActionName)).toEqual(['other']);
  await expect(bench.scaling('DeleteScheduledAction', { ...TARGET, ScheduledActionName: 'daily' })).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
  await bench.scaling('DeregisterScalableTarget', TARGET);
  expect(await actions()).toEqual([]);
  await expect(put()).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
});

test.each([
  [{ Schedule: undefined }, 'Schedule and ScalableTargetAction are required'],
  [{ ScalableTargetAction: {} }, 'at least one of MinCapacity and MaxCapacity'],
  [{ ScalableTargetAction: { MinCapacity: -1 } }, 'must not be negative'],
  [{ ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 2 } }, 'cannot be greater than maximum capacity'],
  [{ Schedule: 'daily' }, 'it must be rate'],
  [{ Schedule: 'at(2025-12-31T00:00:00)' }, 'is in the past'],
  [{ Timezone: 'Nowhere/None' }, 'time zone Nowhere/None is not valid'],
  [{ StartTime: 2e9, EndTime: 1.9e9 }, 'start time must be before'],
  [{ EndTime: 1e9 }, 'end time must be in the future'],
  [{ ScheduledActionName: 'a:b' }, 'failed to satisfy'],
])('%j is refused', async (more, reason) => {
  await expect(put(more)).rejects.toThrow(reason);
});

test('the SDK puts one and reads it back', async () => {
  const aws = await startLocalAws();
  const { sagemaker, applicationAutoScaling } = aws.world.region('111111111111', 'us-east-1');
  expect(applicationAutoScaling.scheduledActions.size).toBe(0);
  await sagemaker.call('CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i' } });
  const ProductionVariants = [{ VariantName: 'main', ModelName: 'm', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }];
  await sagemaker.call('CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants });
  await sagemaker.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'c' });
  const client = new ApplicationAutoScalingClient(aws.client());
  const target = { ...TARGET, ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' } as const;
  await applicationAutoScaling.operations.RegisterScalableTarget({ ...TARGET, MinCapacity: 1, MaxCapacity: 2 }, {
    region: aws.world.region('111111111111', 'us-east-1'), principal: { account: '111111111111', arn: 'arn:aws:iam::111111111111:root' }, requestId: 'r',
  });
  const EndTime = new Date('2100-01-01T00:00:00Z');
  await client.send(new PutScheduledActionCommand({ ...target, ScheduledActionName: 'n', Schedule: 'rate(1 day)', EndTime, ScalableTargetAction: { MinCapacity: 1 } }));
  expect((await client.send(new DescribeScheduledActionsCommand({ ServiceNamespace: 'sagemaker' }))).ScheduledActions).toMatchObject([{ ScheduledActionName: 'n', EndTime }]);
  await aws.close();
});
