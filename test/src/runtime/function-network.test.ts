import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { decide } from '../../../local-aws/iam/policy';
import { InferenceRecommenderRuntime } from '../../../src';
import { arn, deployed, idOf, idsOf, jobIn, ofType, only, policiesOf, wholeRuntime } from '../../harness/constructs';

const imported = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] });

/** Warnings about the functions' network. */
const warningsOf = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue())
  .flatMap(({ entry }) => /:(functions\w+)\]/.exec(entry.data as string)?.[1] ?? []);

test('without a VPC, no function has a network, and no role may touch an interface', () => {
  const resources = deployed(wholeRuntime(() => ({})));
  expect(ofType(resources, 'AWS::Lambda::Function').filter(({ Properties }) => Properties.VpcConfig)).toEqual([]);
  expect(JSON.stringify(resources)).not.toContain('NetworkInterface');
});

test('all functions are in the VPC, with one security group that the library makes', () => {
  const resources = deployed(wholeRuntime((stack) => ({ vpc: imported(stack) })));
  const [group] = idsOf(resources, 'AWS::EC2::SecurityGroup');
  const functions = ofType(resources, 'AWS::Lambda::Function');
  expect(functions).toHaveLength(7);
  functions.forEach(({ Properties }) => expect(Properties.VpcConfig).toEqual({ SubnetIds: ['subnet-1'], SecurityGroupIds: [expect.stringContaining(group)] }));
  expect(only(resources, 'AWS::EC2::SecurityGroup').Properties).toMatchObject({ VpcId: 'vpc-1', SecurityGroupEgress: [{ IpProtocol: '-1' }] });
});

test('each role lets Lambda keep interfaces in these subnets, and lets the function\'s code do nothing with them', () => {
  const resources = deployed(wholeRuntime((stack) => ({
    vpc: imported(stack), securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-1')],
  })));
  expect(idsOf(resources, 'AWS::EC2::SecurityGroup')).toEqual([]);
  for (const who of ['Start', 'WaitEnd', 'Recommend', 'Model', 'Scaling', 'Replica', 'Approve']) {
    const policies = policiesOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`));
    const may = (action: string, resource: string, context = {}) => decide(policies, `ec2:${action}`, resource === '*' ? '*' : arn('ec2', resource), context);
    const byCode = { 'lambda:SourceFunctionArn': arn('lambda', 'function:any') };
    for (const [action, resource] of [
      ['DescribeNetworkInterfaces', '*'], ['DescribeSubnets', '*'], ['CreateNetworkInterface', 'network-interface/eni-1'], ['CreateNetworkInterface', 'subnet/subnet-1'],
      ['CreateNetworkInterface', 'security-group/sg-1'], ['DeleteNetworkInterface', 'network-interface/eni-1'], ['AssignPrivateIpAddresses', 'network-interface/eni-1'],
      ['UnassignPrivateIpAddresses', 'network-interface/eni-1'],
    ]) {
      expect([who, action, may(action, resource), may(action, resource, byCode)]).toEqual([who, action, 'Allow', undefined]);
    }
    for (const [action, resource] of [
      ['CreateNetworkInterface', 'subnet/subnet-2'], ['CreateNetworkInterface', 'security-group/sg-2'], ['ModifyNetworkInterfaceAttribute', 'network-interface/eni-1'],
      ['CreateNetworkInterfacePermission', 'network-interface/eni-1'], ['DescribeSecurityGroups', '*'],
    ]) {
      expect([who, action, may(action, resource)]).toEqual([who, action, undefined]);
    }
  }
  // Machines, rules and jobs are in no VPC.
  for (const role of idsOf(resources, 'AWS::IAM::Role').filter((id) => /WaitRole|RulesRole|JobRole/.test(id))) {
    expect(JSON.stringify(policiesOf(resources, role))).not.toContain('ec2:');
  }
});

describe('a network that the functions cannot work in', () => {
  const isolated = (add: (vpc: Vpc) => void = () => {}) => warningsOf(wholeRuntime((stack) => {
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    add(vpc);
    return { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } };
  }));

  test('is warned of, unless it has an endpoint for each service', () => {
    expect(isolated()).toEqual(['functionsNoWay']);
    const { SAGEMAKER_API, STEP_FUNCTIONS, SSM, CLOUDFORMATION } = InterfaceVpcEndpointAwsService;
    const add = (services: readonly InterfaceVpcEndpointAwsService[]) => (vpc: Vpc) => {
      vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
      services.forEach((service, index) => vpc.addInterfaceEndpoint(`Interface${index}`, { service }));
    };
    expect(isolated(add([SAGEMAKER_API, STEP_FUNCTIONS, SSM, CLOUDFORMATION]))).toEqual([]);
    expect(isolated(add([SAGEMAKER_API, STEP_FUNCTIONS, SSM]))).toEqual(['functionsNoWay']);
  });

  test('is warned of if its subnets are public', () => {
    const vpcSubnets = { subnetType: SubnetType.PUBLIC };
    expect(warningsOf(wholeRuntime((stack) => ({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets })))).toEqual(['functionsInPublicSubnets']);
    expect(warningsOf(wholeRuntime((stack) => ({ vpc: new Vpc(stack, 'Vpc') })))).toEqual([]);
  });

  test('is refused if it has options without a VPC', () => {
    expect(() => wholeRuntime(() => ({ vpcSubnets: { subnetType: SubnetType.PUBLIC } }))).toThrow('`vpcSubnets` has no effect without `vpc`: set `vpc`, or remove `vpcSubnets`.');
    expect(() => wholeRuntime((stack) => ({ securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-1')] }))).toThrow('`securityGroups` has no effect without `vpc`');
  });
});

test('the options of an app hold for all of its stacks, with a security group in each', () => {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const network = new Stack(app, 'Network');
  InferenceRecommenderRuntime.configure(app, { vpc: imported(network) });
  const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
  stacks.forEach((stack) => jobIn(stack));
  for (const stack of stacks) {
    const resources = deployed(stack);
    expect(idsOf(resources, 'AWS::EC2::SecurityGroup')).toHaveLength(1);
    expect(ofType(resources, 'AWS::Lambda::Function').every(({ Properties }) => Properties.VpcConfig.SubnetIds[0] === 'subnet-1')).toBe(true);
  }
});
