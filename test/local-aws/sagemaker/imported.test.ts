import { Bench, IMAGE, ROLE } from './fixtures';
import { VirtualClock } from '../../../local-aws/kernel/clock';

const trust = (service: string) => ({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] });
const read = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' }] };

/** A Region where nothing counts as there that nobody has made. */
function strict(): Bench {
  const bench = new Bench({ imported: 'required', clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }) });
  return bench;
}

function withRole(service = 'sagemaker.amazonaws.com', policy: unknown = read): Bench {
  const bench = strict();
  bench.region.iam.createRole('Job', trust(service));
  bench.region.iam.putRolePolicy('Job', 'read', policy);
  bench.world.s3.createBucket('bucket', bench.region.account, bench.region.name);
  return bench;
}

async function ended(bench: Bench, objects: readonly string[]) {
  objects.forEach((key) => bench.world.s3.putObject('bucket', key, Buffer.from('x')));
  const ModelPackageVersionArn = await bench.modelPackage();
  await bench.call('CreateInferenceRecommendationsJob', { JobName: 'j', JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn } });
  await bench.minutes(60);
  return bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' });
}

describe('a role that SageMaker cannot assume is refused', () => {
  const model = { ModelName: 'm', PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE };
  const message = `Could not assume role ${ROLE}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`;

  test('if it does not exist', async () => {
    expect(await strict().refused('CreateModel', model)).toMatchObject({ code: 'ValidationException', message });
  });

  test('if it trusts another service', async () => {
    expect(await withRole('lambda.amazonaws.com').refused('CreateModel', model)).toMatchObject({ message });
  });

  test('wherever it is in a request', async () => {
    const Profiles = {
      ValidationRole: ROLE,
      ValidationProfiles: [{
        ProfileName: 'p',
        TransformJobDefinition: {
          TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/a' } } }, TransformOutput: { S3OutputPath: 's3://b/o' }, TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
        },
      }],
    };
    expect(await strict().refused('CreateModelPackage', { ModelPackageName: 'p', ValidationSpecification: Profiles })).toMatchObject({ message });
  });

  test('and taken if it exists and trusts SageMaker', async () => {
    await withRole().call('CreateModel', model);
  });
});

describe('a job', () => {
  test('ends COMPLETED if its role can read all', async () => {
    const job = await ended(withRole(), ['payload.tar.gz', 'model.tar.gz']);
    expect(job).toMatchObject({ Status: 'COMPLETED' });
    for (const row of job.InferenceRecommendations) { expect(row.InvocationEndTime.getTime()).toBeGreaterThan(row.InvocationStartTime.getTime()); }
  });

  test.each([
    [['model.tar.gz'], 'there is no object at s3://bucket/payload.tar.gz'],
    [['payload.tar.gz'], 'there is no object at s3://bucket/model.tar.gz'],
  ])('with %j alone ends FAILED', async (objects, why) => {
    const bench = withRole();
    expect(await ended(bench, objects)).toMatchObject({ Status: 'FAILED', FailureReason: `The job cannot read its input: ${why}.` });
    const { Steps } = await bench.call('ListInferenceRecommendationsJobSteps', { JobName: 'j' });
    expect(new Set(Steps.map(({ Status }: any) => Status))).toEqual(new Set(['FAILED']));
    expect(bench.region.logs.tail('/aws/sagemaker/InferenceRecommendationsJobs')).toEqual([
      'Inference Recommender job j is PENDING', 'Inference Recommender job j is IN_PROGRESS', expect.stringMatching(/^Inference Recommender job j is FAILED: The job cannot read its input: /),
    ]);
  });

  test('without permission ends FAILED, and names the permission', async () => {
    const bench = withRole(undefined, { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] });
    expect(await ended(bench, ['payload.tar.gz', 'model.tar.gz'])).toMatchObject({ Status: 'FAILED', FailureReason: expect.stringContaining('is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::bucket/payload.tar.gz') });
  });

  test('whose bucket is nobody\'s ends FAILED', async () => {
    const bench = withRole();
    bench.world.s3.deleteBucket('bucket');
    expect(await ended(bench, [])).toMatchObject({ Status: 'FAILED', FailureReason: 'The job cannot read its input: the bucket bucket does not exist.' });
  });
});

test('a model needs its data, but for AWS\'s public buckets', async () => {
  const bench = withRole();
  const model = (ModelName: string, ModelDataUrl: string) => (
    { ModelName, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl } }
  );
  expect(await bench.refused('CreateModel', model('m', 's3://bucket/none.tar.gz'))).toMatchObject({
    code: 'ValidationException', message: 'Could not find model data at s3://bucket/none.tar.gz: there is no object at s3://bucket/none.tar.gz.',
  });
  const names = ['jumpstart-cache-prod-eu-west-1', 'sagemaker-example-files-prod-eu-west-1', 'sagemaker-examples-files-prod-eu-west-1', 'sagemaker-sample-files', 'sagemaker-sample-data-eu-west-1'];
  for (const name of names) { await bench.call('CreateModel', model(`of-${name}`, `s3://${name}/model.tar.gz`)); }
  for (const name of ['sagemaker-eu-west-1-111122223333', 'sagemaker-examples', 'my-sagemaker-sample-files']) {
    expect(await bench.refused('CreateModel', model('m', `s3://${name}/model.tar.gz`))).toMatchObject({ message: expect.stringContaining(`the bucket ${name} does not exist`) });
  }
});

test.each<[string, readonly string[], object]>([
  ['fails without its artifact', [], { InferenceComponentStatus: 'Failed', FailureReason: 'Could not find model data at s3://bucket/llm.tar.gz: there is no object at s3://bucket/llm.tar.gz.' }],
  ['runs with it', ['llm.tar.gz'], { InferenceComponentStatus: 'InService' }],
])('an inference component %s', async (_what, objects, found) => {
  const bench = withRole();
  objects.forEach((key) => bench.world.s3.putObject('bucket', key, Buffer.from('x')));
  await bench.call('CreateEndpointConfig', {
    EndpointConfigName: 'shared', ExecutionRoleArn: ROLE, ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }],
  });
  await bench.call('CreateEndpoint', { EndpointName: 'shared', EndpointConfigName: 'shared' });
  await bench.minutes(3);
  await bench.call('CreateInferenceComponent', {
    InferenceComponentName: 'llm',
    EndpointName: 'shared',
    Specification: { Container: { Image: IMAGE, ArtifactUrl: 's3://bucket/llm.tar.gz' }, ComputeResourceRequirements: { MinMemoryRequiredInMb: 128 } },
  });
  await bench.minutes(3);
  expect(await bench.call('DescribeInferenceComponent', { InferenceComponentName: 'llm' })).toMatchObject(found);
});
