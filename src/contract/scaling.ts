/** Takes an endpoint's variants out of scaling before its configuration changes. */
export const SCALING_PAUSE_RESOURCE_TYPE = 'Custom::InferenceEndpointScalingPause';
/** Scales an endpoint's variants, once its configuration is in service. */
export const SCALING_RESOURCE_TYPE = 'Custom::InferenceEndpointScaling';

/** Properties of the pause. The pause comes before an endpoint's update. */
export interface ScalingPauseProperties {
  readonly SchemaVersion: string;
  /** The parameter that holds the registration. */
  readonly RecordName: string;
  /** A change makes CloudFormation request the pause, and end it after the update or its rollback. */
  readonly EndpointConfigName: string;
}

/** Properties of the registration. The registration comes after an endpoint's update. */
export interface ScalingProperties extends ScalingPauseProperties {
  readonly EndpointName: string;
  readonly VariantNames: readonly string[];
  /** The recommendation whose scaling recommendation is read. The values below override it. */
  readonly Recommendation?: {
    readonly JobName: string;
    readonly RecommendationId: string;
    /** Those of the instance pools after the first: the weakest of all decides. */
    readonly NextRecommendationIds?: readonly string[];
    readonly TargetCpuUtilizationPerCore?: string;
    readonly MinInvocationsPerMinute?: string;
    readonly MaxInvocationsPerMinute?: string;
  };
  readonly MinCapacity?: string;
  readonly MaxCapacity?: string;
  readonly ScaleInCooldown?: string;
  readonly ScaleOutCooldown?: string;
  readonly DisableScaleIn?: string;
  /** Instances that a variant at zero gets as soon as a request waits. */
  readonly InstancesOutOfZero?: string;
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
