import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
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
