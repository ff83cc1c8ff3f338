import { invalid } from './guard';

/** A thing as the List operations filter, sort and show it. */
export interface Listed {
  readonly name: string;
  readonly created: Date;
  readonly modified: Date;
  readonly status?: string;
  readonly summary: object;
}

/** The page of a listing that a request asks for, under the answer's member name. */
export function listing(member: string, rows: Iterable<Listed>, input: any): Record<string, unknown> {
  const within = (moment: Date, after: Date | number | undefined, before: Date | number | undefined) =>
    (after === undefined || moment.getTime() > time(after)) && (before === undefined || moment.getTime() < time(before));
  const found = [...rows]
    .filter((row) => row.name.includes(input.NameContains ?? ''))
    .filter((row) => input.StatusEquals === undefined || row.status === input.StatusEquals)
    .filter((row) => within(row.created, input.CreationTimeAfter, input.CreationTimeBefore))
    .filter((row) => within(row.modified, input.LastModifiedTimeAfter, input.LastModifiedTimeBefore))
    .sort(by(input.SortBy));
  if (input.SortOrder !== 'Ascending') { found.reverse(); }
  return page(member, found.map((row) => ({ key: row.name, item: row.summary })), input);
}

/** A page of items that are told apart by their keys. */
export function page(member: string, rows: Array<{ key: string; item: object }>, input: any): Record<string, unknown> {
  let from = 0;
  if (input.NextToken !== undefined) {
    const last = Buffer.from(input.NextToken, 'base64url').toString();
    from = rows.findIndex(({ key }) => key === last) + 1;
    if (from === 0) { throw invalid('Invalid pagination token.'); }
  }
  const to = from + (input.MaxResults ?? 10);
  return {
    [member]: rows.slice(from, to).map(({ item }) => item),
    ...to < rows.length && { NextToken: Buffer.from(rows[to - 1].key).toString('base64url') },
  };
}

/** A time in a request as milliseconds: the wire carries seconds. */
function time(value: Date | number): number {
  return value instanceof Date ? value.getTime() : value * 1000;
}

function by(key: string | undefined): (a: Listed, b: Listed) => number {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  switch (key) {
    case 'Name': return (a, b) => compare(a.name, b.name);
    case 'Status': return (a, b) => compare(a.status!, b.status!);
    default: return (a, b) => a.created.getTime() - b.created.getTime();
  }
}
