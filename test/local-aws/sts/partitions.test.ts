import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateModelPackageGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { UNTIL_DONE_FOR_TOOLS } from '../../harness/waiting';

const ACCOUNT = '111111111111';
let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws(UNTIL_DONE_FOR_TOOLS); });
afterAll(() => aws.close());

/** Attributes and pseudo parameters that differ by partition. */
const TEMPLATE = (service: string) => JSON.stringify({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
        ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: 'exports.handler = async () => 1;' } },
    },
    Bucket: { Type: 'AWS::S3::Bucket' },
  },
  Outputs: Object.fromEntries([
    ['Function', { 'Fn::GetAtt': ['Function', 'Arn'] }], ['Role', { 'Fn::GetAtt': ['Role', 'Arn'] }], ['Bucket', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
    ['Domain', { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] }], ['Suffix', { Ref: 'AWS::URLSuffix' }], ['Stack', { Ref: 'AWS::StackId' }],
  ].map(([name, Value]) => [name, { Value }])),
});

describe.each([
  ['us-east-1', 'aws', 'amazonaws.com', 'lambda.amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'lambda.amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn', 'lambda.amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com', 'lambda.amazonaws.com'],
])('in %s', (region, partition, suffix, service) => {
  const client = () => aws.client({ region });
  const start = (name: string, global = false) => expect.stringMatching(new RegExp(`^arn:${partition}:${name}:${global ? '' : region}:${ACCOUNT}:`));

  test('ARNs, service principals and host names are the partition\'s', async () => {
    const stacks = new CloudFormationClient(client());
    await stacks.send(new CreateStackCommand({ StackName: 'Places', TemplateBody: TEMPLATE(service), Capabilities: ['CAPABILITY_IAM'] }));
    const { Stacks: [{ StackStatus, Outputs = [] }] = [] } = await stacks.send(new DescribeStacksCommand({ StackName: 'Places' })) as any;
    expect([StackStatus, Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }: any) => [OutputKey, OutputValue]))]).toEqual(['CREATE_COMPLETE', {
      Function: start('lambda'),
      Role: start('iam', true),
      Bucket: expect.stringMatching(new RegExp(`^arn:${partition}:s3:::`)),
      Domain: expect.stringMatching(new RegExp(`\\.s3\\.${region}\\.${suffix.replace(/\./g, '\\.')}$`)),
      Suffix: suffix,
      Stack: start('cloudformation'),
    }]);
  });

  test('what clients make and ask for is of the partition, and a role of another one cannot be assumed', async () => {
    const [sts, ssm] = [new STSClient(client()), new SSMClient(client())];
    const [sagemaker, machines] = [new SageMakerClient(client()), new SFNClient(client())];
    const { iam } = aws.world.region(ACCOUNT, region);
    // The two Regions of China are one account's.
    const roleArn = iam.role(`arn:${partition}:iam::${ACCOUNT}:role/Machine`)?.arn ?? iam.createRole('Machine', {
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } },
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:${partition}:iam::${ACCOUNT}:root` } },
      ],
    }).arn;
    await ssm.send(new PutParameterCommand({ Name: '/p', Type: 'String', Value: 'v', Overwrite: true }));
    const definition = JSON.stringify({ StartAt: 'T', States: { T: { Type: 'Task', Resource: `arn:${partition}:states:::lambda:invoke`, End: true } } });
    const made = await Promise.all([
      sts.send(new GetCallerIdentityCommand({})).then(({ Arn }) => Arn),
      sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'session' })).then(({ AssumedRoleUser }) => AssumedRoleUser!.Arn),
      ssm.send(new GetParameterCommand({ Name: '/p' })).then(({ Parameter }) => Parameter!.ARN),
      sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'group' })).then(({ ModelPackageGroupArn }) => ModelPackageGroupArn),
      machines.send(new CreateStateMachineCommand({ name: 'machine', definition, roleArn })).then(({ stateMachineArn }) => stateMachineArn),
    ]);
    expect(made).toEqual([start('iam', true), start('sts', true), start('ssm'), start('sagemaker'), start('states')]);
    const elsewhere = roleArn.replace(`arn:${partition}:`, partition === 'aws' ? 'arn:aws-cn:' : 'arn:aws:');
    await expect(sts.send(new AssumeRoleCommand({ RoleArn: elsewhere, RoleSessionName: 'session' }))).rejects.toThrow('is invalid');
  });
});
