import { Course, failsAfter, sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';
import { Life, Settings } from './life';
import { attributesIn } from '../harness/published';

const account = sharedAccount({ lambdaRunner: new InProcessRunner() });

const ROW = {
  Metrics: { CostPerHour: 0.2, CostPerInference: 1e-7, MaxInvocations: 500, ModelLatency: 20 },
  EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
  ModelConfiguration: {},
};
const tuned = (environment: Record<string, string>) => ({
  ...ROW, ModelConfiguration: { EnvironmentParameters: Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value })) },
});
const slower = (environment: Record<string, string>) => ({ ...tuned(environment), Metrics: { ...ROW.Metrics, CostPerInference: 9e-7 } });
const finds = (...recommendations: any[]): Course => () => ({ durationSeconds: 600, recommendations });

async function created(name: string, settings: Settings = {}, course?: Course): Promise<Life> {
  const stack = (await account()).stack(name, course);
  expect([await stack.bring({ endpoint: true, ...settings }), stack.reasons]).toEqual(['CREATE_COMPLETE', '']);
  return stack;
}

describe('all of a row is deployed', () => {
  test.concurrent('an environment that nothing knew at synth, over the container\'s own', async () => {
    const stack = await created('Tuned', { environment: { OWN: 'kept', THREADS: '1' } }, finds(tuned({ THREADS: '4', LATE: 'x' }), slower({ THREADS: '2', LATE: 'y' })));
    const { Environment, ModelPackageName } = await stack.container();
    expect(Environment).toEqual({ OWN: 'kept', THREADS: '4', LATE: 'x' });
    expect(ModelPackageName).toContain(':model-package/');
  });

  test.concurrent('the variables that a load test varied, in a model of CloudFormation\'s own', async () => {
    const settings = { loadTestHours: 1, tunes: { THREADS: ['2', '4'] }, environment: { OWN: 'kept' }, refusesCompiled: true };
    const stack = await created('Native', settings);
    expect((await stack.container()).Environment).toEqual({ OWN: 'kept', THREADS: '2' });
    expect(stack.resources(/^Model[0-9A-F]{8}$/).map(({ type }) => type)).toEqual(['AWS::SageMaker::Model']);
    expect(stack.resources(/^InferenceRecommenderRuntimeModel/)).toEqual([]);
  });

  test.concurrent('a compiled model, as it was compiled', async () => {
    const stack = await created('Compiled', { environment: { OWN: 'kept' } });
    const [CompilationJobName] = stack.compilations;
    const { InferenceImage, ModelArtifacts } = await stack.ask('DescribeCompilationJob', { CompilationJobName });
    expect(await stack.container()).toEqual({ Image: InferenceImage, ModelDataUrl: ModelArtifacts.S3ModelArtifacts, Environment: { OWN: 'kept' } });
  });

  test.concurrent('a serverless endpoint', async () => {
    const stack = await created('Serverless', { serverless: true }, finds(ROW, {
      ...ROW, EndpointConfiguration: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } },
    }));
    const { status, config } = await stack.endpoint();
    const { ProductionVariants: [variant] } = await stack.ask('DescribeEndpointConfig', { EndpointConfigName: config });
    expect(status).toBe('InService');
    expect(variant).toMatchObject({ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
    expect(variant).not.toHaveProperty('InstanceType');
  });

  test.concurrent('serverless at 50,000 requests a minute: the concurrency that they need, of a row that can have it', async () => {
    const serverless = (CostPerInference: number, MaxInvocations: number) => ({
      ...ROW,
      Metrics: { CostPerInference, MaxInvocations, ModelLatency: 20 },
      EndpointConfiguration: { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } },
    });
    const stack = (await account()).stack('Busy', finds(serverless(1e-7, 200), serverless(2e-7, 1000), ROW));
    expect(await stack.deploy({ endpoint: true, serverless: true, invocationsPerMinute: 50_000 })).toMatchObject({ exitCode: 0 });
    const { status, config } = await stack.endpoint();
    const { ProductionVariants: [variant] } = await stack.ask('DescribeEndpointConfig', { EndpointConfigName: config });
    expect(status).toBe('InService');
    // The cheaper one needs a concurrency of 250.
    expect(variant.ServerlessConfig).toEqual({ MemorySizeInMB: 2048, MaxConcurrency: 50 });
  });

  test.concurrent('as many instances as the load needs', async () => {
    const stack = await created('Load', { invocationsPerMinute: 1600 }, finds(ROW));
    const { ProductionVariants: [variant] } = await stack.ask('DescribeEndpointConfig', { EndpointConfigName: (await stack.endpoint()).config });
    expect(variant).toMatchObject({ InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 4 });
  });
});

test.concurrent('a limit that changes the winner rolls the endpoint over, and starts no job', async () => {
  const stack = await created('Limits', {}, finds(ROW, {
    ...tuned({ THREADS: '8' }), Metrics: { ...ROW.Metrics, CostPerInference: 2e-7, ModelLatency: 5 }, EndpointConfiguration: { InstanceType: 'ml.c5.9xlarge' },
  }, slower({ THREADS: '4' })));
  const before = await stack.endpoint();
  expect(before.instanceType).toBe('ml.c5.xlarge');
  expect(await stack.deploy({ endpoint: true, maxModelLatency: 10 })).toMatchObject({ exitCode: 0 });
  const after = await stack.endpoint();
  expect(after).toMatchObject({ status: 'InService', instanceType: 'ml.c5.9xlarge' });
  expect((await stack.container()).Environment).toEqual({ THREADS: '8' });
  expect(await stack.deployed()).toEqual({ models: [after.model], configs: [after.config] });
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

describe('a fallback', () => {
  test.concurrent('is deployed after a failed job, with a warning in the outputs, until another trigger has a benchmark\'s', async () => {
    let failing = true;
    const stack = (await account()).stack('Fallback', () => (failing ? failsAfter(70) : {}));
    const settings = { endpoint: true, fallback: 'ml.m5.large' };
    expect(await stack.deploy(settings)).toMatchObject({ exitCode: 0, output: expect.stringContaining('WARNING: the fallback is used.') });
    expect(await stack.endpoint()).toMatchObject({ status: 'InService', instanceType: 'ml.m5.large' });
    const summary = () => Object.entries(stack.outputs).find(([name]) => name.startsWith('JobBestSummary'))![1];
    expect(summary()).toContain('ended FAILED: All benchmarks failed.');

    failing = false;
    // What failed is not tried again by itself.
    expect(await stack.bring({ ...settings, tags: { team: 'ml' } })).toBe('UPDATE_COMPLETE');
    expect(await stack.statuses()).toEqual(['FAILED']);
    expect(await stack.bring({ ...settings, trigger: 'again' })).toBe('UPDATE_COMPLETE');
    expect(await stack.endpoint()).toMatchObject({ status: 'InService', instanceType: 'ml.c5.xlarge' });
    expect(summary()).toMatch(/^ml\.c5\.xlarge × 1 compiled/);
    expect(await stack.statuses()).toEqual(['COMPLETED', 'FAILED']);
  });

  test.concurrent('is deployed where no row keeps the limits', async () => {
    const stack = await created('NoneFits', { fallback: 'ml.m5.large', maxModelLatency: 0 });
    expect(await stack.endpoint()).toMatchObject({ status: 'InService', instanceType: 'ml.m5.large' });
    expect(await stack.statuses()).toEqual(['COMPLETED']);
  });
});

test.concurrent('of a job that nothing may be chosen from, the deploy names the value that would pass; with that value the next deploy finds the job', async () => {
  const stack = (await account()).stack('NothingFits');
  expect(await stack.bring({ maxModelLatency: 0 }, { rollback: false })).toBe('CREATE_FAILED');
  const [, rows, name, value] = /None of the (\d+) recommendations of job (\S+) may be chosen\. The nearest is .+? with `limits\.maxModelLatency` ([\d.e-]+)\. The job has completed/
    .exec(stack.reasons)!;
  expect(Number(rows)).toBeGreaterThan(1);
  expect(await stack.bring({ maxModelLatency: Number(value) }, { rollback: false })).toBe('UPDATE_COMPLETE');
  expect(await stack.jobs()).toEqual([{ name, status: 'COMPLETED' }]);
  expect(stack.outputs.JobName).toBe(name);
});

describe('what a benchmark compiled', () => {
  test.concurrent('is deleted with the stack, on request', async () => {
    const stack = await created('Deletes', { deleteCompilationJobs: true });
    const made = stack.compilations;
    expect(made.length).toBeGreaterThan(0);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(stack.compilations).toEqual([]);
  });

  test.concurrent('stays without', async () => {
    const stack = await created('Keeps');
    const made = stack.compilations;
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    expect(stack.compilations).toEqual(made);
  });

  test.concurrent('is deleted where the stack goes while the job runs, once this has stopped', async () => {
    const world = await account();
    const compiles = (name: string) => ({ ...ROW, ModelConfiguration: { CompilationJobName: name, InferenceSpecificationName: name } });
    const stack = world.stack('DeletesEarly', () => ({ durationSeconds: 3600, recommendations: [compiles('neo-early-1'), ROW, ROW] }));
    const waiting = world.called('StartExecution', ({ stateMachineArn }) => stateMachineArn.includes(':DeletesEarly-'));
    const deleted = waiting.then(async () => {
      await world.pass(30);
      const made = stack.compilations;
      return { made, status: await stack.remove() };
    });
    await stack.bring({ deleteCompilationJobs: true });
    expect(await deleted).toEqual({ made: ['neo-early-1'], status: 'DELETE_COMPLETE' });
    expect([await stack.statuses(), stack.compilations]).toEqual([['STOPPED'], []]);
    expect(stack.at(/^JobCompilations/, 'DELETE_IN_PROGRESS')).toBeGreaterThanOrEqual(stack.at(/^Job[0-9A-F]{8}$/, 'DELETE_COMPLETE'));
  });

  test.concurrent('goes where the request is taken back, too: its resource goes then', async () => {
    const stack = await created('TakesBack', { deleteCompilationJobs: true });
    expect(stack.compilations).not.toEqual([]);
    expect([await stack.bring({ endpoint: true }), stack.reasons]).toEqual(['UPDATE_COMPLETE', '']);
    expect(stack.compilations).toEqual([]);
  });
});

describe('Parameter Store', () => {
  test.concurrent('has the choice below the path, moves with it, and loses it with the stack', async () => {
    const stack = await created('Published', { parameterPath: '/published/first' });
    expect(attributesIn(stack.parameters('/published/first'))).toMatchObject({ InstanceType: 'ml.c5.xlarge', Source: 'Benchmark', ServerlessMemorySizeInMB: '' });
    expect(JSON.parse(stack.parameters('/published/first').recommendation)).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
    expect([await stack.bring({ endpoint: true, parameterPath: '/published/second' }), stack.reasons]).toEqual(['UPDATE_COMPLETE', '']);
    expect(stack.parameters('/published/first')).toEqual({});
    expect(attributesIn(stack.parameters('/published/second'))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    expect(stack.parameters('/published/second')).toEqual({});
  });

  test.concurrent('loses it where the path is taken back', async () => {
    const stack = await created('PathGoes', { parameterPath: '/path-goes' });
    expect([await stack.bring({ endpoint: true }), stack.reasons]).toEqual(['UPDATE_COMPLETE', '']);
    expect(stack.parameters('/path-goes')).toEqual({});
  });

  test.concurrent('loses it with its recommendation', async () => {
    const stack = await created('RowGoes', { parameterPath: '/row-goes' });
    expect([await stack.bring({ recommendation: false }), stack.reasons]).toEqual(['UPDATE_COMPLETE', '']);
    expect(stack.parameters('/row-goes')).toEqual({});
  });
});
