import { Iam } from '../../iam';
import { AwsError, Region } from '../../kernel';
import { S3 } from '../../s3';
import { unreadable } from '../inputs';
import { AIBenchmarkJob, AIRecommendationJob } from '../state';

/** A permission that a job's role needs. */
interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** AIPerf runs as a training job, which logs here. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html */
export const TRAINING_LOGS = '/aws/sagemaker/TrainingJobs';
/** The registry of AWS's images for inference. */
const REGISTRY = '763104351884';
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html, with the actions of https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html */
const NETWORK = ['DescribeNetworkInterfaces', 'DescribeSubnets', 'DescribeSecurityGroups', 'DescribeVpcs', 'DescribeDhcpOptions'];
const INTERFACES = ['CreateNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterface', 'DeleteNetworkInterfacePermission'];

/**
 * Why a job cannot begin with its role: the first permission that is missing. AIPerf runs as a training job under the job's role, which passes itself on.
 *
 * AWS documents full access only. The permissions are those that AWS's samples give to such a role:
 * https://github.com/aws-samples/sagemaker-genai-hosting-examples/tree/main/03-features/gen-ai-inference-recommendations,
 * https://github.com/awslabs/ml-container-creator (the execution role of its stack)
 */
export function denialOfTraining(job: AIRecommendationJob | AIBenchmarkJob, trainingJob: string, region: Region): string | undefined {
  const { RoleArn: role, OutputConfig, NetworkConfig } = job.request;
  const arn = (service: string, resource: string) => region.arn(service, resource);
  const stream = arn('logs', `log-group:${TRAINING_LOGS}:log-stream:${trainingJob}/algo-1`);
  const image = `arn:${region.partition}:ecr:${region.name}:${REGISTRY}:repository/aiperf`;
  const mlflow: string | undefined = OutputConfig.MlflowConfig?.MlflowResourceArn;
  return denied(role, [
    { action: 'sagemaker:CreateTrainingJob', resource: arn('sagemaker', `training-job/${trainingJob}`) },
    { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...PULL.map((action) => ({ action, resource: image })),
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: stream })),
    ...job.workload.secrets.filter((secret) => /^arn:[^:]+:secretsmanager:/.test(secret)).map((resource) => ({ action: 'secretsmanager:GetSecretValue', resource })),
    ...mlflow === undefined ? [] : [{ action: 'sagemaker:DescribeMlflowApp', resource: mlflow }],
    ...NetworkConfig?.VpcConfig === undefined ? [] : [
      ...NETWORK.map((action) => ({ action: `ec2:${action}`, resource: '*' })),
      ...INTERFACES.map((action) => ({ action: `ec2:${action}`, resource: arn('ec2', 'network-interface/*') })),
    ],
  ], region) ?? unread(job.workload.inputs, role, region);
}

/**
 * Why a job cannot look at the quotas of the types on which it will benchmark.
 * Source: https://github.com/aws-samples/sample-sagemaker-agentic-model-deployment (sagemaker-optimize, Guards)
 */
export function denialOfQuotas({ request: { RoleArn } }: AIRecommendationJob, region: Region): string | undefined {
  return denied(RoleArn, [{ action: 'servicequotas:GetServiceQuota', resource: '*' }], region);
}

/** Why a job cannot read the model and its adapters. */
export function denialOfModel({ request }: AIRecommendationJob, region: Region): string | undefined {
  const { RoleArn: role, ModelSource, AdapterSource = {} } = request;
  const packages = (AdapterSource.ModelPackageArns ?? []).map(({ ModelPackageArn: resource }: any): Need => ({ action: 'sagemaker:DescribeModelPackage', resource }));
  const adapters: string[] = (AdapterSource.S3Uris ?? []).map(({ S3Uri }: any) => S3Uri);
  return unread([ModelSource.S3.S3Uri, ...adapters], role, region) ?? denied(role, packages, region);
}

/** Why AIPerf cannot invoke an endpoint. Whichever of its inference components it names, the permission is on the endpoint. */
export function denialOfInvocation({ request, workload }: AIBenchmarkJob, resource: string, region: Region): string | undefined {
  const actions = ['sagemaker:InvokeEndpoint', ...workload.streaming ? ['sagemaker:InvokeEndpointWithResponseStream'] : []];
  return denied(request.RoleArn, actions.map((action) => ({ action, resource })), region);
}

/** Why a job cannot write an object. Where what others have made counts as there, a bucket that is not here takes everything. */
export function unwritable(bucketName: string, key: string, role: string, region: Region): string | undefined {
  const bucket = region.room(S3).find(bucketName);
  if (!bucket || bucket.account !== region.account) {
    return region.world.options.imported === 'required' ? `the bucket ${bucketName} does not exist` : undefined;
  }
  try {
    region.room(Iam).check({ principal: { account: region.account, arn: role } }, 's3', 'PutObject', { Bucket: bucketName, Key: key });
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    return `the role ${role} is not authorized to perform: s3:PutObject on resource: arn:${region.partition}:s3:::${bucketName}/${key}`;
  }
}

/** Why a role cannot list and read prefixes. What is no object of its own is a prefix. */
function unread(uris: readonly string[], role: string, region: Region): string | undefined {
  for (const uri of uris) {
    const [, bucketName = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
    const bucket = region.room(S3).find(bucketName);
    const isObject = key.endsWith('/') || bucket?.objects.has(key);
    const why = unreadable(isObject || key === '' ? `s3://${bucketName}/${key}` : `${uri}/`, role, region);
    if (why !== undefined) { return why; }
    if (bucket?.account !== region.account) { continue; }
    const resource = `arn:${region.partition}:s3:::${bucketName}`;
    const missing = denied(role, [{ action: 's3:ListBucket', resource, context: { 's3:prefix': key } }], region);
    if (missing !== undefined) { return missing; }
  }
  return undefined;
}

function denied(role: string, needs: readonly Need[], region: Region): string | undefined {
  const missing = needs.find(({ action, resource, context }) => (
    !region.room(Iam).allows(role, action, resource, { 'aws:RequestedRegion': region.name, 'aws:ResourceAccount': region.account, ...context })
  ));
  return missing && `the role ${role} is not authorized to perform: ${missing.action} on resource: ${missing.resource}`;
}
