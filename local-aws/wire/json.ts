import { Protocol } from './protocol';
import { AwsError, isTooDeep } from '../kernel';

/** AWS JSON 1.0 and 1.1: `X-Amz-Target: <prefix>.<Operation>`, a JSON object in, a JSON object out. */
export function jsonProtocol(version: '1.0' | '1.1', targetPrefix: string): Protocol {
  const headers = (requestId: string) => ({ 'Content-Type': `application/x-amz-json-${version}`, 'x-amzn-RequestId': requestId });
  const unknown = (operation: string) =>
    new AwsError('UnknownOperationException', operation ? `${operation} is not part of the local AWS` : 'The request names no operation');

  return {
    unknown,
    read: ({ method, headers: { 'x-amz-target': target }, body }) => {
      const [prefix, operation] = split(String(target ?? ''));
      if (method !== 'POST' || prefix !== targetPrefix) { throw unknown(String(target ?? '')); }
      return { operation, input: readObject(body) };
    },
    answer: (output, _asked, requestId) => ({
      status: 200, headers: headers(requestId), body: output === undefined ? '' : JSON.stringify(toJson(output)),
    }),
    refuse: (error, requestId) => ({
      status: error.status,
      headers: { ...headers(requestId), 'x-amzn-ErrorType': error.code },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    }),
  };
}

/** The body of a request. It must be a JSON object; an empty body means `{}`. */
export function readObject(body: Buffer): any {
  if (body.length === 0) { return {}; }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body must be a JSON object');
  }
  if (isTooDeep(value)) { throw new AwsError('SerializationException', 'The request body is nested too deeply'); }
  return value;
}

/** A room's answer in the form of awsJson: seconds for dates, strings for numbers that JSON lacks, base64 for bytes. */
export function toJson(value: any): any {
  if (value instanceof Date) { return value.getTime() / 1000; }
  if (typeof value === 'number' && !Number.isFinite(value)) { return String(value); }
  if (value instanceof Uint8Array) { return Buffer.from(value).toString('base64'); }
  if (Array.isArray(value)) { return value.map(toJson); }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
  }
  return value;
}

function split(target: string): [string, string] {
  const dot = target.lastIndexOf('.');
  return [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
}
