import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Arn, Aws, Fn, Token } from 'aws-cdk-lib/core';
import { grantBucketKey, objectsArn, s3Uri } from './refs';

/** An object in S3, or all objects whose keys begin with a prefix. */
export interface S3Location {
  readonly uri: string;
  readonly bucketArn: string;
  /** The ARN of the object, or the pattern of all objects under the prefix. */
  objectsArn(what: 'object' | 'prefix'): string;
  /** Lets a principal use the bucket's key, if it is known to have one. */
  grantBucketKey(grantee: IGrantable): void;
}

export function locationIn(bucket: IBucketRef, key: string): S3Location {
  return {
    uri: s3Uri(bucket, key),
    bucketArn: bucket.bucketRef.bucketArn,
    objectsArn: (what) => objectsArn(bucket, patternOf(key, what)),
    grantBucketKey: (grantee) => grantBucketKey(bucket, grantee, 'decrypt'),
  };
}

/** Whether a text is the whole URI of an object, as far as it is known at synth: any part of it may be a token. */
export function isObjectUri(uri: string): boolean {
  // A Java or Python caller may pass a token as an object.
  const text = Token.asString(uri);
  const [head] = text.split('${Token[');
  return OBJECT_URI.test(text) || (head !== text && (head.startsWith(SCHEME) || SCHEME.startsWith(head)));
}

/**
 * The location that a whole URI names. Any part of the URI may be a token: the template takes such a URI apart.
 *
 * @throws if the URI is known not to be one of an object
 */
export function locationAt(prop: string, uri: string): S3Location {
  const text = Token.asString(uri);
  if (!isObjectUri(text)) { throw new Error(`\`${prop}\` must be the whole URI of an object in S3, such as 's3://bucket/key', got: '${text}'.`); }
  const [, whole, bucket] = OBJECT_URI.exec(text) ?? [];
  // A token may have slashes of its own, so only the template knows where a bucket's name ends that has one.
  const place = whole ?? Fn.select(1, Fn.split(SCHEME, text));
  const bucketName = bucket !== undefined && !Token.isUnresolved(bucket) ? bucket : Fn.select(2, Fn.split('/', text));
  return {
    uri: text,
    bucketArn: s3Arn(bucketName),
    objectsArn: (what) => s3Arn(patternOf(place, what)),
    grantBucketKey: () => {},
  };
}

/** The end of an archive's key. */
export const ARCHIVE_END = '.tar.gz';

/** The end of a URI, as far as it is known at synth: undefined where a token may make it an archive's. */
export function endOfUri(uri: string): string | undefined {
  const text = Token.asString(uri);
  const end = text.slice(text.lastIndexOf('}') + 1);
  return Token.isUnresolved(text) && end !== ARCHIVE_END && ARCHIVE_END.endsWith(end) ? undefined : end;
}

const SCHEME = 's3://';
const OBJECT_URI = /^s3:\/\/(([^/]+)\/.+)$/s;

function patternOf(key: string, what: 'object' | 'prefix'): string {
  return what === 'prefix' ? `${key}*` : key;
}

function s3Arn(resource: string): string {
  return Arn.format({ partition: Aws.PARTITION, service: 's3', region: '', account: '', resource });
}
