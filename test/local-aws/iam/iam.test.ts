import { resource, someRegion } from './world';
import { resources } from '../../../local-aws/iam/resources';
import { Region } from '../../../local-aws/world';

const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
const document = (Action: string | string[], Resource = '*', more = {}) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource, ...more }] });
const session = 'arn:aws:sts::111111111111:assumed-role/R/fn';
const job = 'arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job';

let region: Region;
beforeEach(() => { region = someRegion(); });

async function role(properties: Record<string, any> = {}) {
  return resources['AWS::IAM::Role'].create(resource(region, 'AWS::IAM::Role', { RoleName: 'R', AssumeRolePolicyDocument: trust, ...properties }));
}

function check(service: string, operation: string, input: any, arn = session): string | undefined {
  try {
    region.iam.check({ principal: { account: '111111111111', arn } }, service, operation, input);
    return undefined;
  } catch (error) {
    return `${(error as any).code} ${(error as Error).message}`;
  }
}

describe('who may do what', () => {
  test('the user may do all', () => {
    expect(region.iam.allows('arn:aws:iam::111111111111:user/local', 'sagemaker:CreateModel', '*')).toBe(true);
  });

  test('a role may do what its policies say, in every Region', async () => {
    const { attributes } = await role({ Policies: [{ PolicyName: 'P', PolicyDocument: document('sagemaker:Describe*') }] });
    expect(attributes).toEqual({ Arn: 'arn:aws:iam::111111111111:role/R', RoleId: expect.stringMatching(/^AROA/) });
    const { iam } = region.world.region('111111111111', 'eu-west-1');
    expect(iam.allows(session, 'sagemaker:DescribeModel', '*')).toBe(true);
    expect(iam.allows(attributes.Arn, 'sagemaker:DescribeModel', '*')).toBe(true);
    expect(iam.allows(session, 'sagemaker:CreateModel', '*')).toBe(false);
  });

  test('a permissions boundary narrows what policies grant', async () => {
    const { physicalId } = await resources['AWS::IAM::ManagedPolicy']
      .create(resource(region, 'AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'B', PolicyDocument: document('ssm:*') }));
    await role({ PermissionsBoundary: physicalId, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
    expect(region.iam.allows(session, 'ssm:GetParameter', '*')).toBe(true);
    expect(region.iam.allows(session, 'sagemaker:CreateModel', '*')).toBe(false);
  });

  test('the sessions of a deleted role may do nothing', async () => {
    await role();
    await resources['AWS::IAM::Role'].delete({ ...resource(region, 'AWS::IAM::Role', {}), physicalId: 'R' });
    expect(region.iam.allows(session, 'ssm:GetParameter', '*')).toBe(false);
  });
});

describe('what a request needs', () => {
  test('an update of a package is one of its ARN, and its status a condition', async () => {
    const versions = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/chat';
    const approved = { Condition: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } } };
    await role({ Policies: [{ PolicyName: 'P', PolicyDocument: document('sagemaker:UpdateModelPackage', `${versions}/*`, approved) }] });
    const update = (ModelPackageArn: string, ModelApprovalStatus?: string) => check('sagemaker', 'UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus });
    expect(update(`${versions}/1`, 'Approved')).toBeUndefined();
    for (const denied of [update(`${versions}s/1`, 'Approved'), update(`${versions}/1`, 'Rejected'), update(`${versions}/1`)]) {
      expect(denied).toContain('is not authorized to perform: sagemaker:UpdateModelPackage');
    }
  });

  test('its action on the resource that it names, else it is denied in AWS\'s words', async () => {
    await role({ Policies: [{ PolicyName: 'P', PolicyDocument: document('sagemaker:StopInferenceRecommendationsJob', `${job}/mine-*`) }] });
    expect(check('sagemaker', 'StopInferenceRecommendationsJob', { JobName: 'mine-1' })).toBeUndefined();
    expect(check('sagemaker', 'StopInferenceRecommendationsJob', { JobName: 'other' })).toBe(`AccessDeniedException User: ${session} is not authorized to perform: `
      + `sagemaker:StopInferenceRecommendationsJob on resource: ${job}/other because no identity-based policy allows the sagemaker:StopInferenceRecommendationsJob action`);
  });

  test('tags on what it makes, and the role that it hands to the service', async () => {
    const input = { JobName: 'j', RoleArn: 'arn:aws:iam::111111111111:role/Job', Tags: [{ Key: 'a', Value: 'b' }] };
    const grant = async (...policies: object[]) => {
      await resources['AWS::IAM::Policy'].create(resource(region, 'AWS::IAM::Policy', {
        PolicyName: `P${policies.length}`, Roles: ['R'], PolicyDocument: { Statement: policies },
      }));
    };
    await role();
    await grant({ Effect: 'Allow', Action: 'sagemaker:CreateInferenceRecommendationsJob', Resource: `${job}/j` });
    expect(check('sagemaker', 'CreateInferenceRecommendationsJob', input)).toMatch(`perform: sagemaker:AddTags on resource: ${job}/j`);
    await grant({ Effect: 'Allow', Action: 'sagemaker:AddTags', Resource: `${job}/j` }, {
      Effect: 'Allow', Action: 'iam:PassRole', Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    });
    expect(check('sagemaker', 'CreateInferenceRecommendationsJob', input)).toMatch('perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/Job');
    region.iam.putRolePolicy('R', 'Pass', document('iam:PassRole', input.RoleArn, { Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } } }));
    expect(check('sagemaker', 'CreateInferenceRecommendationsJob', input)).toBeUndefined();
  });

  test.each([
    ['sagemaker', 'ListModels', {}, 'sagemaker:ListModels', '*'],
    ['sagemaker', 'ListTags', { ResourceArn: 'arn:r' }, 'sagemaker:ListTags', 'arn:r'],
    ['sagemaker', 'DescribeModelPackage', { ModelPackageName: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/g/1' }, 'sagemaker:DescribeModelPackage', 'arn:aws:sagemaker:us-east-1:111111111111:model-package/g/1'],
    ['sagemaker', 'CreateEndpointConfig', { EndpointConfigName: 'c' }, 'sagemaker:CreateEndpointConfig', 'arn:aws:sagemaker:us-east-1:111111111111:endpoint-config/c'],
    ['states', 'StartExecution', { stateMachineArn: 'arn:m' }, 'states:StartExecution', 'arn:m'],
    ['states', 'StopExecution', { executionArn: 'arn:e' }, 'states:StopExecution', 'arn:e'],
    ['lambda', 'Invoke', { FunctionName: 'f' }, 'lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:111111111111:function:f'],
    ['ssm', 'GetParameter', { Name: '/a/b' }, 'ssm:GetParameter', 'arn:aws:ssm:us-east-1:111111111111:parameter/a/b'],
    ['s3', 'HeadObject', { Bucket: 'b', Key: 'k' }, 's3:GetObject', 'arn:aws:s3:::b/k'],
    ['ecr', 'DescribeImages', { repositoryName: 'r' }, 'ecr:DescribeImages', 'arn:aws:ecr:us-east-1:111111111111:repository/r'],
    ['ecr', 'ListImages', { repositoryName: 'r' }, 'ecr:ListImages', 'arn:aws:ecr:us-east-1:111111111111:repository/r'],
    ['ecr', 'GetAuthorizationToken', {}, 'ecr:GetAuthorizationToken', '*'],
    ['route53', 'GetHostedZone', { Id: 'Z1' }, 'route53:GetHostedZone', 'arn:aws:route53:::hostedzone/Z1'],
    ['cloudfront', 'GetInvalidation', { DistributionId: 'E1', Id: 'I1' }, 'cloudfront:GetInvalidation', 'arn:aws:cloudfront::111111111111:distribution/E1'],
    ['s3', 'ListObjectsV2', { Bucket: 'b' }, 's3:ListBucket', 'arn:aws:s3:::b'],
  ])('%s %s %j needs %s on %s', async (service, operation, input, action, arn) => {
    await role();
    expect(check(service, operation, input)).toContain(`perform: ${action} on resource: ${arn} because`);
    region.iam.putRolePolicy('R', 'P', document(action, arn));
    expect(check(service, operation, input)).toBeUndefined();
  });

  test('a list may be allowed for one prefix only', async () => {
    await role();
    region.iam.putRolePolicy('R', 'P', document('s3:ListBucket', 'arn:aws:s3:::b', { Condition: { StringEquals: { 's3:prefix': ['chat/'] } } }));
    const lists = [{ Prefix: 'chat/' }, { Prefix: 'chat' }, { Prefix: '' }, {}].map((input) => check('s3', 'ListObjectsV2', { Bucket: 'b', ...input }) === undefined);
    expect(lists).toEqual([true, false, false, false]);
  });

  test('CreateEndpoint needs both the endpoint and its configuration', async () => {
    await role({ Policies: [{ PolicyName: 'P', PolicyDocument: document('sagemaker:CreateEndpoint', 'arn:aws:sagemaker:*:*:endpoint/e') }] });
    expect(check('sagemaker', 'CreateEndpoint', { EndpointName: 'e', EndpointConfigName: 'c' })).toContain('endpoint-config/c');
  });

  test('who it is needs nothing', async () => {
    await role();
    expect(check('sts', 'GetCallerIdentity', {})).toBeUndefined();
    expect(check('ecr', 'DescribeRepositories', { repositoryNames: ['r'] })).toBeUndefined();
  });
});

describe('resources', () => {
  test('a role\'s update takes away what it no longer names', async () => {
    const old = { RoleName: 'R', AssumeRolePolicyDocument: trust, Policies: [{ PolicyName: 'P', PolicyDocument: document('ssm:*') }], ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };
    await role(old);
    const next = { RoleName: 'R', AssumeRolePolicyDocument: trust, Policies: [{ PolicyName: 'Q', PolicyDocument: document('logs:*') }] };
    await resources['AWS::IAM::Role'].update({ ...resource(region, 'AWS::IAM::Role', next), physicalId: 'R', oldProperties: old });
    expect(['ssm:PutParameter', 'sagemaker:ListModels', 'logs:PutLogEvents'].map((action) => region.iam.allows(session, action, '*'))).toEqual([false, false, true]);
  });

  test('a policy of AWS\'s whose document is not here is attached, said once, and grants nothing; as a boundary it is refused', async () => {
    region = someRegion({ quiet: true });
    const arn = 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess';
    const make = (RoleName: string, more: object) => resources['AWS::IAM::Role'].create(resource(region, 'AWS::IAM::Role', { RoleName, AssumeRolePolicyDocument: trust, ...more }));
    for (const name of ['One', 'Two']) { await make(name, { ManagedPolicyArns: [arn, 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] }); }
    const may = (action: string) => region.iam.allows('arn:aws:iam::111111111111:role/One', action, '*');
    expect([may('s3:GetObject'), may('s3:PutObject'), may('states:ListStateMachines')]).toEqual([true, false, false]);
    expect([...region.world.notices]).toEqual([expect.stringContaining(`${arn} grants nothing here`)]);
    await expect(make('Three', { PermissionsBoundary: arn })).rejects.toThrow(`Policy ${arn} is not part of the local AWS`);
    await expect(make('Four', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/No such name'] })).rejects.toThrow('does not exist or is not attachable.');
    const call = { region, principal: region.root, requestId: 'r' };
    await expect(region.iam.operations.GetPolicyVersion({ PolicyArn: arn, VersionId: 'v1' }, call)).rejects.toThrow(`The document of ${arn} is not part of the local AWS.`);
  });

  test('a policy goes with its deletion; a role that still has one of another cannot be deleted', async () => {
    await role();
    const policy = resource(region, 'AWS::IAM::Policy', { PolicyName: 'P', Roles: ['R'], PolicyDocument: document('ssm:*') });
    const { physicalId } = await resources['AWS::IAM::Policy'].create(policy);
    const remove = () => resources['AWS::IAM::Role'].delete({ ...resource(region, 'AWS::IAM::Role', {}), physicalId: 'R' });
    await expect(remove()).rejects.toMatchObject({ code: 'DeleteConflict', status: 409 });
    await resources['AWS::IAM::Policy'].delete({ ...policy, physicalId });
    expect(region.iam.allows(session, 'ssm:GetParameter', '*')).toBe(false);
    await remove();
  });

  test('a role that cannot be made leaves nothing behind', async () => {
    await expect(role({ ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/Unheard'] })).rejects.toThrow(/does not exist/);
    expect(region.iam.role('arn:aws:iam::111111111111:role/R')).toBeUndefined();
  });

  test('names are unique, whatever their case, and a policy\'s whatever its path', async () => {
    await role();
    await expect(role()).rejects.toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
    await expect(role({ RoleName: 'r' })).rejects.toMatchObject({ code: 'EntityAlreadyExists' });
    const policy = (properties: object) => resources['AWS::IAM::ManagedPolicy'].create(resource(region, 'AWS::IAM::ManagedPolicy', { PolicyDocument: document('ssm:*'), ...properties }));
    await policy({ ManagedPolicyName: 'Limit' });
    await expect(policy({ ManagedPolicyName: 'LIMIT', Path: '/other/' })).rejects.toMatchObject({ code: 'EntityAlreadyExists' });
  });
});

describe('a name of SageMaker\'s with capitals', () => {
  const SAGEMAKER = 'arn:aws:sagemaker:us-east-1:111111111111';
  const REQUESTS: Array<[operation: string, input: object, given: string]> = [
    ['DescribeEndpoint', { EndpointName: 'Live' }, 'endpoint/Live'],
    ['DescribeModelPackage', { ModelPackageName: `${SAGEMAKER}:model-package/Models/1` }, 'model-package/Models/1'],
    ['ListTags', { ResourceArn: `${SAGEMAKER}:model/Mine` }, 'model/Mine'],
    ['CreateModel', { ModelName: 'Mine', Tags: [{ Key: 'a', Value: 'b' }] }, 'model/Mine'],
  ];

  test.each(REQUESTS)('%s of %j needs its permission in both spellings', async (operation, input, given) => {
    await role();
    const grant = (...arns: string[]) => region.iam.putRolePolicy('R', 'P', {
      Statement: [{ Effect: 'Allow', Action: ['sagemaker:*'], Resource: arns.map((one) => `${SAGEMAKER}:${one}`) }],
    });
    grant(given);
    expect(check('sagemaker', operation, input)).toContain(`on resource: ${SAGEMAKER}:${given.toLowerCase()} because`);
    grant(given.toLowerCase());
    expect(check('sagemaker', operation, input)).toContain(`on resource: ${SAGEMAKER}:${given} because`);
    grant(given, given.toLowerCase());
    expect(check('sagemaker', operation, input)).toBeUndefined();
  });

  test('needs it only as given where the world keeps names as they are given', async () => {
    region = someRegion({ sagemakerArns: 'as given' });
    await role({ Policies: [{ PolicyName: 'P', PolicyDocument: document('sagemaker:DescribeEndpoint', `${SAGEMAKER}:endpoint/Live`) }] });
    expect(check('sagemaker', 'DescribeEndpoint', { EndpointName: 'Live' })).toBeUndefined();
  });
});
