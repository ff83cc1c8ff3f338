import { Course, failsAfter, sharedAccount } from './account';

const account = sharedAccount();

/** First attempts fail at minute 70, where the second stage waits; later ones take half an hour. */
const failsAtFirst: Course = (jobName) => (/-a\d+$/.test(jobName) ? { durationSeconds: 30 * 60 } : failsAfter(70));

test.concurrent('a job that fails fails the deploy with the service\'s reason and the failed benchmark, and the stack rolls back', async () => {
  const stack = (await account()).stack('Fails', () => failsAfter(70));
  const { exitCode, output } = await stack.deploy({ endpoint: true });
  expect(exitCode).toBe(1);
  expect(output).toContain('ended FAILED: All benchmarks failed.');
  expect(output).toContain('Failed benchmarks: ml.c5.large: The container ran out of memory.');
  expect(stack.minutesOf(/^JobWait1/) + stack.minutesOf(/^JobWait2/, 'CREATE_FAILED')).toBeGreaterThanOrEqual(70);
  expect(stack.record.status).toBe('ROLLBACK_COMPLETE');
  expect(await stack.statuses()).toEqual(['FAILED']);
  expect(await stack.deployed()).toEqual({ models: [], configs: [] });
});

test.concurrent('an update whose job fails goes back to the old recommendation without starting a job, and the endpoint serves all along', async () => {
  let failing = false;
  const stack = (await account()).stack('Back', () => (failing ? failsAfter(130) : {}));
  await stack.bring({ endpoint: true });
  const [outputs, endpoint, [old]] = [stack.outputs, await stack.endpoint(), await stack.jobs()];
  failing = true;
  expect(await stack.deploy({ endpoint: true, loadTestHours: 5 })).toMatchObject({ exitCode: 1, output: expect.stringContaining('All benchmarks failed') });
  expect(stack.record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  const jobs = await stack.jobs();
  expect(jobs.map(({ status }) => status).sort()).toEqual(['COMPLETED', 'FAILED']);
  expect(jobs).toContainEqual(old);
  expect(stack.outputs).toEqual(outputs);
  expect(await stack.endpoint()).toEqual(endpoint);

  // Whoever deploys the same change again asks for another attempt.
  failing = false;
  expect(await stack.bring({ endpoint: true, loadTestHours: 5 })).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).toBe(`${jobs.find(({ status }) => status === 'FAILED')!.name}-a2`);
});

test.concurrent('after --no-rollback, a second deploy runs a second attempt, and nothing later runs a third', async () => {
  const stack = (await account()).stack('Paused', failsAtFirst);
  expect(await stack.deploy({}, '--no-rollback')).toMatchObject({ exitCode: 1, output: expect.stringContaining('All benchmarks failed') });
  expect(stack.record.status).toBe('CREATE_FAILED');
  const [{ name }] = await stack.jobs();
  expect(await stack.deploy({}, '--no-rollback')).toMatchObject({ exitCode: 0 });
  expect(await stack.jobs()).toEqual([{ name, status: 'FAILED' }, { name: `${name}-a2`, status: 'COMPLETED' }]);
  expect(stack.outputs.JobName).toBe(`${name}-a2`);
  expect(await stack.bring({ tags: { team: 'ml' } })).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).toBe(`${name}-a2`);
  expect(await stack.jobs()).toHaveLength(2);
});

test.concurrent('a second attempt that outlasts the stages left goes on, and the next deploy waits for it', async () => {
  const stack = (await account()).stack('Outlasts', (jobName) => (/-a2$/.test(jobName) ? { durationSeconds: 70 * 60 } : failsAfter(70)));
  expect(await stack.bring({}, { rollback: false })).toBe('CREATE_FAILED');
  expect(await stack.bring({}, { rollback: false })).toBe('UPDATE_FAILED');
  expect(stack.reasons).toContain('is still IN_PROGRESS');
  expect(await stack.statuses()).toEqual(['FAILED', 'IN_PROGRESS']);
  expect(await stack.bring({}, { rollback: false })).toBe('UPDATE_COMPLETE');
  expect(await stack.statuses()).toEqual(['COMPLETED', 'FAILED']);
});

test.concurrent('an update paused at a failure goes on with a second attempt', async () => {
  let failing = false;
  const stack = (await account()).stack('PausedUpdate', (jobName) => (failing ? failsAtFirst(jobName) : {}));
  await stack.bring();
  const { JobName: old } = stack.outputs;
  failing = true;
  expect(await stack.bring({ trigger: 'again' }, { rollback: false })).toBe('UPDATE_FAILED');
  expect(await stack.bring({ trigger: 'again' }, { rollback: false })).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).toMatch(/-a2$/);
  expect(stack.outputs.JobName.startsWith(old)).toBe(false);
  expect(await stack.statuses()).toEqual(['COMPLETED', 'COMPLETED', 'FAILED']);
});

test.concurrent('cdk rollback of a paused update brings the old recommendation back without starting a job', async () => {
  let failing = false;
  const stack = (await account()).stack('RolledBack', () => (failing ? failsAfter(10) : {}));
  await stack.bring();
  const { outputs } = stack;
  failing = true;
  expect(await stack.bring({ trigger: 'again' }, { rollback: false })).toBe('UPDATE_FAILED');
  expect(await stack.cdk({}, 'rollback')).toMatchObject({ exitCode: 0 });
  expect(stack.record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.outputs).toEqual(outputs);
  expect(await stack.statuses()).toEqual(['COMPLETED', 'FAILED']);
});

test.concurrent('a job that somebody stops fails the deploy', async () => {
  const world = await account();
  const stack = world.stack('Stopped');
  const waiting = world.called('StartExecution', ({ stateMachineArn, input }) => stateMachineArn.includes(':Stopped-') && JSON.parse(input).purpose === 'wait');
  const stopping = waiting.then(async () => stack.ask('StopInferenceRecommendationsJob', { JobName: (await stack.jobs())[0].name }));
  expect(await stack.bring()).toBe('ROLLBACK_COMPLETE');
  await stopping;
  expect(stack.reasons).toContain('ended STOPPED: it was stopped before it was done');
});

test.concurrent('an endpoint that fails to update goes back to the old model and configuration', async () => {
  const world = await account();
  const stack = world.stack('EndpointFails');
  await stack.bring({ endpoint: true });
  const before = await stack.endpoint();
  // Somebody deletes the new model while the endpoint moves over to it.
  // By whichever spelling of its name.
  const updating = world.called('UpdateEndpoint', ({ EndpointName }) => EndpointName.toLowerCase() === stack.outputs.EndpointName.toLowerCase());
  const sabotage = updating.then(async () => {
    const { models } = await stack.deployed();
    await stack.ask('DeleteModel', { ModelName: models.find((name) => name !== before.model) });
  });
  expect(await stack.bring({ endpoint: true, objective: 'latency' })).toBe('UPDATE_ROLLBACK_COMPLETE');
  await sabotage;
  expect(stack.reasons).toContain('Could not find model');
  expect(await stack.endpoint()).toEqual(before);
  expect(await stack.deployed()).toEqual({ models: [before.model], configs: [before.config] });
  expect(stack.outputs.InstanceType).toBe('ml.c5.xlarge');
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});
