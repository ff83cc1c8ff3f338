import { gzipSync } from 'zlib';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LocalApps } from './local-apps';
import {
  BenchmarkTarget, EndpointCandidate, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InstanceType, JobType, ModelPackage,
  ModelPackageGroup, TrafficPattern,
} from '../../src';
import * as library from '../../src';
import { archiveOf } from '../harness/archives';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

const JOB_ROLE = { role: 'sagemaker.amazonaws.com' };

let apps: LocalApps;
beforeEach(async () => {
  apps = await LocalApps.open({ imported: 'required', quotas: { 'ml.g5.xlarge for endpoint usage': 0 } });
  apps.aws.world.s3.createBucket('models', ACCOUNT, REGION);
});
afterEach(() => apps.close());

const put = (key: string, bytes: Buffer) => apps.aws.world.s3.putObject('models', key, bytes);

/** A load test on a g5 and a c5, with archives in a bucket, under a role that this service may assume. */
const app = (
  more: Partial<InferenceRecommendationsJobProps> = {},
  { role: principal } = JOB_ROLE,
  types = [InstanceType.ML_G5_XLARGE, InstanceType.ML_C5_XLARGE],
) => (root: App) => {
  const stack = new Stack(root, 'Shop', { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
  const modelPackage = new ModelPackage(stack, 'Package', { ...xgboost(library, { bucket }), modelPackageGroup: new ModelPackageGroup(stack, 'Group') });
  const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal(principal) });
  bucket.grantRead(role);
  const job = new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(modelPackage),
    role,
    jobType: JobType.loadTest({
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.seconds(120) }]),
      endpointCandidates: types.map((type) => EndpointCandidate.instance(type)),
      maxDuration: Duration.hours(1),
    }),
    ...more,
  });
  stack.exportValue(job.addResults().costAtLeast, { name: 'Cost' });
};

test('one deploy names all that is wrong at once, starts nothing, and the next one, in which it is mended, starts the job', async () => {
  put('payload.tar.gz', Buffer.from('1,2,3\n'));
  const { exitCode, output } = await apps.cdk(app({}, { role: 'lambda.amazonaws.com' }), ['deploy']);
  expect(exitCode).toBe(1);
  const [reason] = /The job was not started, for \d reasons: .*/.exec(output.replace(/\s+/g, ' ')) ?? [''];
  expect(reason).toContain('for 4 reasons: (1) ');
  for (const part of [
    /The sample payload s3:\/\/models\/payload\.tar\.gz must be a tar archive that is compressed with gzip, and is plain text: pack the files with `tar -czf payload\.tar\.gz`\./,
    /The model artifact s3:\/\/models\/model\.tar\.gz does not exist: upload it, or correct its address\./,
    /SageMaker may not assume the role arn:aws:iam::\d+:role\/\S+: let its trust policy allow sts:AssumeRole/,
    /The quota 'ml\.g5\.xlarge for endpoint usage' of this account and Region is 0/,
  ]) { expect(reason).toMatch(part); }
  expect(apps.statuses()).toEqual([]);

  put('payload.tar.gz', archiveOf({ 'request.csv': '1,2,3\n' }));
  put('model.tar.gz', archiveOf({ model: 'm' }));
  await apps.remove('Shop');
  expect(await apps.bring(app({ maxCost: 5 }, JOB_ROLE, [InstanceType.ML_C5_XLARGE]), 'Shop')).toBe('CREATE_COMPLETE');
  expect(apps.statuses()).toEqual(['COMPLETED']);
  const [job] = apps.region().sagemaker.state.jobs.values();
  const tags = apps.region().sagemaker.state.tags.get(job.arn)!;
  expect(tags.find(({ Key }) => Key === 'InferenceRecommender:EstimatedCost')!.Value).toMatch(/^0\.\d\d USD$/);
  expect(Object.values(apps.outputs('Shop'))).toContainEqual(expect.stringMatching(/^at least 0\.\d\d USD$/));
});

test('checks that are off are not made: the job starts', async () => {
  put('payload.tar.gz', Buffer.from('1,2,3\n'));
  put('model.tar.gz', archiveOf({ model: 'm' }));
  await apps.bring(app({ preflight: { objects: false, quotas: false } }), 'Shop');
  expect(apps.statuses()).toHaveLength(1);
});

test('of an empty payload, and of a permission that the role lacks, one deploy tells both where the simulation is on', async () => {
  put('payload.tar.gz', gzipSync(Buffer.alloc(1024)));
  put('model.tar.gz', archiveOf({ model: 'm' }));
  const props = { preflight: { permissions: true, quotas: false } };
  expect(await apps.bring(app(props), 'Shop')).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons('Shop')).toMatch(/The sample payload s3:\/\/models\/payload\.tar\.gz has no file/);
  expect(apps.reasons('Shop')).toMatch(/may not do sagemaker:CreateEndpoint on arn:aws:sagemaker:/);
  expect(apps.statuses()).toEqual([]);
});
