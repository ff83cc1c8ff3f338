import { Aws } from 'aws-cdk-lib/core';
import { contentOf } from '../service/job-content';
import { jobArchives } from '../service/job-objects';

/** Objects of one bucket. */
interface Objects {
  readonly bucketArn: string;
  readonly keys: readonly string[];
}

/**
 * ARNs of the objects in S3 by whose ETags a content is told apart. A policy names single objects only, so none is here whose address is a token as a
 * whole, or has a wildcard.
 */
export function countedObjects(content: unknown): string[] {
  return arnsOf(placesOf(contentOf(content).unknown));
}

/** The archives that a job reads, as far as a policy may name them, by their buckets. */
export function archivesOf(request: unknown, target: unknown): Objects[] {
  return placesOf(jobArchives(request, target).map(({ address }) => address));
}

export function arnsOf(objects: readonly Objects[]): string[] {
  return objects.flatMap(({ bucketArn, keys }) => keys.map((key) => `${bucketArn}/${key}`));
}

function placesOf(addresses: readonly string[]): Objects[] {
  const keysOf = new Map<string, string[]>();
  for (const address of addresses) {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
    if (key !== undefined && !/[*?$]/.test(key.replace(TOKEN, ''))) { keysOf.set(bucket, [...keysOf.get(bucket) ?? [], key]); }
  }
  return [...keysOf].map(([bucket, keys]) => ({ bucketArn: `arn:${Aws.PARTITION}:s3:::${bucket}`, keys }));
}

const TOKEN = /\$\{Token\[[^\]]+\]\}/g;
