import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand, GetTemplateCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogStreamsCommand, FilterLogEventsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand, SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalAws, Region, startLocalAws } from '../../../local-aws';
import { UNTIL_DONE } from '../../harness/waiting';

/** The reads that a preflight and a diagnosis make of an account, each by the client of its service. */
const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
const READ = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const MANAGED = 'arn:aws:iam::111111111111:policy/reading';
let aws: LocalAws;
let region: Region;

beforeAll(async () => {
  aws = await startLocalAws(UNTIL_DONE);
  region = aws.world.region('111111111111', 'us-east-1');
  region.iam.createRole('Job', TRUST);
  region.iam.putRolePolicy('Job', 'read', READ);
  region.iam.putManagedPolicy(MANAGED, READ);
  region.iam.attach('Job', MANAGED);
});
afterAll(() => aws.close());

/** IAM writes documents in the encoding of a URL. */
const document = (text: string | undefined) => JSON.parse(decodeURIComponent(text!));

test('IAM: a role, whom it trusts and what it may do', async () => {
  const client = new IAMClient(aws.client());
  const role = { RoleName: 'Job' };
  expect(document((await client.send(new GetRoleCommand(role))).Role?.AssumeRolePolicyDocument)).toEqual(TRUST);
  expect((await client.send(new ListRolePoliciesCommand(role))).PolicyNames).toEqual(['read']);
  expect(document((await client.send(new GetRolePolicyCommand({ ...role, PolicyName: 'read' }))).PolicyDocument)).toEqual(READ);
  expect((await client.send(new ListAttachedRolePoliciesCommand(role))).AttachedPolicies).toEqual([{ PolicyName: 'reading', PolicyArn: MANAGED }]);
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: MANAGED }));
  const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn: MANAGED, VersionId: Policy!.DefaultVersionId }));
  expect(document(PolicyVersion?.Document)).toEqual(READ);
  const simulated = await client.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: 'arn:aws:iam::111111111111:role/Job', ActionNames: ['s3:GetObject', 's3:PutObject'] }));
  expect(simulated.EvaluationResults!.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny']);
  await expect(client.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

test('S3: the first bytes of an object, and its size', async () => {
  const client = new S3Client({ ...aws.client(), forcePathStyle: true });
  aws.world.s3.createBucket('payloads', '111111111111', 'us-east-1');
  aws.world.s3.putObject('payloads', 'a/p.tar.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  const object = { Bucket: 'payloads', Key: 'a/p.tar.gz' };
  const part = await client.send(new GetObjectCommand({ ...object, Range: 'bytes=0-1' }));
  expect([await part.Body!.transformToByteArray(), part.ContentRange, part.ContentLength]).toEqual([new Uint8Array([0x1f, 0x8b]), 'bytes 0-1/7', 2]);
  expect(await client.send(new HeadObjectCommand(object))).toMatchObject({ ContentLength: 7, ETag: expect.any(String) });
  const last = await client.send(new GetObjectCommand({ ...object, Range: 'bytes=-2' }));
  expect(await last.Body!.transformToByteArray()).toEqual(new Uint8Array([2, 3]));
  await expect(client.send(new GetObjectCommand({ ...object, Range: 'bytes=7-9' }))).rejects.toMatchObject({ name: 'InvalidRange' });
  await expect(client.send(new HeadObjectCommand({ ...object, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(client.send(new GetObjectCommand({ ...object, Bucket: 'none' }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('CloudFormation: a stack\'s template, resources and events', async () => {
  const client = new CloudFormationClient(aws.client());
  const TemplateBody = JSON.stringify({ Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: 'v' } } } });
  const stack = { StackName: 'shop' };
  await client.send(new CreateStackCommand({ ...stack, TemplateBody }));
  expect((await client.send(new GetTemplateCommand(stack))).TemplateBody).toBe(TemplateBody);
  expect((await client.send(new ListStackResourcesCommand(stack))).StackResourceSummaries).toMatchObject([{ LogicalResourceId: 'P', PhysicalResourceId: '/p', ResourceStatus: 'CREATE_COMPLETE' }]);
  const { StackEvents } = await client.send(new DescribeStackEventsCommand(stack));
  expect(StackEvents!.map(({ LogicalResourceId, ResourceStatus }) => [LogicalResourceId, ResourceStatus]).at(0)).toEqual(['shop', 'CREATE_COMPLETE']);
  expect(StackEvents![0].Timestamp).toBeInstanceOf(Date);
});

test('Logs: the streams of a group, the lines of one, and those that match', async () => {
  const client = new CloudWatchLogsClient(aws.client());
  const logGroupName = '/aws/sagemaker/InferenceRecommendationsJobs';
  [['j/execution', 'the job is PENDING'], ['j/Endpoint/sm-epc-1', 'Benchmark is FAILED: no memory'], ['j2/execution', 'the job is FAILED: other']]
    .forEach(([stream, line]) => region.logs.append(logGroupName, line, stream));
  const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: 'j/' }));
  expect(logStreams!.map(({ logStreamName }) => logStreamName)).toEqual(['j/Endpoint/sm-epc-1', 'j/execution']);
  const { events } = await client.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'j/execution', startFromHead: true }));
  expect(events).toMatchObject([{ message: 'the job is PENDING', timestamp: expect.any(Number) }]);
  const found = await client.send(new FilterLogEventsCommand({ logGroupName, logStreamNamePrefix: 'j/', filterPattern: 'FAILED' }));
  expect(found.events).toMatchObject([{ logStreamName: 'j/Endpoint/sm-epc-1', message: 'Benchmark is FAILED: no memory' }]);
  await expect(client.send(new FilterLogEventsCommand({ logGroupName: 'none' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
