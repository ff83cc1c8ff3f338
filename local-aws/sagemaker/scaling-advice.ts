import { InferenceRecommendation, ScalingAdvice } from './benchmarks';
import { invalid } from '../kernel';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_GetScalingConfigurationRecommendation.html */
export const DEFAULT_CPU_UTILIZATION = 50;

const COOLDOWN_SECONDS = 300;

/**
 * Scaling advice for a benchmarked endpoint. It is only plausible, because AWS does not publish how it computes it.
 *
 * An instance takes the recommendation's MaxInvocations divided by its instances. The target is that value at the requested CPU utilisation.
 * Capacity is what the requested traffic needs at the target, at least one. Without a requested maximum, it is one more than the larger of the
 * recommendation's instances and the minimum.
 */
export function scalingAdvice(request: any, { EndpointConfiguration, Metrics }: InferenceRecommendation): ScalingAdvice {
  if (EndpointConfiguration.ServerlessConfig !== undefined) {
    throw invalid('A serverless recommendation has no instances to scale: specify one of a real-time endpoint.');
  }
  const count = EndpointConfiguration.InitialInstanceCount ?? 1;
  const perInstance = Math.floor((Metrics?.MaxInvocations ?? 0) / count);
  const target = perInstance * request.TargetCpuUtilizationPerCore / 100;
  const { MinInvocationsPerMinute = 0, MaxInvocationsPerMinute } = request.ScalingPolicyObjective ?? {};
  const needed = (invocations: number) => Math.max(1, target > 0 ? Math.ceil(invocations / target) : 1);
  const MinCapacity = needed(MinInvocationsPerMinute);
  return {
    Metric: { InvocationsPerInstance: perInstance, ModelLatency: Metrics?.ModelLatency },
    DynamicScalingConfiguration: {
      MinCapacity,
      MaxCapacity: MaxInvocationsPerMinute === undefined ? Math.max(count, MinCapacity) + 1 : Math.max(MinCapacity, needed(MaxInvocationsPerMinute)),
      ScaleInCooldown: COOLDOWN_SECONDS,
      ScaleOutCooldown: COOLDOWN_SECONDS,
      ScalingPolicies: [{
        TargetTracking: {
          MetricSpecification: { Predefined: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' } },
          TargetValue: target,
        },
      }],
    },
  };
}
