import type { Facts, JobFacts, RoleFacts } from './facts';
import { withoutWayToS3 } from './network';
import { allows } from './role';
import { PAGES, Rule, Saw } from './rule';
import { quotasOf } from '../../../lambda/jobs/preflight/quotas';
import { trustOf } from '../../../lambda/jobs/preflight/trust';

const ACTION = /(?:not authorized to perform|may not do|denies|have permission for):? ([\w-]+:\w+)/;

/** Quotas, capacity, permissions, keys and networks. */
export const ACCOUNT_RULES: readonly Rule[] = [
  {
    id: 'quota',
    title: 'A quota of the account is used up, or 0',
    says: /ResourceLimitExceeded|account-level service limit|LimitExceededException|The quota '.*' of this account and Region is 0/,
    places: ['event', 'job', 'benchmark'],
    remedy: (saw, facts) => {
      const [name] = saw.flatMap(({ text }) => /'([^']+)'/.exec(text)?.[1] ?? []);
      const types = triedTypes(facts);
      return `Request an increase${name ? ` of '${name}'` : types.length > 0 ? ` of '${types[0]} for endpoint usage'` : ''} in Service Quotas, in this account and Region; delete endpoints that nobody uses;`
        + ' or try other types: `containerConfig.supportedInstanceTypes`, or the `endpointCandidates` of a load test.';
    },
    page: PAGES.quotas,
    sees: ({ jobs }) => jobs.flatMap(({ quotas, needs }) => (quotas && needs ? quotasOf(needs.tried, quotas).findings : []))
      .map((text) => ({ source: 'Service Quotas, sagemaker', text })),
  },
  {
    id: 'insufficient-capacity',
    title: 'AWS has no free instance of the type',
    says: /InsufficientInstanceCapacity|InsufficientCapacity|Unable to provision requested (?:ML )?compute capacity|CapacityError|insufficient capacity|is temporarily unavailable in supported availability zones/i,
    remedy: 'Deploy again later, or try other types: `containerConfig.supportedInstanceTypes`, or more `endpointCandidates`. For the endpoint, `instancePools` of a recommendation name the types that serve instead, and'
      + ' `instanceProvisionTimeout` of the variant waits longer.',
    page: PAGES.troubleshooting,
  },
  {
    id: 'role-not-assumable',
    title: 'SageMaker may not assume the role of the job',
    says: /cannot be assumed|AWSSecurityTokenServiceException|could not assume role|unable to assume|unable to perform: sts:AssumeRole|SageMaker (?:may not|cannot) assume the role|denies sts:AssumeRole to sagemaker|The role \S+ does not exist/i,
    remedy: 'Let the trust policy of the role allow sts:AssumeRole to sagemaker.amazonaws.com: `new Role(this, \'Role\', { assumedBy: new ServicePrincipal(\'sagemaker.amazonaws.com\') })`, or leave `role` out and the library makes one.',
    page: PAGES.roles,
    sees: ({ jobs }) => jobs.flatMap(({ role, job }) => {
      if (!role) { return []; }
      // The role of a job that has ended may have gone with its stack.
      if (!role.exists) { return job?.ended ? [] : [{ source: `role ${role.arn}`, text: `The role ${role.arn} does not exist.` }]; }
      return trustOf(role.arn, (role.trust ?? {}) as never).findings.map((text) => ({ source: `trust policy of ${role.arn}${asItWas(role)}`, text }));
    }),
    explains: ['input-unreadable', 'request-refused'],
    weight: 0.7,
  },
  {
    id: 'pass-role-denied',
    title: 'Somebody may not pass the role to SageMaker',
    says: /not authorized to perform: iam:PassRole|may not do iam:PassRole/,
    remedy: (saw) => `Allow iam:PassRole on the role, with the condition iam:PassedToService = sagemaker.amazonaws.com, to ${principalIn(saw) ?? 'the caller'}.`
      + ' A job\'s `role` of your own needs it on itself, too: the job passes it on to its models.',
    page: PAGES.passRole,
  },
  {
    id: 'kms-create-grant',
    title: 'The role may not create a grant on the key of the volumes',
    says: /kms:CreateGrant/,
    remedy: 'Allow kms:CreateGrant and kms:DescribeKey on the key of `volumeEncryptionKey` to the role of the job, in a policy of the role or in the key\'s own policy. The role that the library makes has both: leave `role` out, or add them to it.',
    page: PAGES.grants,
    sees: ({ jobs }) => jobs.flatMap(({ request, role }) => {
      const key = request?.InputConfig?.VolumeKmsKeyId;
      if (!key || !role?.policies || allows(role.policies, 'kms:CreateGrant', key.startsWith('arn:') ? key : undefined)) { return []; }
      return [{ source: `policies of ${role.arn}${asItWas(role)}`, text: `No policy of the role allows kms:CreateGrant on ${key}, the key of the volumes. The key's own policy, which was not looked at, may.` }];
    }),
    explains: ['internal-error'],
    weight: 0.55,
  },
  {
    id: 'key-unusable',
    title: 'A key of KMS is disabled or about to be deleted',
    says: /KMS\w*(?:Disabled|InvalidState)|(?:KMS )?key \S* ?is (?:disabled|pending deletion)|PendingDeletion/i,
    remedy: 'Enable the key, or cancel its deletion, or name another one: `volumeEncryptionKey`, `outputEncryptionKey`, or the key of the bucket.',
    page: PAGES.keyState,
  },
  {
    id: 'key-denied',
    title: 'The role may not use a key of KMS',
    says: /not authorized to perform: kms:(?!CreateGrant)\w+|KMS\w*AccessDenied|ciphertext refers to a customer master key/i,
    remedy: (saw) => `Allow ${actionIn(saw) ?? 'kms:Decrypt'} on the key to the role of the job, in a policy of the role or in the key's own policy.`,
    page: PAGES.roles,
  },
  {
    id: 'image-denied',
    title: 'The image cannot be pulled',
    says: /does not have BatchGetImage permission|does not grant ecr:|not authorized to perform: ecr:|CannotPullContainer|images? included in the model .{0,80} exist|repository .{0,120} does not exist in the registry|manifest for \S+ not found|requested image not found/i,
    remedy: (_saw, { jobs }) => `Look whether the image ${jobs.flatMap(({ target }) => target?.images ?? [])[0] ?? ''} exists in the job's Region, and let the role pull it (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, ecr:BatchCheckLayerAvailability);`
      .replace('image  exists', 'image exists') + ' a repository of another account needs a policy that allows it. `ContainerImage.fromEcrRepository` and `ContainerImage.fromDlc` grant it.',
    page: PAGES.ecr,
  },
  {
    id: 'no-way-to-s3',
    title: 'The subnets have no way to S3',
    says: /S3 VPC endpoint|route to (?:an )?S3|reachable from within the subnets|ConnectTimeout\w*.{0,80}\bs3\b|Connect timeout on endpoint URL: "https?:\/\/[^"]*s3/i,
    remedy: 'Add a gateway endpoint for S3 to the VPC: `vpc.addGatewayEndpoint(\'S3\', { service: GatewayVpcEndpointAwsService.S3 })`, or choose `vpcSubnets` with a NAT gateway. `vpc` of the job may also be left out.',
    page: PAGES.vpc,
    sees: ({ jobs }) => jobs.flatMap(({ network }) => {
      const isolated = network ? withoutWayToS3(network) : [];
      return isolated.length === 0 ? [] : [{ source: 'the stack of the subnets', text: `No route leads out of ${isolated.join(', ')}, and no endpoint of the VPC leads to S3.` }];
    }),
    explains: ['input-unreadable', 'ping-failed', 'model-loading-timeout', 'model-error', 'internal-error'],
    weight: 0.7,
  },
  {
    id: 'no-addresses-in-subnet',
    title: 'A subnet has no free addresses',
    says: /InsufficientFreeAddresses|(?:not enough|insufficient|sufficient) free (?:IP |Ipv4 )?addresses|does not have enough free addresses/i,
    remedy: 'Choose larger subnets, or more of them, by `vpcSubnets`, or remove network interfaces that nobody uses.',
    page: PAGES.subnets,
  },
  {
    id: 'network-not-found',
    title: 'A subnet or a security group does not exist',
    says: /InvalidSubnetID|InvalidGroup\.NotFound|InvalidSecurityGroupID|(?:subnet|security group)[^.]{0,80}(?:does not exist|not found|do not exist)|belong to different networks/i,
    remedy: 'Choose `vpcSubnets` and `securityGroups` of the same VPC, in the job\'s Region and account.',
    page: PAGES.vpc,
  },
  {
    id: 'role-lacks-permission',
    title: 'The role of the job lacks a permission',
    says: /not authorized to perform: (?!iam:PassRole|kms:|ecr:)[\w-]+:\w+|The role \S+ may not do (?!iam:PassRole)[\w-]+:\w+|A policy denies [\w-]+:\w+/,
    counts: ({ text }, { jobs }) => jobs.some((job) => isOfRole(text, job)),
    remedy: (saw) => `Allow ${actionIn(saw) ?? 'the action'} to the role of the job. The role that the library makes may all that the job's props need: leave \`role\` out, or add the permission to your own.`,
    page: PAGES.prerequisites,
  },
  {
    id: 'permission-denied',
    title: 'Somebody lacks a permission',
    says: /not authorized to perform: (?!iam:PassRole|kms:|ecr:)[\w-]+:\w+|AccessDenied(?:Exception)?\b/,
    counts: ({ text }, { jobs }) => !jobs.some((job) => isOfRole(text, job)) && !/iam:PassRole|kms:|ecr:|cannot be assumed/.test(text),
    places: ['event', 'job', 'benchmark'],
    remedy: (saw) => `Allow ${actionIn(saw) ?? 'the action'} to ${principalIn(saw) ?? 'the caller'}: look at its policies, at its permissions boundary and at the organization's service control policies.`,
    page: PAGES.denied,
  },
  {
    id: 'credentials',
    title: 'Credentials have expired or are not valid',
    says: /ExpiredToken|security token included in the request is (?:invalid|expired)|UnrecognizedClient|InvalidClientTokenId|credentials (?:have|has) expired/i,
    places: ['event', 'job', 'benchmark'],
    remedy: 'Sign in again, and deploy again: what has started goes on, and a job that runs or has completed is found again and not paid twice.',
    page: PAGES.credentials,
  },
  {
    id: 'throttled',
    title: 'AWS throttles the account',
    says: /Throttl|Rate exceeded|TooManyRequests|TooManyUpdates|RequestLimitExceeded|SlowDown/,
    places: ['event', 'job', 'benchmark'],
    remedy: 'Deploy again: calls were repeated for minutes, and did not come through. Deploy fewer stacks at once, or request a higher rate for the API, in Parameter Store the higher throughput.',
    page: PAGES.retries,
  },
  {
    id: 'internal-error',
    title: 'The service had an error of its own',
    says: /INTERNAL_ERROR|internal error|InternalFailure|InternalServer|Request to service failed|ServiceUnavailable/i,
    places: ['event', 'job', 'benchmark'],
    remedy: 'Deploy again: that starts another attempt. If it happens again, open a case with AWS Support.',
    page: PAGES.sageMakerErrors,
    isSymptom: true,
  },
];

function asItWas({ isOfTemplate }: RoleFacts): string {
  return isOfTemplate ? ', which is gone, in the template' : '';
}

function triedTypes({ jobs }: Facts): readonly string[] {
  return jobs.flatMap(({ needs }) => needs?.tried.each ?? []);
}

/** Whether a text is about the job's own role, or a session of it. */
function isOfRole(text: string, { role, request }: JobFacts): boolean {
  const name = (role?.arn ?? request?.RoleArn)?.split('/').at(-1);
  return name !== undefined && new RegExp(`:(?:assumed-)?role/(?:[^ ]*/)?${name.replace(/[.+]/g, '\\$&')}(?![\\w+=,.@-])`).test(text.split(/ on resource:/)[0]);
}

function actionIn(saw: readonly Saw[]): string | undefined {
  return saw.map(({ text }) => ACTION.exec(text)?.[1]).find((action) => action !== undefined);
}

function principalIn(saw: readonly Saw[]): string | undefined {
  return saw.map(({ text }) => /(arn:[\w-]+:(?:iam|sts)::\d{12}:\S+?)(?: is not authorized|$)/.exec(text)?.[1]).find((arn) => arn !== undefined);
}
