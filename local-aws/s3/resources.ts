import { Region, ResourceProvider, ResourceProviders } from '../kernel';
import { S3 } from './index';

/** Only CloudFormation keeps a bucket's policy: a bucket is open to its account. */
const bucketPolicy: ResourceProvider = {
  create: async ({ properties }) => ({ physicalId: properties.Bucket, attributes: {} }),
  update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
  delete: async () => {},
};

/** The resource types of S3. */
export const resources: ResourceProviders = {
  'AWS::S3::Bucket': {
    create: async ({ region, properties, generatedName }) => {
      const { name } = region.room(S3).createBucket(properties.BucketName ?? generatedName(63).toLowerCase(), region.account, region.name);
      return state(region, name);
    },
    update: async ({ region, physicalId }) => state(region, physicalId),
    delete: async ({ region, physicalId }) => {
      const s3 = region.room(S3);
      if (s3.find(physicalId)) { s3.deleteBucket(physicalId); }
    },
  },
  'AWS::S3::BucketPolicy': bucketPolicy,
};

function state(region: Region, name: string) {
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
