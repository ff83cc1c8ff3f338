import { sharedAccount } from './account';

const MINUTE = 60_000;

const account = sharedAccount();

test.concurrent('a deploy benchmarks, waits without a running function, and serves what is cheapest', async () => {
  const stack = (await account()).stack('Create');
  expect(await stack.deploy({ endpoint: true })).toMatchObject({ exitCode: 0, output: expect.stringContaining('✅  Create') });

  const [{ name }] = await stack.jobs();
  const job = await stack.ask('DescribeInferenceRecommendationsJob', { JobName: name });
  expect(job.Status).toBe('COMPLETED');
  const [begun, ended] = [job.CreationTime.getTime(), job.CompletionTime.getTime()];
  expect(ended - begun).toBe(45 * MINUTE);
  expect(stack.at(/^JobBest/, 'CREATE_IN_PROGRESS')).toBeGreaterThanOrEqual(ended);
  // At the beginning the first stage starts the waiting, and at most once the second takes over.
  expect(stack.invocations.filter((start) => start > begun + MINUTE && start < ended - MINUTE)).toEqual([]);

  expect(stack.outputs).toMatchObject({ JobName: name, InstanceType: 'ml.c5.xlarge' });
  const { status, instanceType, model } = await stack.endpoint();
  expect({ status, instanceType }).toEqual({ status: 'InService', instanceType: 'ml.c5.xlarge' });
  // The cheapest row is a compiled one: it runs as the artifact of its compilation.
  expect((await stack.ask('DescribeModel', { ModelName: model })).PrimaryContainer).toMatchObject({ ModelDataUrl: expect.stringContaining('neo') });
});

test.concurrent('a second deploy of the same app does nothing', async () => {
  const world = await account();
  const stack = world.stack('Same');
  await stack.bring();
  await world.pass(1);
  const [events, invocations] = [stack.record.events.length, stack.invocations.length];
  expect(await stack.deploy()).toMatchObject({ exitCode: 0, output: expect.stringContaining('✅  Same (no changes)') });
  expect(stack.record.events).toHaveLength(events);
  expect(stack.invocations).toHaveLength(invocations);
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent.each([
  ['an instance recommendation of 70 minutes', 'Long', 70, undefined, 2],
  ['a load test of 5 hours', 'Longest', 300, 5, 8],
])('%s is waited for by stages of less than an hour each', async (_what, name, minutes, loadTestHours, stages) => {
  const stack = (await account()).stack(name, () => ({ durationSeconds: minutes * 60 }));
  expect(await stack.bring({ loadTestHours })).toBe('CREATE_COMPLETE');
  const waits = stack.resources(/^JobWait/).map(({ logicalId }) => stack.minutesOf(new RegExp(`^${logicalId}$`)));
  expect(waits).toHaveLength(stages);
  expect(Math.max(...waits)).toBeLessThan(60);
  expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThanOrEqual(minutes);
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent('stacks of one app with the same construct ids, and of one name in two Regions, have jobs of their own', async () => {
  const world = await account();
  const stacks = [{ name: 'Twin' }, { name: 'Other' }, { name: 'TwinInEurope', stackName: 'Twin', region: 'eu-west-1' }];
  expect(await world.cdk(stacks, 'deploy', '--all', '--concurrency', '3')).toMatchObject({ exitCode: 0 });
  const lives = [world.stack('Twin'), world.stack('Other'), world.stack('Twin', undefined, 'eu-west-1')];
  const jobs = (await Promise.all(lives.map((life) => life.jobs()))).flat();
  expect(jobs.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  expect(lives.map(({ outputs }) => outputs.JobName)).toEqual(jobs.map(({ name }) => name));
  // What the service cuts off names that it derives still tells them apart. Each Region has an image of its own, which counts.
  expect(new Set(jobs.map(({ name }) => name.slice(0, 40))).size).toBe(3);

  expect(await lives[0].remove()).toBe('DELETE_COMPLETE');
  expect(lives.slice(1).map(({ record }) => record.status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
});

test.concurrent('a job in a nested stack is found, waited for and cleaned up like any other', async () => {
  const stack = (await account()).stack('Outer');
  expect(await stack.deploy({ nested: true, endpoint: true })).toMatchObject({ exitCode: 0 });
  const endpoints = async () => (await stack.ask('ListEndpoints', { NameContains: 'Outer-' })).Endpoints;
  expect(await endpoints()).toEqual([expect.objectContaining({ EndpointStatus: 'InService' })]);
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
  expect(await endpoints()).toEqual([]);
});
