import { createHash } from 'crypto';
import { AwsError, Call, Content } from '../kernel';

/** The headers that an upload may give and a download gives back, by their members. */
export const OBJECT_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'ContentType',
  'content-encoding': 'ContentEncoding',
  'content-disposition': 'ContentDisposition',
  'content-language': 'ContentLanguage',
  'cache-control': 'CacheControl',
  'expires': 'Expires',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-server-side-encryption-bucket-key-enabled': 'BucketKeyEnabled',
};

/** What is said of an object besides its bytes: values of `OBJECT_HEADERS` by their members. */
export type ObjectFacts = Readonly<Record<string, string | undefined>>;

export interface StoredObject {
  readonly content: Content;
  readonly etag: string;
  readonly lastModified: Date;
  readonly facts: ObjectFacts;
  /** By names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An upload in parts that is not complete. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly facts: ObjectFacts;
  readonly metadata: Readonly<Record<string, string>>;
  /** By their numbers. */
  readonly parts: Map<number, Pick<StoredObject, 'content' | 'etag' | 'lastModified'>>;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, Upload>;
  /** Exists from the start. A bootstrap stack may create it once more. */
  readonly given: boolean;
  tags: Readonly<Record<string, string>>;
  policy?: string;
  /** It is only kept: no notification is sent. */
  notifications: object;
  isVersioned: boolean;
}

/** The buckets, as the operations find them. */
export interface Buckets {
  /** The bucket that a request names, if it is the caller's. */
  own(input: any, call: Call): Bucket;
  /** A bucket's object; S3's error if there is none. */
  object(bucket: Bucket, key: string): StoredObject;
  keep(bucket: Bucket, key: string, content: Content, more: Partial<StoredObject>): StoredObject;
  remove(bucket: Bucket, key: string): void;
}

/** The canonical user of an account. */
export function ownerId(account: string): string {
  return createHash('sha256').update(account).digest('hex');
}

export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (NotImplemented) */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `A header or query you provided requests a feature that is not part of the local AWS: ${what}`, 501);
}

/** The members of a request that make an object's facts. */
export function factsIn(input: any): { readonly facts: ObjectFacts; readonly metadata: Readonly<Record<string, string>> } {
  const { ServerSideEncryption } = input;
  if (![undefined, 'AES256', 'aws:kms', 'aws:kms:dsse'].includes(ServerSideEncryption)) {
    throw invalidArgument('The encryption method specified is not supported');
  }
  return { facts: Object.fromEntries(Object.values(OBJECT_HEADERS).map((member) => [member, input[member]])), metadata: input.Metadata ?? {} };
}
