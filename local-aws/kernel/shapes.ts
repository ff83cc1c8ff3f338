import { Shape, ShapeTable } from '../../src/service/shapes';

/** What an operation takes, gives and throws: names of shapes and errors. */
export interface OperationShapes {
  readonly input: string;
  readonly output?: string;
  readonly errors?: readonly string[];
}

/** Shape names by member name, of structures by their names; `!` behind a member's name says that it is required. */
export type Structures = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Structures as shapes. */
export function shapesOf(structures: Structures): ShapeTable {
  return Object.fromEntries(Object.entries(structures).map(([name, members]): [string, Shape] => [name, {
    type: 'structure',
    required: Object.keys(members).filter((member) => member.endsWith('!')).map((member) => member.slice(0, -1)),
    members: Object.fromEntries(Object.entries(members).map(([member, shape]) => [member.replace('!', ''), shape])),
  }]));
}

/** Operations whose requests are named as they are. */
export function operationsOf(structures: Structures): Readonly<Record<string, OperationShapes>> {
  return Object.fromEntries(Object.keys(structures).map((name) => [name, { input: name }]));
}
