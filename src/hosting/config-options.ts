import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Token } from 'aws-cdk-lib/core';
import type { ClarifyExplainer, TextExplanation } from './clarify-explainer';
import type { ContainerMetricsEndpoint } from './inference-component-props';
import type { MetricsConfig } from './metrics-config';
import { checkMembers, checkProp } from '../common/check';
import { locationAt, S3Location } from '../common/s3-location';
import { METRIC_PUBLISH_SECONDS } from '../service/metrics-rules';

/**
 * The API's MetricsConfig.
 *
 * @throws if the frequency is none that the service has
 */
export function renderMetricsConfig({ enhancedMetrics, detailedObservability, publishFrequency }: MetricsConfig): Record<string, unknown> {
  const seconds = publishSeconds('metricsConfig', publishFrequency);
  return { EnableEnhancedMetrics: enhancedMetrics, EnableDetailedObservability: detailedObservability, MetricPublishFrequencyInSeconds: seconds };
}

/**
 * The API's ContainerMetricsConfig.
 *
 * @throws if the path is invalid, or the frequency is none that the service has
 */
export function renderContainerMetrics(at: string, { path, publishFrequency }: ContainerMetricsEndpoint): Record<string, unknown> {
  checkProp(`${at}.path`, 'MetricsEndpointPath', path);
  return { MetricsEndpoints: [{ MetricsEndpointPath: path, MetricPublishFrequencyInSeconds: publishSeconds(at, publishFrequency) }] };
}

function publishSeconds(at: string, frequency: Duration | undefined): number | undefined {
  const seconds = frequency?.toSeconds();
  if (seconds !== undefined && !Token.isUnresolved(seconds) && !METRIC_PUBLISH_SECONDS.includes(seconds)) {
    throw new Error(`\`${at}.publishFrequency\` must be one of ${METRIC_PUBLISH_SECONDS.join(', ')} seconds, got: ${seconds}.`);
  }
  return seconds;
}

/**
 * The API's ExplainerConfig, and the baseline in S3 that roles must read.
 *
 * @throws if a value is out of its bounds, or there are two baselines
 */
export function renderExplainer(explainer: ClarifyExplainer): { property: CfnEndpointConfig.ExplainerConfigProperty; baseline?: S3Location } {
  const { shap, inference, enableExplanations } = explainer;
  if (shap.baseline !== undefined && shap.baselineUri !== undefined) {
    throw new Error('`explainer.shap.baselineUri` must not be given with `explainer.shap.baseline`: remove one of them.');
  }
  checkMembers('explainer', explainer, { enableExplanations: 'ClarifyEnableExplanations' });
  checkMembers('explainer.shap', shap, {
    baseline: 'ClarifyShapBaseline', baselineUri: 'Url', baselineMimeType: 'ClarifyMimeType', numberOfSamples: 'ClarifyShapNumberOfSamples', seed: 'ClarifyShapSeed',
  });
  checkMembers('explainer.shap.text', shap.text ?? {} as TextExplanation, { language: 'ClarifyTextLanguage' });
  checkMembers('explainer.inference', inference ?? {}, {
    featuresAttribute: 'ClarifyFeaturesAttribute',
    contentTemplate: 'ClarifyContentTemplate',
    maxRecordCount: 'ClarifyMaxRecordCount',
    maxPayloadInMb: 'ClarifyMaxPayloadInMB',
    probabilityIndex: 'ClarifyProbabilityIndex',
    labelIndex: 'ClarifyLabelIndex',
    probabilityAttribute: 'ClarifyProbabilityAttribute',
    labelAttribute: 'ClarifyLabelAttribute',
    labelHeaders: 'ClarifyLabelHeaders',
    featureHeaders: 'ClarifyFeatureHeaders',
    featureTypes: 'ClarifyFeatureTypes',
  });
  const { baseline, baselineUri, baselineMimeType, numberOfSamples, useLogit, seed, text } = shap;
  return {
    baseline: baselineUri === undefined ? undefined : locationAt('explainer.shap.baselineUri', baselineUri),
    property: {
      clarifyExplainerConfig: {
        enableExplanations,
        inferenceConfig: inference,
        shapConfig: {
          shapBaselineConfig: { mimeType: baselineMimeType, shapBaseline: baseline, shapBaselineUri: baselineUri },
          numberOfSamples,
          useLogit,
          seed,
          textConfig: text,
        },
      },
    },
  };
}
