import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { GrantTo } from './inference-specification';
import type { MetricsSource, ModelMetrics } from './model-metrics';
import type { SourceAlgorithm } from './source-algorithm';
import { checkMembers, checkProp } from '../common/check';
import { prune } from '../common/render';

/** Metrics in CloudFormation's form. */
export function renderMetrics(scope: Construct, metrics: ModelMetrics): CfnModelPackage.ModelMetricsProperty | undefined {
  const source = (name: keyof ModelMetrics) => renderSource(scope, name, metrics[name]);
  return prune({
    modelQuality: prune({ statistics: source('modelQualityStatistics'), constraints: source('modelQualityConstraints') }),
    modelDataQuality: prune({ statistics: source('modelDataQualityStatistics'), constraints: source('modelDataQualityConstraints') }),
    bias: prune({
      report: source('biasReport'),
      preTrainingReport: source('biasPreTrainingReport'),
      postTrainingReport: source('biasPostTrainingReport'),
    }),
    explainability: prune({ report: source('explainabilityReport') }),
  });
}

/** The algorithm in CloudFormation's form, which accepts only one archive as model data. */
export function renderSourceAlgorithm(
  scope: Construct, algorithm: SourceAlgorithm,
): { property: CfnModelPackage.SourceAlgorithmSpecificationProperty; grants: GrantTo[] } {
  checkMembers('sourceAlgorithm', algorithm, { algorithmName: 'ArnOrName' });
  const data = algorithm.modelData?._bind(scope, 'SourceAlgorithmModelData');
  if (data?.source) {
    throw new Error('`sourceAlgorithm.modelData` must be one .tar.gz archive: use `ModelData.fromBucket()` or `ModelData.fromAsset()`.');
  }
  checkProp('sourceAlgorithm.modelData', 'Url', data?.url);
  return {
    property: { sourceAlgorithms: [{ algorithmName: algorithm.algorithmName, modelDataUrl: data?.url }] },
    grants: data ? [(grantee) => data.grantRead(grantee)] : [],
  };
}

function renderSource(scope: Construct, name: keyof ModelMetrics, source: MetricsSource | undefined) {
  const rendered = source?._bind(scope, name[0].toUpperCase() + name.slice(1));
  if (rendered) { checkMembers(`modelMetrics.${name}`, rendered, { contentType: 'ContentType', contentDigest: 'ContentDigest', s3Uri: 'S3Uri' }); }
  return rendered;
}
