import { Protocol, WireRequest } from './protocol';
import { readForm } from './query';
import { toXml } from './xml';
import { AwsError } from '../kernel';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const unknown = (operation: string) => new AwsError('InvalidAction', `The action ${operation} is not part of the local AWS`);

/** EC2's protocol: a form in, whose lists are numbered, and XML out, whose lists have items: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
export const ec2Protocol: Protocol = {
  unknown,
  read: ({ body }: WireRequest) => {
    const { Action, Version: _, ...input } = readForm(new URLSearchParams(body.toString('utf8')));
    if (typeof Action !== 'string' || Action === '') { throw new AwsError('MissingAction', 'The request names no Action'); }
    return { operation: Action, input: lists(input) };
  },
  answer: (output, { operation }, requestId) => ({
    status: 200, headers: { 'Content-Type': 'text/xml' }, body: toXml(`${operation}Response`, NAMESPACE, { requestId, ...items(output) }, false),
  }),
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { 'Content-Type': 'text/xml' },
    body: toXml('Response', undefined, { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId }, false),
  }),
};

function lists(value: any): any {
  if (typeof value !== 'object') { return value; }
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) { return keys.sort((a, b) => Number(a) - Number(b)).map((key) => lists(value[key])); }
  return Object.fromEntries(keys.map((key) => [key, lists(value[key])]));
}

function items(value: any): any {
  if (Array.isArray(value)) { return { item: value.map(items) }; }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, items(member)])) : value;
}
