import { createHash } from 'crypto';
import { lookup } from './lookup';
import { AwsError, Operations, Region } from '../kernel';

type Filters = ReadonlyArray<{ readonly Name: string; readonly Value: readonly string[] }>;

const valueOf = (filters: Filters = [], ...names: string[]) => filters.find(({ Name }) => names.includes(Name))?.Value[0];
const hash = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 17);
const zonesOf = ({ name }: Region) => ['a', 'b', 'c'].map((zone) => name + zone);
const tagSet = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([key, value]) => ({ key, value }));

interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  readonly isPublic: boolean;
}

/** A public and a private subnet in each of three zones. */
function subnetsOf(region: Region, vpcId: string): Subnet[] {
  return [true, false].flatMap((isPublic, kind) => zonesOf(region).map((zone, index) => ({
    id: `subnet-${hash(vpcId, isPublic, zone)}`, zone, cidr: `10.0.${(kind * 3 + index) * 32}.0/19`, isPublic,
  })));
}

/** What looks like EC2, for lookups of the CDK and for the rules that it takes from default security groups. */
export const ec2Operations: Operations = {
  DescribeAvailabilityZones: (_input, { region }) => ({
    availabilityZoneInfo: zonesOf(region).map((zoneName) => ({ zoneName, zoneState: 'available', regionName: region.name, zoneType: 'availability-zone' })),
  }),
  DescribeVpcs: ({ Filter, VpcId }, { region }) => {
    const asked = VpcId?.[0] ?? valueOf(Filter, 'vpc-id');
    const isDefault = valueOf(Filter, 'isDefault', 'is-default') === 'true';
    const words = asked ?? (Filter ?? []).map(({ Name, Value }: Filters[number]) => `${Name}=${Value.join()}`).join(' ');
    const made = lookup(region, 'vpc-', `Vpc.fromLookup of ${words}`, words);
    const tags = Object.fromEntries((Filter ?? []).filter(({ Name }: Filters[number]) => Name.startsWith('tag:')).map(({ Name, Value }: Filters[number]) => [Name.slice(4), Value[0]]));
    return {
      vpcSet: [{ vpcId: asked ?? made, ownerId: region.account, state: 'available', cidrBlock: '10.0.0.0/16', isDefault, instanceTenancy: 'default', tagSet: tagSet(tags) }],
    };
  },
  DescribeSubnets: ({ Filter, SubnetId }, { region }) => {
    const vpcId = valueOf(Filter, 'vpc-id') ?? lookup(region, 'vpc-', 'a lookup of subnets', Filter, SubnetId);
    return {
      subnetSet: subnetsOf(region, vpcId).map(({ id, zone, cidr, isPublic }) => ({
        subnetId: id,
        vpcId,
        state: 'available',
        availabilityZone: zone,
        cidrBlock: cidr,
        mapPublicIpOnLaunch: isPublic,
        ownerId: region.account,
        tagSet: tagSet({ 'aws-cdk:subnet-name': isPublic ? 'Public' : 'Private', 'aws-cdk:subnet-type': isPublic ? 'Public' : 'Private' }),
      })),
    };
  },
  DescribeRouteTables: ({ Filter }, { region }) => {
    const vpcId = valueOf(Filter, 'vpc-id') ?? '';
    return {
      routeTableSet: subnetsOf(region, vpcId).map(({ id, isPublic }) => ({
        routeTableId: `rtb-${hash(id)}`,
        vpcId,
        ownerId: region.account,
        routeSet: [{
          destinationCidrBlock: '0.0.0.0/0', state: 'active', ...isPublic ? { gatewayId: `igw-${hash(vpcId)}` } : { natGatewayId: `nat-${hash(vpcId)}` },
        }],
        associationSet: [{ routeTableAssociationId: `rtbassoc-${hash(id)}`, routeTableId: `rtb-${hash(id)}`, subnetId: id, main: false }],
      })),
    };
  },
  DescribeVpnGateways: () => ({ vpnGatewaySet: [] }),
  DescribeSecurityGroups: ({ Filter, GroupId }, { region }) => {
    const words = GroupId?.[0] ?? valueOf(Filter, 'group-name') ?? '';
    const made = lookup(region, 'sg-', `SecurityGroup.fromLookup of ${words}`, words, valueOf(Filter, 'vpc-id'));
    const anywhere = { ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] };
    return {
      securityGroupInfo: [{
        groupId: GroupId?.[0] ?? made, groupName: valueOf(Filter, 'group-name') ?? 'stand-in', groupDescription: 'stand-in', ownerId: region.account, ipPermissionsEgress: [anywhere],
      }],
    };
  },
  DescribeImages: ({ Filter, Owner }, { region }) => {
    const name = valueOf(Filter, 'name') ?? '';
    const imageId = lookup(region, 'ami-', `a lookup of the machine image ${name}`, name, Owner);
    return { imagesSet: [{ imageId, name: name.replace(/\*/g, 'stand-in'), imageState: 'available', creationDate: '2026-01-01T00:00:00.000Z', imageOwnerId: Owner?.[0] }] };
  },
  DescribeVpcEndpointServices: ({ ServiceName = [] }, { region }) => {
    region.world.notice(`${ServiceName.join()} is said to be in every zone`);
    return { serviceDetailSet: ServiceName.map((serviceName: string) => ({ serviceName, availabilityZoneSet: zonesOf(region) })) };
  },
  // The CDK takes the rules from the default security group of a VPC that it makes. The VPC is only recorded, and so is this.
  ...Object.fromEntries(['Authorize', 'Revoke'].flatMap((verb) => ['Ingress', 'Egress'].map((way) => [`${verb}SecurityGroup${way}`, ({ GroupId }: any) => {
    if (GroupId === undefined) { throw new AwsError('MissingParameter', 'The request must contain the parameter groupId'); }
    return { return: true };
  }]))),
};
