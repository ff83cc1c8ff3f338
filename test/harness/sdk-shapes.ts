import * as sdk from '@aws-sdk/client-sagemaker';

/** Names of members that lead to a value, with `[]` for each item of a list. A map ends the path. */
export type Path = readonly string[];

/** Names of a structure's members, as the SDK has them. */
export function membersOf(structure: string): string[] {
  return [...schemaOf(structure)[4]];
}

/** The paths to all values below a member of a structure. */
export function leavesOf(structure: string, member: string): Path[] {
  const [, , , , names, types] = schemaOf(structure);
  return leaves(types[names.indexOf(member)], []);
}

function schemaOf(structure: string): any {
  return (sdk as any)[`${structure}$`];
}

/** The kinds of schemas: https://github.com/smithy-lang/smithy-typescript, `StaticSchemaIdStruct` and its like. */
const [LIST, STRUCTURE, UNION] = [1, 3, 4];

function leaves(given: any, within: readonly string[]): Path[] {
  const schema = typeof given === 'function' ? given() : given;
  const [kind, , name, , first, second] = Array.isArray(schema) ? schema : [];
  if (kind === STRUCTURE || kind === UNION) {
    if (within.includes(name)) { return []; }
    return first.flatMap((member: string, index: number) => leaves(second[index], [...within, name]).map((path) => [member, ...path]));
  }
  return kind === LIST ? leaves(first, within).map((path) => ['[]', ...path]) : [[]];
}

/** A value that has nothing but what the path leads to. */
export function along(path: Path, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => (name === '[]' ? [inner] : { [name]: inner }), value);
}

/** A structure as the SDK has it: names of its members, and of those that are required. */
export function structureOf(name: string): { readonly members: readonly string[]; readonly required: readonly string[] } | undefined {
  // The SDK calls a structure by the API's name, which ends in Input or in Request.
  const schema = schemaOf(name);
  // The required members come first, and the schema ends with their number.
  return schema && { members: schema[4], required: schema[4].slice(0, schema[6] ?? 0) };
}

/** The values of an enumeration, if the SDK has one of this name. One of integers has its names as values, too. */
export function enumOf(name: string): readonly unknown[] | undefined {
  const found = (sdk as any)[name];
  if (typeof found !== 'object' || found === null) { return undefined; }
  const values = Object.values(found);
  return values.some((value) => typeof value === 'number') ? values.filter((value) => typeof value === 'number') : values;
}
