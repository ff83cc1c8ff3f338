import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Endpoint, InferenceRecommendationsJobProps, SamplePayload } from '../../../src';
import { arn, deployed, idOf, jobIn, newStack, permissionsOf, sorted } from '../../harness/constructs';

type Props = Partial<InferenceRecommendationsJobProps>;

function roleOf(make: (stack: Stack) => Props): Record<string, string[]> {
  const stack = newStack();
  jobIn(stack, make(stack));
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'JobRole'));
}

const plain = roleOf(() => ({}));

/** What a job's role may do on top of a job's without the prop; what it may do without it, it may do all the more. */
function added(make: (stack: Stack) => Props): Record<string, string[]> {
  const role = roleOf(make);
  const more = Object.entries(role)
    .map(([action, resources]) => [action, resources.filter((resource) => !plain[action]?.includes(resource))] as const);
  Object.entries(plain).forEach(([action, resources]) => expect(role[action]).toEqual(expect.arrayContaining(resources)));
  return Object.fromEntries(more.filter(([, resources]) => resources.length > 0));
}

/** Each action on each of the resources. */
function each(service: string, actions: string[], resources: string[]): Record<string, string[]> {
  return Object.fromEntries(actions.map((action) => [`${service}:${action}`, resources]));
}

describe('a job\'s role gets what its inputs need and nothing else', () => {
  const bucket = (stack: Stack, name: string) => Bucket.fromBucketName(stack, name, name);
  const key = (stack: Stack) => Key.fromKeyArn(stack, 'Key', arn('kms', 'key/0123'));
  const network = (stack: Stack): Props => ({
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] }),
    vpcSubnets: { subnets: [Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'us-east-1a' })] },
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
  });
  const interfaces = arn('ec2', 'network-interface/*');

  test.each<[string, (stack: Stack) => Props, Record<string, string[]>]>([
    ['a description and a trigger', () => ({ description: 'x', trigger: 'y' }), {}],
    ['a payload of its own', (stack) => ({ containerConfig: { samplePayload: SamplePayload.fromBucket(bucket(stack, 'data'), 'payload.tar.gz') } }), {
      's3:GetObject': ['arn:aws:s3:::data/payload.tar.gz'],
      's3:ListBucket': ['arn:aws:s3:::data'],
    }],
    ['an existing endpoint', (stack) => ({ existingEndpoints: [Endpoint.fromEndpointName(stack, 'Live', 'live')] }), {
      ...each('sagemaker', ['DescribeEndpoint', 'InvokeEndpoint'], [arn('sagemaker', 'endpoint/live')]),
      'sagemaker:DescribeEndpointConfig': [arn('sagemaker', 'endpoint-config/*')],
    }],
    ['a VPC', network, {
      ...each('ec2', [
        'DescribeVpcEndpoints', 'DescribeDhcpOptions', 'DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups', 'DescribeNetworkInterfaces',
      ], ['*']),
      ...each('ec2', [
        'DeleteNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterfacePermission',
      ], [interfaces]),
      'ec2:ModifyNetworkInterfaceAttribute': [interfaces, arn('ec2', 'security-group/sg-1')],
      'ec2:CreateNetworkInterface': [interfaces, arn('ec2', 'subnet/subnet-1'), arn('ec2', 'security-group/sg-1')],
    }],
    ['a key for its volumes', (stack) => ({ volumeEncryptionKey: key(stack) }), each('kms', ['CreateGrant', 'DescribeKey'], [arn('kms', 'key/0123')])],
    ['a key for its output', (stack) => ({ outputEncryptionKey: key(stack) }), each('kms', ['GenerateDataKey', 'Decrypt'], [arn('kms', 'key/0123')])],
  ])('%s', (_what, props, expected) => {
    expect(sorted(added(props))).toEqual(sorted(expected));
  });

  test('a place for compiled models: all of it under its prefix, and only the bucket\'s listing outside', () => {
    const permissions = added((stack) => ({ compiledOutputBucket: bucket(stack, 'compiled'), compiledOutputPrefix: 'models/' }));
    expect(permissions['s3:PutObject']).toEqual(['arn:aws:s3:::compiled/models/*']);
    const resources = new Set(Object.values(permissions).flat());
    expect([...resources].sort()).toEqual(['arn:aws:s3:::compiled', 'arn:aws:s3:::compiled/models/*']);
    expect(Object.keys(permissions).filter((action) => !/^s3:(Put|Get|List|Abort)/.test(action))).toEqual([]);
  });

  test('a group that is made for the VPC is the one that it may put interfaces into', () => {
    const stack = newStack();
    const { vpc, vpcSubnets } = network(stack);
    jobIn(stack, { vpc, vpcSubnets });
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))['ec2:CreateNetworkInterface'])
      .toContain(arn('ec2', `security-group/${idOf(resources, 'JobSecurityGroup')}.GroupId`));
  });
});
