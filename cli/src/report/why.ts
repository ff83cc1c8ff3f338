import type { ChoiceData } from './data';
import { measureOf } from '../../../lambda/recommend/rank';
import { kindOf } from '../../../src/contract/kinds';
import { shown } from '../../../src/service/figures';
import { figureOf, RecommendationKind } from '../../../src/service/recommendation-kinds';
import type { Choice } from '../subject/choice';
import { rounded } from '../subject/numbers';
import { objectiveText, whyTooFew } from '../subject/words';

/** Objectives that are no figure of a benchmark: what the chosen one is by them. */
const IS_CHOSEN: Readonly<Record<string, string>> = { FirstOfList: 'comes first in the service\'s list' };

/** A figure in a sentence: `180 ms to the first token (p99)`. The column of a figure says which statistic all have of it. */
export function withUnit(kind: RecommendationKind, metric: string, figure: number, columns: ChoiceData['columns'] = []): string {
  const [, statistic = /, (\w+)$/.exec(columns.find((column) => column.metric === metric)?.title ?? '')?.[1]] = metric.split('.');
  const of = statistic === undefined ? '' : ` (${statistic})`;
  return Number.isNaN(figure) ? `an unknown figure${of}` : `${shown(kind, metric, figure)}${of}`;
}

/** Why the chosen one was chosen and by how much the next one is behind. */
export function whyChosen(
  { criteria }: Choice, { recommendations, objective, family, columns }: Pick<ChoiceData, 'recommendations' | 'objective' | 'family' | 'columns'>,
): string[] {
  const kind = kindOf(family);
  const { metric, sign } = measureOf(criteria);
  const of = (verdict: string) => recommendations.filter((one) => one.verdict === verdict);
  const [[chosen], pools, [second], rejected] = [of('chosen'), of('pool'), of('runner-up'), of('rejected')];
  const allowed = recommendations.length - rejected.length;
  if (!chosen) {
    if (recommendations.length === 0) { return ['Nothing is recommended.']; }
    const types = recommendations.filter((one) => !rejected.includes(one)).map(({ benchmarked }) => benchmarked.instanceType);
    const tooFew = whyTooFew(types, criteria.instancePools);
    return [tooFew ? `None is chosen: ${tooFew}.` : `Each of the ${recommendations.length} recommendations breaks a limit.`];
  }
  const how = metric === 'CostPerHour' && objective === 'LowestCostPerInference' ? ', compared by the cost of the load, because instances and serverless endpoints compete' : '';
  const first = allowed === 1 ? `${chosen.endpoint} is the only one that may be chosen`
    : `${chosen.endpoint} ${IS_CHOSEN[objective] ?? `has the ${objectiveText(objective)}`} of the ${allowed} that may be chosen${how}`;
  const isFigure = IS_CHOSEN[objective] === undefined;
  const [best, next] = [chosen, second].map((one) => one && figureOf(one.figures, metric));
  return [
    `${first}${isFigure ? `: ${withUnit(kind, metric, best, columns)}` : ''}.`,
    ...pools.length > 0 ? [`Where it has no capacity, ${pools.map(({ endpoint }) => endpoint).join(', then ')} serves.`] : [],
    ...second ? [isFigure ? `The runner-up, ${second.endpoint}, has ${withUnit(kind, metric, next, columns)}${behind(best, next, sign)}.` : `The next one is ${second.endpoint}.`] : [],
    ...rejected.length > 0 ? [`${rejected.length} of ${recommendations.length} ${rejected.length === 1 ? 'is' : 'are'} rejected: the table says why.`] : [],
  ];
}

function behind(best: number, other: number, sign: 1 | -1): string {
  const percent = Math.abs(other - best) / best * 100;
  if (!Number.isFinite(percent)) { return ''; }
  if (percent < 0.05) { return ', practically the same, so other figures decided'; }
  return `, ${rounded(Number(percent.toPrecision(3)))}% ${sign * (other - best) > 0 ? (sign === 1 ? 'more' : 'less') : 'better in this figure alone'}`;
}
