import { spawnSync } from 'child_process';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { form, json, raw } from '../wire/raw';

const DOCKER = `${__dirname}/../../../local-aws/stand-ins/docker.js`;
let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws(); });
afterAll(() => aws.close());

const ec2 = async (Action: string, fields: Record<string, string> = {}, region = 'us-east-1') => {
  const { status, body } = await form(aws, 'ec2', { Action, Version: '2016-11-15', ...fields }, { region });
  return { status, body, all: (name: string) => [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text) };
};
const balancers = (Action: string, fields: Record<string, string>) => form(aws, 'elasticloadbalancing', { Action, Version: '2015-12-01', ...fields });
const ecr = async (operation: string, input: object) => {
  const { status, body } = await json(aws, 'ecr', `AmazonEC2ContainerRegistry_V20150921.${operation}`, input);
  return { status, ...JSON.parse(body) };
};
const REPOSITORY = 'cdk-hnb659fds-container-assets-111111111111-us-east-1';

describe('a lookup is answered with a stand-in', () => {
  test('of a VPC: the same for the same question, another one for another, and it is told once', async () => {
    const vpc = async (name: string, region?: string) => (await ec2('DescribeVpcs', { 'Filter.1.Name': 'tag:Name', 'Filter.1.Value.1': name }, region)).all('vpcId')[0];
    const [one, again, other, elsewhere] = [await vpc('one'), await vpc('one'), await vpc('other'), await vpc('one', 'eu-west-1')];
    expect(one).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect([again, new Set([one, other, elsewhere]).size]).toEqual([one, 3]);
    expect([...aws.world.notices].filter((notice) => notice.includes(one))).toHaveLength(1);
  });

  test('that has what was asked for', async () => {
    const { all } = await ec2('DescribeVpcs', { 'VpcId.1': 'vpc-mine', 'Filter.1.Name': 'isDefault', 'Filter.1.Value.1': 'true' });
    expect([all('vpcId'), all('isDefault'), all('ownerId')]).toEqual([['vpc-mine'], ['true'], ['111111111111']]);
  });

  test('of subnets: public and private ones in three zones, whose routes say so', async () => {
    const of = { 'Filter.1.Name': 'vpc-id', 'Filter.1.Value.1': 'vpc-1' };
    const subnets = await ec2('DescribeSubnets', of, 'eu-west-1');
    expect([subnets.all('availabilityZone'), subnets.all('mapPublicIpOnLaunch')]).toEqual([
      [...['a', 'b', 'c'], ...['a', 'b', 'c']].map((zone) => `eu-west-1${zone}`), ['true', 'true', 'true', 'false', 'false', 'false'],
    ]);
    expect(new Set(subnets.all('cidrBlock')).size).toBe(6);
    const routes = await ec2('DescribeRouteTables', of, 'eu-west-1');
    expect([routes.all('subnetId'), routes.all('gatewayId').length, routes.all('natGatewayId').length]).toEqual([subnets.all('subnetId'), 3, 3]);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['DescribeSecurityGroups', { 'GroupId.1': 'sg-mine' }, 'groupId', /^sg-mine$/],
    ['DescribeSecurityGroups', { 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': 'web' }, 'groupName', /^web$/],
    ['DescribeImages', { 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'al2023-*' }, 'imageId', /^ami-[0-9a-f]{17}$/],
    ['DescribeAvailabilityZones', {}, 'zoneName', /^us-east-1a$/],
  ])('%s of %j', async (action, fields, name, expected) => {
    expect((await ec2(action, fields)).all(name)[0]).toMatch(expected);
  });

  test('of a hosted zone, by its name', async () => {
    const { status, body } = await raw(aws, { service: 'route53', method: 'GET', path: '/2013-04-01/hostedzonesbyname?dnsname=example.com' });
    expect([status, body]).toEqual([200, expect.stringMatching(/<Id>\/hostedzone\/Z[0-9A-F]{17}<\/Id><Name>example\.com\.<\/Name>/)]);
  });

  test('of a load balancer and its listener, by their ARNs', async () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/mine/0123';
    const { body } = await balancers('DescribeLoadBalancers', { 'LoadBalancerArns.member.1': arn });
    expect(body).toMatch(new RegExp(`<LoadBalancerArn>${arn}</LoadBalancerArn>.*<Type>network</Type>`, 's'));
    const listener = await balancers('DescribeListeners', { LoadBalancerArn: arn });
    expect(listener.body).toContain(`<ListenerArn>${arn.replace(':loadbalancer/', ':listener/')}/`);
  });
});

test('rules of a security group are taken, and a request for them without a group is refused', async () => {
  expect(await ec2('RevokeSecurityGroupIngress', { GroupId: 'sg-1' })).toMatchObject({ status: 200, body: expect.stringContaining('<return>true</return>') });
  expect(await ec2('AuthorizeSecurityGroupEgress')).toMatchObject({ status: 400, body: expect.stringContaining('<Code>MissingParameter</Code>') });
});

test.each([['RunInstances', {}], ['CreateVpc', { CidrBlock: '10.0.0.0/16' }]])('EC2\'s %s is refused by name', async (action, fields) => {
  expect(await ec2(action, fields as any)).toMatchObject({ status: 400, body: expect.stringContaining(`The action ${action} is not part of the local AWS`) });
});

test('a key is not found by its alias, and the reason is told', async () => {
  const { status, body } = await json(aws, 'kms', 'TrentService.ListAliases', {});
  expect([status, JSON.parse(body)]).toEqual([200, { Aliases: [], Truncated: false }]);
  expect([...aws.world.notices].join('\n')).toContain('Key.fromLookup finds no key');
});

describe('of ECR', () => {
  test('there is the repository of cdk bootstrap, without an image', async () => {
    expect((await ecr('DescribeRepositories', { repositoryNames: [REPOSITORY] })).repositories).toEqual([{
      repositoryName: REPOSITORY,
      repositoryArn: `arn:aws:ecr:us-east-1:111111111111:repository/${REPOSITORY}`,
      registryId: '111111111111',
      repositoryUri: `111111111111.dkr.ecr.us-east-1.amazonaws.com/${REPOSITORY}`,
    }]);
    expect(await ecr('DescribeImages', { repositoryName: REPOSITORY, imageIds: [{ imageTag: 'a' }] })).toMatchObject({ status: 400, __type: 'ImageNotFoundException' });
    expect(await ecr('ListImages', { repositoryName: REPOSITORY })).toEqual({ status: 200, imageIds: [] });
  });

  test('there is no other, and a request that cannot be read is refused', async () => {
    expect(await ecr('DescribeRepositories', { repositoryNames: ['mine'] })).toMatchObject({ status: 400, __type: 'RepositoryNotFoundException' });
    expect(await ecr('DescribeRepositories', { repositoryNames: 5 })).toMatchObject({ status: 400, __type: 'InvalidParameterValue' });
  });
});

describe('the docker of the CDK', () => {
  const ASSET = `111111111111.dkr.ecr.us-east-1.amazonaws.com/${REPOSITORY}:a`;
  const docker = (...args: string[]) => {
    // What stands for the real docker prints its arguments.
    const { status, stdout, stderr } = spawnSync(process.execPath, [DOCKER, ...args], { encoding: 'utf8', env: { ...process.env, LOCAL_AWS_DOCKER: 'echo' } });
    return { status, stdout, stderr };
  };

  test.each<[string[], number, string, RegExp]>([
    [['login', '--username', 'AWS', '--password-stdin', 'https://x'], 0, '', /^$/],
    [['inspect', 'cdkasset-0123'], 1, '', /^$/],
    [['build', '--tag', 'cdkasset-0123', '.'], 0, '', /^The local AWS: no image is built from \.: /],
    [['tag', 'cdkasset-0123', ASSET], 0, '', /^$/],
    [['push', ASSET], 0, '', /^$/],
    [['build', '-t', 'cdk-bundling', '.'], 0, 'build -t cdk-bundling .\n', /^$/],
    [['run', '--rm', 'image', 'npm', 'ci'], 0, 'run --rm image npm ci\n', /^$/],
  ])('%j', (args, status, stdout, stderr) => {
    expect(docker(...args)).toEqual({ status, stdout, stderr: expect.stringMatching(stderr) });
  });
});
