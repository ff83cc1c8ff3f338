import { App, Stack } from 'aws-cdk-lib';
import { CfnRole, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps, LocalAppsOptions } from './local-apps';
import { BenchmarkTarget, InferenceRecommendationsJob, JobReuse, ModelData, ModelPackage, ModelPackageGroup, SamplePayload, Wait } from '../../src';
import * as library from '../../src';
import { archiveOf } from '../harness/archives';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

interface Settings {
  /** Where the model and the payload are. */
  readonly model?: string;
  readonly payload?: string;
  readonly reuse?: JobReuse;
  readonly packageDescription?: string;
  readonly inBackground?: boolean;
  /** Whether the account's own guard rails keep the start function from all objects. */
  readonly isBlind?: boolean;
}

let apps: LocalApps;
beforeEach(() => open({ lambdaRunner: new InProcessRunner() }));
afterEach(() => apps.close());

async function open(options: LocalAppsOptions): Promise<void> {
  apps = await LocalApps.open(options);
  apps.aws.world.s3.createBucket('models', ACCOUNT, REGION);
  put('a/model.tar.gz', 'model');
  put('a/payload.tar.gz', 'payload');
}

function put(key: string, body: string): void {
  apps.aws.world.s3.putObject('models', key, archiveOf({ file: body }));
}

const app = (name: string, { model = 'a/model.tar.gz', payload = 'a/payload.tar.gz', reuse = JobReuse.ACCOUNT, packageDescription, inBackground, isBlind }: Settings = {}) => (root: App) => {
  const stack = new Stack(root, name);
  const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
  const usual = xgboost(library, { bucket });
  const modelPackage = new ModelPackage(stack, 'Package', {
    ...usual,
    modelPackageGroup: new ModelPackageGroup(stack, 'Group'),
    description: packageDescription,
    containers: [{ ...usual.containers[0], modelData: ModelData.fromBucket(bucket, model) }],
    samplePayload: SamplePayload.fromBucket(bucket, payload),
  });
  new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(modelPackage), reuse, wait: inBackground ? Wait.inBackground() : undefined,
  });
  if (isBlind) {
    const role = stack.node.findChild('InferenceRecommenderRuntime').node.findChild('Start').node.findChild('Role').node.defaultChild as CfnRole;
    const statements = [new PolicyStatement({ effect: Effect.DENY, actions: ['s3:GetObject'], resources: ['*'] })];
    role.policies = [...role.policies as CfnRole.PolicyProperty[], { policyName: 'GuardRail', policyDocument: new PolicyDocument({ statements }) }];
  }
};

async function bring(name: string, settings: Settings = {}): Promise<void> {
  expect([await apps.bring(app(name, settings), name), apps.reasons(name)]).toEqual([expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/), '']);
}

test('the same bytes under another key are the same job, other bytes under the same key another one', async () => {
  await bring('One');
  put('b/model.tar.gz', 'model');
  await bring('Two', { model: 'b/model.tar.gz' });
  expect(apps.statuses()).toEqual(['COMPLETED']);
  // In the stack that has the job already, too.
  await bring('One', { model: 'b/model.tar.gz' });
  expect(apps.statuses()).toEqual(['COMPLETED']);
  put('a/payload.tar.gz', 'another payload');
  await bring('Three');
  expect(apps.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
});

test('so it is with the function as it is bundled', async () => {
  await apps.close();
  await open({});
  await bring('One');
  put('b/model.tar.gz', 'model');
  await bring('Two', { model: 'b/model.tar.gz' });
  expect(apps.statuses()).toEqual(['COMPLETED']);
});

test('an object that may not be read tells nothing: the job is found by the construct and its very package only', async () => {
  await bring('One', { isBlind: true });
  await bring('Two', { isBlind: true });
  expect(apps.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
  await bring('One', { isBlind: true, packageDescription: 'another package' });
  expect(apps.statuses()).toHaveLength(3);
});

test('a bucket of somebody else answers nothing either, and the deploy goes on', async () => {
  const { s3 } = apps.aws.world;
  s3.find('models')!.objects.clear();
  s3.deleteBucket('models');
  s3.createBucket('models', '222222222222', REGION);
  put('a/model.tar.gz', 'model');
  put('a/payload.tar.gz', 'payload');
  await bring('One');
  await bring('Two');
  expect(apps.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
});

describe('a change of how far a job is found again', () => {
  test.each([
    [JobReuse.STACK, JobReuse.ACCOUNT, 2], [JobReuse.ACCOUNT, JobReuse.CONSTRUCT, 2], [JobReuse.CONSTRUCT, JobReuse.NEVER, 1],
  ])('from %s to %s: %d jobs in all, and the way back finds the first', async (before, after, jobs) => {
    await bring('One', { reuse: before });
    await bring('One', { reuse: after });
    expect(apps.statuses()).toHaveLength(jobs);
    await bring('One', { reuse: before });
    expect(apps.statuses()).toEqual(Array(jobs).fill('COMPLETED'));
    expect(await apps.remove('One')).toBe('DELETE_COMPLETE');
  });

  test('stops what still runs under the earlier one', async () => {
    await bring('One', { reuse: JobReuse.STACK, inBackground: true });
    await bring('One', { reuse: JobReuse.ACCOUNT, inBackground: true });
    await apps.remove('One');
    expect(apps.statuses()).toEqual(['STOPPED', 'STOPPED']);
  });
});
