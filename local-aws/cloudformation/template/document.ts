import { checkQuotas } from './quotas';
import { validateReferences } from './references';
import { invalid, isObject, LANGUAGE_EXTENSIONS, Template } from './template';
import { isShared, isTooDeep } from '../../kernel';

const yaml: {
  readonly CORE_SCHEMA: { extend(types: readonly object[]): object };
  readonly Type: new (tag: string, options: object) => object;
  load(text: string, options: object): unknown;
// The library has no types, and only these of its names are used.
// eslint-disable-next-line @typescript-eslint/no-require-imports
} = require('js-yaml');

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html (short forms) */
const SHORT = ['And', 'Base64', 'Cidr', 'Condition', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue',
  'Join', 'Length', 'Not', 'Or', 'Ref', 'RefAll', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'];

const SCHEMA = yaml.CORE_SCHEMA.extend(SHORT.flatMap((name) => ['scalar', 'sequence', 'mapping'].map((kind) => new yaml.Type(`!${name}`, {
  kind, construct: (argument: unknown) => ({ [['Ref', 'Condition'].includes(name) ? name : `Fn::${name}`]: argument }),
}))));

const SECTIONS = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions', 'Transform',
  'Resources', 'Outputs'];
const RESOURCE_MEMBERS = ['Type', 'Properties', 'Condition', 'DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'];
/**
 * The types that take them, none of which is modelled: nothing of theirs is rolled, and no signal is waited for.
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html and aws-attribute-updatepolicy.html
 */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  CreationPolicy: ['AWS::AppStream::Fleet', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'],
  UpdatePolicy: ['AWS::AppStream::Fleet', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::ElastiCache::ReplicationGroup', 'AWS::Elasticsearch::Domain',
    'AWS::Lambda::Alias', 'AWS::OpenSearchService::Domain'],
};
/** Sections and members that templates may have on AWS. */
const REFUSED_SECTIONS = ['Hooks'];
/** Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html and aws-attribute-updatereplacepolicy.html */
const POLICIES = { DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'], UpdateReplacePolicy: ['Delete', 'Retain', 'Snapshot'] };

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html (Snapshot). No snapshot is made. */
const WITH_SNAPSHOTS = ['AWS::DocDB::DBCluster', 'AWS::EC2::Volume', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::Redshift::Cluster'];

/** Reads a template, JSON or YAML, and refuses an invalid one as CloudFormation does. */
export function parseTemplate(body: string): Template {
  const raw = read(body);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: of YAML 1.1, all but aliases and a few types.
  if (isShared(raw)) { throw invalid('Template error: YAML aliases are not allowed in CloudFormation templates'); }
  if (isTooDeep(raw)) { throw invalid('Template format error: the template is nested too deeply.'); }
  if (!isObject(raw)) { throw invalid('Template format error: unsupported structure.'); }
  const refused = Object.keys(raw).find((section) => REFUSED_SECTIONS.includes(section));
  if (refused) { throw invalid(`The section ${refused} is not part of the local AWS`); }
  const unknown = Object.keys(raw).filter((section) => !SECTIONS.includes(section));
  if (unknown.length > 0) { throw invalid(`Invalid template property or properties [${unknown.join(', ')}]`); }
  if (raw.Transform !== undefined && ![raw.Transform].flat().every((name) => isKnown(name, raw.Resources))) {
    throw invalid(`Transform ${JSON.stringify(raw.Transform)} is not part of the local AWS`);
  }
  if (!isObject(raw.Resources) || Object.keys(raw.Resources).length === 0) {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  for (const section of ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Outputs']) {
    const members = raw[section] ?? {};
    if (!isObject(members) || (section !== 'Conditions' && !Object.values(members).every(isObject))) {
      throw invalid(`Template format error: every ${section} object must contain objects.`);
    }
  }
  Object.entries(raw.Resources).forEach(([logicalId, definition]) => checkResource(logicalId, definition));
  refuseNulls(raw.Resources, '/Resources');
  const template: Template = { Parameters: {}, Rules: {}, Mappings: {}, Conditions: {}, Outputs: {}, ...raw as any };
  checkQuotas(template);
  validateReferences(template);
  return template;
}

/** Other transforms make resources that are not in the template: here, only where they make nothing that is modelled. */
function isKnown(transform: unknown, resources: unknown): boolean {
  const types = isObject(resources) ? Object.values(resources).map((resource) => String((resource as any)?.Type)) : [];
  const serverless = types.filter((type) => type.startsWith('AWS::Serverless::'));
  return transform === LANGUAGE_EXTENSIONS
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-secretsmanager.html: the function of a hosted rotation.
    || (/^AWS::SecretsManager-\d{4}-\d\d-\d\d$/.test(String(transform)) && types.includes('AWS::SecretsManager::RotationSchedule'))
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-serverless.html: an application is a stack of others.
    || (transform === 'AWS::Serverless-2016-10-31' && serverless.length > 0 && serverless.every((type) => type === 'AWS::Serverless::Application'));
}

function read(body: string): unknown {
  const json = body.trimStart().startsWith('{');
  try {
    return json ? JSON.parse(body) : yaml.load(body, { schema: SCHEMA });
  } catch (error) {
    throw invalid(`Template format error: ${json ? 'JSON' : 'YAML'} not well-formed. (${(error as Error).message.split('\n')[0]})`);
  }
}

function checkResource(logicalId: string, definition: unknown): void {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    throw invalid(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  }
  if (!isObject(definition) || typeof definition.Type !== 'string') {
    throw invalid(`Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  }
  if (!isObject(definition.Properties ?? {})) {
    throw invalid(`Template format error: [/Resources/${logicalId}/Properties] must be an object.`);
  }
  const { Type } = definition;
  const refused = Object.keys(definition).find((member) => Object.hasOwn(WITHOUT_EFFECT, member) && !WITHOUT_EFFECT[member].includes(Type));
  if (refused) { throw invalid(`${refused} (resource ${logicalId}) is not part of the local AWS`); }
  const unknown = Object.keys(definition).find((member) => !RESOURCE_MEMBERS.includes(member) && !Object.hasOwn(WITHOUT_EFFECT, member));
  if (unknown) { throw invalid(`Invalid template resource property '${unknown}'`); }
  for (const [member, known] of Object.entries(POLICIES)) {
    const policy = definition[member];
    if (policy === 'Snapshot' && !WITH_SNAPSHOTS.includes(Type)) {
      throw invalid(`Template error: resource type ${Type} does not support ${member} Snapshot (resource ${logicalId})`);
    }
    if (policy !== undefined && !known.includes(policy as string)) {
      throw invalid(`Template format error: Unrecognized ${member} ${String(policy)} for resource ${logicalId}`);
    }
  }
}

function refuseNulls(value: unknown, path: string): void {
  if (value === null) { throw invalid(`[${path}] 'null' values are not allowed in templates`); }
  if (typeof value === 'object') { Object.entries(value).forEach(([key, member]) => refuseNulls(member, `${path}/${key}`)); }
}
