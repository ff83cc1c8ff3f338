import { OBJECT_HEADERS } from '../s3';

/** What an operation of S3 takes besides its bucket and key. */
export interface S3Operation {
  readonly name: string;
  /** Members by their parameters in the query. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members by their headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the body is: an upload, a document of XML under this member, or a text under it. */
  readonly body?: 'upload' | { readonly xml: string } | { readonly text: string };
  /** The root of the answer's document. Without it, the answer has no document. */
  readonly root?: string;
  readonly status?: number;
}

const CONDITIONS = { 'if-match': 'IfMatch', 'if-none-match': 'IfNoneMatch' };
const READ = { ...CONDITIONS, 'if-modified-since': 'IfModifiedSince', 'if-unmodified-since': 'IfUnmodifiedSince', 'range': 'Range' };
const COPY = {
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-copy-source-if-modified-since': 'CopySourceIfModifiedSince',
  'x-amz-copy-source-if-unmodified-since': 'CopySourceIfUnmodifiedSince',
};
const LIST = { 'prefix': 'Prefix', 'delimiter': 'Delimiter', 'max-keys': 'MaxKeys', 'encoding-type': 'EncodingType' };
/** What a pre-signed URL says of the answer: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (response-*) */
export const OVERRIDES = {
  'response-content-type': 'ContentType',
  'response-content-encoding': 'ContentEncoding',
  'response-content-disposition': 'ContentDisposition',
  'response-content-language': 'ContentLanguage',
  'response-cache-control': 'CacheControl',
  'response-expires': 'Expires',
};

/** By method, what the path names, and the sub-resource in the query; a copy has a mark of its own. */
export const S3_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'GET service': { name: 'ListBuckets', query: { 'prefix': 'Prefix', 'bucket-region': 'BucketRegion' }, root: 'ListAllMyBucketsResult' },
  'GET bucket': { name: 'ListObjects', query: { ...LIST, marker: 'Marker' }, root: 'ListBucketResult' },
  'GET bucket?list-type': {
    name: 'ListObjectsV2',
    query: { ...LIST, 'continuation-token': 'ContinuationToken', 'start-after': 'StartAfter', 'fetch-owner': 'FetchOwner' },
    root: 'ListBucketResult',
  },
  'GET bucket?versions': { name: 'ListObjectVersions', query: { ...LIST, 'key-marker': 'KeyMarker', 'version-id-marker': 'VersionIdMarker' }, root: 'ListVersionsResult' },
  'GET bucket?uploads': { name: 'ListMultipartUploads', query: { 'prefix': 'Prefix', 'encoding-type': 'EncodingType' }, root: 'ListMultipartUploadsResult' },
  'GET bucket?location': { name: 'GetBucketLocation', root: 'LocationConstraint' },
  'GET bucket?encryption': { name: 'GetBucketEncryption', root: 'ServerSideEncryptionConfiguration' },
  'GET bucket?versioning': { name: 'GetBucketVersioning', root: 'VersioningConfiguration' },
  'GET bucket?tagging': { name: 'GetBucketTagging', root: 'Tagging' },
  'PUT bucket?tagging': { name: 'PutBucketTagging', body: { xml: 'Tagging' }, status: 204 },
  'DELETE bucket?tagging': { name: 'DeleteBucketTagging', status: 204 },
  'GET bucket?policy': { name: 'GetBucketPolicy' },
  'PUT bucket?policy': { name: 'PutBucketPolicy', body: { text: 'Policy' }, status: 204 },
  'DELETE bucket?policy': { name: 'DeleteBucketPolicy', status: 204 },
  'GET bucket?notification': { name: 'GetBucketNotificationConfiguration', root: 'NotificationConfiguration' },
  'PUT bucket?notification': {
    name: 'PutBucketNotificationConfiguration',
    headers: { 'x-amz-skip-destination-validation': 'SkipDestinationValidation' },
    body: { xml: 'NotificationConfiguration' },
  },
  'HEAD bucket': { name: 'HeadBucket' },
  'PUT bucket': { name: 'CreateBucket', body: { xml: 'CreateBucketConfiguration' } },
  'DELETE bucket': { name: 'DeleteBucket', status: 204 },
  'POST bucket?delete': { name: 'DeleteObjects', body: { xml: 'Delete' }, root: 'DeleteResult' },
  'PUT key': { name: 'PutObject', headers: { ...OBJECT_HEADERS, ...CONDITIONS }, body: 'upload' },
  'PUT key copy': {
    name: 'CopyObject',
    headers: { ...OBJECT_HEADERS, ...CONDITIONS, ...COPY, 'x-amz-metadata-directive': 'MetadataDirective' },
    root: 'CopyObjectResult',
  },
  'GET key': { name: 'GetObject', headers: READ, query: OVERRIDES },
  'HEAD key': { name: 'HeadObject', headers: READ, query: OVERRIDES },
  'DELETE key': { name: 'DeleteObject', status: 204 },
  'POST key?uploads': { name: 'CreateMultipartUpload', headers: OBJECT_HEADERS, root: 'InitiateMultipartUploadResult' },
  'PUT key?uploadId': { name: 'UploadPart', query: { partNumber: 'PartNumber' }, body: 'upload' },
  'PUT key?uploadId copy': {
    name: 'UploadPartCopy',
    query: { partNumber: 'PartNumber' },
    headers: { ...COPY, 'x-amz-copy-source-range': 'CopySourceRange' },
    root: 'CopyPartResult',
  },
  'POST key?uploadId': { name: 'CompleteMultipartUpload', headers: CONDITIONS, body: { xml: 'CompleteMultipartUpload' }, root: 'CompleteMultipartUploadResult' },
  'DELETE key?uploadId': { name: 'AbortMultipartUpload', status: 204 },
  'GET key?uploadId': { name: 'ListParts', query: { 'max-parts': 'MaxParts', 'part-number-marker': 'PartNumberMarker' }, root: 'ListPartsResult' },
};
