import { ISecurityGroupRef, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * Network options of containers: the VPC in which they get network interfaces.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 */
export interface NetworkOptions {
  /**
   * VPC that the containers are connected to. Changing it replaces the resource.
   *
   * @default - none: the service's own network
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the VPC that get network interfaces: 1 to 16. Changing them replaces the resource. Without `vpc`, setting it is an error.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the network interfaces: 1 to 5. Changing them replaces the resource. Without `vpc`, setting it is an error.
   *
   * @default - a new security group
   */
  readonly securityGroups?: ISecurityGroupRef[];
  /**
   * Whether the new security group allows all outbound traffic. Changing it replaces nothing. Without `vpc`, or with `securityGroups`, setting it
   * is an error.
   *
   * @default true
   */
  readonly allowAllOutbound?: boolean;
}
