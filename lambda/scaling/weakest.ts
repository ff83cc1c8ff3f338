import type { DynamicScalingConfiguration } from '@aws-sdk/client-sagemaker';

/**
 * The scaling of a variant whose instances may be of any recommended type: the service tracks one figure for all of them. So it has the policies of the
 * type that takes least before it must scale, and as many instances as the type that needs most.
 */
export function weakestOf(configurations: readonly DynamicScalingConfiguration[]): DynamicScalingConfiguration | undefined {
  const targetOf = ({ ScalingPolicies = [] }: DynamicScalingConfiguration) => ScalingPolicies[0]?.TargetTracking?.TargetValue ?? Infinity;
  const [weakest] = [...configurations].sort((a, b) => Math.sign(targetOf(a) - targetOf(b)) || 0);
  return weakest && { ...weakest, MinCapacity: most(configurations, 'MinCapacity'), MaxCapacity: most(configurations, 'MaxCapacity') };
}

function most(configurations: readonly DynamicScalingConfiguration[], member: 'MinCapacity' | 'MaxCapacity'): number | undefined {
  const capacities = configurations.flatMap((configuration) => configuration[member] ?? []);
  return capacities.length > 0 ? Math.max(...capacities) : undefined;
}
