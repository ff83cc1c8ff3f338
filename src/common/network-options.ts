import { ISecurityGroupRef, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/** Where containers get their network interfaces. */
export interface NetworkOptions {
  /**
   * The VPC that the containers are connected to. Changing it replaces the resource.
   *
   * @default - none: a network of the service's own
   */
  readonly vpc?: IVpc;
  /**
   * Which of the VPC's subnets get network interfaces: 1 to 16 of them. Changing them replaces the resource.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the network interfaces: 1 to 5. Changing them replaces the resource.
   *
   * @default - a new one
   */
  readonly securityGroups?: ISecurityGroupRef[];
  /**
   * Whether the new security group lets all traffic out. Changing it replaces nothing.
   *
   * @default true
   */
  readonly allowAllOutbound?: boolean;
}
