import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { fileOf, Kind, ResourceType, TYPES_FOLDER } from '../local-aws/cloudformation/spec';

/**
 * Makes what the local AWS asks of the published schemas of resource types, one file for each service: the database of all schemas, with its
 * descriptions, takes seconds to load and is most of what the command's package would hold.
 */
type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Published = ReturnType<typeof published>[number];
type Properties = Published['properties'];
type PublishedKind = Properties[string]['type'];

/** The types of a service, as they are gathered. */
class Service {
  public readonly types: Record<string, ResourceType> = {};
  public readonly definitions: Array<Record<string, Kind>> = [];
  private readonly places = new Map<string, number>();

  public constructor(private readonly database: Database) {}

  public add({ cloudFormationType, properties, attributes, cfnRefIdentifier, primaryIdentifier, arnTemplate, tagInformation }: Published): void {
    this.types[cloudFormationType] = {
      properties: this.kindsOf(properties),
      replaces: Object.fromEntries(Object.entries(properties).flatMap(([name, { causesReplacement }]) => (
        causesReplacement === 'yes' || causesReplacement === 'maybe' ? [[name, causesReplacement]] : []
      ))),
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, { type: { type } }]) => [name, type])),
      identifier: cfnRefIdentifier ?? primaryIdentifier ?? [],
      arnTemplate,
      takesStackTags: tagInformation !== undefined || undefined,
    };
  }

  private kindsOf(properties: Properties): Record<string, Kind> {
    return Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, this.kindOf(type)]));
  }

  private kindOf(kind: PublishedKind): Kind {
    switch (kind.type) {
      case 'array':
      case 'map': return { of: this.kindOf(kind.element) };
      case 'ref': return { is: this.placeOf(kind.reference.$ref) };
      case 'union': return { any: kind.types.map((one) => this.kindOf(one)) };
      default: return 0;
    }
  }

  private placeOf(ref: string): number {
    const known = this.places.get(ref);
    if (known !== undefined) { return known; }
    // Its place comes first: a definition may have itself inside.
    const place = this.definitions.push({}) - 1;
    this.places.set(ref, place);
    Object.assign(this.definitions[place], this.kindsOf(this.database.get('typeDefinition', ref).properties));
    return place;
  }
}

const database = loadAwsServiceSpecSync();

function published() {
  return [...database.all('resource')].sort((a, b) => (a.cloudFormationType < b.cloudFormationType ? -1 : 1));
}

const services = new Map<string, Service>();
for (const one of published()) {
  const file = fileOf(one.cloudFormationType);
  const service = services.get(file) ?? new Service(database);
  services.set(file, service);
  service.add(one);
}
rmSync(TYPES_FOLDER, { recursive: true, force: true });
mkdirSync(TYPES_FOLDER);
for (const [file, { types, definitions }] of services) {
  writeFileSync(join(TYPES_FOLDER, file), gzipSync(JSON.stringify({ types, definitions }), { level: 9 }));
}
