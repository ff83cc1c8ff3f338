import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { LocalAws, startLocalAws } from '../../local-aws';
import { BenchmarkScript, modelledBenchmarks } from '../../local-aws/sagemaker';
import { newestStack, operate, outputsOf, publish } from '../harness/assembly';
import { ACCOUNT, REGION } from '../harness/place';
import { UNTIL_DONE } from '../harness/waiting';

/** All of them take a minute and a half: `npm run integ:local`. */
const ALWAYS = ['integ.instant.ts'];
const FILES = process.env.INTEG_LOCAL === 'all' ? readdirSync(__dirname).filter((file) => /^integ\..*\.ts$/.test(file)) : ALWAYS;
const ROOT = join(__dirname, '..', '..');
/** The model's figures, but for the package whose model nothing can load. */
const benchmarks: BenchmarkScript = (request, jobName, attempt, target) => {
  const modelled = modelledBenchmarks(request, jobName, attempt, target);
  if (target.environment?.INTEG_MODEL !== 'broken') { return modelled; }
  const failureReason = 'The primary container for production variant AllTraffic did not pass the ping health check.';
  const failedSteps = modelled.recommendations.map(({ EndpointConfiguration }) => ({ failureReason, EndpointConfiguration }));
  return { ...modelled, outcome: 'FAILED', failureReason: `All benchmarks failed: ${failureReason}`, recommendations: [], failedSteps };
};

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ ...UNTIL_DONE, benchmarks, load: 60 });
  const { world } = aws;
  const { sagemaker } = world.region(ACCOUNT, REGION);
  const models = `inference-recommender-integ-${ACCOUNT}-${REGION}`;
  world.s3.createBucket(models, ACCOUNT, REGION);
  for (const [file, content] of [['config.json', '{}'], ['model.safetensors.index.json', '{"metadata": {"total_size": 1000000000}}']]) {
    world.s3.putObject(models, `model/${file}`, Buffer.from(content));
  }
  // No container runs here, so the test answers for it.
  (sagemaker.operations as any).InvokeEndpoint = async () => 0.73;
});
const out = mkdtempSync(join(tmpdir(), 'integ-'));
afterAll(async () => {
  await aws.close();
  rmSync(out, { recursive: true });
});

/** Deploys a test's stacks, then its assertions, and deletes them. Gives what each assertion says. */
async function run(file: string): Promise<Record<string, string>> {
  const assembly = join(out, file);
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join('test', 'integ', file)], {
    cwd: ROOT, env: { ...process.env, CDK_OUTDIR: assembly }, encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const region = aws.world.region(ACCOUNT, REGION);
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
  const { testCases } = JSON.parse(readFileSync(join(assembly, 'integ.json'), 'utf8'));
  const [{ stacks, assertionStackName }] = Object.values<any>(testCases);
  const deployed: string[] = [];
  const deploy = async (name: string): Promise<void> => {
    if (deployed.includes(name) || !stacks.includes(name)) { return; }
    for (const other of artifacts[name].dependencies ?? []) { await deploy(other); }
    deployed.push(name);
    const ended = await operate(region, 'CreateStack', name, {
      TemplateBody: publish(assembly, name, region),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Tags: Object.entries(artifacts[name].properties.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      DisableRollback: true,
    });
    const reasons = newestStack(region, name).events.filter(({ status: one }) => /FAILED/.test(one)).map(({ logicalId, reason }) => `${logicalId}: ${reason}`);
    expect([name, ended, reasons]).toEqual([name, 'CREATE_COMPLETE', []]);
  };
  for (const name of stacks) { await deploy(name); }
  const outputs = outputsOf(newestStack(region, assertionStackName));
  for (const name of deployed.reverse()) { expect([name, await operate(region, 'DeleteStack', name)]).toEqual([name, 'DELETE_COMPLETE']); }
  return outputs;
}

test.each(FILES)('%s', async (file) => {
  const said = Object.entries(await run(file)).filter(([name]) => name.startsWith('AssertionResults'));
  expect(said).toEqual(said.map(([name]) => [name, '{"status":"success"}']));
  expect(said).not.toEqual([]);
});
