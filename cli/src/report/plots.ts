import type { ChoiceData, PlotData, RecommendationData } from './data';
import { paretoFront } from './pareto';
import { Criteria, withStatistic } from '../../../lambda/recommend/criteria';
import { measureOf } from '../../../lambda/recommend/rank';
import { figureOf } from '../../../src/service/recommendation-kinds';
import type { FigureColumn } from '../subject/figures';
import { dollars, rounded } from '../subject/numbers';

/** What is drawn against what, whatever the kind. A kind has those plots whose metrics it has. */
const PLOTS = [
  { name: 'latency', x: 'ModelLatency', y: 'CostPerInference', title: 'Cost against latency' },
  { name: 'throughput', x: 'MaxInvocations', y: 'CostPerHour', title: 'Cost against throughput' },
  { name: 'first-token', x: 'TimeToFirstToken', y: 'CostPerMillionOutputTokens', title: 'Cost against the time to the first token' },
  { name: 'tokens', x: 'InterTokenLatency', y: 'OutputTokenThroughput', title: 'Throughput against inter-token latency' },
] as const;

/** The figures of one statistic that a choice names: by its limits, and by its objective. */
export function namedFigures(criteria: Criteria): string[] {
  return [...criteria.limits.map(({ metric }) => metric), measureOf(criteria).metric];
}

/** The plots of a kind. A metric that the choice names by a statistic is drawn by that statistic, so that its limit has a place. */
export function plotsOf(criteria: Criteria, columns: readonly FigureColumn[]): PlotData[] {
  const named = namedFigures(criteria);
  const columnOf = (metric: string) => {
    const wanted = named.find((one) => one.startsWith(withStatistic(metric, ''))) ?? metric;
    return columns.find((column) => column.metric === wanted) ?? columns.find((column) => column.metric === metric);
  };
  return PLOTS.flatMap(({ x: across, y: up, ...plot }): PlotData[] => {
    const [x, y] = [columnOf(across), columnOf(up)];
    return x && y ? [{ ...plot, x, y, better: `The best are at the ${y.lessIsBetter ? 'lower' : 'upper'} ${x.lessIsBetter ? 'left' : 'right'}.` }] : [];
  });
}

/** A figure in the unit of its column. NaN is unknown. */
export function inColumn({ figures }: Pick<RecommendationData, 'figures'>, { metric, factor }: Pick<FigureColumn, 'metric' | 'factor'>): number {
  return figureOf(figures, metric) * factor;
}

/** A figure in its column's unit, as people read it. */
export function textInColumn({ isMoney }: Pick<FigureColumn, 'isMoney'>, value: number): string {
  return isMoney ? dollars(value) : rounded(value);
}

/** Those of a plot that no other beats: of the ones that may be chosen, or of all if none may. */
export function frontOf({ recommendations }: Pick<ChoiceData, 'recommendations'>, { x, y }: Pick<PlotData, 'x' | 'y'>): RecommendationData[] {
  const allowed = recommendations.filter(({ verdict }) => verdict !== 'rejected');
  const costs = [x, y].map((column) => (one: RecommendationData) => inColumn(one, column) * (column.lessIsBetter ? 1 : -1));
  return paretoFront(allowed.length > 0 ? allowed : recommendations, costs);
}

/** The recommendations that have both figures of a plot. */
export function drawn({ recommendations }: Pick<ChoiceData, 'recommendations'>, { x, y }: Pick<PlotData, 'x' | 'y'>): RecommendationData[] {
  return recommendations.filter((one) => inColumn(one, x) > 0 && inColumn(one, y) > 0);
}
