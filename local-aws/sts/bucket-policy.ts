import { ResourcePolicy } from '../iam';
import { S3 } from '../s3';
import { callerOf, verdict } from './index';

/** What a bucket's policy says of a request: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const bucketPolicy: ResourcePolicy = (region, { principal, action, resource, context }) => {
  const { policy } = region.room(S3).find(resource.split(':').slice(5).join(':').split('/')[0]) ?? {};
  return policy === undefined ? undefined : verdict(JSON.parse(policy), callerOf(region.world, principal), action, resource, context);
};
