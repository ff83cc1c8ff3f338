import { sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';
import { Life, Settings } from './life';
import { COST_TAG } from '../../src/contract/claims';

const account = sharedAccount({ lambdaRunner: new InProcessRunner() });

async function created(name: string, settings: Settings = {}): Promise<Life> {
  const stack = (await account()).stack(name);
  expect(await stack.bring(settings)).toBe('CREATE_COMPLETE');
  return stack;
}

test.concurrent('another objective starts no job: the model and the configuration are replaced, and the endpoint moves over', async () => {
  const stack = await created('Objective', { endpoint: true });
  const [before, { models }] = [await stack.endpoint(), await stack.deployed()];
  expect(await stack.deploy({ endpoint: true, objective: 'latency' })).toMatchObject({ exitCode: 0 });
  const after = await stack.endpoint();
  expect(after).toMatchObject({ status: 'InService', instanceType: 'ml.c5.9xlarge' });
  expect(after.config).not.toBe(before.config);
  // The old ones are gone.
  expect(await stack.deployed()).toEqual({ models: [after.model], configs: [after.config] });
  expect(models).not.toContain(after.model);
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent('a change of tags, of the description or of the role starts no job, and the tags are those of the job that has run', async () => {
  const stack = await created('Settings', { tags: { team: 'ml', gone: 'soon' } });
  const job = { name: stack.outputs.JobName, status: 'COMPLETED' };
  for (const change of [{ tags: { team: 'shop' } }, { description: 'Another' }, { role: 'OwnRole' }]) {
    expect(await stack.bring({ tags: { team: 'shop' }, ...change })).toBe('UPDATE_COMPLETE');
    expect(await stack.jobs()).toEqual([job]);
    expect(stack.outputs.JobName).toBe(job.name);
  }
  const { JobArn } = await stack.ask('DescribeInferenceRecommendationsJob', { JobName: job.name });
  const { Tags } = await stack.ask('ListTags', { ResourceArn: JobArn });
  expect(Tags.filter(({ Key }: any) => !Key.startsWith('cdk-') && Key !== COST_TAG)).toEqual([{ Key: 'team', Value: 'shop' }]);
});

test.concurrent.each<[string, string, Settings]>([
  ['trigger', 'Trigger', { trigger: 'again' }],
  ['container\'s environment', 'Environment', { environment: { THREADS: '8' } }],
])('a change of the %s starts exactly one job, whose recommendation is deployed', async (_what, name, change) => {
  const stack = await created(name, { endpoint: true });
  const [old] = await stack.jobs();
  expect(await stack.deploy({ endpoint: true, ...change })).toMatchObject({ exitCode: 0 });
  const jobs = await stack.jobs();
  expect(jobs.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
  expect(stack.outputs.JobName).toBe(jobs.find((job) => job.name !== old.name)!.name);
  const { status, model, config } = await stack.endpoint();
  expect(status).toBe('InService');
  expect(await stack.deployed()).toEqual({ models: [model], configs: [config] });
});

test.concurrent('another version of the package with the same content starts no job, and is what is deployed', async () => {
  const stack = await created('Package', { endpoint: true });
  const { model } = await stack.endpoint();
  expect(await stack.deploy({ endpoint: true, packageDescription: 'another version' })).toMatchObject({ exitCode: 0 });
  expect(await stack.statuses()).toEqual(['COMPLETED']);
  const after = await stack.endpoint();
  expect(after.status).toBe('InService');
  expect(after.model).not.toBe(model);
});

test.concurrent('another job type runs one job with as many stages as it needs, and the old type finds its old job again', async () => {
  const stack = await created('Type');
  const { JobName: old } = stack.outputs;
  const stages = () => stack.resources(/^JobWait/).length;
  expect(stages()).toBe(2);
  expect(await stack.bring({ loadTestHours: 5 })).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).not.toBe(old);
  expect(stages()).toBe(8);
  expect(await stack.bring()).toBe('UPDATE_COMPLETE');
  expect(stack.outputs.JobName).toBe(old);
  expect(stages()).toBe(2);
  expect(await stack.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
});

test.concurrent('cdk diff says on the job itself that a change may start a paid one, and says nothing where it cannot', async () => {
  const stack = (await account()).stack('Diff');
  expect(await stack.bring({ role: 'Role' })).toBe('CREATE_COMPLETE');
  const paying = await stack.cdk({ role: 'Role', environment: { THREADS: '8' } }, 'diff');
  expect(paying).toMatchObject({ exitCode: 0 });
  expect(paying.output).toMatch(/Custom::InferenceRecommendationsJob Job[^]+PaidBenchmark\s+.+\[-\] Another value may start a paid job: \w{16}\s+.+\[\+\] Another value may start a paid job: \w{16}/);
  const free = await stack.cdk({ role: 'Other', objective: 'latency', description: 'other', tags: { team: 'ml' } }, 'diff');
  expect(free).toMatchObject({ exitCode: 0, output: expect.stringContaining('Custom::InferenceRecommendationsJob Job') });
  expect(free.output).not.toContain('PaidBenchmark');
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});
