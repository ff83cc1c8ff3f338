import { Aws } from 'aws-cdk-lib/core';
import { contentOf } from '../service/job-content';

/**
 * ARNs of the objects in S3 by whose ETags a content is told apart. A policy names single objects only, so none is here whose address is a token as a
 * whole, or has a wildcard.
 */
export function countedObjects(content: unknown): string[] {
  return contentOf(content).unknown.flatMap((address) => {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
    return key === undefined || /[*?$]/.test(key.replace(TOKEN, '')) ? [] : `arn:${Aws.PARTITION}:s3:::${bucket}/${key}`;
  });
}

const TOKEN = /\$\{Token\[[^\]]+\]\}/g;
