/** A recommendation of a published result, as far as the oracle reads it. */
export interface Row {
  readonly RecommendationId: string;
  readonly Metrics: Figures;
}

export interface Figures {
  readonly CostPerHour?: number;
  readonly CostPerInference?: number;
  readonly MaxInvocations?: number;
  readonly ModelLatency?: number;
  readonly CpuUtilization?: number;
  readonly MemoryUtilization?: number;
}

export interface Bound {
  readonly figure: keyof Figures;
  readonly bound: 'most' | 'least';
  readonly value: number;
}

export const OBJECTIVES = ['LowestCostPerInference', 'LowestCostPerHour', 'LowestLatency', 'HighestThroughput'] as const;

/**
 * The row that documentation promises, found without the library's code: each row that may be chosen is compared with each other one, and the one that none
 * beats is it.
 */
export function oracle(rows: readonly Row[], objective: string, bounds: readonly Bound[] = []): string | undefined {
  const may = rows.filter((row) => reports(row, objective) && bounds.every((bound) => keeps(row, bound)));
  const unbeaten = may.filter((row) => !may.some((other) => other !== row && beats(other, row, objective)));
  if (unbeaten.length > 1) { throw new Error(`${unbeaten.length} rows are best by ${objective}.`); }
  return unbeaten[0]?.RecommendationId;
}

/** A row without the figure that is wanted cannot win. */
function reports({ Metrics: figures }: Row, objective: string): boolean {
  if (objective === 'LowestCostPerInference') { return figures.CostPerInference !== undefined; }
  if (objective === 'LowestCostPerHour') { return figures.CostPerHour !== undefined; }
  return objective === 'LowestLatency' ? figures.ModelLatency !== undefined : figures.MaxInvocations !== undefined;
}

/** The service's figures have seven digits that hold, so a limit on a figure is kept by it. */
function keeps({ Metrics: figures }: Row, { figure, bound, value }: Bound): boolean {
  const found = figures[figure];
  if (found === undefined) { return false; }
  const isEqual = Math.abs(found - value) <= 1e-7 * Math.max(found, value);
  return isEqual || (bound === 'most' ? found < value : found > value);
}

/** By the objective; then by cost per inference, latency, throughput, cost per hour, CPU and memory; then by the id. */
function beats(one: Row, other: Row, objective: string): boolean {
  for (const read of [wanted(objective), ...ORDER]) {
    const [a, b] = [read(one.Metrics), read(other.Metrics)];
    if (a !== b) { return a < b; }
  }
  return one.RecommendationId < other.RecommendationId;
}

/** Less is better, and what is not reported is worst. */
type Read = (figures: Figures) => number;
const least = (figure: number | undefined) => figure ?? Infinity;
const most = (figure: number | undefined) => (figure === undefined ? Infinity : -figure);

const ORDER: readonly Read[] = [
  ({ CostPerInference }) => least(CostPerInference),
  ({ ModelLatency }) => least(ModelLatency),
  ({ MaxInvocations }) => most(MaxInvocations),
  ({ CostPerHour }) => least(CostPerHour),
  ({ CpuUtilization }) => least(CpuUtilization),
  ({ MemoryUtilization }) => least(MemoryUtilization),
];

function wanted(objective: string): Read {
  switch (objective) {
    case 'LowestCostPerHour': return ORDER[3];
    case 'LowestLatency': return ORDER[1];
    case 'HighestThroughput': return ORDER[2];
    default: return ORDER[0];
  }
}
