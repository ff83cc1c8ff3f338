/** Takes an endpoint's variants out of scaling before its configuration changes. */
export const SCALING_PAUSE_RESOURCE_TYPE = 'Custom::InferenceEndpointScalingPause';
/** Scales an endpoint's variants, once its configuration is in service. */
export const SCALING_RESOURCE_TYPE = 'Custom::InferenceEndpointScaling';

/** Properties of the pause, which comes before an endpoint's update. */
export interface ScalingPauseProperties {
  readonly SchemaVersion: string;
  /** The parameter that holds what is registered. */
  readonly RecordName: string;
  /** A change of it makes CloudFormation ask for the pause, and for its end once all is done or undone. */
  readonly EndpointConfigName: string;
}

/** Properties of the registration, which comes after an endpoint's update. */
export interface ScalingProperties extends ScalingPauseProperties {
  readonly EndpointName: string;
  readonly VariantNames: readonly string[];
  /** The recommendation whose figures are requested. The figures below win over them. */
  readonly Recommendation?: {
    readonly JobName: string;
    readonly RecommendationId: string;
    readonly TargetCpuUtilizationPerCore?: string;
    readonly MinInvocationsPerMinute?: string;
    readonly MaxInvocationsPerMinute?: string;
  };
  readonly MinCapacity?: string;
  readonly MaxCapacity?: string;
  readonly ScaleInCooldown?: string;
  readonly ScaleOutCooldown?: string;
  readonly DisableScaleIn?: string;
  readonly TargetValue?: string;
  readonly PredefinedMetricType?: string;
  readonly CustomizedMetric?: {
    readonly MetricName: string;
    readonly Namespace: string;
    readonly Statistic: string;
    readonly Unit?: string;
    readonly Dimensions?: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
  };
}

export const SCALING_ATTRIBUTES = ['MinCapacity', 'MaxCapacity', 'TargetValue', 'Metric', 'ScaleInCooldown', 'ScaleOutCooldown'] as const;
export type ScalingAttribute = typeof SCALING_ATTRIBUTES[number];
