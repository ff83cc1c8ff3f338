import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { InProcessRunner } from './in-process-runner';
import { cdk } from '../../demo/cdk';
import { startLocalAws } from '../../local-aws';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import { parameterNames, positionOf } from '../../src/contract/parameters';
import { archiveOf } from '../harness/archives';
import { newestStack, operate, outputsOf, publish } from '../harness/assembly';
import { copyOut } from '../harness/examples';
import { ACCOUNT, REGION } from '../harness/place';
import { until, UNTIL_DONE_FOR_TOOLS } from '../harness/waiting';

const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'];
const out = mkdtempSync(join(tmpdir(), 'examples-stages-'));
const aws = startLocalAws({ ...UNTIL_DONE_FOR_TOOLS, benchmarks: publishedBenchmarks, lambdaRunner: new InProcessRunner() });
afterAll(async () => {
  await (await aws).close();
  rmSync(out, { recursive: true });
});

const region = async (account = ACCOUNT) => (await aws).world.region(account, REGION);

/** Runs the CDK CLI in a copy of an example, as its user has it outside of this repository. */
async function cli(folder: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await cdk(folder, (await aws).environment(), ...args);
  if (exitCode !== 0) { throw new Error(`cdk ${args.join(' ')} has ended with exit code ${exitCode}:\n${output}`); }
  return output;
}

/** The names of the jobs that an example has started, from now on. */
async function startedJobs(construct: string): Promise<string[]> {
  const names: string[] = [];
  (await aws).world.watch(({ operation, request, status }) => {
    const { JobName, JobDescription } = request as any;
    if (operation === 'CreateInferenceRecommendationsJob' && status === 200 && JobDescription === construct) { names.push(JobName); }
  });
  return names;
}

test.concurrent('serverless or real-time: the answer depends on the load, and the endpoint that follows needs no second job', async () => {
  const folder = copyOut('serverless-or-real-time', out);
  const jobs = await startedJobs('ServerlessOrRealTime/Job');
  const deploy = (...args: string[]) => cli(folder, 'deploy', '--require-approval', 'never', ...args);
  const outputs = async () => outputsOf(newestStack(await region(), 'ServerlessOrRealTime'));
  await deploy();
  expect((await outputs()).Cheaper).toMatch(/serverless/i);
  await deploy('-c', 'load=60000');
  expect((await outputs()).Cheaper).toMatch(/ml\.(m5|c5)\.\w+/);
  await deploy('-c', 'load=60', '-c', 'kind=serverless');
  const { sagemaker, clock } = await region();
  const { EndpointConfigName } = await clock.run(async () => sagemaker.call('DescribeEndpoint', { EndpointName: (await outputs()).EndpointName }));
  const { ProductionVariants: [variant] } = await clock.run(() => sagemaker.call('DescribeEndpointConfig', { EndpointConfigName }));
  expect(variant.ServerlessConfig).toMatchObject({ MemorySizeInMB: expect.any(Number), MaxConcurrency: expect.any(Number) });
  expect(jobs).toHaveLength(1);
  expect(await operate(await region(), 'DeleteStack', 'ServerlessOrRealTime')).toBe('DELETE_COMPLETE');
});

test.concurrent('two accounts: one pays for the benchmark, and the other serves on its copy of the recommendation', async () => {
  const folder = copyOut('two-accounts', out);
  await cli(folder, 'deploy', '--all', '--require-approval', 'never');
  const theirs = await region('222222222222');
  expect(outputsOf(newestStack(theirs, 'TwoAccountsService'))).toMatchObject({ InstanceType: 'ml.c5.xlarge' });
  expect([(await region()).sagemaker.state.jobs.size > 0, theirs.sagemaker.state.jobs.size]).toEqual([true, 0]);
  const { texts: _, ...names } = parameterNames('/ml/shop/recommendation');
  expect([...theirs.ssm.parameters.keys()]).toEqual(expect.arrayContaining([names.fields, names.whole]));
  await cli(folder, 'destroy', '--all', '--force');
  expect([...theirs.ssm.parameters.keys()].filter((name) => name.startsWith('/ml/'))).toEqual([]);
});

test.concurrent('a pipeline: the benchmark\'s stage ends at once, a person approves, and the service follows the result', async () => {
  const folder = copyOut('pipeline', out);
  await cli(folder, 'synth', '--quiet', '--output', join(out, 'pipeline-assembly'));
  const assembly = join(out, 'pipeline-assembly');
  const { Resources } = JSON.parse(readFileSync(join(assembly, 'ShopPipeline.template.json'), 'utf8'));
  const [{ Properties: { Stages } }] = Object.values<any>(Resources).filter(({ Type }) => Type === 'AWS::CodePipeline::Pipeline');
  const actions = Stages.filter(({ Name }: any) => Name.startsWith('Shop')).map(({ Name, Actions }: any) => (
    [Name, ...[...Actions].sort((a, b) => a.RunOrder - b.RunOrder).map((action: any) => action.ActionTypeId.Category)]));
  expect(actions).toEqual([['ShopBenchmark', 'Deploy', 'Deploy'], ['ShopService', 'Approval', 'Deploy', 'Deploy']]);

  // The stages, as the pipeline's actions bring them.
  const here = await region();
  const bring = async (stage: string, stack: string) => {
    const { artifacts } = JSON.parse(readFileSync(join(assembly, `assembly-${stage}`, 'manifest.json'), 'utf8'));
    const [[id, { properties }]] = Object.entries<any>(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
    expect(properties.stackName).toBe(`${stage}-${stack}`);
    const TemplateBody = publish(join(assembly, `assembly-${stage}`), id, here);
    const operation = here.cloudformation.find(properties.stackName) ? 'UpdateStack' : 'CreateStack';
    return operate(here, operation, properties.stackName, { TemplateBody, Capabilities: CAPABILITIES });
  };
  const served = () => outputsOf(newestStack(here, 'ShopService-Shop')).InstanceType;
  const jobs = await startedJobs('ShopBenchmark/Model/Job');
  expect(await bring('ShopBenchmark', 'Model')).toBe('CREATE_COMPLETE');
  expect(await bring('ShopService', 'Shop')).toBe('CREATE_COMPLETE');
  expect(served()).toMatch(/^ml\.(m5\.large|c5\.xlarge)$/);
  // The result is written, and the rule starts the pipeline once more.
  await until(() => here.ssm.parameters.get(parameterNames('/ml/shop/recommendation').fields)?.Value.split('|')[positionOf('InstanceType')] === 'ml.c5.xlarge');
  const rules = Object.values<any>(JSON.parse(here.cloudformation.get('ShopBenchmark-Model').definition.body).Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
  expect(rules.map(({ Properties: { EventPattern, Targets } }) => [EventPattern['detail-type'], JSON.stringify(Targets).includes('shop-models')]))
    .toContainEqual([['Inference Recommendation Change'], true]);
  expect(await bring('ShopService', 'Shop')).toBe('UPDATE_COMPLETE');
  expect([served(), jobs.length]).toEqual(['ml.c5.xlarge', 1]);
  for (const name of ['ShopService-Shop', 'ShopBenchmark-Model']) { expect(await operate(here, 'DeleteStack', name)).toBe('DELETE_COMPLETE'); }
});

test.concurrent('an app that exists gets a benchmark: its endpoint and its model stay, and only the configuration is new', async () => {
  const folder = copyOut('existing-app', out);
  const here = await region();
  const { s3 } = (await aws).world;
  s3.createBucket(`shop-models-${ACCOUNT}`, ACCOUNT, REGION);
  s3.putObject(`shop-models-${ACCOUNT}`, 'model.tar.gz', archiveOf({ file: 'content' }));
  const ids = () => Object.fromEntries([...newestStack(here, 'Shop').resources.values()].map(({ logicalId, physicalId }) => [logicalId, physicalId]));
  const type = async () => {
    const { EndpointName } = outputsOf(newestStack(here, 'Shop'));
    const { EndpointConfigName } = await here.clock.run(() => here.sagemaker.call('DescribeEndpoint', { EndpointName }));
    return (await here.clock.run(() => here.sagemaker.call('DescribeEndpointConfig', { EndpointConfigName }))).ProductionVariants[0].InstanceType;
  };
  await cli(folder, 'deploy', '--require-approval', 'never', '--app', 'node --import tsx before.ts');
  const before = ids();
  expect(await type()).toBe('ml.m5.4xlarge');
  await cli(folder, 'deploy', '--require-approval', 'never');
  expect([await type(), outputsOf(newestStack(here, 'Shop')).InstanceType]).toEqual(['ml.c5.xlarge', 'ml.c5.xlarge']);
  const after = ids();
  expect(Object.keys(before).filter((id) => after[id] !== before[id])).toEqual(['Config']);
  // And back: the library leaves nothing but the record of its job.
  await cli(folder, 'deploy', '--require-approval', 'never', '--app', 'node --import tsx before.ts');
  expect(Object.keys(ids()).sort()).toEqual(Object.keys(before).sort());
  expect(ids().Endpoint).toBe(before.Endpoint);
  expect(await operate(here, 'DeleteStack', 'Shop')).toBe('DELETE_COMPLETE');
});
