import { guid } from './ids';
import { extraneous, typeFacts } from './spec';
import { AwsError, Lacking, ResourceProvider, ResourceRequest, ResourceState } from '../kernel';

/** The reason in the events of a resource that is only recorded. */
const UNMODELLED = 'not modelled by the local AWS';
export const OPAQUE = `opaque: ${UNMODELLED}`;

/** The id prefixes of some types, because services check the ids that they get. */
const ID_PREFIXES: Readonly<Record<string, string>> = {
  'AWS::EC2::VPC': 'vpc-',
  'AWS::EC2::Subnet': 'subnet-',
  'AWS::EC2::SecurityGroup': 'sg-',
  'AWS::EC2::RouteTable': 'rtb-',
  'AWS::EC2::InternetGateway': 'igw-',
  'AWS::EC2::NatGateway': 'nat-',
  'AWS::EC2::VPCEndpoint': 'vpce-',
  'AWS::KMS::Key': '',
};

/** Attributes that people take apart: a stand-in of any other form would fail there. */
const FORMS: Readonly<Record<string, (id: string, region: string) => unknown>> = {
  'AWS::EC2::VPC Ipv6CidrBlocks': () => ['2001:db8:1234:1a00::/56'],
  'AWS::EC2::VPCEndpoint DnsEntries': (id, region) => [`Z0000000STANDIN:${id}-stand-in.vpce.${region}.amazonaws.com`],
};

/** A resource type that no room models: it takes any properties, and has an id and attributes of the published shape. */
export const opaque: ResourceProvider = {
  create: async (request) => stateOf(request, physicalId(request)),
  update: async (request) => stateOf(request, request.physicalId),
  delete: async () => {},
};

/** Those that are rehearsed, and what they stand on: there, an opaque resource would mislead. */
const NEVER = /^AWS::(SageMaker|CloudFormation)::|^AWS::IAM::(Role|Policy|ManagedPolicy)$/;

/**
 * A resource of a type that a room models is opaque as long as it asks for what the room lacks. An update may make it opaque, or end that:
 * the room has a resource if, and only if, it is not opaque.
 */
export function orOpaque(type: string, provider: ResourceProvider): ResourceProvider {
  if (NEVER.test(type)) { return provider; }
  return {
    create: async (request) => provider.create(request).catch(async (error) => {
      const lack = lackOf(error, request);
      return { ...await opaque.create(request), opaque: lack };
    }),
    update: async (request) => {
      const { physicalId: id, oldProperties, opaque: before, generatedName } = request;
      // It gets the name back that it had, or was recorded under: others may refer to it.
      const name = id.split(/[:|/]/).pop()!;
      const again = { ...request, generatedName: (longest: number) => (name.length <= longest ? name : generatedName(longest)) };
      return (before === undefined ? provider.update(request) : provider.create(again)).catch(async (error) => {
        const lack = lackOf(error, request);
        if (before === undefined) { await provider.delete({ ...request, properties: oldProperties }); }
        return { ...await opaque.update(request), opaque: lack };
      });
    },
    delete: async (request) => (request.opaque === undefined ? provider.delete(request) : undefined),
  };
}

/** What the room lacks for a resource. Any other error stays one, and a property that AWS does not have either is one. */
function lackOf(error: unknown, { type, logicalId, properties }: ResourceRequest): string {
  if (!(error instanceof Lacking)) { throw error; }
  const strange = extraneous(type, properties);
  if (strange !== undefined) { throw new AwsError('ValidationError', `Properties validation failed for resource ${logicalId} with message:\n${strange}`); }
  return error.message;
}

function physicalId(request: ResourceRequest): string {
  const { properties, type, generatedName } = request;
  const identifier = typeFacts(type)?.identifier ?? [];
  const given = identifier.map((name) => properties[name]);
  if (given.length > 0 && given.every((value) => typeof value === 'string')) { return given.join('|'); }
  const name = generatedName(128);
  const prefix = ID_PREFIXES[type];
  if (prefix !== undefined) { return prefix ? prefix + guid(name).replace(/-/g, '').slice(0, 17) : guid(name); }
  return identifier.length === 1 && identifier[0].endsWith('Arn') ? arn(request, name) : name;
}

function stateOf(request: ResourceRequest, id: string): ResourceState {
  const { properties, type, region } = request;
  const attribute = ([name, kind]: [string, string]) => {
    if (properties[name] !== undefined) { return properties[name]; }
    if (Object.hasOwn(FORMS, `${type} ${name}`)) { return FORMS[`${type} ${name}`](id, region.name); }
    // Whoever takes a list apart, or counts with a number, finds one.
    if (kind === 'array') { return [1, 2].map((index) => `${id}-${name}-${index}`); }
    if (kind === 'integer' || kind === 'number') { return 1; }
    if (name.endsWith('Arn')) { return id.startsWith('arn:') ? id : arn(request, id); }
    return type in ID_PREFIXES && (name === 'GroupId' || typeFacts(type)?.identifier.includes(name)) ? id : `${id}-${name}`;
  };
  // Nobody knows the attributes of an unpublished type, and those of an application of the Serverless repository are its template's outputs.
  if (typeFacts(type) === undefined || type === 'AWS::Serverless::Application') { return { physicalId: id, attributes: {}, opaque: UNMODELLED }; }
  return { physicalId: id, attributes: Object.fromEntries(Object.entries(typeFacts(type)?.attributes ?? {}).map((one) => [one[0], attribute(one)])) };
}

function arn({ region, type, properties }: ResourceRequest, name: string): string {
  const known: Record<string, string> = { Partition: region.partition, Region: region.name, Account: region.account };
  const [, service, kind] = type.toLowerCase().split('::');
  const template = typeFacts(type)?.arnTemplate ?? `arn:\${Partition}:${service}:\${Region}:\${Account}:${kind}/\${Name}`;
  return template.replace(/\$\{(\w+)\}/g, (_, part) => known[part] ?? (typeof properties[part] === 'string' ? properties[part] : name));
}
