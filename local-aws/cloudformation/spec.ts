import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Properties = NonNullable<ReturnType<typeof lookup>>['properties'];
let database: Database | undefined;

function lookup(type: string) {
  // Loading takes half a second, so load only on first use.
  database ??= loadAwsServiceSpecSync();
  return database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/** Whether changing a top-level property of a resource type replaces the resource. */
export function replacement(type: string, property: string): 'yes' | 'no' | 'maybe' {
  return lookup(type)?.properties[property]?.causesReplacement ?? 'no';
}

/** Whether CloudFormation puts the stack's tags on a resource type. */
export function takesStackTags(type: string): boolean {
  return lookup(type)?.tagInformation !== undefined;
}

export interface TypeFacts {
  /** The kinds of the attributes for `Fn::GetAtt`, by their names: `string`, `array`, `integer` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Properties or attributes that form the value of `Ref`. */
  readonly identifier: string[];
  /** With `${Partition}`, `${Region}`, `${Account}` and the service's own names. */
  readonly arnTemplate?: string;
}

/** The published facts of a resource type; `undefined` for an unpublished type. */
export function typeFacts(type: string): TypeFacts | undefined {
  const found = lookup(type);
  return found && {
    attributes: Object.fromEntries(Object.entries(found.attributes).map(([name, { type: { type: kind } }]) => [name, kind])),
    identifier: found.cfnRefIdentifier ?? found.primaryIdentifier ?? [],
    arnTemplate: found.arnTemplate,
  };
}

/** The first property that a type's published schema does not have, in the words of CloudFormation; `undefined` if it has all. */
export function extraneous(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  const found = lookup(type);
  return found && strangeIn(found.properties, properties, '#');
}

function strangeIn(known: Properties, given: Readonly<Record<string, unknown>>, at: string): string | undefined {
  const strange = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (strange !== undefined) { return `${at}: extraneous key [${strange}] is not permitted`; }
  return first(Object.entries(given), ([name, value]) => strangeInside(known[name].type, value, `${at}/${name}`));
}

function strangeInside(kind: Properties[string]['type'], value: unknown, at: string): string | undefined {
  if (typeof value !== 'object' || value === null || (kind.type === 'ref' && Array.isArray(value))) { return undefined; }
  switch (kind.type) {
    case 'array':
    case 'map': return first(Object.entries(value), ([name, inner]) => strangeInside(kind.element, inner, `${at}/${name}`));
    case 'ref': return strangeIn(database!.get('typeDefinition', kind.reference.$ref).properties, value as Record<string, unknown>, at);
    case 'union': {
      const found = kind.types.map((one) => strangeInside(one, value, at));
      return found.includes(undefined) ? undefined : found[0];
    }
    default: return undefined;
  }
}

function first<T>(all: readonly T[], test: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = test(one);
    if (found !== undefined) { return found; }
  }
  return undefined;
}
