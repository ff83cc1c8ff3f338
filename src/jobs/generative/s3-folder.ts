import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { BucketGrants, IBucketRef } from 'aws-cdk-lib/aws-s3';
import { Token } from 'aws-cdk-lib/core';
import { asFolder } from '../../service/ai-job-content';

/** A prefix that ends with a slash, or is empty: the service reads all files below it. A token must end with a slash itself. */
export function folder(prefix: string): string {
  return prefix === '' || Token.isUnresolved(prefix) ? prefix : asFolder(prefix);
}

/** Lets a principal read, and list, what is below a prefix. */
export function grantReadBelow(bucket: IBucketRef, prefix: string, grantee: IGrantable): void {
  // Reason: reads the files of the model, its adapters or the dataset, below their prefix.
  BucketGrants.fromBucket(bucket).read(grantee, `${prefix}*`);
}
