import { AwsError } from '../errors';

/** Names of machines and executions, as the API pages have them. */
export function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
}

/** The page of a list that a request asks for. */
export function page(member: string, items: object[], { maxResults, nextToken = '0' }: any): object {
  const from = Number(nextToken);
  if (!Number.isInteger(from) || from < 0) { throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`); }
  const to = from + (maxResults || 100);
  return { [member]: items.slice(from, to), ...to < items.length && { nextToken: String(to) } };
}
