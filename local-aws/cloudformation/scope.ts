import { Definition, Resource, Stack } from './stack';
import { Scope } from './template/intrinsics';
import { invalid } from './template/template';
import { Ssm } from '../ssm';

/** The known values of the resources during resolution: the current ones, or those that a change set predicts. */
export interface Known {
  ref(logicalId: string): unknown;
  attribute(logicalId: string, name: string): unknown;
}

/** The values of a definition's intrinsics: parameters, pseudo parameters, the stack's resources, other stacks' exports. */
export function scopeOf(
  stack: Stack, { template, parameters }: Pick<Definition, 'template' | 'parameters'>, known: Known, importValue: (name: string) => string,
): Scope {
  const { region } = stack;
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': region.account,
    'AWS::Region': region.name,
    'AWS::Partition': region.partition,
    'AWS::URLSuffix': region.urlSuffix,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::NotificationARNs': stack.notificationArns,
  };
  return {
    template,
    region: region.name,
    ref: (name) => {
      if (Object.hasOwn(parameters, name)) { return parameters[name].value; }
      if (Object.hasOwn(template.Resources, name)) { return known.ref(name); }
      if (!Object.hasOwn(pseudo, name)) { throw unresolved(name); }
      return pseudo[name];
    },
    attribute: (logicalId, name) => {
      if (!Object.hasOwn(template.Resources, logicalId)) { throw unresolved(logicalId); }
      return known.attribute(logicalId, name);
    },
    importValue,
    secret: (reference) => {
      region.world.notice(`a secret is a stand-in: {{resolve:secretsmanager:${reference}}}`);
      return 'stand-in-for-a-secret';
    },
    ssmParameter: (name) => {
      const value = region.room(Ssm).valueOf(name);
      if (value === undefined) { throw invalid(`Parameters: [ssm:${name}] cannot be found.`); }
      return value;
    },
  };
}

/** The current resources. */
export function asTheyAre(stack: Stack): Known {
  const find = (logicalId: string): Resource => {
    const resource = stack.resources.get(logicalId);
    if (resource?.physicalId === undefined) { throw unresolved(logicalId); }
    return resource;
  };
  return {
    ref: (logicalId) => find(logicalId).physicalId,
    attribute: (logicalId, name) => {
      const value = attributeOf(find(logicalId), name);
      if (value === undefined) { throw noAttribute(stack, find(logicalId), name); }
      return value;
    },
  };
}

/** Whether CloudFormation calls a function of the user's for this type. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** The value of `Fn::GetAtt`, by the whole name or member by member. */
export function attributeOf({ attributes, physicalId, opaque }: Resource, name: string): unknown {
  if (Object.hasOwn(attributes, name)) { return attributes[name] ?? undefined; }
  if (opaque !== undefined) { return `${physicalId}-${name}`; }
  return name.split('.').reduce<any>((at, part) => typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? at[part] : undefined, attributes) ?? undefined;
}

function noAttribute(stack: Stack, { logicalId, type }: Resource, name: string): Error {
  return invalid(isCustom(type)
    ? `CustomResource attribute error: Vendor response doesn't contain ${name} key in object ${stack.id}|${logicalId} in S3 bucket `
      + `cloudformation-custom-resource-storage-${stack.region.name.replace(/-/g, '')}`
    : `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`);
}

function unresolved(name: string): Error {
  return invalid(`Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`);
}
