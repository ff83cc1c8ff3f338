import { beginOf, measureOf, Series, series } from './datapoints';
import { invalid } from './errors';
import { evaluated, idsIn, queriesReadBy, readsAll, seriesOf, Surroundings, Value } from './expression';
import { metricOf, MetricState } from './metric-state';
import { Lacking, Region } from '../kernel';

/** The answer to one query of metric data. */
export interface QueryResult {
  readonly id: string;
  readonly label: string;
  readonly series: Series;
}

const MOST_QUERIES = 500;
const ID = /^[a-z]\w*$/;
const DAY = 86_400;

/** The seconds of a query's periods. */
function periodIn({ MetricStat, Period }: any): number | undefined {
  return MetricStat?.Period ?? Period;
}

/**
 * The values of queries from a time on and before another one, for those that return data.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html and API_MetricDataQuery.html there
 */
export function queried(queries: readonly any[], from: number, to: number, region: Region): QueryResult[] {
  checkQueries(queries, region);
  const room = region.room(MetricState);
  const known = new Map<string, Value>();
  const begun = new Set<string>();
  const find = (id: string) => queries.find(({ Id }) => Id === id);
  const periodOf = (id: string) => periodIn(find(id) ?? {});
  const valueOf = (id: string): Value | undefined => {
    const query = find(id);
    if (!query) { return undefined; }
    if (known.has(id)) { return known.get(id)!; }
    if (begun.has(id)) { throw invalid(`The expression ${query.Expression} refers to itself.`); }
    begun.add(id);
    const value = query.MetricStat ? ofMetric(query.MetricStat) : evaluated(query.Expression, around);
    known.set(id, value);
    return value;
  };
  const ofMetric = ({ Metric, Period, Stat, Unit }: any): Series => {
    const data = room.data(metricOf(Metric), beginOf(from, Period), to);
    return series(Unit === undefined ? data : data.filter(({ unit }) => unit === Unit), Period, Stat);
  };
  const metrics = () => queries.filter(({ MetricStat }) => MetricStat).map(({ Id }) => ({ id: Id, series: valueOf(Id) as Series }));
  const periodsRead = (id: string): number[] => {
    const { MetricStat, Expression } = find(id);
    return MetricStat ? [MetricStat.Period] : queriesReadBy(Expression, around).flatMap(periodsRead);
  };
  // Nothing asks for moments before it has the values: what refers to itself is refused by then.
  const momentsOf = (ids: readonly string[]) => momentsBetween(from, to, Math.min(...ids.flatMap(periodsRead)));
  const around: Surroundings = { valueOf, periodOf, metrics, momentsOf };
  return queries.filter(({ ReturnData }) => ReturnData !== false).flatMap((query) => {
    const all = query.MetricStat ? [valueOf(query.Id) as Series] : seriesOf(valueOf(query.Id)!, query.Expression);
    return all.map((found) => ({ id: query.Id, label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id, series: found }));
  });
}

function momentsBetween(from: number, to: number, period: number): number[] {
  const first = beginOf(from, period);
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / (period * 1000))) }, (_, index) => first + index * period * 1000);
}

function checkQueries(queries: readonly any[], region: Region): void {
  if (queries.length > MOST_QUERIES) { throw invalid(`The request has ${queries.length} queries, and may have ${MOST_QUERIES}.`); }
  if (queries.every(({ ReturnData }) => ReturnData === false)) { throw invalid('At least one of the elements must return data.'); }
  queries.forEach((query, index) => {
    const { Id, MetricStat, Expression, AccountId, Period } = query;
    if (!ID.test(Id)) { throw invalid(`The value '${Id}' for parameter MetricDataQueries.member.${index + 1}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`); }
    if (queries.findIndex((other) => other.Id === Id) < index) { throw invalid(`The values for parameter Id in MetricDataQueries are not unique: ${Id}.`); }
    if ((MetricStat === undefined) === (Expression === undefined)) { throw invalid(`Exactly one of MetricStat and Expression must be given in the query ${Id}.`); }
    if (AccountId !== undefined && AccountId !== region.account) { throw new Lacking(`Metrics of another account, such as those of ${AccountId}, are not part of the local AWS`, 'ValidationError'); }
    if (Period !== undefined && MetricStat) { throw invalid(`The query ${Id} must have Period in MetricStat only.`); }
    checkPeriod(periodIn(query) ?? 60);
    if (MetricStat) {
      if (MetricStat.Metric.Namespace === undefined || MetricStat.Metric.MetricName === undefined) { throw invalid(`The metric of the query ${Id} must have a Namespace and a MetricName.`); }
      measureOf(MetricStat.Stat);
    } else if (!readsAll(Expression) && idsIn(Expression).length === 0) {
      throw invalid(`The expression ${Expression} of the query ${Id} reads no metric.`);
    }
  });
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html (Period) */
export function checkPeriod(period: number): void {
  if (![1, 5, 10, 20, 30].includes(period) && period % 60 !== 0) { throw invalid(`Period must be 1, 5, 10, 20, 30 or a multiple of 60, got: ${period}`); }
  if (period > DAY) { throw invalid(`Period must be at most ${DAY}, got: ${period}`); }
}
