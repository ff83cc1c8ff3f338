import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { NetworkFacts } from './facts';
import { readStack } from '../account/stack';

/**
 * The subnets of a job with the resources of the stack that made them: the given ones, or those of another stack. No call goes to EC2, so of a subnet that
 * no stack has made nothing is known.
 */
export async function readNetwork(cloudFormation: CloudFormationClient, subnets: readonly string[], known: NetworkFacts['resources']): Promise<NetworkFacts> {
  if (known.some(({ physicalId }) => physicalId !== undefined && subnets.includes(physicalId))) { return { subnets, resources: known }; }
  const owner = await ownerOf(cloudFormation, subnets[0]);
  const stack = owner === undefined ? undefined : await readStack(cloudFormation, owner);
  return { subnets, resources: stack?.resources ?? [] };
}

/** The stack that has made a resource. */
async function ownerOf(cloudFormation: CloudFormationClient, PhysicalResourceId: string): Promise<string | undefined> {
  try {
    return (await cloudFormation.send(new DescribeStackResourcesCommand({ PhysicalResourceId }))).StackResources?.[0]?.StackId;
  } catch (error) {
    if ((error as Error).name === 'ValidationError') { return undefined; }
    throw error;
  }
}

/**
 * The subnets from which no route leads out and no endpoint leads to S3. Those of which that is not known are left out: the route to an internet gateway, too,
 * because the service's network interfaces have no public address.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 */
export function withoutWayToS3({ subnets, resources }: NetworkFacts): string[] {
  const of = (type: string) => resources.filter((one) => one.type === `AWS::EC2::${type}`).map(({ properties }) => properties as any);
  const endpoints = of('VPCEndpoint').filter(({ ServiceName }) => typeof ServiceName !== 'string' || ServiceName.endsWith('.s3'));
  // An interface of the VPC serves all its subnets.
  if (endpoints.some(({ VpcEndpointType }) => VpcEndpointType !== undefined && VpcEndpointType !== 'Gateway')) { return []; }
  return subnets.filter((subnet) => {
    const table = of('SubnetRouteTableAssociation').find(({ SubnetId }) => SubnetId === subnet)?.RouteTableId;
    if (typeof table !== 'string') { return false; }
    const leadsOut = of('Route').some(({ RouteTableId, DestinationCidrBlock }) => RouteTableId === table && DestinationCidrBlock === '0.0.0.0/0');
    const leadsToS3 = endpoints.some(({ RouteTableIds }) => !Array.isArray(RouteTableIds) || RouteTableIds.includes(table) || RouteTableIds.some((id) => typeof id !== 'string'));
    return !leadsOut && !leadsToS3;
  });
}
