import type { InferenceRecommendation } from '@aws-sdk/client-sagemaker';
import { METRICS, MetricName } from '../../src/service/limits';

/** Requests a minute that are expected, and room to spare in percent of them. */
export interface TargetLoad {
  readonly invocationsPerMinute: number;
  readonly headroomPercent: number;
}

/**
 * A row with the figures that it is judged by: its own, but for the cost per hour of the fleet that a target load needs. Throughput stays the row's
 * own: every such fleet bears the load, and what it bears beyond comes of rounding. NaN stands for what is not known.
 */
export interface Candidate {
  readonly row: InferenceRecommendation;
  readonly isServerless: boolean;
  /** Instances to deploy; a serverless row has none. */
  readonly instanceCount?: number;
  readonly figures: Readonly<Record<MetricName, number>>;
}

/** The wire has NaN and infinities too. */
function known(figure: number | undefined): number {
  return figure !== undefined && Number.isFinite(figure) ? figure : NaN;
}

export function candidateOf(row: InferenceRecommendation, load?: TargetLoad): Candidate {
  const figures = Object.fromEntries(METRICS.map((metric) => [metric, known(row.Metrics?.[metric])])) as Record<MetricName, number>;
  // Whatever else stands in it: the guide's own example still carries an instance type beside it.
  const isServerless = row.EndpointConfiguration?.ServerlessConfig !== undefined;
  if (isServerless) {
    // Paid by the request, whatever capacity there is.
    return { row, isServerless, figures: load ? { ...figures, CostPerHour: figures.CostPerInference * load.invocationsPerMinute * 60 } : figures };
  }
  const benchmarked = row.EndpointConfiguration?.InitialInstanceCount ?? 1;
  if (!load) { return { row, isServerless, instanceCount: benchmarked, figures }; }
  // Throughput and cost cover all of the row's instances: published are 3 instances of 0.23 with a cost per hour of 0.69.
  const { MaxInvocations: invocations, CostPerHour: costPerHour } = figures;
  // One division, at the end: each rounds, and what is just enough would come out as one instance more.
  const wanted = load.invocationsPerMinute * (100 + load.headroomPercent) * benchmarked;
  const instanceCount = invocations > 0 ? Math.max(1, Math.ceil(wanted / (100 * invocations))) : NaN;
  return {
    row,
    isServerless,
    instanceCount,
    figures: { ...figures, CostPerHour: costPerHour * instanceCount / benchmarked },
  };
}
