import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import type { EndpointTypeName, ObjectiveName } from '../../src/api/contract';

/** What is compared, and whether less is better. */
const MEASURES: Readonly<Record<ObjectiveName, { metric: keyof NonNullable<InferenceRecommendation['Metrics']>; sign: 1 | -1 }>> = {
  LowestCostPerInference: { metric: 'CostPerInference', sign: 1 },
  LowestCostPerHour: { metric: 'CostPerHour', sign: 1 },
  LowestLatency: { metric: 'ModelLatency', sign: 1 },
  HighestThroughput: { metric: 'MaxInvocations', sign: -1 },
};

/**
 * The best row of the asked endpoint type, or `undefined` when no row of it reports the compared metric.
 *
 * Equal rows are told apart by cost per inference, latency, throughput, cost per hour, then by the recommendation's id: the order of the
 * rows never counts.
 */
export function choose(
  rows: readonly InferenceRecommendation[], objective: ObjectiveName, endpointType: EndpointTypeName,
): InferenceRecommendation | undefined {
  const order = [objective, 'LowestCostPerInference', 'LowestLatency', 'HighestThroughput', 'LowestCostPerHour'] as const;
  return rows
    .filter((row) => isServerless(row) === (endpointType === 'Serverless') && Number.isFinite(valueOf(row, objective)))
    .sort((a, b) => {
      const decided = order.map((by) => compare(valueOf(a, by), valueOf(b, by))).find((sign) => sign !== 0);
      return decided ?? (a.RecommendationId! < b.RecommendationId! ? -1 : 1);
    })[0];
}

/** A row is serverless when it has a ServerlessConfig: the guide's own example still carries an instance type beside it. */
export function isServerless(row: InferenceRecommendation): boolean {
  return row.EndpointConfiguration?.ServerlessConfig !== undefined;
}

/** Less is better. A metric that is missing or not a number is worse than any other. */
function valueOf(row: InferenceRecommendation, objective: ObjectiveName): number {
  const { metric, sign } = MEASURES[objective];
  const value = row.Metrics?.[metric];
  return value === undefined || Number.isNaN(value) ? Infinity : value * sign;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
