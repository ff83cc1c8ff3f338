import { run } from './broken';
import { diagnose } from '../../../cli/src/diagnose/diagnose';
import type { GenerativeScript } from '../../../local-aws/sagemaker';
import { modelledGenerative } from '../../../local-aws/sagemaker';
import { AIRecommendationJob, AIWorkloadConfig, PackageApproval, Wait } from '../../../src';
import { ran } from '../command';
import { measured, within } from '../generative';
import { COMPONENT, GenerativeWorld } from '../generative-world';

/** How the jobs of this world run, until the next test. */
let script: Partial<GenerativeScript> = {};
let world: GenerativeWorld;
beforeAll(async () => {
  const usual = modelledGenerative;
  world = await GenerativeWorld.open({
    generative: {
      recommend: (...given) => (script.recommend ?? usual.recommend)(...given),
      benchmark: (...given) => (script.benchmark ?? usual.benchmark)(...given),
      instant: (...given) => (script.instant ?? (() => ({ status: 'COMPLETED', recommendations: [{ instanceType: 'ml.g5.xlarge' }] })))(...given),
    },
  });
});
afterEach(() => { script = {}; });
afterAll(() => world?.close());

/** Jobs that fail so. */
const failing = (failureReason: string): Partial<GenerativeScript> => ({
  recommend: () => ({ durationSeconds: 600, outcome: 'Failed', failureReason, recommendations: [] }),
});

async function diagnosed(word: string) {
  const { code, out } = await run([word, '--json']);
  return { code, ...JSON.parse(out) };
}

describe('a generative job that fails is told by its reason', () => {
  test.each<[cause: string, reason: string]>([
    ['insufficient-capacity', 'CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.'],
    ['quota', 'An error occurred (ResourceLimitExceeded) when calling the CreateTrainingJob operation: The account-level service limit \'ml.p4d.24xlarge for training job usage\' is 0 Instances.'],
    ['out-of-memory', 'The model of 140 GB does not fit into the accelerators of ml.g6.12xlarge.'],
    ['kv-cache', 'ClientError: the server ended: ValueError: No available memory for the cache blocks.'],
    ['gated-model', 'ClientError: OSError: You are trying to access a gated repo. Make sure to have access to it at https://huggingface.co/google/gemma-3-4b-pt.'],
    ['reservation', 'An error occurred (ReservationCapacityExceeded): The requested reservation does not have sufficient compatible and available capacity for this request.'],
  ])('%s', async (cause, reason) => {
    script = failing(reason);
    const name = `Failed-${cause}`;
    expect(await world.chat(name)).toBe('ROLLBACK_COMPLETE');
    const { code, causes: [first], jobs } = await diagnosed(name);
    // The rollback has deleted the job.
    expect([code, first.id, jobs]).toEqual([1, cause, [{ construct: expect.any(String), jobName: expect.any(String) }]]);
    expect(first.saw.some(({ text }: any) => text.includes(reason.slice(0, 40)))).toBe(true);
  });

  test('the log of a benchmark says more than its reason, also after the rollback has deleted the job', async () => {
    const note = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';
    script = { benchmark: () => ({ durationSeconds: 600, outcome: 'Failed', failureReason: 'AlgorithmError: the benchmark failed.', measured: { requests: [], durationSeconds: 0 }, note }) };
    expect(await world.benchmark('Logged')).toBe('ROLLBACK_COMPLETE');
    const { causes: [first] } = await diagnosed('Logged');
    expect(first).toMatchObject({ id: 'out-of-memory', remedy: expect.stringContaining('accelerators have more memory') });
    expect(first.saw).toContainEqual({ source: expect.stringMatching(/^log \/aws\/sagemaker\/TrainingJobs, stream /), text: note });
  });
});

test('a model that is not in S3 is seen, whatever the job says', async () => {
  const { s3 } = world.apps.aws.world;
  script = failing('InternalServerError: internal error');
  expect(await world.chat('NoModel')).toBe('ROLLBACK_COMPLETE');
  const objects = s3.find('models')!.objects;
  const kept = [...objects].filter(([key]) => key.startsWith('chat/'));
  for (const [key] of kept) { objects.delete(key); }
  try {
    expect((await diagnosed('NoModel')).causes[0]).toMatchObject({ id: 'nothing-in-s3', saw: [{ source: 'place s3://models/chat/' }] });
  } finally {
    for (const [key, object] of kept) { objects.set(key, object); }
  }
});

test('a job that only a failure names is looked at like any other', async () => {
  expect(await world.chat('Source')).toBe('CREATE_COMPLETE');
  const { jobs: [{ jobName }] } = await diagnosed('Source');
  expect(await world.bring('Importing', (stack) => {
    AIRecommendationJob.fromJobName(stack, 'Imported', jobName).addRecommendation('Best', within(1));
  })).toBe('ROLLBACK_COMPLETE');
  const { s3 } = world.apps.aws.world;
  const kept = [...s3.find('models')!.objects].filter(([key]) => key.startsWith('chat/'));
  for (const [key] of kept) { s3.find('models')!.objects.delete(key); }
  try {
    const { jobs, causes } = await diagnosed('Importing');
    expect(jobs).toEqual([{ jobName, status: 'Completed' }]);
    expect(causes).toContainEqual(expect.objectContaining({ id: 'nothing-in-s3', saw: [{ source: 'place s3://models/chat/', text: expect.any(String) }] }));
  } finally {
    for (const [key, object] of kept) { s3.find('models')!.objects.set(key, object); }
  }
});

describe('an approval', () => {
  test('that nobody has given fails the deploy, and says how to give it', async () => {
    expect(await world.chat('Required', { approval: PackageApproval.required() })).toBe('ROLLBACK_COMPLETE');
    expect((await diagnosed('Required')).causes[0]).toMatchObject({ id: 'package-not-approved', remedy: expect.stringContaining('PackageApproval.byThisStack()') });
  });

  test('that is taken back is told, although no resource has failed', async () => {
    expect(await world.chat('Served', { component: COMPONENT })).toBe('CREATE_COMPLETE');
    expect(await diagnosed('Served')).toMatchObject({ code: 0, causes: [] });
    for (const { arn: ModelPackageArn } of world.apps.region().sagemaker.state.packages.values()) {
      await world.apps.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'PendingManualApproval' });
    }
    expect((await diagnosed('Served')).causes[0]).toMatchObject({ id: 'package-not-approved', saw: [{ text: 'Its ModelApprovalStatus is PendingManualApproval.' }] });
  });
});

test('copies that no instance has room for', async () => {
  expect(await world.chat('Copies', { component: { ...COMPONENT, accelerators: 64 } })).toBe('ROLLBACK_COMPLETE');
  expect((await diagnosed('Copies')).causes[0]).toMatchObject({ id: 'component-no-room', remedy: expect.stringContaining('`accelerators`') });
});

test('a threshold that nothing keeps, with the least change', async () => {
  expect(await world.chat('Strict', within(1))).toBe('ROLLBACK_COMPLETE');
  expect((await diagnosed('Strict')).causes[0]).toMatchObject({ id: 'limits-not-kept', remedy: expect.stringMatching(/thresholds \(TimeToFirstToken p99\)/) });
});

describe('an instant recommendation', () => {
  test.each<[string, ReturnType<GenerativeScript['instant']>]>([
    ['instant-not-applicable', { status: 'NOT_APPLICABLE' }], ['instant-failed', { status: 'FAILED' }], ['instant-not-applicable', { status: 'COMPLETED', recommendations: [] }],
  ])('%s', async (cause, answer) => {
    script = { instant: () => answer };
    const name = `Instant-${answer.status.replace('_', '-')}`;
    expect(await world.instant(name)).toBe('ROLLBACK_COMPLETE');
    expect((await diagnosed(name)).causes[0].id).toBe(cause);
  });

  test('that goes well has no cause, and is called a model', async () => {
    expect(await world.instant('Well')).toBe('CREATE_COMPLETE');
    expect((await run(['Well'])).out).toMatch(/^Nothing is wrong\. Stack Well is CREATE_COMPLETE; model \S+ is COMPLETED\.$/);
  });
});

test('the printed policy suffices', async () => {
  script = failing('CapacityError: Unable to provision requested ML compute capacity.');
  expect(await world.chat('Allowed', { job: { wait: Wait.forCompletion() } })).toBe('ROLLBACK_COMPLETE');
  // A benchmark that fails before its job exists.
  expect(await world.bring('Unstarted', (stack) => measured(stack, AIWorkloadConfig.fromWorkloadConfigName(stack, 'Gone', 'gone')))).toBe('ROLLBACK_COMPLETE');
  const [{ Action }] = JSON.parse((await run(['--policy'])).out).Statement;
  const called = new Set<string>();
  const forget = world.apps.aws.world.watch(({ service, operation }) => called.add(`${service}:${operation}`));
  expect((await ran(diagnose, ['Allowed'])).code).toBe(1);
  expect((await ran(diagnose, ['Unstarted'])).code).toBe(1);
  forget();
  expect(called).toContain('sagemaker:ListAIBenchmarkJobs');
  const names: string[] = Action.map((action: string) => action.toLowerCase());
  expect([...called].filter((one) => !names.includes(one.toLowerCase()) && !/^s3:/.test(one) && !/^sts:/.test(one))).toEqual([]);
});
