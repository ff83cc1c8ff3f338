import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { buildApp, Choice, Library, MODELS_BUCKET, REGISTRY_PATH, STACKS, WATCHED_GROUP } from './apps';
import { appHash, readBaseline, unpack } from './baseline';
import { LocalAws, Region, startLocalAws } from '../../local-aws';
import { Resource } from '../../local-aws/cloudformation';
import { InvocationResult, LambdaFunction, ProcessRunner } from '../../local-aws/lambda';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import { newestStack, operate, parametersBelow, publish } from '../harness/assembly';
import { packageRequest } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';
import { attributesIn } from '../harness/published';
import { until, UNTIL_DONE } from '../harness/waiting';
import * as current from 'cdk-sagemaker-inference-recommender';

const ROOT = join(__dirname, '..', '..');
/** Nothing is lost with one of these. The last two are named after the request that they were last asked by. */
const WITHOUT_STATE = /^AWS::(IAM::(Managed)?Policy|Lambda::EventInvokeConfig|CDK::Metadata)$|^Custom::Inference(RecommendationsJobFollow|EndpointScalingPause)$/;
/** Longer than the deploys that follow its own. */
const BACKGROUND_HOURS = 4;
/** Each is paid, or was. */
const STARTS = /^Create(\w+Job|Endpoint)$/;

const baseline = readBaseline();
const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
unpack(baseline, join(folder, 'earlier'));

/** One process for each function: what is tested is the code, and each process takes time to start. */
class OneByOne extends ProcessRunner {
  private readonly waiting = new Map<LambdaFunction, Array<() => void>>();

  public async run(fn: LambdaFunction, payload: unknown, requestId: string, callers?: number): Promise<InvocationResult> {
    const queue = this.waiting.get(fn);
    if (queue) { await fn.region.clock.wait<void>((done) => { queue.push(done); }); } else { this.waiting.set(fn, []); }
    try {
      return await super.run(fn, payload, requestId, callers);
    } finally {
      const next = this.waiting.get(fn)!.shift();
      if (next) { next(); } else { this.waiting.delete(fn); }
    }
  }
}

let aws: LocalAws;
let region: Region;
/** What was called with success, but for reads. */
const calls: string[] = [];

beforeAll(async () => {
  aws = await startLocalAws({
    ...UNTIL_DONE,
    imported: 'assumed',
    lambdaRunner: new OneByOne(),
    benchmarks: (request, jobName, count) => ({
      ...publishedBenchmarks(request, jobName, count), ...request.JobDescription === 'Shop/Background' && { durationSeconds: BACKGROUND_HOURS * 3600 },
    }),
  });
  region = aws.world.region(ACCOUNT, REGION);
  aws.world.watch(({ operation, status }) => { if (status === 200 && /^(Create|Delete|Stop|Update)/.test(operation)) { calls.push(operation); } });
  aws.world.s3.createBucket(MODELS_BUCKET, ACCOUNT, REGION);
  aws.world.s3.putObject(MODELS_BUCKET, 'chat/model.safetensors', Buffer.alloc(1000));
  await ask('CreateModelPackageGroup', { ModelPackageGroupName: WATCHED_GROUP });
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(operation: string, input: object): Promise<any> {
  return aws.world.clock.run(() => region.sagemaker.call(operation, input));
}

const assemblies = new Map<Choice['objective'], string>();

/** The assembly of this commit's library. */
function synth(objective?: Choice['objective']): string {
  const known = assemblies.get(objective);
  if (known) { return known; }
  const app = new App({ outdir: mkdtempSync(join(folder, 'current-')), analyticsReporting: false });
  buildApp(current as unknown as Library, { objective })(app);
  const { directory } = app.synth();
  assemblies.set(objective, directory);
  return directory;
}

/** Creates or updates a stack, and gives the status that it ends in. */
async function bring(assembly: string, name: string, edit: (template: any) => void = () => {}): Promise<string> {
  const template = JSON.parse(publish(assembly, name, region));
  edit(template);
  const operation = region.cloudformation.find(name) ? 'UpdateStack' : 'CreateStack';
  const input = { TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] };
  return operate(region, operation, name, input).catch((error: Error) => (error.message.startsWith('No updates') ? 'UPDATE_COMPLETE' : error.message));
}

/** All answers are asked for again, and then something fails after all else. */
function failsAtTheEnd(template: any): void {
  const all = Object.keys(template.Resources);
  for (const { Properties } of Object.values<any>(template.Resources)) {
    if (Properties?.SchemaVersion !== undefined) { Properties.SchemaVersion = 'later'; }
  }
  template.Resources.Fails = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/aws/reserved', Type: 'String', Value: 'refused' }, DependsOn: all };
}

/** Every resource with state, by its stack and logical id. */
function resources(): Map<string, Resource> {
  return new Map(STACKS.flatMap((name) => [...newestStack(region, name).resources].map(([id, resource]) => [`${name}/${id}`, resource] as const))
    .filter(([, { type }]) => !WITHOUT_STATE.test(type)));
}

/** Which configuration each endpoint has. */
function configs(): string[] {
  return [...region.sagemaker.state.endpoints.values()].map(({ name, config }: any) => `${name}: ${config.name ?? config}`).sort();
}

/** What a change does to the stacks that the changelog must tell, in its words. */
async function effectsOf(change: () => Promise<void>): Promise<string[]> {
  const [before, called] = [resources(), calls.length];
  await change();
  const after = resources();
  const lost = [...before].filter(([id, { physicalId }]) => after.get(id)?.physicalId !== physicalId);
  return [...new Set([
    ...lost.map(([id, { type }]) => `${after.has(id) ? 'Replaces' : 'Removes'} \`${type}\``),
    ...calls.slice(called).filter((operation) => STARTS.test(operation)).map((operation) => `Starts \`${operation}\``),
  ])].sort();
}

/** What the changelog says that an upgrade from the baseline does, besides other code of the functions. */
function announced(): string[] {
  const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const [, section = ''] = /^### What an upgrade does\n([^]*?)(?=^##|(?![^]))/m.exec(text) ?? [];
  return [...section.matchAll(/^- ((?:Replaces|Removes|Starts) `[^`]+`): \S/gm)].map(([, effect]) => effect).sort();
}

/** What each resource has answered, but for when it was asked, and for the number of a machine's revision. */
const answers = (all: ReadonlyMap<string, Resource>) => [...all].map(([id, { attributes }]) => {
  const { AskedAt: _time, StateMachineRevisionId: _revision, ...others } = attributes;
  return [id, others];
});
const reasons = (name: string) => newestStack(region, name).events.filter(({ status }) => /FAILED/.test(status)).map(({ logicalId, reason }) => `${logicalId}: ${reason}`);

test('the baseline was made of the app that is deployed here: if not, `npm run baseline -- COMMIT` makes it again', () => {
  expect(baseline.app).toBe(appHash());
});

describe.each([baseline.commit])('stacks of %s', () => {
  test('are there, with their jobs paid and one on its way', async () => {
    for (const name of STACKS) { expect([name, await bring(join(folder, 'earlier'), name), reasons(name)]).toEqual([name, 'CREATE_COMPLETE', []]); }
    expect(calls.filter((operation) => STARTS.test(operation)).sort()).toEqual([
      'CreateAIBenchmarkJob', 'CreateAIRecommendationJob', ...Array(4).fill('CreateEndpoint'), ...Array(3).fill('CreateInferenceRecommendationsJob'),
    ]);
  });

  test('stay as they are if an upgrade fails at its end: the earlier code takes back what the later has answered', async () => {
    const [before, configured, assembly] = [resources(), configs(), synth()];
    const written = parametersBelow(region, '/upgrade');
    const effects = await effectsOf(async () => {
      for (const name of STACKS) { expect([name, await bring(assembly, name, failsAtTheEnd)]).toEqual([name, 'UPDATE_ROLLBACK_COMPLETE']); }
    });
    STACKS.forEach((name) => expect(new Set(reasons(name).map((reason) => reason.split(':')[0]))).toEqual(new Set(['Fails'])));
    expect([effects, configs()]).toEqual([[], configured]);
    expect(answers(resources())).toEqual(answers(before));
    expect(Object.keys(parametersBelow(region, '/upgrade'))).toEqual(Object.keys(written));
  });

  test('are upgraded: no job starts, and nothing with state is replaced, unless the changelog says so', async () => {
    const [configured, assembly] = [configs(), synth()];
    const effects = await effectsOf(async () => {
      for (const name of STACKS) { expect([name, await bring(assembly, name)]).toEqual([name, 'UPDATE_COMPLETE']); }
    });
    expect(effects).toEqual(announced());
    expect(configs()).toEqual(configured);
  });

  test('choose again from the jobs that the earlier version has paid, and their endpoints are updated in place', async () => {
    const [assembly, served] = [synth('latency'), [...region.sagemaker.state.endpoints.keys()]];
    const configured = configs();
    const effects = await effectsOf(async () => {
      for (const name of STACKS) { expect([name, await bring(assembly, name)]).toEqual([name, 'UPDATE_COMPLETE']); }
    });
    expect(effects.filter((effect) => !/Model|EndpointConfig/.test(effect))).toEqual([]);
    expect([...region.sagemaker.state.endpoints.keys()]).toEqual(served);
    expect(configs()).not.toEqual(configured);
  });

  test('go on with what the earlier version has begun: a job in the background, and a registry, which starts a job for an approval once', async () => {
    const called = calls.length;
    await ask('CreateModelPackage', { ModelPackageGroupName: WATCHED_GROUP, ModelApprovalStatus: 'Approved', ...packageRequest({ bucket: MODELS_BUCKET }) });
    const background = () => attributesIn(parametersBelow(region, '/upgrade/background')).InstanceType;
    expect(background()).toBe('ml.m5.large');
    await until(() => attributesIn(parametersBelow(region, REGISTRY_PATH), 'pending/').InstanceType === 'ml.c5.9xlarge');
    await until(() => background() !== 'ml.m5.large');
    expect(calls.slice(called).filter((operation) => STARTS.test(operation))).toEqual(['CreateInferenceRecommendationsJob']);
    expect(background()).toMatch(/^ml\.c5/);
  });

  test('are deleted without a trace', async () => {
    for (const name of [...STACKS].reverse()) { expect([name, await operate(region, 'DeleteStack', name)]).toEqual([name, 'DELETE_COMPLETE']); }
    const { sagemaker: { state }, applicationAutoScaling, ssm, lambda, stepFunctions } = region;
    const left = [
      state.models, state.endpointConfigs, state.endpoints, applicationAutoScaling.targets, ssm.parameters, stepFunctions.machines, lambda.functions,
    ].flatMap((all) => [...all.keys() as Iterable<string>]).filter((name) => !name.startsWith('/cdk-bootstrap/'));
    expect(left).toEqual([]);
  });
});
