import type { InferenceRecommendationsJobStep } from '@aws-sdk/client-sagemaker';
import { benchmarksUsd } from '../../../src/service/benchmark-cost';
import { usdText } from '../../../src/service/usd';

/** What a job has cost at least, such as `at least 3.10 USD`. `undefined` if it is not known. */
export function costAtLeast(jobArn: string, steps: readonly InferenceRecommendationsJobStep[]): string | undefined {
  const usd = usdAtLeast(jobArn, steps);
  return usd === undefined ? undefined : `at least ${usdText(usd)}`;
}

/** The same as a number of US dollars. */
export function usdAtLeast(jobArn: string, steps: readonly InferenceRecommendationsJobStep[]): number | undefined {
  return benchmarksUsd(jobArn.split(':')[3], steps.map(({ InferenceBenchmark }) => InferenceBenchmark));
}
