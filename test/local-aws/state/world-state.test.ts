import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { startLocalAws, VirtualClock, World } from '../../../local-aws';
import { rest, restore, stateOf, WorldState } from '../../../local-aws/state/world-state';
import { FORMS } from '../../e2e/apps/forms';
import { Form, PRODUCER, SHOP, shopOf } from '../../e2e/apps/shop';
import { InProcessRunner } from '../../e2e/in-process-runner';
import { LocalApps } from '../../e2e/local-apps';
import { scratch } from '../../harness/files';
import { ACCOUNT, REGION } from '../../harness/place';
import { Bench, TARGET } from '../application-autoscaling/fixtures';
import { GenerativeBench } from '../sagemaker/generative/fixtures';

/** Bytes in memory. */
class Memory extends Map<string, Buffer> {
  public put(bytes: Buffer): string {
    const name = bytes.toString('base64');
    this.set(name, bytes);
    return name;
  }

  public override get(text: string): Buffer {
    // As from a file: each reader has bytes of its own.
    return Buffer.from(super.get(text)!);
  }

  public putFile(path: string): string {
    return this.put(readFileSync(path));
  }

  public getFile(text: string, path: string): void {
    writeFileSync(path, this.get(text));
  }
}

/** As another process reads it. */
function written(world: World, bytes: Memory): WorldState {
  return JSON.parse(JSON.stringify(stateOf(world, bytes)));
}

const CASES: Array<[string, Form]> = [
  ['Job', 'with a listener and results'], ['Job', 'in the background'], ['EndpointAutoScaling', 'by a recommendation'], ['ModelRegistryBenchmark', 'that renews and adopts'],
].map(([kind, name]) => [`${kind} ${name}`, FORMS[kind][name]]);

test('the cases are forms', () => { expect(CASES.filter(([, form]) => form === undefined).map(([name]) => name)).toEqual([]); });

test.each(CASES)('a stack goes on in the next run as if there had been none: %s', async (_name, form) => {
  const state = join(scratch(), 'state');
  const options = { state, lambdaRunner: new InProcessRunner() };
  const first = await LocalApps.open(options);
  await first.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  expect(await first.bring(shopOf(form), PRODUCER)).toBe('CREATE_COMPLETE');
  expect(await first.bring(shopOf(form), SHOP)).toBe('CREATE_COMPLETE');
  const { outputs } = first.stack(SHOP);
  await first.close();

  const next = await LocalApps.open({ ...options, lambdaRunner: new InProcessRunner() });
  expect(next.stack(SHOP).outputs).toEqual(outputs);
  // Nothing is lost or added by a run that does nothing.
  const bytes = new Memory();
  const before = written(next.aws.world, bytes);
  const world = new World();
  await restore(world, before, bytes);
  expect({ ...written(world, bytes), time: 0 }).toEqual({ ...before, time: 0 });
  await expect(next.bring(shopOf(form), SHOP)).rejects.toThrow('No updates are to be performed.');
  expect(await next.remove(SHOP)).toBe('DELETE_COMPLETE');
  expect(await next.remove(PRODUCER)).toBe('DELETE_COMPLETE');
  await next.close();
});

test('schedules go on, and do not make up for the time between', async () => {
  const world = new World({ clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }) });
  const region = world.region(ACCOUNT, REGION);
  const call = { region, principal: region.root, requestId: 'r' };
  await region.events.operations.PutRule({ Name: 'hourly', ScheduleExpression: 'rate(1 hour)' }, call);
  await region.events.operations.PutTargets({ Rule: 'hourly', Targets: [{ Id: 'log', Arn: region.arn('logs', 'log-group:/aws/events/all') }] }, call);
  const bytes = new Memory();
  const state = written(world, bytes);

  const next = new World({ clock: new VirtualClock({ start: new Date('2026-01-02T00:30:00Z'), jumps: false }) });
  await restore(next, state, bytes);
  const again = next.region(ACCOUNT, REGION);
  const tries = () => again.events.failedInvocations.length;
  await next.clock.advance(29 * 60_000);
  expect(tries()).toBe(0);
  await next.clock.advance(2 * 60_000);
  expect(tries()).toBe(1);
  await again.events.operations.DisableRule({ Name: 'hourly' }, { ...call, region: again });
  await next.clock.advance(2 * 3_600_000);
  expect(tries()).toBe(1);
});

test('scheduled actions go on, but for one whose only time is over', async () => {
  const bench = new Bench();
  await bench.endpoint();
  await bench.register({ MinCapacity: 1, MaxCapacity: 4 });
  const put = (ScheduledActionName: string, Schedule: string, MinCapacity: number) => (
    bench.scaling('PutScheduledAction', { ...TARGET, ScheduledActionName, Schedule, ScalableTargetAction: { MinCapacity } }));
  await put('daily', 'cron(0 6 * * ? *)', 2);
  await put('once', 'at(2026-01-01T12:00:00)', 3);
  const bytes = new Memory();
  const state = written(bench.world, bytes);
  const next = new World({ clock: new VirtualClock({ start: new Date('2026-01-02T05:30:00Z'), jumps: false }) });
  await restore(next, state, bytes);
  const { applicationAutoScaling } = next.region(bench.region.account, bench.region.name);
  const bounds = () => [...applicationAutoScaling.targets.values()].map(({ min, max }) => [min, max]);
  await next.clock.advance(20 * 60_000);
  expect(bounds()).toEqual([[1, 4]]);
  await next.clock.advance(20 * 60_000);
  expect(bounds()).toEqual([[2, 4]]);
});

test('jobs of the generative family that are over are kept, with their recommendations and the archives of their benchmarks', async () => {
  const bench = new GenerativeBench();
  bench.world.s3.createBucket('out', bench.region.account, bench.region.name);
  await bench.workload('Chat');
  const job = await bench.recommended({ AIWorkloadConfigIdentifier: 'Chat' });
  const bytes = new Memory();
  const next = new World({ clock: new VirtualClock({ start: new Date('2026-01-02T00:30:00Z'), jumps: false }) });
  await restore(next, written(bench.world, bytes), bytes);
  const { sagemaker } = next.region(bench.region.account, bench.region.name);
  expect(await sagemaker.call('DescribeAIRecommendationJob', { AIRecommendationJobName: 'job' })).toEqual(job);
  expect(await sagemaker.call('DescribeAIWorkloadConfig', { AIWorkloadConfigName: 'Chat' })).toMatchObject({ AIWorkloadConfigName: 'Chat' });
  expect([...next.s3.find('out')!.objects.keys()]).toEqual([...bench.world.s3.find('out')!.objects.keys()]);
  await sagemaker.call('DeleteAIRecommendationJob', { AIRecommendationJobName: 'job' });
});

test('time does not go back, and what still runs comes to its end first', async () => {
  const state = join(scratch(), 'state');
  const aws = await startLocalAws({ state });
  let ended = 0;
  void aws.world.clock.run(async () => {
    await aws.world.clock.sleep(5 * 3_600_000);
    ended = aws.world.clock.now();
  });
  await aws.close();
  const next = await startLocalAws({ state });
  expect(ended).toBeGreaterThan(0);
  expect(next.world.clock.now()).toBeGreaterThanOrEqual(ended);
  await next.close();
});

test('what never ends is named, and the state stays as it was', async () => {
  const world = new World();
  const region = world.region(ACCOUNT, REGION);
  const call = { region, principal: region.root, requestId: 'r' };
  const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 86_400, Next: 'Wait' } } });
  const { stateMachineArn } = await region.stepFunctions.operations.CreateStateMachine({ name: 'm', definition, roleArn: `arn:aws:iam::${ACCOUNT}:role/r` }, call) as any;
  await world.clock.run(() => region.stepFunctions.operations.StartExecution({ stateMachineArn, name: 'forever' }, call));
  await expect(rest(world)).rejects.toThrow(/:execution:m:forever runs still after 30 days of virtual time, so this world cannot be kept: its state stays as it was before$/);
  await world.close();
});
