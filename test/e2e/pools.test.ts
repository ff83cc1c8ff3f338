import { Course, sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';
import { Life, Settings } from './life';

const account = sharedAccount({ lambdaRunner: new InProcessRunner() });

const rowOf = (InstanceType: string, CostPerInference: number, MaxInvocations: number, environment: Record<string, string> = {}) => ({
  Metrics: { CostPerHour: CostPerInference * MaxInvocations * 60, CostPerInference, MaxInvocations, ModelLatency: 20 },
  EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 },
  ModelConfiguration: { EnvironmentParameters: Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value })) },
});
const ROWS = [
  rowOf('ml.c5.xlarge', 1e-6, 1000, { THREADS: '4' }), rowOf('ml.c5.xlarge', 2e-6, 900, { THREADS: '2' }), rowOf('ml.m5.large', 3e-6, 400, { THREADS: '2' }),
  rowOf('ml.c6i.xlarge', 4e-6, 1200, { THREADS: '8' }),
];
const POOLS: Settings = { endpoint: true, instancePools: 3, invocationsPerMinute: 1600 };

/** Each stack has a Region of its own, because free capacity is the Region's. */
async function stackIn(region: string, name: string, recommendations: any[] = ROWS): Promise<{ readonly stack: Life; readonly settings: Settings }> {
  const course: Course = () => ({ durationSeconds: 600, recommendations });
  return { stack: (await account()).stack(name, course, region), settings: { ...POOLS, region } };
}

async function variantOf(stack: Life): Promise<{ readonly configured: any; readonly serving: any }> {
  const { ProductionVariants: [serving], EndpointConfigName } = await stack.ask('DescribeEndpoint', { EndpointName: stack.outputs.EndpointName });
  const { ProductionVariants: [configured] } = await stack.ask('DescribeEndpointConfig', { EndpointConfigName });
  return { configured, serving };
}

const counts = ({ InstancePools }: any) => Object.fromEntries(InstancePools.map((pool: any) => [pool.InstanceType, pool.CurrentInstanceCount]));

/** The tuned variables of what each pool serves, by its type. */
async function environments(stack: Life): Promise<Record<string, unknown>> {
  const { ModelName, InstancePools } = (await variantOf(stack)).configured;
  const entries = InstancePools.map(async ({ InstanceType, ModelNameOverride = ModelName }: any) => (
    [InstanceType, (await stack.ask('DescribeModel', { ModelName: ModelNameOverride })).PrimaryContainer.Environment]));
  return Object.fromEntries(await Promise.all(entries));
}

test.concurrent('where a type lacks capacity, the next serves: at create, and as the endpoint scales out', async () => {
  const { stack, settings } = await stackIn('us-east-2', 'Pools');
  const { withoutCapacity } = stack.region.sagemaker.state;
  withoutCapacity.add('ml.c5.xlarge');
  expect(await stack.deploy({ ...settings, minCapacity: 1 })).toMatchObject({ exitCode: 0 });
  const { configured, serving } = await variantOf(stack);
  // The weakest type takes 400 a minute.
  expect(configured).toMatchObject({ InitialInstanceCount: 4 });
  expect(configured).not.toHaveProperty('InstanceType');
  expect(configured.InstancePools.map(({ InstanceType, Priority }: any) => [InstanceType, Priority])).toEqual([['ml.c5.xlarge', 1], ['ml.m5.large', 2], ['ml.c6i.xlarge', 3]]);
  expect(await environments(stack)).toEqual({ 'ml.c5.xlarge': { THREADS: '4' }, 'ml.m5.large': { THREADS: '2' }, 'ml.c6i.xlarge': { THREADS: '8' } });
  expect(counts(serving)).toEqual({ 'ml.c5.xlarge': 0, 'ml.m5.large': 4, 'ml.c6i.xlarge': 0 });
  // The local AWS recommends half of what an instance takes.
  expect(stack.outputs.TargetValue).toBe('200');

  withoutCapacity.add('ml.m5.large');
  expect(await stack.deploy({ ...settings, minCapacity: 6 })).toMatchObject({ exitCode: 0 });
  await (await account()).pass(5);
  expect(counts((await variantOf(stack)).serving)).toEqual({ 'ml.c5.xlarge': 0, 'ml.m5.large': 4, 'ml.c6i.xlarge': 2 });
  expect(await stack.statuses()).toEqual(['COMPLETED']);
  expect(await stack.cdk(settings, 'destroy', '--force')).toMatchObject({ exitCode: 0 });
  expect(await stack.deployed()).toEqual({ models: [], configs: [] });
});

test.concurrent('too few types fail the choice with what to do, and the job is found once it is done', async () => {
  const { stack, settings } = await stackIn('us-west-2', 'TooFew');
  expect(await stack.bring({ ...settings, instancePools: 4 })).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('only 3 instance types may be chosen');
  expect(stack.reasons).toContain('set `instancePools` to 3');
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
  expect(await stack.bring(settings)).toBe('CREATE_COMPLETE');
  expect(await stack.statuses()).toEqual(['COMPLETED']);
});

test.concurrent('a type that would be too dear with the instances of the weakest is passed over', async () => {
  // 4 of ml.c6i.xlarge cost 1.152 an hour, 4 of the others 0.24 and 0.288.
  const { stack, settings } = await stackIn('eu-west-1', 'Dear', ROWS);
  expect(await stack.bring({ ...settings, maxCostPerHour: 1 })).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('set `instancePools` to 2, or set `limits.maxCostPerHour` to 1.152');
  expect(await stack.remove()).toBe('DELETE_COMPLETE');
  expect(await stack.bring({ ...settings, maxCostPerHour: 1.152 })).toBe('CREATE_COMPLETE');
});

test.concurrent('the fallback has pools as well', async () => {
  const { stack, settings } = await stackIn('eu-central-1', 'Fallback', [ROWS[0]]);
  expect(await stack.bring({ ...settings, fallback: 'ml.c5.2xlarge', nextFallbacks: ['ml.m5.2xlarge', 'ml.c6i.2xlarge'] })).toBe('CREATE_COMPLETE');
  const { serving } = await variantOf(stack);
  expect(counts(serving)).toEqual({ 'ml.c5.2xlarge': 1, 'ml.m5.2xlarge': 0, 'ml.c6i.2xlarge': 0 });
});

test.concurrent('models that are known before the deploy are CloudFormation\'s own, one for each pool', async () => {
  const { stack, settings } = await stackIn('eu-west-3', 'NativePools', ROWS.filter(({ EndpointConfiguration: { InstanceType } }) => InstanceType !== 'ml.c6i.xlarge'));
  const native = { loadTestHours: 1, tunes: { THREADS: ['2', '4'] }, refusesCompiled: true };
  expect([await stack.bring({ ...settings, ...native, instancePools: 2 }), stack.reasons]).toEqual(['CREATE_COMPLETE', '']);
  expect(stack.resources(/^Model(Pool2Resource)?[0-9A-F]{8}$/).map(({ type }) => type)).toEqual(['AWS::SageMaker::Model', 'AWS::SageMaker::Model']);
  expect(stack.resources(/^InferenceRecommenderRuntimeModel/)).toEqual([]);
  expect(await environments(stack)).toEqual({ 'ml.c5.xlarge': { THREADS: '4' }, 'ml.m5.large': { THREADS: '2' } });
});

test.concurrent('where no type has capacity, the endpoint fails with the service\'s reason', async () => {
  const { stack, settings } = await stackIn('ap-south-1', 'Empty');
  ['ml.c5.xlarge', 'ml.m5.large', 'ml.c6i.xlarge'].forEach((type) => stack.region.sagemaker.state.withoutCapacity.add(type));
  expect(await stack.bring(settings)).toBe('ROLLBACK_COMPLETE');
  expect(stack.reasons).toContain('InsufficientInstanceCapacity');
});
