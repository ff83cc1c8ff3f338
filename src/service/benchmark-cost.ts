import { pricesOf } from './prices';

/** A benchmark that a job ran, with the API's names, as far as its cost follows from it. */
export interface PaidBenchmark {
  readonly EndpointConfiguration?: { readonly InstanceType?: string; readonly InitialInstanceCount?: number; readonly ServerlessConfig?: object };
  readonly Metrics?: { readonly CostPerHour?: number | string };
  readonly InvocationStartTime?: Date;
  readonly InvocationEndTime?: Date;
}

/**
 * What benchmarks have cost at least: their instances while they were invoked, at the cost an hour that the job reports, else at public on-demand prices. Their
 * start and their end are paid for as well, and so are serverless endpoints. US dollars, down to a cent. `undefined` if no benchmark tells its times and has a price.
 */
export function benchmarksUsd(region: string, benchmarks: ReadonlyArray<PaidBenchmark | undefined>): number | undefined {
  const prices = pricesOf(region);
  const costs = benchmarks.flatMap((benchmark) => {
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
