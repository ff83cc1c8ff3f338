/**
 * Metrics of a recommendation that criteria compare.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationMetrics.html
 */
export const METRICS = ['CostPerHour', 'CostPerInference', 'MaxInvocations', 'ModelLatency', 'CpuUtilization', 'MemoryUtilization'] as const;
export type MetricName = typeof METRICS[number];

/** Limits for a recommendation, each on one metric: at most or at least the given value. */
export const LIMITS = {
  MaxModelLatency: { metric: 'ModelLatency', bound: 'most' },
  MinInvocations: { metric: 'MaxInvocations', bound: 'least' },
  MaxCostPerHour: { metric: 'CostPerHour', bound: 'most' },
  MaxCostPerInference: { metric: 'CostPerInference', bound: 'most' },
  MaxCpuUtilization: { metric: 'CpuUtilization', bound: 'most' },
  MaxMemoryUtilization: { metric: 'MemoryUtilization', bound: 'most' },
} as const satisfies Record<string, { metric: MetricName; bound: 'most' | 'least' }>;
export type LimitName = keyof typeof LIMITS;

/** The highest MaxConcurrency of a serverless endpoint. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html */
export const MOST_CONCURRENCY = 200;

/** Whether an instance type is in this list of types (`ml.c5.xlarge`) and families (`ml.c5`). */
export function isOneOf(types: readonly string[], instanceType: string | undefined): boolean {
  return types.some((type) => instanceType === type || instanceType?.startsWith(`${type}.`));
}

/**
 * The largest body of a request to an endpoint, in bytes. AWS's own pages differ: only a larger body than the guide's figure is certainly refused.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html (Body, at most 6,291,456),
 * https://docs.aws.amazon.com/sagemaker/latest/dg/hosting-faqs.html (25 MB for real-time endpoints, 4 MB for serverless ones)
 */
export const INVOKE_BODY_BYTES = { inModel: 6_291_456, inGuide: 25 * 1024 * 1024, serverless: 4 * 1024 * 1024 };
