import { CfnVPCEndpoint, Connections, ISecurityGroup, ISecurityGroupRef, IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AspectPriority, Aspects, Aws, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkProp } from './check';
import { onAnyResource } from './iam';
import { NetworkOptions } from './network-options';
import { warn } from './warn';

/** The selected subnets and security groups of a VPC. */
export interface Network {
  readonly connections: Connections;
  /** `VpcConfig` in CloudFormation's form. */
  readonly vpcConfig: { readonly securityGroupIds: string[]; readonly subnets: string[] };
}

/** Actions on any network interface, because the ids are unknown until the service creates the interfaces. */
const ON_INTERFACES = ['DeleteNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterfacePermission'].map(ec2);

/** An action on any network interface whose request also names security groups. */
const WITH_GROUPS = ec2('ModifyNetworkInterfaceAttribute');

/**
 * The network that the options select. Undefined without `vpc`.
 *
 * @throws if other options are set without `vpc`, or if there are more subnets or groups than the service accepts
 */
export function networkOf(scope: Construct, options: NetworkOptions): Network | undefined {
  const { vpc, ...others } = options;
  if (!vpc) {
    const [lost] = (['vpcSubnets', 'securityGroups', 'allowAllOutbound'] as const).filter((prop) => others[prop] !== undefined);
    if (lost) { throw new Error(`\`${lost}\` has no effect without \`vpc\`: set \`vpc\`, or remove \`${lost}\`.`); }
    return undefined;
  }
  if (options.securityGroups && options.allowAllOutbound !== undefined) {
    throw new Error('`allowAllOutbound` has no effect on `securityGroups` of your own: remove it, and set it on your security groups.');
  }
  const securityGroups = options.securityGroups?.map((group, index) => (
    isSecurityGroup(group) ? group : SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index + 1}`, group.securityGroupRef.securityGroupId)
  )) ?? [new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: options.allowAllOutbound })];
  const securityGroupIds = securityGroups.map((group) => group.securityGroupId);
  const { subnetIds: subnets, subnets: selected } = vpc.selectSubnets(options.vpcSubnets);
  if (vpc instanceof Vpc && selected.some((subnet) => vpc.isolatedSubnets.includes(subnet))) { warnOfNoWayToS3(scope, vpc); }
  checkProp('securityGroups', 'VpcSecurityGroupIds', securityGroupIds);
  checkProp('vpcSubnets', 'Subnets', subnets);
  return { connections: new Connections({ securityGroups }), vpcConfig: { securityGroupIds, subnets } };
}

/**
 * Warns of a VPC of this app from which containers cannot read their model. It looks when the app is synthesized: the endpoint may be added later.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (S3 endpoint)
 */
function warnOfNoWayToS3(scope: Construct, vpc: IVpc): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope) { return; }
      const hasWay = scope.node.root.node.findAll().some((one) => one instanceof CfnVPCEndpoint && one.vpcId === vpc.vpcId && one.serviceName?.endsWith('.s3'));
      if (!hasWay) {
        warn(scope, 'noWayToS3', '`vpcSubnets` are isolated and the VPC has no endpoint for S3, so the containers cannot read the model: add one with'
          + ' `vpc.addGatewayEndpoint()`, or use subnets with a way out.');
      }
    },
  }, { priority: AspectPriority.READONLY });
}

/** Lets a role create network interfaces in these subnets. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html */
export function allowInterfaces(role: IPrincipal, { vpcConfig }: Network): void {
  const interfaces = arns('network-interface', ['*']);
  const groups = arns('security-group', vpcConfig.securityGroupIds);
  const allow = (actions: string[], resources: string[]) => role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  // Reason: the service looks at the network, before it makes interfaces in your VPC.
  role.addToPrincipalPolicy(new PolicyStatement(onAnyResource(
    'ec2:DescribeVpcEndpoints', 'ec2:DescribeDhcpOptions', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
  )));
  // Reason: the service deletes the interfaces that it has made in your VPC, and lets its own account use them. Their ids are known only then.
  allow(ON_INTERFACES, interfaces);
  // Reason: the service gives your security groups to its interfaces.
  allow([WITH_GROUPS], [...interfaces, ...groups]);
  // Reason: the service makes an interface in your subnets for each instance, with your security groups.
  allow([ec2('CreateNetworkInterface')], [...interfaces, ...groups, ...arns('subnet', vpcConfig.subnets)]);
}

function isSecurityGroup(group: ISecurityGroupRef): group is ISecurityGroup {
  return 'connections' in group;
}

function ec2(action: string): string {
  return `ec2:${action}`;
}

function arns(resource: string, names: string[]): string[] {
  // The members of a list that is one token are unknown.
  const known = Token.isUnresolved(names) ? ['*'] : names;
  return known.map((name) => `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}/${name}`);
}
