import { CfnVPCEndpoint, Connections, ISecurityGroup, ISecurityGroupRef, IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AspectPriority, Aspects, Aws, Stack, Token } from 'aws-cdk-lib/core';
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

/** What something in a VPC must reach, by the ends of the endpoints' names, and the warning if it cannot. */
export interface Reached {
  readonly services: readonly string[];
  readonly rule: string;
  /** What follows from it. */
  readonly soThat: string;
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (S3 endpoint) */
const MODELS: Reached = { services: ['s3'], rule: 'noWayToS3', soThat: 'the containers cannot read the model' };

/**
 * The network that the options select. Undefined without `vpc`.
 *
 * @throws if other options are set without `vpc`, or if there are more subnets or groups than the service accepts
 */
export function networkOf(scope: Construct, options: NetworkOptions, reached = MODELS): Network | undefined {
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
  if (vpc instanceof Vpc && selected.some((subnet) => vpc.isolatedSubnets.includes(subnet))) { warnOfNoWay(scope, vpc, reached); }
  checkProp('securityGroups', 'VpcSecurityGroupIds', securityGroupIds);
  checkProp('vpcSubnets', 'Subnets', subnets);
  return { connections: new Connections({ securityGroups }), vpcConfig: { securityGroupIds, subnets } };
}

/** Warns of a VPC of this app that has no way to a service. It looks when the app is synthesized: an endpoint may be added later. */
function warnOfNoWay(scope: Construct, vpc: IVpc, { services, rule, soThat }: Reached): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope) { return; }
      const endpoints = scope.node.root.node.findAll().filter((one): one is CfnVPCEndpoint => one instanceof CfnVPCEndpoint);
      // The name may be a text with tokens, of which the last one is empty in most Regions.
      const names = endpoints.filter(({ vpcId }) => vpcId === vpc.vpcId).map((one) => JSON.stringify(Stack.of(one).resolve(one.serviceName)) ?? '');
      const has = (service: string) => names.some((name) => name.includes(`.${service}"`));
      const missing = services.filter((service) => !has(service));
      if (missing.length > 0) {
        const [name, one, add] = missing.length > 1
          ? [missing.map((service) => `\`${service}\``).join(', '), 'endpoints', 'add them'] : [missing[0] === 's3' ? 'S3' : `\`${missing[0]}\``, 'endpoint', 'add one'];
        const how = services.length > 1 ? '`vpc.addGatewayEndpoint()` and `vpc.addInterfaceEndpoint()`' : '`vpc.addGatewayEndpoint()`';
        warn(scope, rule, `\`vpcSubnets\` are isolated and the VPC has no ${one} for ${name}, so ${soThat}: ${add} with ${how}, or use subnets with a way out.`);
      }
    },
  }, { priority: AspectPriority.READONLY });
}

/** Lets a role create network interfaces in these subnets. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html */
export function allowInterfaces(role: IPrincipal, { vpcConfig }: Network): void {
  const interfaces = ec2Arns('network-interface', ['*']);
  const groups = ec2Arns('security-group', vpcConfig.securityGroupIds);
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
  allow([ec2('CreateNetworkInterface')], [...interfaces, ...groups, ...ec2Arns('subnet', vpcConfig.subnets)]);
}

function isSecurityGroup(group: ISecurityGroupRef): group is ISecurityGroup {
  return 'connections' in group;
}

function ec2(action: string): string {
  return `ec2:${action}`;
}

/** ARNs of EC2 in the stack's account and Region. */
export function ec2Arns(resource: string, names: string[]): string[] {
  // The members of a list that is one token are unknown.
  const known = Token.isUnresolved(names) ? ['*'] : names;
  return known.map((name) => `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}/${name}`);
}
