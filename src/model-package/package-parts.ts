import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { GrantTo } from './inference-specification';
import type { DriftCheckBaselines, MetricsSource, ModelMetrics } from './model-metrics';
import type { SourceAlgorithm } from './source-algorithm';
import { checkMembers, checkProp } from '../common/check';
import { prune } from '../common/render';

/** Metrics in CloudFormation's form. */
export function renderMetrics(scope: Construct, metrics: ModelMetrics): CfnModelPackage.ModelMetricsProperty | undefined {
  const source = (name: keyof ModelMetrics) => renderSource(scope, 'modelMetrics', name, metrics[name]);
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

/** Baselines in CloudFormation's form. */
export function renderBaselines(scope: Construct, baselines: DriftCheckBaselines): CfnModelPackage.DriftCheckBaselinesProperty | undefined {
  const source = (name: keyof DriftCheckBaselines) => renderSource(scope, 'driftCheckBaselines', name, baselines[name]);
  return prune({
    bias: prune({
      configFile: source('biasConfigFile'),
      preTrainingConstraints: source('biasPreTrainingConstraints'),
      postTrainingConstraints: source('biasPostTrainingConstraints'),
    }),
    explainability: prune({ configFile: source('explainabilityConfigFile'), constraints: source('explainabilityConstraints') }),
    modelQuality: prune({ statistics: source('modelQualityStatistics'), constraints: source('modelQualityConstraints') }),
    modelDataQuality: prune({ statistics: source('modelDataQualityStatistics'), constraints: source('modelDataQualityConstraints') }),
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

function renderSource(scope: Construct, prop: 'modelMetrics' | 'driftCheckBaselines', name: string, source: MetricsSource | undefined) {
  const rendered = source?._bind(scope, `${prop === 'modelMetrics' ? '' : 'Baseline'}${name[0].toUpperCase()}${name.slice(1)}`);
  if (rendered) { checkMembers(`${prop}.${name}`, rendered, { contentType: 'ContentType', contentDigest: 'ContentDigest', s3Uri: 'S3Uri' }); }
  return rendered;
}
