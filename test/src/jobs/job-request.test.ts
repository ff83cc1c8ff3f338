import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Size, Stack, Tags } from 'aws-cdk-lib/core';
import {
  BenchmarkTarget, EndpointCandidate, Endpoint, EndpointType, FlatInvocations, InferenceRecommendationsJob, InferenceRecommendationsJobProps,
  InstanceType, JobType, LatencyPercentile, MlDomain, MlFramework, MlTask, Model, ModelPackage, SamplePayload, TrafficPattern,
} from '../../../src';
import { JobProperties } from '../../../src/contract/start';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { ROLE_ARN, Stage } from '../../harness/stage';

const REQUEST = 'CreateInferenceRecommendationsJobRequest';
const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Every member of a shape as a path; lists and their entries count as their members. */
function membersOf(shapeName: string, path: string[] = []): string[] {
  const shape = JOB_SHAPES[shapeName];
  if (shape.type === 'structure') {
    return Object.entries(shape.members!).flatMap(([name, member]) => [[...path, name].join('.'), ...membersOf(member, [...path, name])]);
  }
  return shape.type === 'list' ? membersOf(shape.member!, path) : [];
}

/** Every member that a value sets. */
function membersSet(value: any, path: string[] = []): string[] {
  if (Array.isArray(value)) { return value.flatMap((entry) => membersSet(entry, path)); }
  if (typeof value !== 'object' || value === null) { return []; }
  return Object.entries(value).flatMap(([name, inner]) => [[...path, name].join('.'), ...membersSet(inner, [...path, name])]);
}

/** CloudFormation hands over every scalar as a string. */
function asDelivered(value: any): any {
  if (Array.isArray(value)) { return value.map(asDelivered); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asDelivered(inner)])); }
  return String(value);
}

/** The request that the handler sends for a job's props. */
async function requestFor(stage: Stage, props: (stack: Stack) => InferenceRecommendationsJobProps): Promise<Record<string, unknown>> {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const job = new InferenceRecommendationsJob(stack, 'Job', props(stack));
  Tags.of(job).add('team', 'ml');
  const resource: any = job.node.findChild('Resource');
  const [{ Properties }] = Object.values(stack.resolve(resource._toCloudFormation()).Resources) as any[];
  // Nothing is at the addresses here, so nothing is looked at.
  const { ServiceToken: _token, ServiceTimeout: _timeout, Preflight: _checks, ...properties } = asDelivered(Properties);
  const answer = await stage.send(stage.start('Create', properties as JobProperties));
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  return stage.calls.filter(({ operation }) => operation === 'CreateInferenceRecommendationsJob').at(-1)!.input;
}

const role = (stack: Stack) => Role.fromRoleArn(stack, 'Role', ROLE_ARN);
const bucket = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'bucket');

test('every member of the API\'s request is reached by a prop and sent by the handler', async () => {
  const stage = await new Stage().setUp();
  await stage.sagemaker('CreateModel', {
    ModelName: 'model', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz' },
  });
  await stage.sagemaker('CreateEndpointConfig', {
    EndpointConfigName: 'config',
    ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'model', InstanceType: 'ml.c5.large', InitialInstanceCount: 1 }],
  });
  await stage.sagemaker('CreateEndpoint', { EndpointName: 'existing', EndpointConfigName: 'config' });

  const whole = await requestFor(stage, (stack) => ({
    target: BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package', stage.packageArn)),
    role: role(stack),
    description: 'everything',
    jobType: JobType.loadTest({
      maxDuration: Duration.hours(2),
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
      maxNumberOfTests: 5,
      maxParallelOfTests: 2,
      maxInvocations: 300,
      modelLatencyThreshold: { percentile: LatencyPercentile.P95, value: Duration.millis(100) },
      flatInvocations: FlatInvocations.CONTINUE,
      endpointCandidates: [
        EndpointCandidate.instance(InstanceType.ML_C5_XLARGE, { inferenceSpecificationName: 'gpu', environment: { OMP_NUM_THREADS: ['1', '2'] } }),
        EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 }),
      ],
    }),
    containerConfig: {
      domain: MlDomain.MACHINE_LEARNING,
      task: MlTask.CLASSIFICATION,
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
      samplePayload: SamplePayload.fromBucket(bucket(stack), 'payload.tar.gz'),
      supportedContentTypes: ['text/csv'],
      nearestModelName: 'xgboost',
      supportedInstanceTypes: [InstanceType.ML_C5_XLARGE],
      supportedEndpointType: EndpointType.REAL_TIME,
      dataInputConfig: '{"input":[1,10]}',
      supportedResponseMimeTypes: ['text/csv'],
    },
    existingEndpoints: [Endpoint.fromEndpointName(stack, 'Existing', 'existing')],
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] }),
    vpcSubnets: { subnets: [Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'us-east-1a' })] },
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
    volumeEncryptionKey: Key.fromKeyArn(stack, 'VolumeKey', KEY_ARN),
    outputEncryptionKey: Key.fromKeyArn(stack, 'OutputKey', KEY_ARN),
    compiledOutputBucket: Bucket.fromBucketName(stack, 'Compiled', 'compiled'),
    compiledOutputPrefix: 'models/',
  }));
  // What excludes a member of the first request stands in a second.
  const other = await requestFor(stage, (stack) => ({
    target: BenchmarkTarget.fromModel(Model.fromModelName(stack, 'Model', 'model')),
    role: role(stack),
    jobType: JobType.loadTest({
      trafficPattern: TrafficPattern.stairs({ duration: Duration.minutes(2), numberOfSteps: 3, usersPerStep: 1 }),
      endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)],
    }),
    containerConfig: {
      domain: MlDomain.MACHINE_LEARNING,
      task: MlTask.CLASSIFICATION,
      framework: MlFramework.XGBOOST,
      samplePayload: SamplePayload.fromBucket(bucket(stack), 'payload.tar.gz'),
    },
  }));

  const sent = new Set([...membersSet(whole), ...membersSet(other)]);
  const missing = membersOf(REQUEST).filter((member) => !sent.has(member));
  // A recommendation job refuses provisioned concurrency: API_ProductionVariantServerlessConfig.
  expect(missing).toEqual(['InputConfig.EndpointConfigurations.ServerlessConfig.ProvisionedConcurrency']);

  const inSecond = ['InputConfig.ModelName', 'InputConfig.TrafficPattern.Stairs'];
  const first = new Set(membersSet(whole));
  expect(membersOf(REQUEST).filter((member) => !first.has(member) && !inSecond.some((prefix) => member.startsWith(prefix)))).toEqual(missing);
});
