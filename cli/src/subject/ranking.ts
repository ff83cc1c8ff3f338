import { Choice } from './choice';
import { Endpoint, endpointOfRecommendation, endpointText } from './endpoint';
import { figureCells, knownColumns } from './figures';
import { Criteria } from '../../../lambda/recommend/criteria';
import { measureOf, objectionsTo, RankedRecommendation } from '../../../lambda/recommend/rank';
import { figureOf, metricText } from '../../../src/service/recommendation-kinds';
import { cell, Table } from '../terminal/table';

export type Verdict = 'chosen' | 'pool' | 'runner-up' | 'allowed' | 'rejected';

/** A recommendation with its place in a choice. */
export interface Judged {
  readonly id: string;
  readonly verdict: Verdict;
  readonly endpoint: Endpoint;
  readonly ranked: RankedRecommendation;
  /** Why it is rejected, and by how much it breaks each limit. */
  readonly reasons: readonly string[];
}

/** All recommendations of a choice, best first, the rejected ones last. */
export function judged({ criteria, ranking, pools }: Choice): Judged[] {
  const chosen = pools?.chosen.map(({ recommendation }) => recommendation) ?? [];
  const runnerUp = pools && ranking.ranked.find(({ recommendation }) => recommendation !== chosen[0]);
  // A pool has the count that its weakest type needs.
  const atCount = (one: RankedRecommendation) => pools?.chosen.find(({ recommendation }) => recommendation === one.recommendation) ?? one;
  const allowed = ranking.ranked.map((one): Judged => {
    const place = chosen.indexOf(one.recommendation);
    return judgement(atCount(one), place === 0 ? 'chosen' : place > 0 ? 'pool' : one === runnerUp ? 'runner-up' : 'allowed', []);
  });
  const placeOf = ({ ranked: { recommendation } }: Judged) => chosen.indexOf(recommendation);
  const first = allowed.filter(({ verdict }) => verdict === 'chosen' || verdict === 'pool').sort((a, b) => placeOf(a) - placeOf(b));
  return [
    ...first,
    ...allowed.filter((one) => !first.includes(one)),
    ...ranking.rejected.map((one) => judgement(one, 'rejected', reasonsAgainst(one, criteria))),
  ];
}

function judgement(ranked: RankedRecommendation, verdict: Verdict, reasons: readonly string[]): Judged {
  const { recommendation, instanceCount, concurrency } = ranked;
  return { id: recommendation.id, verdict, endpoint: endpointOfRecommendation(recommendation, { instanceCount, concurrency }), ranked, reasons };
}

/** Each reason against a recommendation; with a broken limit, how far the figure is beyond it, in percent of the limit. */
function reasonsAgainst(ranked: RankedRecommendation, criteria: Criteria): string[] {
  return objectionsTo(ranked, criteria).map(({ reason, distance }) => {
    const limit = distance === undefined ? undefined : criteria.limits.find(({ metric }) => reason.startsWith(`${metricText(metric)} `));
    if (!limit || limit.value === 0) { return reason; }
    const share = Math.abs(figureOf(ranked.figures, limit.metric) - limit.value) / limit.value * 100;
    const percent = share < 0.05 ? 'less than 0.1' : new Intl.NumberFormat('en-US', { maximumSignificantDigits: share < 10 ? 2 : 3 }).format(share);
    return `${reason}: ${percent}% ${limit.bound === 'most' ? 'above' : 'below'}`;
  });
}

/** @param isWhole whether all that is known has a column, as programs want it */
export function rankingTable(choice: Choice, { isWhole = false } = {}): Table {
  const all = judged(choice);
  const { kind, limits } = choice.criteria;
  const figured = all.map(({ ranked: { figures, recommendation: { reported } } }) => ({ figures, reported }));
  const columns = knownColumns(kind, figured, { named: [measureOf(choice.criteria).metric, ...limits.map(({ metric }) => metric)], isWhole });
  const hasEnvironment = all.some(({ ranked: { recommendation } }) => Object.keys(recommendation.environment).length > 0);
  return {
    columns: [
      { key: 'verdict', title: 'verdict' },
      { key: 'endpoint', title: 'endpoint' },
      ...columns.map(({ key, title: name }) => ({ key, title: name, isFigure: true })),
      ...hasEnvironment ? [{ key: 'environment', title: 'tuned', isLong: true }] : [],
      { key: 'reasons', title: 'why not', isLong: true },
      { key: 'id', title: 'id' },
    ],
    rows: all.map(({ id, verdict, endpoint, ranked: { recommendation }, reasons }, index) => {
      const style = verdict === 'chosen' || verdict === 'pool' ? 'green' : verdict === 'rejected' ? 'dim' : undefined;
      return {
        verdict: cell(verdict, style),
        endpoint: cell(endpointText(endpoint), style),
        ...figureCells(columns, figured[index], style),
        environment: cell(Object.entries(recommendation.environment).map(([name, value]) => `${name}=${value}`).join(' '), style),
        reasons: cell(reasons.join('; '), style),
        id: cell(idText(id), 'dim'),
      };
    }),
  };
}

/** The end of an id that the service gave. One without it is made of a specification and a type. */
function idText(id: string): string {
  return id.startsWith('arn:') || !/\/ml\./.test(id) ? id.split('/').pop()! : id;
}
