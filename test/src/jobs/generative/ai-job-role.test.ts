import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { AIBenchmarkJobProps, AIRecommendationJobProps, LoraAdapter, ModelPackageGroup } from '../../../../src';
import { arn, deployed, idOf, importedPackage, newStack, permissionsOf } from '../../../harness/constructs';
import { network } from '../../../harness/endpoints';
import { benchmarkJobIn, namedBucket, recommendationJobIn } from '../../../harness/generative';
import { SCOPE } from '../../../harness/place';

type Make<P> = (stack: Stack) => Partial<P>;

function roleOf(make: (stack: Stack) => void): Record<string, string[]> {
  const stack = newStack();
  make(stack);
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'JobRole'));
}
const recommending = (make: Make<AIRecommendationJobProps> = () => ({})) => roleOf((stack) => recommendationJobIn(stack, make(stack)));
const benchmarking = (make: Make<AIBenchmarkJobProps> = () => ({})) => roleOf((stack) => benchmarkJobIn(stack, make(stack)));

/** What a role may do on top of that of a plain job. */
function added(plain: Record<string, string[]>, role: Record<string, string[]>): Record<string, string[]> {
  const more = Object.entries(role)
    .map(([action, resources]) => [action, resources.filter((resource) => !plain[action]?.includes(resource))] as const);
  return Object.fromEntries(more.filter(([, resources]) => resources.length > 0));
}

const OWN = `${SCOPE.Namespace}-*`;

test('a plain recommendation reads its model, writes its results, and makes only what is named after its jobs', () => {
  const role = recommending();
  expect([...role['s3:GetObject*']].sort()).toEqual([
    'arn:aws:s3:::models', 'arn:aws:s3:::models/chat/*', 'arn:aws:s3:::results', 'arn:aws:s3:::results/Shop-Job-819B92C5/*',
  ]);
  expect(role['s3:PutObject']).toEqual(['arn:aws:s3:::results/Shop-Job-819B92C5/*']);
  expect(role['iam:PassRole']).toEqual([expect.stringMatching(/:role\/JobRole.* if .*"iam:PassedToService":"sagemaker.amazonaws.com"/)]);
  expect(role['sagemaker:DescribeAIWorkloadConfig']).toEqual([arn('sagemaker', 'ai-workload-config/chat')]);
  expect(role['sagemaker:CreateTrainingJob']).toEqual([arn('sagemaker', 'training-job/*')]);
  // Whatever stops, deletes, changes or invokes something is limited to the jobs' own names.
  const dangerous = Object.keys(role).filter((action) => /^sagemaker:(Stop|Delete|Update|Invoke|AddTags)/.test(action));
  expect(dangerous.length).toBeGreaterThan(6);
  dangerous.flatMap((action) => role[action]).forEach((resource) => expect(resource.endsWith(`/${OWN}`)).toBe(true));
});

test('only documented actions may be on any resource', () => {
  const onAny = (role: Record<string, string[]>) => Object.keys(role).filter((action) => role[action].some((resource) => /^\*( if|$)/.test(resource))).sort();
  expect(onAny(benchmarking())).toEqual(['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken']);
  expect(onAny(recommending())).toEqual(['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken', 'servicequotas:GetServiceQuota']);
});

test('only a job that recommends may look at quotas, and it changes none', () => {
  const quotas = (role: Record<string, string[]>) => Object.keys(role).filter((action) => action.startsWith('servicequotas:'));
  expect([quotas(recommending()), quotas(benchmarking())]).toEqual([['servicequotas:GetServiceQuota'], []]);
});

test('a plain benchmark may invoke its endpoint, and makes no endpoint', () => {
  const role = benchmarking();
  for (const action of ['DescribeEndpoint', 'InvokeEndpoint', 'InvokeEndpointWithResponseStream']) {
    expect(role[`sagemaker:${action}`]).toEqual([arn('sagemaker', 'endpoint/live')]);
  }
  expect(Object.keys(role).filter((action) => /Create(Endpoint|Model|InferenceComponent)/.test(action))).toEqual([]);
  expect(role['s3:PutObject']).toEqual(['arn:aws:s3:::results/Shop-Job-819B92C5/*']);
});

test.each<[string, Make<AIRecommendationJobProps>, Record<string, string[]>]>([
  ['an adapter in a bucket', (stack) => ({ adapters: [LoraAdapter.fromBucket('a', namedBucket(stack, 'adapters'), 'support')] }), (
    Object.fromEntries(['GetBucket*', 'GetObject*', 'List*'].map((action) => [`s3:${action}`, ['arn:aws:s3:::adapters', 'arn:aws:s3:::adapters/support/*']])))],
  ['an adapter that is a package', (stack) => ({ adapters: [LoraAdapter.fromModelPackage('a', importedPackage(stack))] }), {
    'sagemaker:DescribeModelPackage': [arn('sagemaker', 'model-package/models/1')],
  }],
  ['an app of MLflow', () => ({ mlflow: { mlflowAppArn: arn('sagemaker', 'mlflow-app/app-1') } }), expect.objectContaining({
    'sagemaker:DescribeMlflowApp': [arn('sagemaker', 'mlflow-app/app-1')],
    'sagemaker-mlflow:LogMetric': [arn('sagemaker', 'mlflow-app/app-1')],
  })],
])('%s adds what it needs', (_what, make, expected) => {
  expect(added(recommending(), recommending(make))).toEqual(expected);
});

test('a group is all that the job registers in', () => {
  const role = recommending((stack) => ({ modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat') }));
  expect(role['sagemaker:CreateModelPackage']).toEqual([arn('sagemaker', 'model-package-group/chat'), arn('sagemaker', 'model-package/chat/*')]);
  expect(role).not.toHaveProperty('sagemaker:CreateModelPackageGroup');
});

test('keys of the buckets are for their use', () => {
  const role = roleOf((stack) => recommendationJobIn(stack, {
    outputBucket: new Bucket(stack, 'Encrypted', { encryption: BucketEncryption.KMS, encryptionKey: new Key(stack, 'Key') }),
  }));
  for (const action of ['kms:Decrypt', 'kms:GenerateDataKey*']) {
    expect(new Set(role[action])).toEqual(new Set([expect.stringContaining(':key/Key')]));
  }
});

test.each<[string, Make<AIBenchmarkJobProps>, string[]]>([
  ['a network', network, ['ec2:CreateNetworkInterface', 'ec2:DescribeSubnets']],
  ['components', () => ({ inferenceComponents: [{ inferenceComponentRef: { inferenceComponentArn: arn('sagemaker', 'inference-component/Chat') } } as any] }),
    ['sagemaker:DescribeInferenceComponent']],
])('%s of a benchmark adds what it needs', (_what, make, actions) => {
  expect(Object.keys(added(benchmarking(), benchmarking(make)))).toEqual(expect.arrayContaining(actions));
});
