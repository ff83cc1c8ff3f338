import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';

/** What a value may be: a scalar, a list or a map, an object of a definition by its place, or one of several. */
export type Kind = 0 | { readonly of: Kind } | { readonly is: number } | { readonly any: readonly Kind[] };
type Properties = Readonly<Record<string, Kind>>;

/** What the local AWS asks of a resource type's published schema. The build makes it of the database of all schemas, which takes seconds to load. */
export interface ResourceType {
  readonly properties: Properties;
  /** The properties whose change replaces the resource, always or at times. */
  readonly replaces: Readonly<Record<string, 'yes' | 'maybe'>>;
  /** The kinds of the attributes for `Fn::GetAtt`, by their names: `string`, `array`, `integer` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Properties or attributes that form the value of `Ref`. */
  readonly identifier: readonly string[];
  /** With `${Partition}`, `${Region}`, `${Account}` and the service's own names. */
  readonly arnTemplate?: string;
  /** Whether CloudFormation puts the stack's tags on it. */
  readonly takesStackTags?: boolean;
}

/** The types of one service, and the properties of the objects in them. */
export interface ServiceTypes {
  readonly types: Readonly<Record<string, ResourceType>>;
  readonly definitions: readonly Properties[];
}

/** A file for each service: it is read when a stack first has a resource of it. */
export const TYPES_FOLDER = join(__dirname, 'resource-types');

/** The file of a type's service, e.g. `AWS-SageMaker.json.gz` for `AWS::SageMaker::Model`. */
export function fileOf(type: string): string {
  return `${type.split('::').slice(0, 2).join('-')}.json.gz`;
}

const services = new Map<string, ServiceTypes | undefined>();

function serviceOf(type: string): ServiceTypes | undefined {
  const file = fileOf(type);
  if (!services.has(file)) { services.set(file, /^\w+-\w+\.json\.gz$/.test(file) ? read(file) : undefined); }
  return services.get(file);
}

function read(file: string): ServiceTypes | undefined {
  try {
    return JSON.parse(gunzipSync(readFileSync(join(TYPES_FOLDER, file))).toString());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') { throw error; }
    if (!existsSync(TYPES_FOLDER)) { throw new Error(`The facts of resource types are not built: there is no folder ${TYPES_FOLDER}. Run npx projen library`); }
    // No service of this name is published.
    return undefined;
  }
}

/** The published facts of a resource type; `undefined` for an unpublished type. */
export function typeFacts(type: string): ResourceType | undefined {
  const types = serviceOf(type)?.types;
  return types && Object.hasOwn(types, type) ? types[type] : undefined;
}

/** Whether changing a top-level property of a resource type replaces the resource. */
export function replacement(type: string, property: string): 'yes' | 'no' | 'maybe' {
  const replaces = typeFacts(type)?.replaces;
  return replaces && Object.hasOwn(replaces, property) ? replaces[property] : 'no';
}

/** Whether CloudFormation puts the stack's tags on a resource type. */
export function takesStackTags(type: string): boolean {
  return typeFacts(type)?.takesStackTags ?? false;
}

/** The first property that a type's published schema does not have, in the words of CloudFormation; `undefined` if it has all. */
export function extraneous(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  const found = typeFacts(type);
  return found && strangeIn(found.properties, properties, '#', serviceOf(type)!.definitions);
}

function strangeIn(known: Properties, given: Readonly<Record<string, unknown>>, at: string, definitions: readonly Properties[]): string | undefined {
  const strange = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (strange !== undefined) { return `${at}: extraneous key [${strange}] is not permitted`; }
  return first(Object.entries(given), ([name, value]) => strangeInside(known[name], value, `${at}/${name}`, definitions));
}

function strangeInside(kind: Kind, value: unknown, at: string, definitions: readonly Properties[]): string | undefined {
  if (kind === 0 || typeof value !== 'object' || value === null) { return undefined; }
  if ('of' in kind) { return first(Object.entries(value), ([name, inner]) => strangeInside(kind.of, inner, `${at}/${name}`, definitions)); }
  if ('is' in kind) { return Array.isArray(value) ? undefined : strangeIn(definitions[kind.is], value as Record<string, unknown>, at, definitions); }
  const found = kind.any.map((one) => strangeInside(one, value, at, definitions));
  return found.includes(undefined) ? undefined : found[0];
}

function first<T>(all: readonly T[], test: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = test(one);
    if (found !== undefined) { return found; }
  }
  return undefined;
}
