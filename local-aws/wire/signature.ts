import { createHash, createHmac, timingSafeEqual } from 'crypto';
import { unchunk } from './aws-chunked';
import { virtualBucket, WireRequest } from './protocol';
import { AwsError } from '../kernel';

const V4 = 'AWS4-HMAC-SHA256';
const EMPTY_HASH = sha256('');

/** A request's signature: whom it names, and whether that one has made it. */
export interface Signature {
  readonly accessKeyId: string;
  /** Absent if the signature names none, as in version 2. */
  readonly region?: string;
  readonly service: string;
  readonly sessionToken?: string;
  /** Whether the request is as it was when somebody with this secret signed it. */
  matches(secret: string): boolean;
  /** The same, but for the body: of a large one, before it is read. */
  matchesHead(secret: string): boolean;
}

/** What a signature of version 4 says besides the request. */
export interface Version4 {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `YYYYMMDDTHHMMSSZ`. It is not compared with a clock: functions live in virtual time. */
  readonly time: string;
  readonly signedHeaders: readonly string[];
}

/** The signature of a request in its headers or its query: version 4, and in a query for S3 version 2; undefined if there is none. */
export function readSignature(request: WireRequest): Signature | undefined {
  const { headers, query } = request;
  if (headers.authorization !== undefined) {
    const [, algorithm, list = ''] = /^(\S+)\s+(.*)$/.exec(headers.authorization) ?? [];
    const fields = new Map(list.split(',').map((field) => field.trim().split(/=(.*)/) as [string, string]));
    return version4(request, algorithm, (name) => fields.get(name), headers['x-amz-date'], headers['x-amz-security-token']);
  }
  const asked = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  if (asked('Signature') ?? asked('Credential')) { return version4(request, asked('Algorithm'), asked, asked('Date'), asked('Security-Token')); }
  return query.has('AWSAccessKeyId') ? version2(request) : undefined;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html */
function version4(
  request: WireRequest, algorithm: string | undefined, field: (name: string) => string | undefined, date: unknown, sessionToken: unknown,
): Signature {
  const [, accessKeyId, day, region, service] = /^([\w-]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/.exec(field('Credential') ?? '') ?? [];
  const [given, names, time] = [field('Signature'), field('SignedHeaders'), String(date)];
  if (algorithm !== V4 || !service || !given || !names || !/^\d{8}T\d{6}Z$/.test(time)) {
    throw new AwsError('IncompleteSignature', 'The request signature does not conform to AWS standards: '
      + `it must be ${V4} with a Credential, SignedHeaders, a Signature and a date`);
  }
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) { throw new AwsError('InvalidSignatureException', 'Credential should be scoped to a valid region.', 403); }
  if (!time.startsWith(day)) { throw mismatch(`Date in Credential scope does not match the date of the request: ${day} is not of ${time}.`); }
  const signedHeaders = names.split(';');
  const unsigned = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))].find((name) => !signedHeaders.includes(name));
  if (unsigned) { throw mismatch(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`); }
  const signature: Version4 = { accessKeyId, region, service, time, signedHeaders };
  const matchesHead = (secret: string) => pathsOf(request, service).some((path) => isSame(given, sign4(secret, request, signature, path)));
  return {
    accessKeyId,
    region,
    service,
    sessionToken: typeof sessionToken === 'string' ? sessionToken : undefined,
    matches: (secret) => matchesHead(secret) && bodyMatches(request, secret, signature, given),
    matchesHead,
  };
}

/** The signature that a request must have. */
export function sign4(secret: string, request: WireRequest, signature: Version4, path = pathsOf(request, signature.service)[0]): string {
  const { headers, method, query } = request;
  const { time, signedHeaders } = signature;
  const canonical = [
    method,
    path,
    sorted([...query].filter(([name]) => name !== 'X-Amz-Signature').map(([name, value]) => [encode(name), encode(value)])).map((pair) => pair.join('=')).join('&'),
    ...signedHeaders.map((name) => `${name}:${String(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadOf(request, signature.service),
  ].join('\n');
  // Node reads headers as latin1, so this gives back the bytes that were sent.
  return hmac(keyOf(secret, signature), [V4, time, scopeOf(signature), sha256(Buffer.from(canonical, 'latin1'))].join('\n')).toString('hex');
}

/** What the signature says of the body: its hash, or a word in place of it. */
function payloadOf({ headers, query, body, kept }: WireRequest, service: string): string {
  const stated = headers['x-amz-content-sha256'] ?? query.get('X-Amz-Content-Sha256') ?? (service === 's3' && query.has('X-Amz-Signature') ? 'UNSIGNED-PAYLOAD' : undefined);
  return stated === undefined ? kept?.sha256 ?? sha256(body) : String(stated);
}

function bodyMatches(request: WireRequest, secret: string, signature: Version4, seed: string): boolean {
  const stated = payloadOf(request, signature.service);
  if (stated === 'UNSIGNED-PAYLOAD' || stated === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') { return true; }
  const { body, kept } = request;
  if (!/^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/.test(stated)) { return stated === (kept?.sha256 ?? sha256(body)); }
  // Each chunk signs the one before. What comes after them, a trailer, is not read.
  const key = keyOf(secret, signature);
  let last = seed;
  return (kept?.chunks ?? unchunk({}, body).chunks).every(({ sha256: hash, signature: given = '' }) => {
    const expected = hmac(key, [`${V4}-PAYLOAD`, signature.time, scopeOf(signature), last, EMPTY_HASH, hash].join('\n')).toString('hex');
    last = given;
    return isSame(given, expected);
  });
}

/**
 * The path as it is signed. S3's is encoded once: a signer takes it as it is sent, or writes it as AWS would have sent it. The others' is
 * encoded again.
 */
function pathsOf({ path }: WireRequest, service: string): string[] {
  if (service !== 's3') {
    const parts = path.split('/').reduce<string[]>((kept, part) => (part === '..' ? kept.slice(0, -1) : ['', '.'].includes(part) ? kept : [...kept, part]), []);
    return [`/${parts.map(encode).join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`];
  }
  try {
    return [path, decodeURIComponent(path).split('/').map(encode).join('/')];
  } catch {
    return [path];
  }
}

/** Query parameters that a signature of version 2 covers. */
const SUB_RESOURCES = new Set([
  'accelerate', 'acl', 'analytics', 'cors', 'delete', 'encryption', 'inventory', 'lifecycle', 'location', 'logging', 'metrics', 'notification', 'object-lock',
  'partNumber', 'policy', 'replication', 'requestPayment', 'restore', 'tagging', 'torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions', 'website',
  'response-cache-control', 'response-content-disposition', 'response-content-encoding', 'response-content-language', 'response-content-type', 'response-expires',
]);

/** A pre-signed URL of version 2. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html */
function version2(request: WireRequest): Signature {
  const { method, query, headers, path } = request;
  const [accessKeyId, given, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) => query.get(name) ?? '');
  if (!/^[\w-]+$/.test(accessKeyId) || !given || !expires) {
    throw new AwsError('AccessDenied', 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters', 403);
  }
  const stated = (name: string) => String(headers[name] ?? query.get(name) ?? '');
  const names = [...Object.keys(headers), ...query.keys()].filter((name) => name.startsWith('x-amz-'));
  const bucket = virtualBucket(request);
  const covered = sorted([...query].filter(([name]) => SUB_RESOURCES.has(name))).map(([name, value]) => (value ? `${name}=${value}` : name)).join('&');
  const text = [
    method, stated('content-md5'), stated('content-type'), expires,
    ...[...new Set(names)].sort().map((name) => `${name}:${stated(name).trim()}`),
    // The resource has the bucket first, wherever the request names it.
    (bucket === undefined ? '' : `/${bucket}`) + path + (covered && `?${covered}`),
  ].join('\n');
  const matches = (secret: string) => isSame(given, createHmac('sha1', secret).update(text).digest('base64'));
  return { accessKeyId, service: 's3', sessionToken: stated('x-amz-security-token') || undefined, matches, matchesHead: matches };
}

function scopeOf({ time, region, service }: Version4): string {
  return `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
}

function keyOf(secret: string, { time, region, service }: Version4): Buffer {
  return [time.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** By name, then by value. */
function sorted(pairs: Array<[string, string]>): Array<[string, string]> {
  return pairs.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
}

/** Compares without telling by its time where the difference is. */
function isSame(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(expected)));
}

/** The refusal of a signature. */
export function mismatch(why: string): AwsError {
  return new AwsError('SignatureDoesNotMatch', `${why} Use the credentials that the local AWS printed: each run has its own.`, 403);
}
