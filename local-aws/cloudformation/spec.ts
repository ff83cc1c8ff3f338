import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
let database: Database | undefined;

function lookup(type: string) {
  // Half a second to load: only once somebody asks.
  database ??= loadAwsServiceSpecSync();
  return database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/** Whether changing a top-level property of a resource type replaces the resource. */
export function replacement(type: string, property: string): 'yes' | 'no' | 'maybe' {
  return lookup(type)?.properties[property]?.causesReplacement ?? 'no';
}

export interface TypeFacts {
  /** Names of what `Fn::GetAtt` gives. */
  readonly attributes: string[];
  /** Properties or attributes that make up what `Ref` gives. */
  readonly identifier: string[];
  /** With `${Partition}`, `${Region}`, `${Account}` and names of the service's own. */
  readonly arnTemplate?: string;
}

/** What is published about a resource type; `undefined` for one that is not. */
export function typeFacts(type: string): TypeFacts | undefined {
  const found = lookup(type);
  return found && {
    attributes: Object.keys(found.attributes), identifier: found.cfnRefIdentifier ?? found.primaryIdentifier ?? [], arnTemplate: found.arnTemplate,
  };
}
