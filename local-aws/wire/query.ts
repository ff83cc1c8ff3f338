import { Protocol, WireRequest } from './protocol';
import { toXml } from './xml';
import { AwsError, MAX_NESTING } from '../kernel';

/** The query protocol: a form with `Action` and `Version` in, XML out. */
export function queryProtocol(version: string, namespace: string): Protocol {
  const unknown = (operation: string) => new AwsError('InvalidAction', `Could not find operation ${operation}: it is not part of the local AWS`);
  return {
    unknown,
    read: (request) => {
      const { Action, Version, ...input } = readForm(form(request));
      if (typeof Action !== 'string' || Action === '') { throw new AwsError('MissingAction', 'The request names no Action'); }
      if (Version !== version) { throw new AwsError('InvalidAction', `Could not find operation ${Action} for version ${String(Version)}`); }
      return { operation: Action, input };
    },
    answer: (output, { operation }, requestId) => ({
      status: 200,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
      body: toXml(`${operation}Response`, namespace, {
        ...(output !== undefined && { [`${operation}Result`]: output }),
        ResponseMetadata: { RequestId: requestId },
      }),
    }),
    refuse: (error, requestId) => ({
      status: error.status,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
      body: toXml('ErrorResponse', namespace, {
        Error: { Type: 'Sender', Code: error.code, Message: error.message }, RequestId: requestId,
      }),
    }),
  };
}

const LIST_NAME = /s$|Filter$|^ResourcesTo/;

/** The fields of a request, without the signature in a query. */
function form({ method, query, body }: WireRequest): URLSearchParams {
  return method === 'GET' ? new URLSearchParams([...query].filter(([name]) => !name.startsWith('X-Amz-'))) : new URLSearchParams(body.toString('utf8'));
}

/**
 * `Tags.member.1.Key=a` as `{ Tags: [{ Key: 'a' }] }`. Every scalar stays a string: the form has no types.
 * An empty list is written as an empty string. Only its name distinguishes it from an empty text.
 */
export function readForm(params: URLSearchParams): any {
  const root: any = {};
  for (const [name, value] of params) {
    const path = name.split('.');
    if (path.length > MAX_NESTING || path.some((part) => part === '__proto__' || part === '')) { throw malformed(name); }
    const last = path.pop()!;
    let at = root;
    for (const part of path) {
      at = Object.prototype.hasOwnProperty.call(at, part) ? at[part] : at[part] = {};
      if (typeof at !== 'object' || Array.isArray(at)) { throw malformed(name); }
    }
    if (Object.prototype.hasOwnProperty.call(at, last)) { throw malformed(name); }
    at[last] = value === '' && path.length === 0 && LIST_NAME.test(last) ? [] : value;
  }
  return lists(root);
}

function lists(value: any): any {
  if (typeof value !== 'object' || Array.isArray(value)) { return value; }
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'member' && typeof value.member === 'object') {
    return Object.keys(value.member).sort((a, b) => Number(a) - Number(b)).map((index) => lists(value.member[index]));
  }
  return Object.fromEntries(keys.map((key) => [key, lists(value[key])]));
}

function malformed(name: string): AwsError {
  return new AwsError('MalformedQueryString', `The parameter ${name.slice(0, 100)} is malformed`);
}
