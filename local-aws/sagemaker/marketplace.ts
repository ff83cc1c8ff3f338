import { digest } from './benchmarks';
import type { ModelPackage } from './state';
import { Call, invalid } from '../kernel';

/**
 * A package of AWS Marketplace: the account has subscribed to each of them, and reads of them what a buyer does: neither model data nor environment.
 * What it describes is made of its ARN.
 */
export function marketplacePackage(arn: string, call: Call): ModelPackage {
  const [, , , region, account, resource] = arn.split(':');
  if (region !== call.region.name) { throw invalid(`ModelPackage ${arn} does not exist in ${call.region.name}.`); }
  const hash = digest(arn);
  return {
    arn,
    description: {
      ModelPackageName: resource.slice(resource.indexOf('/') + 1),
      ModelPackageArn: arn,
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      CertifyForMarketplace: true,
      CreationTime: new Date(Date.UTC(2024, 0, 1)),
      InferenceSpecification: {
        Containers: [{
          Image: `${account}.dkr.ecr.${region}.amazonaws.com/${hash.slice(0, 32)}`,
          ImageDigest: `sha256:${hash}`,
          ProductId: `prod-${hash.slice(0, 13)}`,
        }],
        SupportedContentTypes: ['application/json', 'text/csv'],
        SupportedResponseMIMETypes: ['application/json'],
        SupportedTransformInstanceTypes: ['ml.m5.large'],
        SupportedRealtimeInferenceInstanceTypes: ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.c5.9xlarge', 'ml.m5.large', 'ml.m5.xlarge'],
      },
    },
  };
}
