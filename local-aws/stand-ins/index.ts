import { join } from 'path';
import { ec2Operations } from './ec2';
import { ecrOperations } from './ecr';
import { idOf, lookup } from './lookup';
import { AwsError, Operation, Operations, Region } from '../kernel';

/** What the CDK starts in place of `docker`. */
export const DOCKER = join(__dirname, 'docker.js');

/** A hosted zone's name in DNS ends with a dot. */
const zoneName = (name: string) => `${name.replace(/\.$/, '')}.`;

/** What looks like Route 53, for lookups of hosted zones. */
const route53Operations: Operations = {
  ListHostedZonesByName: ({ DNSName }, { region }) => {
    const Id = `/hostedzone/${lookup(region, 'Z', `HostedZone.fromLookup of ${DNSName}`, DNSName).toUpperCase()}`;
    const zone = { Id, Name: zoneName(DNSName), CallerReference: 'stand-in', Config: { PrivateZone: false }, ResourceRecordSetCount: 2 };
    return { HostedZones: { HostedZone: [zone] }, DNSName, IsTruncated: false, MaxItems: 100 };
  },
  GetHostedZone: ({ Id }) => ({ HostedZone: { Id: `/hostedzone/${Id}`, Name: 'stand-in.', CallerReference: 'stand-in' }, VPCs: { VPC: [] } }),
};

/** What looks like CloudFront, for deployments of files into buckets that a distribution serves. Nothing is cached, so it is done at once. */
const cloudFrontOperations: Operations = {
  CreateInvalidation: ({ DistributionId, InvalidationBatch }, { region }) => invalidation(idOf('I', region, DistributionId, InvalidationBatch), region),
  GetInvalidation: ({ Id }, { region }) => invalidation(Id, region),
};

function invalidation(Id: string, { clock }: Region) {
  return { Id, Status: 'Completed', CreateTime: new Date(clock.now()) };
}

/** What looks like Elastic Load Balancing, for lookups of load balancers and listeners. */
const loadBalancingOperations: Operations = {
  DescribeLoadBalancers: ({ LoadBalancerArns }, { region }) => {
    const arn = LoadBalancerArns?.[0] ?? region.arn('elasticloadbalancing', 'loadbalancer/app/stand-in/0123456789abcdef');
    const id = lookup(region, '', `a lookup of the load balancer ${arn}`, arn);
    const Type = arn.includes('loadbalancer/net/') ? 'network' : 'application';
    return {
      LoadBalancers: [{
        LoadBalancerArn: arn,
        LoadBalancerName: arn.split('/').at(-2),
        DNSName: `stand-in-${id}.${region.name}.elb.${region.urlSuffix}`,
        CanonicalHostedZoneId: `Z${id.toUpperCase().slice(0, 13)}`,
        IpAddressType: 'ipv4',
        Scheme: 'internet-facing',
        SecurityGroups: [`sg-${id}`],
        State: { Code: 'active' },
        Type,
        VpcId: `vpc-${id}`,
      }],
    };
  },
  // A client looks for its tags itself, so no stand-in can have them.
  DescribeTags: ({ ResourceArns = [] }, { region }) => {
    region.world.notice('a load balancer is looked up by its ARN only: by its tags, none is found');
    return { TagDescriptions: ResourceArns.map((ResourceArn: string) => ({ ResourceArn, Tags: [] })) };
  },
  DescribeListeners: ({ LoadBalancerArn, ListenerArns }, { region }) => {
    const arn = ListenerArns?.[0] ?? `${String(LoadBalancerArn).replace(':loadbalancer/', ':listener/')}/0123456789abcdef`;
    const [, balancer] = /^(.*)\/[^/]+$/.exec(arn)!;
    return {
      Listeners: [{
        ListenerArn: arn,
        LoadBalancerArn: LoadBalancerArn ?? balancer.replace(':listener/', ':loadbalancer/'),
        Port: 443,
        Protocol: 'HTTPS',
        SecurityGroups: [`sg-${lookup(region, '', `a lookup of the listener ${arn}`, arn)}`],
      }],
    };
  },
};

const kmsOperations: Operations = {
  // The client looks for its alias page by page: a marker carries what it wants to find, but no request does. So every lookup fails by name.
  ListAliases: (_input, { region }) => {
    region.world.notice('Key.fromLookup finds no key: use Key.fromKeyArn, or keep the key id in cdk.context.json');
    return { Aliases: [], Truncated: false };
  },
};

const cloudControlOperations: Operations = {
  GetResource: ({ TypeName, Identifier }, { region }) => {
    region.world.notice(`a lookup of ${TypeName} ${Identifier} is answered with a stand-in that has no properties but its name`);
    return { TypeName, ResourceDescription: { Identifier, Properties: JSON.stringify({ Arn: region.arn(String(TypeName).split('::')[1].toLowerCase(), Identifier) }) } };
  },
  ListResources: ({ TypeName }) => {
    throw new AwsError('UnsupportedActionException', `Resources of type ${TypeName} are listed by nothing in the local AWS`);
  },
};

/** The operations of services that have nothing but stand-ins, by the services' names in signatures. */
export const standIns: Readonly<Record<string, (region: Region) => Operations>> = {
  ec2: () => readable(ec2Operations),
  route53: () => readable(route53Operations),
  cloudfront: () => readable(cloudFrontOperations),
  elasticloadbalancing: () => readable(loadBalancingOperations),
  kms: () => readable(kmsOperations),
  cloudcontrolapi: () => readable(cloudControlOperations),
  ecr: () => readable(ecrOperations),
};

/** A stand-in has no shapes: a request whose members are of other types than it reads is refused. */
function readable(operations: Operations): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]): [string, Operation] => [name, (input, call) => {
    try {
      return operation(input, call);
    } catch (error) {
      throw error instanceof AwsError ? error : new AwsError('InvalidParameterValue', `The members of ${name} are not of the types that it takes`);
    }
  }]));
}
