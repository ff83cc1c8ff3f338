import type { InferenceRecommendationsJobStep } from '@aws-sdk/client-sagemaker';
import { pricesOf } from '../../../src/service/prices';
import { usdText } from '../../../src/service/usd';

/**
 * What a job has cost at least, such as `at least 3.10 USD`: its instances while they were invoked, by public on-demand prices. Their start and their end
 * are paid for as well, and so are serverless endpoints. `undefined` if no benchmark tells its times, or has a price.
 */
export function costAtLeast(jobArn: string, steps: readonly InferenceRecommendationsJobStep[]): string | undefined {
  const prices = pricesOf(jobArn.split(':')[3]);
  const costs = steps.flatMap(({ InferenceBenchmark: benchmark }) => {
    const { InstanceType, InitialInstanceCount = 1 } = benchmark?.EndpointConfiguration ?? {};
    const hourly = InstanceType && prices?.hourly(InstanceType);
    const hours = (Number(benchmark?.InvocationEndTime) - Number(benchmark?.InvocationStartTime)) / 3_600_000;
    return hourly && hours >= 0 ? hourly * InitialInstanceCount * hours : [];
  });
  // Down to a cent, and not up, as estimates are.
  const usd = Math.floor(costs.reduce((sum, cost) => sum + cost, 0) * 100 + 1e-6) / 100;
  return costs.length > 0 ? `at least ${usdText(usd)}` : undefined;
}
