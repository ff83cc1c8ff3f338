import { XMLParser } from 'fast-xml-parser';
import { uploaded } from './body';
import { ContentPart, decodePath, own, Protocol, virtualBucket, WireAnswer, WireRequest } from './protocol';
import { OVERRIDES, S3_OPERATIONS, S3Operation } from './s3-operations';
import { toXml } from './xml';
import { AwsError, Content } from '../kernel';
import { notImplemented, OBJECT_HEADERS } from '../s3';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true });

/** S3's REST/XML, path-style (`/bucket/key`) and virtual-hosted (`bucket.localhost`). */
export const s3Protocol: Protocol = {
  unknown: notImplemented,
  read: (request) => {
    const [Bucket, Key] = where(request);
    const { operation, sub } = find(request, Bucket ? Key ? 'key' : 'bucket' : 'service');
    const headers = headersOf(request);
    const Metadata = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')).map(([name, value]) => [name.slice(11), value]));
    const { body } = operation;
    const content = body === 'upload' ? uploaded(request) : Content.of(request.body);
    checkMd5(headers['content-md5'], content);
    const input = {
      ...Bucket && { Bucket },
      ...Key && { Key },
      ...sub === 'uploadId' && { UploadId: request.query.get('uploadId') },
      ...members(operation.query ?? {}, [...request.query].filter(([name]) => name !== sub && !isSignature(name)), (name) => `${operation.name}: ${name}`),
      ...members({ ...operation.headers, 'x-amz-expected-bucket-owner': 'ExpectedBucketOwner' }, judged(headers, operation), (name) => `the header ${name} of ${operation.name}`),
      ...Object.keys(Metadata).length > 0 && { Metadata },
      ...body === 'upload' ? { Body: content } : body && 'text' in body ? { [body.text]: request.body.toString('utf8') } : body && { [body.xml]: document(request, body.xml) },
    };
    return { operation: operation.name, input };
  },
  answer: (output, { operation: name, input }, requestId) => {
    const operation = Object.values(S3_OPERATIONS).find((one) => one.name === name)!;
    const answer = write(operation, output ?? {}, input);
    return { status: operation.status ?? 200, body: '', ...answer, headers: { ...answer.headers, 'x-amz-request-id': requestId } };
  },
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { 'Content-Type': 'application/xml', 'x-amz-request-id': requestId },
    body: toXml('Error', undefined, { Code: error.code, Message: error.message, RequestId: requestId }),
  }),
};

/** The operation that a request asks for. A sub-resource is a parameter that an operation is named by, or that none knows. */
function find({ method, query, headers }: WireRequest, level: string): { readonly operation: S3Operation; readonly sub: string } {
  const names = [...query.keys()].filter((name) => !isSignature(name));
  const copy = headers['x-amz-copy-source'] === undefined ? '' : ' copy';
  const sub = names.find((name) => own(S3_OPERATIONS, `${method} ${level}?${name}${copy}`)) ?? '';
  const plain = own(S3_OPERATIONS, `${method} ${level}${copy}`);
  const operation = sub ? own(S3_OPERATIONS, `${method} ${level}?${sub}${copy}`) : plain;
  const strange = sub ? undefined : names.find((name) => !own(plain?.query ?? {}, name));
  if (!operation || strange !== undefined) { throw notImplemented(`${method} ${level}${strange === undefined ? copy : `?${strange}`}`); }
  if (sub === 'list-type' && query.get(sub) !== '2') { throw notImplemented(`ListObjectsV2 with the list type ${query.get(sub)}`); }
  return { operation, sub };
}

/** Parameters of a signature, or of no meaning. The SDK's signer moves headers into the query of a pre-signed URL. */
function isSignature(name: string): boolean {
  return /^x-(amz-|id$)/i.test(name) || /^(AWSAccessKeyId|Signature|Expires|content-type|content-md5)$/i.test(name);
}

function headersOf({ headers, query }: WireRequest): Record<string, string> {
  const moved = [...query].filter(([name]) => /^x-amz-/.test(name));
  return Object.fromEntries([...moved, ...Object.entries(headers).map(([name, value]) => [name, String(value)])]);
}

/** Headers about the way of a request and not about what it asks for. Checksums are not verified. */
const OF_THE_WAY = /^x-amz-(date|content-sha256|security-token|user-agent|decoded-content-length|trailer|te|checksum-.*|sdk-checksum-algorithm|meta-.*|request-payer|source-(account|arn))$/;

/** The headers that change what a request means: each is taken by its operation, or refused by name. */
function judged(headers: Readonly<Record<string, string>>, { body, headers: known = {} }: S3Operation): Array<[string, string]> {
  return Object.entries(headers).flatMap(([name, value]): Array<[string, string]> => {
    if (OF_THE_WAY.test(name)) { return []; }
    // The framing of the way is no encoding of the object.
    if (name === 'content-encoding') { return [[name, value.split(',').map((one) => one.trim()).filter((one) => one !== 'aws-chunked').join(',')]]; }
    if (name === 'content-md5') { return []; }
    // Private, or with full control of the owner, is what each object is anyway.
    if (name === 'x-amz-acl' && ['private', 'bucket-owner-full-control'].includes(value)) { return []; }
    if (name === 'x-amz-storage-class' && value === 'STANDARD') { return []; }
    if (/^x-amz-|^if-|^range$/.test(name)) { return [[name, value]]; }
    const isFact = /^(content-(?!length$)|cache-control$|expires$)/.test(name);
    return isFact && (body === 'upload' || own(known, name)) ? [[name, value]] : [];
  }).filter(([, value]) => value !== '');
}

/** Refuses a body that is another one than the client has sent. */
function checkMd5(given: string | undefined, { md5 }: Content): void {
  if (given !== undefined && Buffer.from(md5, 'hex').toString('base64') !== given) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

/** The members that pairs of names and values stand for. What has no member is refused by name. */
function members(
  table: Readonly<Record<string, string>>, pairs: Array<[string, string]>, describe: (name: string) => string,
): Record<string, string> {
  return Object.fromEntries(pairs.flatMap(([name, value]) => {
    const member = own(table, name) ?? (/^content-type$/.test(name) ? '' : undefined);
    if (member === undefined) { throw notImplemented(describe(name)); }
    return member === '' ? [] : [[member, value]];
  }));
}

/** The content of a document with one root. An empty body stands for an empty document. */
function document({ body }: WireRequest, root: string): any {
  if (body.length === 0) { return {}; }
  let read: any;
  try {
    read = parser.parse(body.toString('utf8'));
  } catch {
    read = undefined;
  }
  if (read?.[root] === undefined) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
  return read[root] === '' ? {} : read[root];
}

function write({ name, root }: S3Operation, output: any, input: any): Partial<WireAnswer> {
  switch (name) {
    case 'GetObject': case 'HeadObject': return objectAnswer(output, input);
    case 'GetBucketPolicy': return { headers: { 'Content-Type': 'application/json' }, body: output.Policy };
    case 'GetBucketLocation': return xml(root!, output.LocationConstraint ?? '');
    case 'HeadBucket': return { headers: { 'x-amz-bucket-region': output.BucketRegion } };
    case 'CreateBucket': return { headers: { Location: output.Location } };
    case 'PutObject': case 'UploadPart': return { headers: { ETag: output.ETag } };
    default: return root === undefined ? {} : xml(root, output);
  }
}

function xml(root: string, content: any): Partial<WireAnswer> {
  return { headers: { 'Content-Type': 'application/xml' }, body: toXml(root, NAMESPACE, content, false) };
}

function objectAnswer(output: any, input: any): Partial<WireAnswer> {
  const { Body, isPart, ETag, LastModified, Metadata } = output;
  const { content, from, to }: ContentPart = Body;
  const overrides = Object.fromEntries(Object.values(OVERRIDES).map((member) => [member, input[member]]).filter(([, value]) => value !== undefined));
  const facts: Record<string, any> = { ...output, ...overrides };
  const headers: Array<[string, any]> = [
    ...Object.entries(OBJECT_HEADERS).map(([header, member]): [string, any] => [header, facts[member]]),
    ...Object.entries(Metadata).map(([key, value]): [string, any] => [`x-amz-meta-${key}`, value]),
    ['Content-Length', String(to - from)],
    ['Content-Range', isPart ? `bytes ${from}-${to - 1}/${content.length}` : undefined],
    ['Accept-Ranges', 'bytes'],
    ['ETag', ETag],
    ['Last-Modified', LastModified.toUTCString()],
  ];
  return { status: isPart ? 206 : 200, headers: Object.fromEntries(headers.filter(([, value]) => value !== undefined)), body: Body };
}

function where(request: WireRequest): [string, string] {
  const parts = request.path.slice(1).split('/');
  const bucket = virtualBucket(request) ?? parts.shift()!;
  return [decodePath(bucket), decodePath(parts.join('/'))];
}
