import { Shape, ShapeTable } from '../../src/service/shapes';

/** The names of an operation's shapes and errors. */
export interface OperationShapes {
  readonly input: string;
  readonly output?: string;
  readonly errors?: readonly string[];
}

/** Shape names by member name, by the structure's name. A `!` after a member's name marks it as required. */
export type Structures = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Converts structures to shapes. */
export function shapesOf(structures: Structures): ShapeTable {
  return Object.fromEntries(Object.entries(structures).map(([name, members]): [string, Shape] => [name, {
    type: 'structure',
    required: Object.keys(members).filter((member) => member.endsWith('!')).map((member) => member.slice(0, -1)),
    members: Object.fromEntries(Object.entries(members).map(([member, shape]) => [member.replace('!', ''), shape])),
  }]));
}

/** Operations whose requests have the operation's name. */
export function operationsOf(structures: Structures): Readonly<Record<string, OperationShapes>> {
  return Object.fromEntries(Object.keys(structures).map((name) => [name, { input: name }]));
}
