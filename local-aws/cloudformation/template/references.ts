import { invalid, isObject, ResourceDefinition, Template } from './template';

/** Every `${…}` of a `Fn::Sub` that is not a literal. */
export function substitutions(text: string): string[] {
  return [...text.matchAll(/\$\{(?!!)([^}]*)\}/g)].map((match) => match[1].trim());
}

/** `Fn::GetAtt` in both its forms, as logical id and attribute. */
export function attributeParts(argument: unknown): [string, unknown] {
  if (typeof argument === 'string' && argument.includes('.')) {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') { return [argument[0], argument[1]]; }
  throw invalid('Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute');
}

interface Found {
  /** Names in `Ref` and `Fn::Sub`. */
  readonly names: Set<string>;
  /** Logical ids in `Fn::GetAtt`, and in `Fn::Sub` before a dot. */
  readonly owners: Set<string>;
  /** Names of conditions in `Fn::If`. */
  readonly conditions: Set<string>;
}

function find(value: unknown, found: Found = { names: new Set(), owners: new Set(), conditions: new Set() }): Found {
  if (Array.isArray(value)) { value.forEach((member) => find(member, found)); }
  if (!isObject(value)) { return found; }
  const keys = Object.keys(value);
  const only = keys.length === 1 ? keys[0] : '';
  const argument = value[only];
  if (only === 'Ref' && typeof argument === 'string') {
    found.names.add(argument);
  } else if (only === 'Fn::GetAtt') {
    const [owner, attribute] = attributeParts(argument);
    found.owners.add(owner);
    find(attribute, found);
  } else if (only === 'Fn::Sub') {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    substitutions(String(text)).filter((name) => !Object.hasOwn(variables ?? {}, name))
      .forEach((name) => name.includes('.') ? found.owners.add(name.split('.')[0]) : found.names.add(name));
    find(variables, found);
  } else {
    if (only === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string') { found.conditions.add(argument[0]); }
    Object.values(value).forEach((member) => find(member, found));
  }
  return found;
}

/**
 * The logical ids that a resource must wait for, because of `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
export function needs(template: Template, definition: ResourceDefinition): string[] {
  const { names, owners } = find(definition.Properties);
  return [...new Set([...names, ...owners, ...[definition.DependsOn ?? []].flat()])].filter((name) => Object.hasOwn(template.Resources, name));
}

/** Refuses references to nothing, and circular references. */
export function validateReferences(template: Template): void {
  const { Parameters, Resources, Outputs, Conditions } = template;
  const unresolved = (block: string, names: Iterable<string>, dependsOn: string[] = []) => {
    const missing = [...names].filter((name) => !Object.hasOwn(Parameters, name) && !Object.hasOwn(Resources, name) && !name.startsWith('AWS::'))
      .concat(dependsOn.filter((name) => !Object.hasOwn(Resources, name)));
    if (missing.length > 0) {
      throw invalid(`Template format error: Unresolved resource dependencies [${missing.join(', ')}] in the ${block} block of the template`);
    }
  };
  const check = (block: string, value: unknown, dependsOn?: string[], condition?: string) => {
    const { names, owners, conditions } = find(value);
    unresolved(block, names, dependsOn);
    for (const owner of owners) {
      if (!Object.hasOwn(Resources, owner)) { throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${owner}`); }
    }
    for (const name of [...conditions, ...condition === undefined ? [] : [condition]]) {
      if (!Object.hasOwn(Conditions, name)) { throw invalid(`Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`); }
    }
  };
  for (const { Properties, DependsOn, Condition } of Object.values(Resources)) {
    check('Resources', Properties, [DependsOn ?? []].flat(), Condition);
  }
  for (const { Value, Export, Condition } of Object.values(Outputs)) { check('Outputs', [Value, Export?.Name ?? ''], [], Condition); }
  const resourcesInConditions = [...find(Conditions).names].filter((name) => Object.hasOwn(Resources, name));
  if (resourcesInConditions.length > 0) {
    throw invalid(`Template format error: Unresolved dependencies [${resourcesInConditions.join(', ')}]. Cannot reference resources in the Conditions block of the template`);
  }
  refuseCircles(template);
}

function refuseCircles(template: Template): void {
  const open = new Map(Object.entries(template.Resources).map(([id, definition]) => [id, needs(template, definition)]));
  for (let before = -1; before !== open.size;) {
    before = open.size;
    [...open].filter(([, needed]) => needed.every((id) => !open.has(id))).forEach(([id]) => open.delete(id));
  }
  if (open.size > 0) { throw invalid(`Circular dependency between resources: [${[...open.keys()].join(', ')}]`); }
}
