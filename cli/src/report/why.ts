import type { ChoiceData, RecommendationData } from './data';
import { paretoFront } from './pareto';
import { measureOf } from '../../../lambda/recommend/rank';
import { MetricName } from '../../../src/service/limits';
import type { Choice } from '../subject/choice';
import { figureText, MILLION, rounded } from '../subject/numbers';
import { objectiveText, whyTooFew } from '../subject/words';

/** Figures in sentences and on axes, each with its unit. */
export const METRIC_WORDS: Readonly<Record<MetricName, { readonly name: string; readonly unit: string; readonly factor: number }>> = {
  CostPerHour: { name: 'Cost an hour', unit: 'USD an hour', factor: 1 },
  CostPerInference: { name: 'Cost per million', unit: 'USD per million requests', factor: MILLION },
  MaxInvocations: { name: 'Throughput', unit: 'requests a minute', factor: 1 },
  ModelLatency: { name: 'Model latency', unit: 'ms or µs', factor: 1 },
  CpuUtilization: { name: 'CPU', unit: '% CPU', factor: 1 },
  MemoryUtilization: { name: 'Memory', unit: '% memory', factor: 1 },
};

/** The metrics of the two plots. */
export const PLOTS = [
  { name: 'latency', x: 'ModelLatency', y: 'CostPerInference', title: 'Cost against latency', better: 'The best are at the lower left.' },
  { name: 'throughput', x: 'MaxInvocations', y: 'CostPerHour', title: 'Cost against throughput', better: 'The best are at the lower right.' },
] as const;
export type PlotOf = typeof PLOTS[number];

export function withUnit(metric: string, figure: number): string {
  const { unit, factor } = METRIC_WORDS[metric as MetricName];
  return Number.isNaN(figure) ? `an unknown figure in ${unit}` : `${figureText(metric, figure * factor)} ${unit}`;
}

/** Those of a plot that no other beats: of the ones that may be chosen, or of all if none may. */
export function frontOf({ recommendations }: Pick<ChoiceData, 'recommendations'>, { x, y }: PlotOf): RecommendationData[] {
  const allowed = recommendations.filter(({ verdict }) => verdict !== 'rejected');
  const sign = x === 'MaxInvocations' ? -1 : 1;
  return paretoFront(allowed.length > 0 ? allowed : recommendations, [({ figures }) => figures[x] * sign, ({ figures }) => figures[y]]);
}

/** The recommendations that have both figures of a plot. */
export function drawn({ recommendations }: Pick<ChoiceData, 'recommendations'>, { x, y }: PlotOf): RecommendationData[] {
  return recommendations.filter(({ figures }) => figures[x] > 0 && figures[y] > 0);
}

/** Why the chosen one was chosen and by how much the next one is behind. */
export function whyChosen({ criteria }: Choice, { recommendations, objective }: ChoiceData): string[] {
  const { metric, sign } = measureOf(criteria);
  const of = (verdict: string) => recommendations.filter((one) => one.verdict === verdict);
  const [[chosen], pools, [second], rejected] = [of('chosen'), of('pool'), of('runner-up'), of('rejected')];
  const allowed = recommendations.length - rejected.length;
  if (!chosen) {
    if (recommendations.length === 0) { return ['The job recommends nothing.']; }
    const types = recommendations.filter((one) => !rejected.includes(one)).map(({ benchmarked }) => benchmarked.instanceType);
    const tooFew = whyTooFew(types, criteria.instancePools);
    return [tooFew ? `None is chosen: ${tooFew}.` : `Each of the ${recommendations.length} recommendations breaks a limit.`];
  }
  const how = metric === 'CostPerHour' && objective === 'LowestCostPerInference' ? ', compared by the cost of the load, because instances and serverless endpoints compete' : '';
  const first = allowed === 1 ? `${chosen.endpoint} is the only one that may be chosen` : `${chosen.endpoint} has the ${objectiveText(objective)} of the ${allowed} that may be chosen${how}`;
  return [
    `${first}: ${withUnit(metric, chosen.figures[metric])}.`,
    ...pools.length > 0 ? [`Where it has no capacity, ${pools.map(({ endpoint }) => endpoint).join(', then ')} serves.`] : [],
    ...second ? [`The runner-up, ${second.endpoint}, has ${withUnit(metric, second.figures[metric])}${behind(chosen.figures[metric], second.figures[metric], sign)}.`] : [],
    ...rejected.length > 0 ? [`${rejected.length} of ${recommendations.length} ${rejected.length === 1 ? 'is' : 'are'} rejected: the table says why.`] : [],
  ];
}

function behind(best: number, other: number, sign: 1 | -1): string {
  const percent = Math.abs(other - best) / best * 100;
  if (!Number.isFinite(percent)) { return ''; }
  if (percent < 0.05) { return ', practically the same, so other figures decided'; }
  return `, ${rounded(Number(percent.toPrecision(3)))}% ${sign * (other - best) > 0 ? (sign === 1 ? 'more' : 'less') : 'better in this figure alone'}`;
}
