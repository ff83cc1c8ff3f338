import { Context } from './policy';
import { Principal, Region } from '../kernel';

/** A permission that a request needs. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

/** The permissions that a service's requests need beyond the action on a resource. That service's room knows them. */
export type ServiceNeeds = (region: Region, operation: string, input: any, context: Context) => Need[];

/** The tags of a resource, by its ARN. */
export type ResourceTags = (region: Region, arn: string) => Readonly<Record<string, string>>;

/**
 * What a resource's own policy says of a request: it denies it, allows it to the session or to everybody, allows it to the role, or leaves it to the
 * principal's own policies.
 */
export type ResourcePolicy = (region: Region, request: Required<Need> & { readonly principal: Principal }) => 'Deny' | 'AllowSession' | 'AllowRole' | undefined;

/** SageMaker's operations are a verb and one of these nouns. The ARN consists of the type and the member that names the resource. */
const SAGEMAKER: Readonly<Record<string, readonly [type: string, member: string]>> = {
  InferenceRecommendationsJob: ['inference-recommendations-job', 'JobName'],
  Model: ['model', 'ModelName'],
  ModelPackage: ['model-package', 'ModelPackageName'],
  ModelPackageGroup: ['model-package-group', 'ModelPackageGroupName'],
  EndpointConfig: ['endpoint-config', 'EndpointConfigName'],
  Endpoint: ['endpoint', 'EndpointName'],
  InferenceComponent: ['inference-component', 'InferenceComponentName'],
  InferenceComponentRuntimeConfig: ['inference-component', 'InferenceComponentName'],
  Algorithm: ['algorithm', 'AlgorithmName'],
  CompilationJob: ['compilation-job', 'CompilationJobName'],
  AIWorkloadConfig: ['ai-workload-config', 'AIWorkloadConfigName'],
  AIRecommendationJob: ['ai-recommendation-job', 'AIRecommendationJobName'],
  AIBenchmarkJob: ['ai-benchmark-job', 'AIBenchmarkJobName'],
  ScalingConfigurationRecommendation: ['inference-recommendations-job', 'InferenceRecommendationsJobName'],
};

/** Actions with a name other than their operation's. */
const ACTIONS: Readonly<Record<string, string>> = {
  's3:HeadObject': 's3:GetObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjects': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  's3:PutBucketNotificationConfiguration': 's3:PutBucketNotification',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:CopyObject': 's3:PutObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:UploadPartCopy': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:ListParts': 's3:ListMultipartUploadParts',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

/** The permissions for tags on a new resource. SageMaker's depend on the verb. */
const TAGGING: Readonly<Record<string, string>> = {
  'ssm:PutParameter': 'ssm:AddTagsToResource',
};

const PASSES_ROLES: Readonly<Record<string, string>> = {
  sagemaker: 'sagemaker.amazonaws.com',
  states: 'states.amazonaws.com',
  cloudformation: 'cloudformation.amazonaws.com',
  events: 'events.amazonaws.com',
};

/** All permissions that a request needs: its action on each resource, tags on new resources, the role that it passes. */
export function needs(region: Region, service: string, operation: string, input: any, own?: ServiceNeeds): Need[] {
  // Permission on a repository may depend on its tags, and no stand-in has any: who asks for one learns that it is not here.
  if (['sts:GetCallerIdentity', 'ecr:DescribeRepositories'].includes(`${service}:${operation}`)) { return []; }
  const action = ACTIONS[`${service}:${operation}`] ?? `${service}:${operation}`;
  const tags = tagsIn(input.Tags);
  const keys = [...tags.map((tag: any) => tag?.Key), ...Array.isArray(input.TagKeys) ? input.TagKeys : []];
  const context: Context = {
    'aws:RequestedRegion': region.name,
    'aws:ResourceAccount': region.account,
    's3:ResourceAccount': region.account,
    // The local AWS speaks plain HTTP on the loopback interface, where a rehearsed client would use TLS.
    'aws:SecureTransport': 'true',
    ...(service === 's3' && typeof input.Prefix === 'string' && { 's3:prefix': input.Prefix }),
    ...(keys.length > 0 && { 'aws:TagKeys': keys.map(String) }),
    // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (CreateModelPackage, UpdateModelPackage)
    ...(/^sagemaker:(Create|Update)ModelPackage$/.test(action) && input.ModelApprovalStatus !== undefined
      && { 'sagemaker:ModelApprovalStatus': String(input.ModelApprovalStatus) }),
    ...Object.fromEntries(tags.map((tag: any) => [`aws:RequestTag/${tag?.Key}`, String(tag?.Value)])),
  };
  const all = own ? own(region, operation, input, context)
    : resources(region, service, operation, input).map((resource): Need => ({ action, resource, context }));
  if (service === 'sagemaker' && operation.startsWith('Create') && tags.length > 0) {
    const [made] = all[0].resource.split('/');
    all.push(...all.filter(({ resource }) => resource.startsWith(`${made}/`)).map(({ resource }): Need => ({ action: 'sagemaker:AddTags', resource, context })));
  }
  const tagging = TAGGING[`${service}:${operation}`];
  if (tagging && tags.length > 0 && all.length > 0) { all.push({ action: tagging, resource: all[0].resource, context }); }
  if (service === 's3' && typeof input.CopySource === 'string') {
    const source = `arn:${region.partition}:s3:::${decoded(input.CopySource).replace(/^\//, '')}`;
    all.push({ action: 's3:GetObject', resource: source, context });
  }
  const role = input.RoleArn ?? input.ExecutionRoleArn ?? input.roleArn ?? input.RoleARN;
  if (typeof role === 'string' && PASSES_ROLES[service]) {
    all.push({ action: 'iam:PassRole', resource: role, context: { ...context, 'iam:PassedToService': PASSES_ROLES[service] } });
  }
  return all;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Tags are a list, or a map. */
function tagsIn(tags: unknown): any[] {
  if (Array.isArray(tags)) { return tags; }
  return typeof tags === 'object' && tags !== null ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) : [];
}

function resources(region: Region, service: string, operation: string, input: any): string[] {
  const arn = (kind: string, name: unknown) => /^arn:/.test(String(name)) ? String(name) : region.arn(service, `${kind}${String(name ?? '')}`);
  switch (service) {
    case 'sagemaker': {
      const named = (type: string, name: unknown) => (/^arn:/.test(String(name)) ? region.spellings(String(name)) : region.namedInSageMaker(`${type}/${name ?? ''}`));
      if (input.ResourceArn !== undefined) { return region.spellings(String(input.ResourceArn)); }
      // List operations have no resource if AWS's authorization reference names none.
      if (operation === 'ListModelPackages') { return ['*']; }
      // The runtime's operations are on the endpoint, whichever of its inference components is invoked.
      if (/^InvokeEndpoint/.test(operation)) { return named('endpoint', input.EndpointName); }
      const [, noun] = /^(?:Create|Describe|Stop|Update|Delete|Get|List)(.+)$/.exec(operation) ?? [];
      const [type, member] = SAGEMAKER[noun] ?? [];
      // An update of a package names it by its ARN.
      const main = type ? named(type, input[member] ?? input[`${noun}Arn`]) : ['*'];
      if (operation === 'CreateInferenceComponent') { return [...main, ...named('endpoint', input.EndpointName)]; }
      return /^(Create|Update)Endpoint$/.test(operation) && input.EndpointConfigName ? [...main, ...named('endpoint-config', input.EndpointConfigName)] : main;
    }
    case 'states': return [input.executionArn ?? input.stateMachineArn ?? input.resourceArn ?? (input.name ? arn('stateMachine:', input.name) : '*')];
    case 'lambda': return [input.FunctionName ? arn('function:', String(input.FunctionName).replace(/^\d{12}:function:/, '')) : '*'];
    case 'ssm': return (Array.isArray(input.Names) ? input.Names : [input.Name ?? input.Path ?? input.ResourceId])
      .map((name: any) => name === undefined ? '*' : arn('parameter/', String(name).replace(/^\//, '')));
    case 'logs': {
      const group = input.logGroupName ?? input.logGroupIdentifier;
      return [group ? `${arn('log-group:', group).replace(/:\*$/, '')}:*` : '*'];
    }
    case 's3': {
      if (!input.Bucket) { return ['*']; }
      const bucket = `arn:${region.partition}:s3:::${input.Bucket}`;
      if (operation === 'DeleteObjects') { return [input.Delete?.Object ?? []].flat().map(({ Key }: any) => `${bucket}/${Key}`); }
      return [`${bucket}${input.Key === undefined ? '' : `/${input.Key}`}`];
    }
    case 'ecr': return [input.repositoryName === undefined ? '*' : arn('repository/', input.repositoryName)];
    case 'route53': return [input.Id === undefined ? '*' : `arn:${region.partition}:route53:::hostedzone/${input.Id}`];
    case 'cloudfront': return [`arn:${region.partition}:cloudfront::${region.account}:distribution/${input.DistributionId}`];
    case 'ec2': return [/SecurityGroup(In|E)gress$/.test(operation) ? arn('security-group/', input.GroupId) : '*'];
    case 'cloudformation': return [input.StackName === undefined ? '*' : arn('stack/', /^arn:/.test(input.StackName) ? input.StackName : `${input.StackName}/*`)];
    default: return ['*'];
  }
}
