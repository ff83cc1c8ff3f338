import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { InferenceRecommenderRuntimeOptions } from './inference-recommender-runtime';
import { onAnyResource } from '../common/iam';
import { ec2Arns, Network, networkOf, Reached } from '../common/network';
import { Conditions, RolePolicies } from '../common/policies';
import { warn } from '../common/warn';

/**
 * What each function calls, or must call to answer CloudFormation.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html (custom resources answer through S3)
 */
const CALLED: Reached = {
  services: ['s3', 'sagemaker.api', 'states', 'ssm', 'cloudformation'],
  rule: 'functionsNoWay',
  soThat: 'the functions cannot work or answer CloudFormation',
};

/** A request of Lambda itself has no such key, and one of the function's code has: the code gains nothing. */
const BY_LAMBDA: Conditions = { Null: { 'lambda:SourceFunctionArn': 'true' } };

/** The network of all functions of a stack. Undefined if they are in Lambda's own network. */
export function functionNetwork(scope: Construct, { vpc, vpcSubnets, securityGroups }: InferenceRecommenderRuntimeOptions): Network | undefined {
  const network = networkOf(scope, { vpc, vpcSubnets, securityGroups }, CALLED);
  if (vpc) { warnOfPublicSubnets(scope, vpc, vpcSubnets); }
  return network;
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html */
function warnOfPublicSubnets(scope: Construct, vpc: IVpc, vpcSubnets: InferenceRecommenderRuntimeOptions['vpcSubnets']): void {
  if (vpc.selectSubnets(vpcSubnets).hasPublic) {
    warn(scope, 'functionsInPublicSubnets', 'A function in a public subnet has no public address, so it does not reach the internet: give `vpcSubnets` private'
      + ' subnets, or add endpoints for all services that the functions call and acknowledge this warning.');
  }
}

/**
 * Lets Lambda keep the network interfaces of a function, with the function's role.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function allowFunctionInterfaces(permissions: RolePolicies, { vpcConfig: { securityGroupIds, subnets } }: Network): void {
  const interfaces = ec2Arns('network-interface', ['*']);
  const allow = (statement: { actions: string[]; resources: string[] }) => {
    permissions.add(new PolicyStatement({ ...statement, conditions: BY_LAMBDA }));
  };
  // Reason: Lambda looks at the function's network. The function's own code cannot use it.
  allow(onAnyResource('ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'));
  // Reason: Lambda makes the function's interfaces in your subnets, with your security groups. The function's own code cannot.
  allow({
    actions: ['ec2:CreateNetworkInterface'],
    resources: [...interfaces, ...ec2Arns('security-group', securityGroupIds), ...ec2Arns('subnet', subnets)],
  });
  // Reason: Lambda deletes the function's interfaces and gives them addresses. Their ids are known only then, and the function's own code cannot.
  allow({ actions: ['DeleteNetworkInterface', 'AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'].map((action) => `ec2:${action}`), resources: interfaces });
}
