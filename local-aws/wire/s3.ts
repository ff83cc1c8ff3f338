import { AwsError } from '../kernel';
import { unchunk } from './aws-chunked';
import { Asked, decodePath, Protocol, virtualBucket, WireAnswer, WireRequest } from './protocol';
import { toXml } from './xml';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const unknown = (operation: string) =>
  new AwsError('NotImplemented', `A header or query you provided requests a feature that is not part of the local AWS: ${operation}`, 501);

/** S3's REST/XML, path-style (`/bucket/key`) and virtual-hosted (`bucket.localhost`). */
export const s3Protocol: Protocol = {
  unknown,
  read: (request) => {
    const [Bucket, Key] = where(request);
    const sub = [...request.query.keys()].find((name) => !PARAMETERS.has(name.toLowerCase()) && !/^x-amz-/i.test(name)) ?? '';
    const asked = `${request.method} ${Bucket ? Key ? 'key' : 'bucket' : 'service'}${sub && `?${sub}`}`;
    const operation = OPERATIONS[asked];
    if (!operation || request.headers['x-amz-copy-source'] !== undefined) { throw unknown(asked); }
    return { operation, input: { Bucket, ...(Key && { Key }), ...header('ExpectedBucketOwner', request, 'x-amz-expected-bucket-owner'), ...READ[operation]?.(request) } };
  },
  answer: (output, { operation }, requestId) => {
    const answer = WRITE[operation]?.(output ?? {}) ?? {};
    return { status: 200, body: '', ...answer, headers: { ...answer.headers, 'x-amz-request-id': requestId } };
  },
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { 'Content-Type': 'application/xml', 'x-amz-request-id': requestId },
    body: toXml('Error', undefined, { Code: error.code, Message: error.message, RequestId: requestId }),
  }),
};

const OPERATIONS: Record<string, Asked['operation']> = {
  'GET service': 'ListBuckets',
  'GET bucket': 'ListObjectsV2',
  'GET bucket?location': 'GetBucketLocation',
  'GET bucket?encryption': 'GetBucketEncryption',
  'HEAD bucket': 'HeadBucket',
  'PUT bucket': 'CreateBucket',
  'DELETE bucket': 'DeleteBucket',
  'PUT key': 'PutObject',
  'GET key': 'GetObject',
  'HEAD key': 'HeadObject',
  'DELETE key': 'DeleteObject',
};

/** Query parameters that are not sub-resources. */
const PARAMETERS = new Set([
  'x-id', 'list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'fetch-owner', 'delimiter',
  // Of a pre-signed URL.
  'awsaccesskeyid', 'signature', 'expires', 'content-type', 'content-md5',
]);

const READ: Record<string, (request: WireRequest) => object> = {
  ListBuckets: ({ query }) => ({ Prefix: query.get('prefix') ?? undefined }),
  ListObjectsV2: ({ query }) => {
    if (query.get('list-type') !== '2') { throw unknown('ListObjects (only ListObjectsV2)'); }
    const MaxKeys = query.get('max-keys') ?? '1000';
    const EncodingType = query.get('encoding-type') ?? undefined;
    // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: InvalidArgument
    if (!/^\d{1,9}$/.test(MaxKeys)) { throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range'); }
    if (![undefined, 'url'].includes(EncodingType)) { throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request'); }
    return {
      Prefix: query.get('prefix') ?? '',
      MaxKeys,
      EncodingType,
      Delimiter: query.get('delimiter') || undefined,
      FetchOwner: query.get('fetch-owner') === 'true',
      StartAfter: query.get('continuation-token') ?? query.get('start-after') ?? '',
    };
  },
  PutObject: (request) => ({ Body: unchunk(request), ...header('ContentType', request, 'content-type') }),
};

const WRITE: Record<string, (output: any) => Partial<WireAnswer>> = {
  ListBuckets: (output) => xml('ListAllMyBucketsResult', output),
  ListObjectsV2: (output) => xml('ListBucketResult', output),
  GetBucketLocation: (output) => xml('LocationConstraint', output.LocationConstraint ?? ''),
  GetBucketEncryption: (output) => xml('ServerSideEncryptionConfiguration', output),
  HeadBucket: (output) => ({ headers: { 'x-amz-bucket-region': output.BucketRegion } }),
  CreateBucket: (output) => ({ headers: { Location: output.Location } }),
  DeleteBucket: () => ({ status: 204 }),
  PutObject: (output) => ({ headers: { ETag: output.ETag } }),
  GetObject: (output) => ({ headers: objectHeaders(output), body: output.Body }),
  HeadObject: (output) => ({ headers: objectHeaders(output) }),
  DeleteObject: () => ({ status: 204 }),
};

function xml(root: string, content: any): Partial<WireAnswer> {
  return { headers: { 'Content-Type': 'application/xml' }, body: toXml(root, NAMESPACE, content, false) };
}

function objectHeaders({ ContentLength, ContentType, ETag, LastModified }: any): Record<string, string> {
  return { 'Content-Length': String(ContentLength), 'Content-Type': ContentType, 'ETag': ETag, 'Last-Modified': LastModified.toUTCString() };
}

function header(member: string, { headers }: WireRequest, name: string): Record<string, string> {
  const value = headers[name];
  return typeof value === 'string' ? { [member]: value } : {};
}

function where(request: WireRequest): [string, string] {
  const parts = request.path.slice(1).split('/');
  const bucket = virtualBucket(request) ?? parts.shift()!;
  return [decodePath(bucket), decodePath(parts.join('/'))];
}
