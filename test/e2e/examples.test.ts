import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { cdk } from '../../demo/cdk';
import { startLocalAws } from '../../local-aws';
import { Iam, PolicyDocument } from '../../local-aws/iam';
import { decide } from '../../local-aws/iam/policy';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import { parameterNames, positionOf } from '../../src/contract/parameters';
import { archiveOf } from '../harness/archives';
import { operate } from '../harness/assembly';
import { copyOut } from '../harness/examples';
import { judge } from '../harness/judge';
import { packageRequest } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';
import { until, UNTIL_DONE_FOR_TOOLS } from '../harness/waiting';

const out = mkdtempSync(join(tmpdir(), 'examples-'));
const aws = startLocalAws({ ...UNTIL_DONE_FOR_TOOLS, benchmarks: publishedBenchmarks });
afterAll(async () => {
  await (await aws).close();
  rmSync(out, { recursive: true });
});

interface Asked {
  readonly principal: string;
  readonly policies: readonly PolicyDocument[];
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** What the library's functions and machines have asked of IAM and were allowed: each need of each role once, with the role's policies at that time. */
const asked = new Map<string, Asked>();
const check = Iam.prototype.check;
jest.spyOn(Iam.prototype, 'check').mockImplementation(function (this: Iam, call, service, operation, input) {
  check.call(this, call, service, operation, input);
  const role = this.role(call.principal.arn);
  if (!role || !/InferenceRecommenderRuntime/.test(role.name)) { return; }
  const policies = [...role.policies.values(), ...[...role.attached].map((arn) => this.managedPolicy(arn).document)];
  const context = this.principalContext(role.arn);
  this.needs(service, operation, input ?? {}).forEach((need) => asked.set([role.arn, need.action, need.resource].join(' '), {
    principal: role.arn, policies, action: need.action, resource: need.resource, context: { ...context, ...need.context },
  }));
});

const copies = new Map<string, string>();

/** Runs the CDK CLI in a copy of an example, as its user has it outside of this repository. */
async function run(example: string, args: readonly string[], region?: string) {
  const { environment } = await aws;
  if (!copies.has(example)) { copies.set(example, copyOut(example, join(out, 'apps'))); }
  return cdk(copies.get(example)!, environment({ region }), ...args, '--output', join(out, example));
}

/** Deletes a stack without the CLI, which other tests see at it. */
async function remove(stackName: string): Promise<void> {
  const { world } = await aws;
  expect(await operate(world.region(ACCOUNT, REGION), 'DeleteStack', stackName)).toBe('DELETE_COMPLETE');
}

/** Deploys an example as its user does, gives its outputs and what was asked of SageMaker; then deletes it. */
async function deployed(example: string, stackName: string) {
  const { world } = await aws;
  const requests: any[] = [];
  const stop = world.watch(({ operation, request, status }) => {
    if (operation === 'CreateInferenceRecommendationsJob' && status === 200 && (request as any).JobDescription === `${stackName}/Job`) { requests.push(request); }
  });
  const deploy = await run(example, ['deploy', '--require-approval', 'never']);
  expect(deploy).toMatchObject({ exitCode: 0 });
  const stack = world.region(ACCOUNT, REGION).cloudformation.get(stackName);
  const resources = [...stack.resources.values()];
  const outputs = Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value]));
  await remove(stackName);
  stop();
  expect(requests).toHaveLength(1);
  return { outputs, resources, request: requests[0], output: deploy.output };
}

test.concurrent('a load test of five hours of a model of Hugging Face', async () => {
  const { outputs, request, resources } = await deployed('hugging-face', 'HuggingFace');
  expect(request).toMatchObject({ JobType: 'Advanced', InputConfig: { JobDurationInSeconds: 18_000, TrafficPattern: { TrafficType: 'PHASES' } } });
  expect(request.InputConfig.EndpointConfigurations).toHaveLength(3);
  expect(resources.filter(({ type }) => type.endsWith('JobWait'))).toHaveLength(8);
  expect(JSON.parse(outputs.BenchmarkSteps).map(({ Status }: any) => Status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
});

test.concurrent('an existing endpoint beside what the service tries', async () => {
  const { outputs, request } = await deployed('existing-endpoint', 'ExistingEndpoint');
  expect(request.InputConfig.Endpoints).toHaveLength(1);
  expect(outputs.Better).toMatch(/^ml\.c5\.xlarge serves \d+ requests a minute$/);
  expect(Number(outputs.TodayMaxInvocations)).toBeGreaterThan(0);
});

test.concurrent('a VPC, keys and a bucket for compiled models', async () => {
  const { request } = await deployed('vpc-and-keys', 'VpcAndKeys');
  expect(request.InputConfig.VpcConfig).toEqual({
    SecurityGroupIds: [expect.stringMatching(/^sg-/)], Subnets: [expect.stringMatching(/^subnet-/), expect.stringMatching(/^subnet-/)],
  });
  expect(request.InputConfig.VolumeKmsKeyId).toMatch(/^arn:aws:kms:.*:key\//);
  expect(request.OutputConfig).toEqual({
    KmsKeyId: expect.stringMatching(/:key\//), CompiledOutputConfig: { S3OutputUri: expect.stringMatching(/^s3:\/\/.*\/models\/$/) },
  });
  expect(request.Tags).toContainEqual({ Key: 'team', Value: 'ml' });
});

test.concurrent('an endpoint that scales, and rolls over to another instance type', async () => {
  const { world } = await aws;
  const cli = (...args: string[]) => run('autoscaling', args);
  const { cloudformation, applicationAutoScaling: scaling, ssm } = world.region(ACCOUNT, REGION);
  const outputs = () => Object.fromEntries(cloudformation.get('AutoScaling').outputs.map(({ key, value }) => [key, value]));
  const registered = () => [...scaling.targets.values()].map(({ endpointName, min, max }) => ({ endpointName, min, max }));
  // The local AWS advises half of what an instance takes: enough of them for the 200,000 requests that the app names.
  for (const [context, InstanceType, MaxCapacity] of [['cost', 'ml.c5.xlarge', '22'], ['latency', 'ml.c5.9xlarge', '12']]) {
    expect(await cli('deploy', '--require-approval', 'never', '-c', `objective=${context}`)).toMatchObject({ exitCode: 0 });
    expect(outputs()).toMatchObject({ InstanceType, MaxCapacity });
    expect(registered()).toEqual([{ endpointName: outputs().EndpointName, min: 2, max: Number(MaxCapacity) }]);
  }
  await remove('AutoScaling');
  expect([registered(), [...ssm.parameters.keys()].filter((name) => name.includes('AutoScaling'))]).toEqual([[], []]);
});

test.concurrent('two apps that share a path: one recommends, the other follows at its own next deploy', async () => {
  const { world } = await aws;
  const cli = async (app: string, ...args: string[]) => {
    const { exitCode, output } = await run(`producer-and-consumer/${app}`, args);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    return output;
  };
  const deploy = (app: string, ...args: string[]) => cli(app, 'deploy', '--require-approval', 'never', ...args);
  const served = () => world.region(ACCOUNT, REGION).cloudformation.get('Consumer').outputs.find(({ key }) => key === 'InstanceType')!.value;
  await deploy('producer');
  await deploy('consumer');
  expect(served()).toBe('ml.c5.xlarge');
  await deploy('producer', '-c', 'objective=latency');
  expect(served()).toBe('ml.c5.xlarge');
  expect(await deploy('consumer')).not.toContain('(no changes)');
  expect(served()).toBe('ml.c5.9xlarge');
  await remove('Consumer');
  await remove('Producer');
});

test.concurrent('a benchmark in the background, and a service that follows', async () => {
  const { world } = await aws;
  const cli = (...args: string[]) => run('background', args);
  const { cloudformation, logs } = world.region(ACCOUNT, REGION);
  const output = (stack: string, name: string) => cloudformation.get(stack).outputs.find(({ key }) => key === name)!.value;
  expect(await cli('deploy', 'BackgroundBenchmark', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(await cli('deploy', 'BackgroundService', '--exclusively', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(output('BackgroundService', 'InstanceType')).toMatch(/^ml\.(m5\.large|c5\.xlarge)$/);
  const group = output('BackgroundBenchmark', 'EventLog');
  await until(() => logs.tail(group, 1000).some((line) => line.includes('"Inference Recommendation Change"')));
  expect(await cli('deploy', 'BackgroundService', '--exclusively', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(output('BackgroundService', 'InstanceType')).toBe('ml.c5.xlarge');
  expect(await cli('destroy', '--all', '--force')).toMatchObject({ exitCode: 0 });
});

test.concurrent('what is recommended at once, until a benchmark has found something better', async () => {
  const { world } = await aws;
  const cli = (...args: string[]) => run('instant-first', args);
  const { cloudformation, logs } = world.region(ACCOUNT, REGION);
  const output = (stack: string, name: string) => cloudformation.get(stack).outputs.find(({ key }) => key === name)!.value;
  expect(await cli('deploy', 'InstantBenchmark', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(output('InstantBenchmark', 'InstantType')).toBe('ml.c5.xlarge');
  expect(await cli('deploy', 'InstantService', '--exclusively', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(output('InstantService', 'InstanceType')).toMatch(/^ml\.c5\.9?xlarge$/);
  const group = output('InstantBenchmark', 'EventLog');
  await until(() => logs.tail(group, 1000).some((line) => line.includes('"Inference Recommendation Change"')));
  expect(await cli('deploy', 'InstantService', '--exclusively', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(output('InstantService', 'InstanceType')).toBe('ml.c5.9xlarge');
  expect(await cli('destroy', '--all', '--force')).toMatchObject({ exitCode: 0 });
});

test.concurrent('a registry that benchmarks what is approved', async () => {
  const { world } = await aws;
  const cli = (...args: string[]) => run('registry', args);
  const { ssm, sagemaker } = world.region(ACCOUNT, REGION);
  const bucket = `shop-models-${ACCOUNT}`;
  expect(await cli('deploy', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  const recommended = () => ssm.parameters.get('/ml/shop/registry/fields')?.Value.split('|')[positionOf('InstanceType')];
  expect(recommended()).toBe('ml.m5.large');
  world.s3.createBucket(bucket, ACCOUNT, REGION);
  for (const key of ['model.tar.gz', 'payload.tar.gz']) { world.s3.putObject(bucket, key, archiveOf({ file: 'content' })); }
  const { ModelPackageArn } = await world.clock.run(() => sagemaker.call('CreateModelPackage', {
    ModelPackageGroupName: 'shop-models',
    ModelApprovalStatus: 'Approved',
    ...packageRequest({ bucket }),
  }));
  await until(() => recommended() === 'ml.c5.xlarge');
  // What is written last. The stack is not deleted while its function writes.
  const { whole } = parameterNames('/ml/shop/registry');
  await until(() => JSON.parse(ssm.parameters.get(whole)!.Value).InstanceType === 'ml.c5.xlarge');
  await world.clock.run(() => sagemaker.call('DeleteModelPackage', { ModelPackageName: ModelPackageArn }));
  await remove('Registry');
  expect(recommended()).toBeUndefined();
});

test.concurrent('a chat model: a stricter limit deploys another recommendation of the same job, and destroy leaves only its packages', async () => {
  const { world } = await aws;
  // A Region of its own, so that all that is listed there is of this app.
  const region = world.region(ACCOUNT, 'us-west-2');
  const cli = (...args: string[]) => run('chat-model', args, region.name);
  world.s3.createBucket(`chat-models-${ACCOUNT}`, ACCOUNT, region.name);
  world.s3.putObject(`chat-models-${ACCOUNT}`, 'llama-8b/model.safetensors.index.json', Buffer.from('{"metadata": {"total_size": 16000000000}}'));
  const jobs: string[] = [];
  const stop = world.watch(({ operation, status, request }) => {
    if (operation === 'CreateAIRecommendationJob' && status === 200) { jobs.push((request as any).AIRecommendationJobName); }
  });
  const list = async (...kinds: string[]) => (await Promise.all(kinds.map(async (kind) => (
    Object.values<any>(await world.clock.run(() => region.sagemaker.call(`List${kind}`, {})))[0])))).map(({ length }) => length);
  const served = async () => {
    const outputs = Object.fromEntries(region.cloudformation.get('ChatModel').outputs.map(({ key, value }) => [key, value]));
    const found = await world.clock.run(() => region.sagemaker.call('DescribeInferenceComponent', { InferenceComponentName: outputs.ComponentName }));
    const { RuntimeConfig: { PlacementStatus: [placed] }, Specification: { ComputeResourceRequirements: needs } } = found;
    expect(placed.InstanceType).toBe(outputs.InstanceType);
    return { type: placed.InstanceType, copies: placed.CurrentCopyCount, accelerators: needs.NumberOfAcceleratorDevicesRequired };
  };

  expect(await cli('deploy', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(await served()).toEqual({ type: 'ml.g6e.12xlarge', copies: 4, accelerators: 1 });
  expect(await cli('deploy', '--require-approval', 'never', '-c', 'firstTokenMs=150')).toMatchObject({ exitCode: 0 });
  expect(await served()).toEqual({ type: 'ml.p5.48xlarge', copies: 8, accelerators: 1 });
  const refused = await cli('deploy', '--require-approval', 'never', '-c', 'firstTokenMs=10');
  expect([refused.exitCode, refused.output]).toEqual([1, expect.stringMatching(/None of the 3 recommendations of job \S+ may be chosen\. The nearest is ml\.p5\.48xlarge/)]);
  expect(await served()).toMatchObject({ type: 'ml.p5.48xlarge' });
  expect(jobs).toHaveLength(1);

  expect(await list('AIWorkloadConfigs', 'AIRecommendationJobs', 'InferenceComponents', 'Endpoints', 'Models', 'ModelPackageGroups')).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await cli('destroy', '--force')).toMatchObject({ exitCode: 0 });
  expect(await list('AIWorkloadConfigs', 'AIRecommendationJobs', 'AIBenchmarkJobs', 'InferenceComponents', 'Endpoints', 'EndpointConfigs', 'Models')).toEqual(Array(7).fill(0));
  // The service has chosen the group. Its packages stay, approved, and so does it.
  const [{ ModelPackageGroupName }, ...others] = (await world.clock.run(() => region.sagemaker.call('ListModelPackageGroups', {}))).ModelPackageGroupSummaryList;
  const { ModelPackageSummaryList } = await world.clock.run(() => region.sagemaker.call('ListModelPackages', { ModelPackageGroupName }));
  expect([others, ModelPackageSummaryList]).toEqual([[], [expect.objectContaining({ ModelApprovalStatus: 'Approved' })]]);
  stop();
});

test('a simulator of IAM allows all of it, too, and says the same of what each role would have to ask in place of another', async () => {
  const all = [...asked.values()];
  const roles = new Map(all.map(({ principal, policies }) => [principal, policies]));
  // A stack gives and takes policies one by one.
  const count = { Allow: 0, Deny: 0, implicit: 0 };
  const wrong: string[] = [];
  for (const [principal, latest] of roles) {
    for (const { principal: by, policies: then, action, resource, context } of all) {
      const policies = by === principal ? then : latest;
      const told = { ...context, 'aws:PrincipalArn': principal };
      const ours = decide(policies, action, resource, told);
      const theirs = await judge({ principal, action, resource, context: told, policies });
      count[ours ?? 'implicit']++;
      if ((theirs === 'Allowed') !== (ours === 'Allow') || (by === principal && ours !== 'Allow')) {
        wrong.push(`${principal}: ${action} on ${resource}: ${ours}, the simulator: ${theirs}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  // Nobody may do most of what the others may.
  expect(count.Allow).toBeGreaterThan(all.length - 1);
  expect(count.implicit).toBeGreaterThan(2 * count.Allow);
});
