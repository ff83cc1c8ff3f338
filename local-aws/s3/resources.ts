import { setPolicy } from './buckets';
import { S3 } from './index';
import { Region, ResourceProvider, ResourceProviders, ResourceRequest } from '../kernel';

/** The resource types of S3. */
export const resources: ResourceProviders = {
  'AWS::S3::Bucket': {
    create: async (request) => {
      const { region, properties, generatedName } = request;
      const { name } = region.room(S3).createBucket(properties.BucketName ?? generatedName(63).toLowerCase(), region.account, region.name);
      return settle(request, name);
    },
    update: async (request) => settle(request, request.physicalId),
    delete: async ({ region, physicalId }) => {
      const s3 = region.room(S3);
      if (s3.find(physicalId)) { s3.deleteBucket(physicalId); }
    },
  },
  'AWS::S3::BucketPolicy': policies(),
};

/** A bucket's policy is kept with the bucket, and judges requests of roles: `sts/resource-policies.ts`. */
function policies(): ResourceProvider {
  const put = (region: Region, name: string, document: unknown) => {
    const bucket = region.room(S3).find(name);
    if (bucket) { setPolicy(bucket, JSON.stringify(document)); }
    return { physicalId: name, attributes: {} };
  };
  return {
    create: async ({ region, properties }) => put(region, properties.Bucket, properties.PolicyDocument),
    update: async ({ region, properties, physicalId }) => put(region, physicalId, properties.PolicyDocument),
    delete: async ({ region, physicalId }) => {
      const bucket = region.room(S3).find(physicalId);
      if (bucket) { bucket.policy = undefined; }
    },
  };
}

function settle({ region, properties, tags }: ResourceRequest, name: string) {
  const bucket = region.room(S3).find(name);
  if (bucket) {
    bucket.tags = { ...tags, ...Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }: any) => [Key, String(Value)])) };
    bucket.isVersioned = properties.VersioningConfiguration?.Status === 'Enabled';
  }
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${region.partition}:s3:::${name}`,
      DomainName: `${name}.s3.${region.urlSuffix}`,
      RegionalDomainName: `${name}.s3.${region.name}.${region.urlSuffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${region.name}.${region.urlSuffix}`,
      WebsiteURL: `http://${name}.s3-website-${region.name}.${region.urlSuffix}`,
    },
  };
}
