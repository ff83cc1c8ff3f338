import { SageMakerState } from './state';
import { Iam } from '../iam';
import { AwsError, Region } from '../kernel';
import { S3 } from '../s3';

/** Buckets of AWS's own that anybody may read: their objects are not here, and count as there. */
const PUBLIC = /^(jumpstart-(private-)?cache-|sagemaker-(sample-(files|data)|examples?-files)(-|$))/;

/** The locations in S3 of a container's model data. */
export function modelDataOf({ ModelDataUrl, ModelDataSource, AdditionalModelDataSources = [] }: any): string[] {
  return [ModelDataUrl, ModelDataSource?.S3DataSource?.S3Uri, ...AdditionalModelDataSources.map(({ S3DataSource }: any) => S3DataSource.S3Uri)]
    .filter((uri) => uri !== undefined);
}

/** Why a role cannot read an object, or any object of a prefix; nothing if it can, or if what others have made counts as there. */
export function unreadable(uri: string, roleArn: string, region: Region): string | undefined {
  const [, bucketName, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (region.world.options.imported !== 'required' || bucketName === undefined || PUBLIC.test(bucketName)) { return undefined; }
  if (region.room(SageMakerState).artifacts.has(uri)) { return undefined; }
  const bucket = region.room(S3).find(bucketName);
  if (!bucket || bucket.account !== region.account) { return `the bucket ${bucketName} does not exist`; }
  const found = [...bucket.objects.keys()].find((name) => (key === '' || key.endsWith('/') ? name.startsWith(key) : name === key));
  if (found === undefined) { return `there is no object at ${uri}`; }
  try {
    // The bucket's own policy may allow or deny it.
    region.room(Iam).check({ principal: { account: region.account, arn: roleArn } }, 's3', 'GetObject', { Bucket: bucketName, Key: found });
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    return `the role ${roleArn} is not authorized to perform: s3:GetObject on resource: arn:${region.partition}:s3:::${bucketName}/${found}`;
  }
}
