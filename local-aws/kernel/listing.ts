import { invalid } from './guard';

/** An item in the form that the List operations filter, sort and show. */
export interface Listed {
  readonly name: string;
  readonly created: Date;
  readonly modified: Date;
  readonly status?: string;
  readonly summary: object;
}

/** The requested page of a list, under the answer's member name. */
export function listing(member: string, items: Iterable<Listed>, input: any): Record<string, unknown> {
  const within = (moment: Date, after: Date | number | undefined, before: Date | number | undefined) =>
    (after === undefined || moment.getTime() > epochMilliseconds(after)) && (before === undefined || moment.getTime() < epochMilliseconds(before));
  const found = [...items]
    .filter((item) => item.name.includes(input.NameContains ?? ''))
    .filter((item) => input.StatusEquals === undefined || item.status === input.StatusEquals)
    .filter((item) => within(item.created, input.CreationTimeAfter, input.CreationTimeBefore))
    .filter((item) => within(item.modified, input.LastModifiedTimeAfter, input.LastModifiedTimeBefore))
    .sort(by(input.SortBy));
  if (input.SortOrder !== 'Ascending') { found.reverse(); }
  return page(member, found.map((item) => ({ key: item.name, item: item.summary })), input);
}

/** A page of items with unique keys. */
export function page(member: string, entries: Array<{ key: string; item: object }>, input: any): Record<string, unknown> {
  let from = 0;
  if (input.NextToken !== undefined) {
    const last = Buffer.from(input.NextToken, 'base64url').toString();
    from = entries.findIndex(({ key }) => key === last) + 1;
    if (from === 0) { throw invalid('Invalid pagination token.'); }
  }
  const to = from + (input.MaxResults ?? 10);
  return {
    [member]: entries.slice(from, to).map(({ item }) => item),
    ...to < entries.length && { NextToken: Buffer.from(entries[to - 1].key).toString('base64url') },
  };
}

/** A time of a request in milliseconds: the wire carries seconds. */
export function epochMilliseconds(value: Date | number): number {
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

/** The items of a page and the token of the next one: the number of items before it. A token of another form is refused with the service's own error. */
export function numberedPage<T>(
  items: readonly T[], token: unknown, size: number, refused: () => Error,
): { readonly items: T[]; readonly next?: string } {
  const from = Number(token ?? 0);
  if (!Number.isSafeInteger(from) || from < 0) { throw refused(); }
  return { items: items.slice(from, from + size), ...from + size < items.length && { next: String(from + size) } };
}

/** The answer of a List operation whose pages have numbers: the page under the answer's member name, of 100 items where the request does not say. */
export function numberedListing(
  member: string, items: readonly unknown[], { NextToken, MaxResults = 100 }: any, refused: () => Error,
): any {
  const { items: shown, next } = numberedPage(items, NextToken, MaxResults, refused);
  return { [member]: shown, NextToken: next };
}
