import type { JobEstimate } from './estimate';
import { usdText } from './usd';

const LISTED_IN = "'containerConfig.supportedInstanceTypes', in the model package, or as 'endpointCandidates' of a load test";

/**
 * Why a job may not start, if its cost is limited: a clause without a stop. `undefined` if it may.
 *
 * @param estimate what the job costs at most; `undefined` if there are no prices of the Region
 * @param maxCost the limit, in US dollars
 */
export function costRefusal(estimate: JobEstimate | undefined, maxCost: number, region: string): string | undefined {
  const limit = `'maxCost' is ${usdText(maxCost)}`;
  if (!estimate) {
    return `${limit}, but this version of the library has no prices of ${region}: leave 'maxCost' out, or use a newer version`;
  }
  const { usd, isListed, listedIn = LISTED_IN, types, unpriced, minutes } = estimate;
  if (!isListed) {
    return `${limit}, but the service chooses the instance types, so the cost has no certain limit: list the types in`
      + ` ${listedIn}`;
  }
  if (!usd) {
    return `${limit}, but this version of the library has no price of ${unpriced.join(', ')} in ${region}: leave 'maxCost' out, or name other types`;
  }
  // Sums of decimal fractions are not exact.
  if (usd.most < maxCost + 1e-6) { return undefined; }
  return `The job may cost ${usdText(usd.most)} (at most ${Math.ceil(minutes)} minutes on ${types.join(', ') || 'serverless endpoints'}), and ${limit}:`
    + " raise 'maxCost', shorten the job, or name fewer or cheaper types";
}
