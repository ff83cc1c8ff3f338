import { IAMClient, paginateSimulatePrincipalPolicy, SimulatePrincipalPolicyCommand, SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam';
import { LocalAws, startLocalAws } from '../../../local-aws';

const ROLE = 'arn:aws:iam::111111111111:role/Job';
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource = '*', Condition?: object) => ({ Effect: 'Allow', Action, Resource, ...Condition && { Condition } });
let aws: LocalAws;
let client: IAMClient;

beforeEach(async () => {
  aws = await startLocalAws();
  client = new IAMClient(aws.client());
  const { iam } = aws.world.region('111111111111', 'us-east-1');
  iam.createRole('Job', TRUST);
  iam.putRolePolicy('Job', 'read', policy(allow('s3:GetObject', 'arn:aws:s3:::models/*'), { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/secret/*' }));
  iam.putManagedPolicy('arn:aws:iam::111111111111:policy/grants', policy(allow('kms:CreateGrant', '*', { Bool: { 'kms:GrantIsForAWSResource': 'true' } })));
  iam.attach('Job', 'arn:aws:iam::111111111111:policy/grants');
});
afterEach(() => aws.close());

async function decisions(input: Omit<SimulatePrincipalPolicyCommandInput, 'PolicySourceArn'>): Promise<string[]> {
  const { EvaluationResults = [] } = await client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ROLE, ...input }));
  return EvaluationResults.map(({ EvalDecision }) => EvalDecision!);
}

test('each action on each resource has an answer, and names the policies that decide', async () => {
  const ResourceArns = ['arn:aws:s3:::models/a', 'arn:aws:s3:::models/secret/b', 'arn:aws:s3:::other/c'];
  const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ROLE, ActionNames: ['s3:GetObject', 's3:PutObject'], ResourceArns }));
  expect(EvaluationResults!.map(({ EvalActionName, EvalResourceName, EvalDecision }) => [EvalActionName, EvalResourceName, EvalDecision])).toEqual([
    ['s3:GetObject', ResourceArns[0], 'allowed'],
    ['s3:GetObject', ResourceArns[1], 'explicitDeny'],
    ['s3:GetObject', ResourceArns[2], 'implicitDeny'],
    ...ResourceArns.map((arn) => ['s3:PutObject', arn, 'implicitDeny']),
  ]);
  expect(EvaluationResults![0].MatchedStatements).toMatchObject([{ SourcePolicyId: 'role_Job_read', SourcePolicyType: 'IAM Policy' }]);
  expect(EvaluationResults![2].MatchedStatements ?? []).toEqual([]);
});

test('a condition is tested with the values that are given, and the others are named', async () => {
  const ask = { ActionNames: ['kms:CreateGrant'] };
  const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ROLE, ...ask }));
  expect(EvaluationResults).toMatchObject([{ EvalDecision: 'implicitDeny', EvalResourceName: '*', MissingContextValues: ['kms:GrantIsForAWSResource'] }]);
  const entry = (value: string) => [{ ContextKeyName: 'kms:GrantIsForAWSResource', ContextKeyValues: [value], ContextKeyType: 'boolean' as const }];
  expect(await decisions({ ...ask, ContextEntries: entry('true') })).toEqual(['allowed']);
  expect(await decisions({ ...ask, ContextEntries: entry('false') })).toEqual(['implicitDeny']);
});

test('other policies count, and a boundary bounds', async () => {
  const ask = { ActionNames: ['s3:PutObject', 's3:GetObject'], ResourceArns: ['arn:aws:s3:::models/a'] };
  expect(await decisions({ ...ask, PolicyInputList: [JSON.stringify(policy(allow('s3:PutObject')))] })).toEqual(['allowed', 'allowed']);
  const { EvaluationResults } = await client.send(new SimulatePrincipalPolicyCommand({
    PolicySourceArn: ROLE, ...ask, PermissionsBoundaryPolicyInputList: [JSON.stringify(policy(allow('s3:PutObject')))],
  }));
  expect(EvaluationResults!.map(({ EvalDecision, PermissionsBoundaryDecisionDetail }) => [EvalDecision, PermissionsBoundaryDecisionDetail])).toEqual([
    ['implicitDeny', { AllowedByPermissionsBoundary: true }], ['implicitDeny', { AllowedByPermissionsBoundary: false }],
  ]);
});

test('page by page', async () => {
  const found: string[] = [];
  for await (const page of paginateSimulatePrincipalPolicy({ client, pageSize: 2 }, { PolicySourceArn: ROLE, ActionNames: ['s3:GetObject'], ResourceArns: ['a', 'b', 'c', 'd', 'e'].map((key) => `arn:aws:s3:::models/${key}`) })) {
    found.push(...page.EvaluationResults!.map(({ EvalResourceName }) => EvalResourceName!.slice(-1)));
  }
  expect(found).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test.each<[string, Partial<SimulatePrincipalPolicyCommandInput>, string]>([
  ['an unknown role', { PolicySourceArn: 'arn:aws:iam::111111111111:role/none' }, 'NoSuchEntityException'],
  ['an action without a service', { ActionNames: ['GetObject'] }, 'InvalidInputException'],
  ['a policy that is none', { PolicyInputList: ['{'] }, 'InvalidInputException'],
  ['a policy of a resource, which is not here', { ResourcePolicy: '{}' }, 'ValidationError'],
])('%s is refused', async (_what, given, name) => {
  await expect(client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ROLE, ActionNames: ['s3:GetObject'], ...given }))).rejects.toMatchObject({ name });
});

test('a role needs the permission on the role that it asks about', () => {
  const { iam } = aws.world.region('111111111111', 'us-east-1');
  iam.createRole('preflight', TRUST);
  iam.putRolePolicy('preflight', 'p', policy(allow('iam:SimulatePrincipalPolicy', ROLE)));
  const principal = { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/preflight/s' };
  expect(() => iam.check({ principal }, 'iam', 'SimulatePrincipalPolicy', { PolicySourceArn: ROLE })).not.toThrow();
  expect(() => iam.check({ principal }, 'iam', 'SimulatePrincipalPolicy', { PolicySourceArn: `${ROLE}2` })).toThrow(`iam:SimulatePrincipalPolicy on resource: ${ROLE}2`);
});
