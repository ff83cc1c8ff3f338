import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { failsAfter } from './account';
import { exampleModelPackage } from './apps/model-package';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { diagnose } from '../../cli/src/diagnose/diagnose';
import { AwsError, FaultScript } from '../../local-aws';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, ModelPackageGroup, ModelRegistryBenchmark, Objective,
  Recommendation, Variant,
} from '../../src';
import { lead, ran } from '../cli/command';
import { packageRequest } from '../harness/model-package';
import { RunbookShell, STEPS } from '../harness/runbook';

/** As `failsAfter()` fails them. */
const FAILURE = 'All benchmarks failed';
const DAY = 24 * 60;
let apps: LocalApps;
/** Whether jobs fail, as each night. */
let failing = false;
/** What the account's own guard rails deny, for a while. */
let denied: FaultScript | undefined;

beforeAll(async () => {
  apps = await LocalApps.open({
    byHand: true,
    lambdaRunner: new InProcessRunner(),
    holdAnswersMs: 0,
    faults: [(call) => denied?.(call)],
    benchmarks: (request, jobName, count) => ({ ...publishedBenchmarks(request, jobName, count), ...failing && failsAfter(10) }),
  });
  lead(apps.aws.environment());
});
afterAll(() => apps.close());
afterEach(() => { denied = undefined; });

interface Settings {
  readonly trigger?: string;
  readonly objective?: Objective;
  /** Instance types that somebody has gone back to: of the same job, or without a job. */
  readonly pinned?: string;
  readonly fixed?: string;
  readonly served?: boolean;
}

const PATHNAME = '/runbook/best';

/** An app as its owner has it, in the state of some day. */
const app = (name: string, { trigger, objective, pinned, fixed, served }: Settings = {}): Build => (root) => {
  const stack = new Stack(root, name);
  const modelPackage = exampleModelPackage(stack);
  const best = fixed === undefined
    ? new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), trigger }).addRecommendation('Best', {
      objective,
      limits: { allowCompiledModels: false },
      parameterPath: served ? PATHNAME : undefined,
      pinnedInstanceType: pinned === undefined ? undefined : InstanceType.of(pinned),
    })
    : Recommendation.fromAttributes(stack, 'LastGood', { instanceType: InstanceType.of(fixed), modelPackage });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
  if (served) {
    const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(new Model(stack, 'Model', { recommendation: best }), best)] });
    new CfnOutput(stack, 'EndpointName', { value: new Endpoint(stack, 'Endpoint', { endpointConfig: config }).endpointName });
  }
};

/** Resolves once an operation was called for a stack with success. */
function called(operation: string, matches: (request: any) => boolean = () => true): Promise<void> {
  return new Promise((resolve) => {
    const forget = apps.aws.world.watch((call) => {
      if (call.operation !== operation || call.status !== 200 || !matches(call.request)) { return; }
      forget();
      resolve();
    });
  });
}

const bring = (name: string, settings?: Settings) => apps.passUntil(apps.bring(app(name, settings), name));
const ends = async (name: string) => { await apps.passUntil(apps.stack(name).work ?? Promise.resolve()); return apps.stack(name).status; };
const newestJob = () => {
  const [name, job] = [...apps.region().sagemaker.state.jobs].pop()!;
  return { name, arn: job.arn, status: job.status };
};

function shellFor(name: string, deployed: Settings = {}): RunbookShell {
  return new RunbookShell(apps.aws.client(), { STACK: name }, {
    'npx inference-recommender diagnose': async (args) => { const { out, told } = await ran(diagnose, args); return out + told; },
    'npx cdk deploy': ([stack]) => bring(stack, deployed),
  });
}

/** Changes a stack, and does something once its first stage waits. */
async function whileItWaits(name: string, settings: Settings, act: () => Promise<void>): Promise<string> {
  const waits = called('StartExecution', ({ stateMachineArn, input }) => stateMachineArn.includes(`:${name}-`) && JSON.parse(input).purpose === 'wait');
  const change = apps.bring(app(name, settings), name);
  await waits;
  await apps.pass(5);
  expect(newestJob().status).toBe('IN_PROGRESS');
  await act();
  return apps.passUntil(change);
}

describe('a stack that waits', () => {
  test('its job is found and stopped, and the stack rolls back with the reason', async () => {
    const shell = shellFor('Waits');
    expect(await whileItWaits('Waits', {}, async () => {
      expect(await shell.run('look')).toMatch(/^CREATE_IN_PROGRESS[^]*JobWait1\w+\tCustom::\w+Wait\tCREATE_IN_PROGRESS/);
      const { name } = newestJob();
      expect(await shell.run('who-waits')).toMatch(new RegExp(`^RUNNING\\t[^]*^${name}\\t.*\\tWaits/Job$`, 'm'));
      await shell.run('stop-job', { JOB: name });
    })).toBe('ROLLBACK_COMPLETE');
    expect([newestJob().status, apps.reasons('Waits')]).toEqual(['STOPPED', expect.stringMatching(/ended STOPPED/)]);
    expect(await shell.run('look')).toMatch(/^ROLLBACK_COMPLETE/);
  });

  test('an update is cancelled, and a later answer to its address is ignored', async () => {
    expect(await bring('Cancels')).toBe('CREATE_COMPLETE');
    const outputs = apps.outputs('Cancels');
    let address = { ResponseURL: '' };
    expect(await whileItWaits('Cancels', { trigger: 'again' }, async () => {
      const execution = [...apps.region().stepFunctions.executions.values()].find(({ status, name }) => status === 'RUNNING' && !name.includes('-watch-'));
      ({ address } = JSON.parse(execution!.input));
      await shellFor('Cancels').run('cancel-update');
    })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([newestJob().status, apps.outputs('Cancels')]).toEqual(['STOPPED', outputs]);
    const events = apps.stack('Cancels').events.length;
    const { ok } = await fetch(address.ResponseURL, { method: 'PUT', body: JSON.stringify({ ...address, Status: 'SUCCESS' }) });
    expect([ok, apps.stack('Cancels').status, apps.stack('Cancels').events.length]).toEqual([true, 'UPDATE_ROLLBACK_COMPLETE', events]);
  });

  test('a creation is ended: the stack goes, and its job has stopped', async () => {
    await whileItWaits('Ends', {}, async () => { await shellFor('Ends').run('delete-stack'); });
    expect([await ends('Ends'), newestJob().status]).toEqual(['DELETE_COMPLETE', 'STOPPED']);
  });

  test('an execution that somebody has stopped is started again, and answers', async () => {
    const shell = shellFor('Aborted');
    const { stepFunctions } = apps.region();
    expect(await whileItWaits('Aborted', {}, async () => {
      const [{ arn: executionArn }] = [...stepFunctions.executions.values()].filter(({ status, name }) => status === 'RUNNING' && !name.includes('-watch-'));
      await new SFNClient(apps.aws.client()).send(new StopExecutionCommand({ executionArn }));
      expect(await shell.run('who-waits')).toMatch(/^ABORTED\t/);
      await shell.run('wait-again');
      expect(await shell.run('who-waits')).toMatch(/^RUNNING\t/m);
    })).toBe('CREATE_COMPLETE');
    expect(apps.outputs('Aborted').InstanceType).toBe('ml.c5.xlarge');
  });
});

test('a deletion that fails: its job is stopped, what fails is left out, and nothing of it is billed', async () => {
  const shell = shellFor('Deletes');
  let found = { name: '', arn: '' };
  await whileItWaits('Deletes', {}, async () => {
    denied = ({ operation, principal }) => (operation === 'StopInferenceRecommendationsJob' && principal.includes('/Deletes-')
      ? new AwsError('AccessDeniedException', 'denied by a guard rail') : undefined);
    found = newestJob();
    await shell.run('delete-stack');
  });
  const { name, arn } = found;
  expect(await ends('Deletes')).toBe('DELETE_FAILED');
  expect(await shell.run('look')).toContain('denied by a guard rail');
  expect(await shell.run('left-jobs')).toContain(name);
  await shell.run('stop-job', { JOB: name });
  await apps.pass(5);
  const failed = [...apps.stack('Deletes').resources.values()].filter(({ status }) => status === 'DELETE_FAILED').map(({ logicalId }) => logicalId);
  await shell.run('retain', { RESOURCE: failed.join(' ') });
  expect([await ends('Deletes'), apps.region().sagemaker.state.jobs.get(name)!.status]).toEqual(['DELETE_COMPLETE', 'STOPPED']);
  expect(await shell.run('left-jobs')).not.toContain(name);
  expect(await shell.run('whose', { ARN: arn })).toMatch(/^Deletes\tDELETE_COMPLETE$/);
  expect(await shell.run('claims')).toMatch(/claim:/);
});

describe('a rollback that has failed', () => {
  /** An update that is cancelled, and cannot go back. */
  async function failed(name: string): Promise<RunbookShell> {
    const shell = shellFor(name, { trigger: 'third' });
    expect(await bring(name)).toBe('CREATE_COMPLETE');
    denied = ({ operation, principal }) => (operation === 'DescribeInferenceRecommendationsJob' && principal.includes(`/${name}-`)
      && apps.stack(name).status === 'UPDATE_ROLLBACK_IN_PROGRESS' ? new AwsError('AccessDeniedException', 'denied by a guard rail') : undefined);
    expect(await whileItWaits(name, { trigger: 'again' }, async () => { await shell.run('cancel-update'); })).toBe('UPDATE_ROLLBACK_FAILED');
    expect(await shell.run('failed-resources')).toMatch(/^Job\w{8}\t.*denied by a guard rail/);
    return shell;
  }

  test('goes on once its cause is mended', async () => {
    const shell = await failed('GoesOn');
    denied = undefined;
    await shell.run('continue');
    expect(await ends('GoesOn')).toBe('UPDATE_ROLLBACK_COMPLETE');
    await shell.run('deploy');
    expect([apps.stack('GoesOn').status, apps.statuses().filter((status) => /PROGRESS|PENDING|STOPPING/.test(status))]).toEqual(['UPDATE_COMPLETE', []]);
  });

  test('goes on without the resource, and the next deploy brings what the app says', async () => {
    const shell = await failed('Skips');
    const left: string[] = [];
    while (await ends('Skips') === 'UPDATE_ROLLBACK_FAILED') {
      const RESOURCE = (await shell.run('failed-resources')).split('\n').map((line) => line.split('\t')[0]).join(' ');
      left.push(RESOURCE);
      await shell.run('continue-without', { RESOURCE });
    }
    // Each that needs what is denied, in their order.
    expect(left).toEqual([expect.stringMatching(/^Job\w{8}$/), expect.stringMatching(/^JobWait1\w{8}$/)]);
    expect(apps.stack('Skips').status).toBe('UPDATE_ROLLBACK_COMPLETE');
    denied = undefined;
    await shell.run('deploy');
    expect([apps.stack('Skips').status, apps.outputs('Skips').InstanceType]).toEqual(['UPDATE_COMPLETE', 'ml.c5.xlarge']);
    expect(apps.statuses().filter((status) => /PROGRESS|PENDING|STOPPING/.test(status))).toEqual([]);
  });
});

test('a job that fails each night: its cause is told, nothing is paid while the rules are off, and then it goes on', async () => {
  const shell = shellFor('Nightly');
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
  const registry: Build = (root) => {
    const stack = new Stack(root, 'Nightly');
    new ModelRegistryBenchmark(stack, 'Benchmark', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models'),
      parameterPath: '/runbook/nightly',
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
      adoptsResults: true,
      limits: { allowCompiledModels: false },
      renewEvery: Duration.days(1),
    });
  };
  const started = () => apps.region().sagemaker.state.jobs.size;
  expect(await apps.passUntil(apps.bring(registry, 'Nightly'))).toBe('CREATE_COMPLETE');
  failing = true;
  await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...packageRequest() });
  await apps.pass(2 * DAY + 60);
  const { name, status } = newestJob();
  expect(status).toBe('FAILED');
  const said = await shell.run('nightly', { JOB: name });
  expect(said.split('\n')[0]).toMatch(new RegExp(`^${name}\t.*${FAILURE}`));
  expect(said).toContain('Remedy:');

  const rules = [...apps.stack('Nightly').resources.values()].filter(({ type }) => type === 'AWS::Events::Rule').map(({ physicalId }) => physicalId!);
  for (const RULE of rules) { expect((await shell.run('pause', { RULE })).split('\n')[0].split('\t').sort()).toEqual([...rules].sort()); }
  const before = started();
  await apps.pass(5 * DAY);
  expect([started(), apps.parameters('/runbook/nightly').fields]).toEqual([before, expect.stringContaining('ml.m5.large')]);

  failing = false;
  for (const RULE of rules) { await shell.run('resume', { RULE }); }
  await apps.pass(2 * DAY + 60);
  expect([newestJob().status, apps.parameters('/runbook/nightly').fields]).toEqual(['COMPLETED', expect.stringContaining('ml.c5.xlarge')]);
});

test('back to the last good recommendation: from its history, with the same job or without one', async () => {
  const shell = shellFor('Served', { served: true, objective: Objective.lowestLatency(), pinned: 'ml.c5.xlarge' });
  expect(await bring('Served', { served: true })).toBe('CREATE_COMPLETE');
  expect(await bring('Served', { served: true, objective: Objective.lowestLatency() })).toBe('UPDATE_COMPLETE');
  const { EndpointName: ENDPOINT } = apps.outputs('Served');
  const paid = apps.region().sagemaker.state.jobs.size;
  expect(await shell.run('serves', { ENDPOINT })).toBe('InService\nAllTraffic\tml.c5.9xlarge\t1');

  const versions = (await shell.run('history', { PATHNAME })).split('\n').map((line) => JSON.parse(line.split('\t')[2]).InstanceType);
  expect(versions).toEqual(['ml.c5.xlarge', 'ml.c5.9xlarge']);
  await shell.run('deploy');
  expect(await shell.run('serves', { ENDPOINT })).toBe('InService\nAllTraffic\tml.c5.xlarge\t1');
  expect(await bring('Served', { served: true, fixed: versions[1] })).toBe('UPDATE_COMPLETE');
  expect(await shell.run('serves', { ENDPOINT })).toBe('InService\nAllTraffic\tml.c5.9xlarge\t1');
  expect(apps.region().sagemaker.state.jobs.size).toBe(paid);

  // What is billed is ended by hand, and the stack that it was of goes all the same.
  await shell.run('left-endpoint', { ENDPOINT });
  await apps.pass(10);
  const end = await apps.passUntil(apps.remove('Served'));
  expect([end, apps.reasons('Served')]).toEqual(['DELETE_COMPLETE', '']);
  expect([...apps.region().sagemaker.state.endpoints.keys()]).toEqual([]);
});

test('each step of the runbook was run', () => {
  expect([...STEPS.keys()].filter((step) => !RunbookShell.done.has(step))).toEqual([]);
});
