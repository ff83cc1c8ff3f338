import { ShapeTable } from '../../src/service/shapes';
import { enumOf, structureOf } from '../harness/sdk-shapes';

/** What the SDK has of a table's shapes and the table has not, or the other way round: one sentence each. */
export function differences(table: ShapeTable): string[] {
  return Object.entries(table).flatMap(([name, shape]) => {
    if (shape.type !== 'structure') {
      const values = enumOf(name);
      return values === undefined && shape.enum === undefined || shape.type === 'integer' ? []
        : between(name, 'the value', shape.enum ?? [], values ?? []);
    }
    const structure = structureOf(name);
    if (!structure) { return [`${name} is not in the SDK`]; }
    return [
      ...between(name, 'the member', Object.keys(shape.members ?? {}), structure.members),
      ...between(name, 'the required', shape.required ?? [], structure.required),
    ];
  });
}

function between(name: string, what: string, ours: readonly unknown[], theirs: readonly unknown[]): string[] {
  return [
    ...theirs.filter((one) => !ours.includes(one)).map((one) => `${name} lacks ${what} ${one}`),
    ...ours.filter((one) => !theirs.includes(one)).map((one) => `${name} has ${what} ${one}, the SDK has not`),
  ];
}
