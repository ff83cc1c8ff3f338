import { lackingIn, ResourceProvider, ResourceRequest, ResourceState } from '../kernel';
import { guid } from './ids';
import { typeFacts } from './spec';

/** The reason in the events of a resource that is only recorded. */
export const OPAQUE = 'opaque: not modelled by the local AWS';

const NO_FUNCTION = 'its function does not run on this machine';

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

/** A resource type that no room models: it takes any properties, and has an id and attributes of the published shape. */
export const opaque: ResourceProvider = {
  create: async (request) => stateOf(request, physicalId(request)),
  update: async (request) => stateOf(request, request.physicalId),
  delete: async () => {},
};

/**
 * A resource of a type that a room models, but not all that the resource asks for, is opaque as well. Not so those that are rehearsed, and what
 * they stand on: there it would mislead.
 */
export function orOpaque(type: string, provider: ResourceProvider): ResourceProvider {
  if (/^AWS::(SageMaker|CloudFormation)::|^AWS::IAM::Role$/.test(type)) { return provider; }
  const lacking = (error: unknown): string => {
    const line = lackingIn((error as Error).message);
    if (line === undefined) { throw error; }
    return line;
  };
  return {
    create: async (request) => provider.create(request).catch(async (error) => ({ ...await opaque.create(request), opaque: lacking(error) })),
    update: async (request) => provider.update(request).catch(async (error) => ({ ...await opaque.update(request), opaque: lacking(error) })),
    delete: async (request) => provider.delete(request).catch((error) => { lacking(error); }),
  };
}

/** A custom resource whose function does not run on this machine. An app of other people deploys nevertheless, and its user is told what was left out. */
export const withoutFunction: ResourceProvider = {
  create: async ({ generatedName }) => ({ physicalId: generatedName(128), attributes: {}, opaque: NO_FUNCTION }),
  update: async ({ physicalId: id }) => ({ physicalId: id, attributes: {}, opaque: NO_FUNCTION }),
  delete: async () => {},
};

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
  const { properties, type } = request;
  const attribute = (name: string) => {
    if (properties[name] !== undefined) { return properties[name]; }
    if (name.endsWith('Arn')) { return id.startsWith('arn:') ? id : arn(request, id); }
    return type in ID_PREFIXES && (name === 'GroupId' || typeFacts(type)?.identifier.includes(name)) ? id : `${id}-${name}`;
  };
  return { physicalId: id, attributes: Object.fromEntries((typeFacts(type)?.attributes ?? []).map((name) => [name, attribute(name)])) };
}

function arn({ region, type, properties }: ResourceRequest, name: string): string {
  const known: Record<string, string> = { Partition: region.partition, Region: region.name, Account: region.account };
  const [, service, kind] = type.toLowerCase().split('::');
  const template = typeFacts(type)?.arnTemplate ?? `arn:\${Partition}:${service}:\${Region}:\${Account}:${kind}/\${Name}`;
  return template.replace(/\$\{(\w+)\}/g, (_, part) => known[part] ?? (typeof properties[part] === 'string' ? properties[part] : name));
}
