import type { InferenceRecommendationsJobStep } from '@aws-sdk/client-sagemaker';
import { pricesOf } from '../../../src/service/prices';
import { usdText } from '../../../src/service/usd';

/** What a job has cost at least, such as `at least 3.10 USD`. `undefined` if it is not known. */
export function costAtLeast(jobArn: string, steps: readonly InferenceRecommendationsJobStep[]): string | undefined {
  const usd = usdAtLeast(jobArn, steps);
  return usd === undefined ? undefined : `at least ${usdText(usd)}`;
}

/**
 * What a job has cost at least: its instances while they were invoked, at the cost an hour that the job reports, else at public on-demand prices. Their
 * start and their end are paid for as well, and so are serverless endpoints. US dollars, down to a cent. `undefined` if no benchmark tells its times and has a price.
 */
export function usdAtLeast(jobArn: string, steps: readonly InferenceRecommendationsJobStep[]): number | undefined {
  const prices = pricesOf(jobArn.split(':')[3]);
  const costs = steps.flatMap(({ InferenceBenchmark: benchmark }) => {
    const { InstanceType, InitialInstanceCount = 1, ServerlessConfig } = benchmark?.EndpointConfiguration ?? {};
    const reported = Number(benchmark?.Metrics?.CostPerHour);
    const price = InstanceType && prices?.hourly(InstanceType);
    const hourly = reported > 0 && Number.isFinite(reported) ? reported : price && price * InitialInstanceCount;
    const hours = (Number(benchmark?.InvocationEndTime) - Number(benchmark?.InvocationStartTime)) / 3_600_000;
    return hourly && !ServerlessConfig && hours >= 0 ? hourly * hours : [];
  });
  // Down, and not up, as estimates are.
  return costs.length > 0 ? Math.floor(costs.reduce((sum, cost) => sum + cost, 0) * 100 + 1e-6) / 100 : undefined;
}
