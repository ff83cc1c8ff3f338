import { Datum, datum, inPeriods, measureOf } from './datapoints';
import { invalid, wrong } from './errors';
import { checkPeriod, queried } from './metric-data';
import { Metric, metricOf, MetricState, shown } from './metric-state';
import { AwsError, Call, numberedPage, Operations, epochMilliseconds } from '../kernel';

const LISTED = 500;
const MOST_DATA = 1000;
const MOST_VALUES = 150;
const MOST_DATAPOINTS = 100_800;
const MOST_STATISTICS = 1440;
const RECENT_MS = 3 * 3_600_000;

/** Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html, the page of each operation. */
export const metricOperations: Operations = {
  PutMetricData({ Namespace, MetricData = [] }, call) {
    // API_PutMetricData: AWS's own namespaces begin so.
    if (/^AWS\//.test(Namespace)) { throw wrong(`The value ${Namespace} for parameter Namespace is invalid.`); }
    if (MetricData.length === 0) { throw new AwsError('MissingParameter', 'The parameter MetricData is required.'); }
    if (MetricData.length > MOST_DATA) { throw wrong(`The collection MetricData must not have a size greater than ${MOST_DATA}.`); }
    const all = MetricData.map((given: any, index: number) => ({
      metric: metricOf({ ...given, Namespace }), measured: measured(given, `MetricData.member.${index + 1}`, call),
    }));
    all.forEach(({ metric, measured: one }: { metric: Metric; measured: Datum }) => call.region.room(MetricState).put(metric, one));
  },

  ListMetrics({ Namespace, MetricName, Dimensions = [], RecentlyActive, NextToken }, { region }) {
    const now = region.clock.now();
    const room = region.room(MetricState);
    const found = room.metrics()
      .filter(({ namespace, name }) => [undefined, namespace].includes(Namespace) && [undefined, name].includes(MetricName))
      .filter(({ dimensions }) => Dimensions.every((wanted: any) => (
        dimensions.some(({ Name, Value }) => Name === wanted.Name && [undefined, Value].includes(wanted.Value)))))
      .filter((metric) => RecentlyActive === undefined || room.data(metric, now - RECENT_MS, now + 1).length > 0);
    const { items, next } = numberedPage(found, NextToken, LISTED, () => wrong('The value for parameter NextToken is invalid.'));
    return { Metrics: items.map(shown), NextToken: next };
  },

  GetMetricStatistics({ StartTime, EndTime, Period, Statistics = [], ExtendedStatistics = [], Unit, ...input }, { region }) {
    const [from, to] = [epochMilliseconds(StartTime), epochMilliseconds(EndTime)];
    if (from >= to) { throw wrong('The parameter StartTime must be less than the parameter EndTime.'); }
    if (Statistics.length + ExtendedStatistics.length === 0) { throw new AwsError('MissingParameter', 'At least one of the parameters Statistics and ExtendedStatistics must be specified.'); }
    checkPeriod(Period);
    const [plain, percentiles] = [Statistics, ExtendedStatistics].map((names: string[]) => names.map((name) => ({ name, measure: measureOf(name) })));
    const metric = metricOf(input);
    const data = region.room(MetricState).data(metric, from, to).filter(({ unit }) => [undefined, unit].includes(Unit));
    const units = [...new Set(data.map(({ unit }) => unit))];
    const Datapoints = units.flatMap((unit) => [...inPeriods(data.filter((one) => one.unit === unit), Period)].map(([at, all]) => ({
      Timestamp: new Date(at),
      ...Object.fromEntries(plain.map(({ name, measure }) => [name, measure(all)])),
      ExtendedStatistics: percentiles.length > 0 ? Object.fromEntries(percentiles.map(({ name, measure }) => [name, measure(all)])) : undefined,
      Unit: unit,
    })));
    if (Datapoints.length > MOST_STATISTICS) {
      throw new AwsError('InvalidParameterCombination', `You have requested up to ${Datapoints.length} datapoints, which exceeds the limit of ${MOST_STATISTICS}. `
        + 'You may reduce the datapoints requested by increasing Period, or decreasing the time range.');
    }
    return { Label: metric.name, Datapoints };
  },

  GetMetricData({ MetricDataQueries, StartTime, EndTime, ScanBy = 'TimestampDescending', MaxDatapoints = MOST_DATAPOINTS, NextToken }, { region }) {
    const [from, to] = [epochMilliseconds(StartTime), epochMilliseconds(EndTime)];
    if (from >= to) { throw invalid('The parameter StartTime must be less than the parameter EndTime.'); }
    if (MaxDatapoints < 1 || MaxDatapoints > MOST_DATAPOINTS) { throw invalid(`MaxDatapoints must be from 1 to ${MOST_DATAPOINTS}, got: ${MaxDatapoints}`); }
    const results = queried(MetricDataQueries, from, to, region);
    const points = results.flatMap(({ series }, result) => {
      const ordered = [...series].sort(([a], [b]) => a - b);
      return (ScanBy === 'TimestampAscending' ? ordered : ordered.reverse()).map(([at, value]) => ({ result, at, value }));
    });
    const { items, next } = numberedPage(points, NextToken, MaxDatapoints, () => new AwsError('InvalidNextToken', 'The next token specified is invalid.'));
    const left = new Set(next === undefined ? [] : points.slice(Number(next)).map(({ result }) => result));
    return {
      MetricDataResults: results.map(({ id, label }, index) => {
        const own = items.filter(({ result }) => result === index);
        return {
          Id: id,
          Label: label,
          Timestamps: own.map(({ at }) => new Date(at)),
          Values: own.map(({ value }) => value),
          StatusCode: left.has(index) ? 'PartialData' : 'Complete',
        };
      }),
      NextToken: next,
      Messages: [],
    };
  },
};

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
function measured({ Timestamp, Value, Values, Counts, StatisticValues, Unit = 'None' }: any, path: string, { region }: Call): Datum {
  const at = Timestamp === undefined ? region.clock.now() : epochMilliseconds(Timestamp);
  if ([Value, Values, StatisticValues].filter((member) => member !== undefined).length !== 1) {
    throw new AwsError('InvalidParameterCombination', `Exactly one of the parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues must be specified.`);
  }
  if (StatisticValues) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = StatisticValues;
    [count, sum, min, max].forEach((value) => checkValue(value, path));
    return { at, unit: Unit, count, sum, min, max };
  }
  const values: number[] = Values ?? [Value];
  if (Counts !== undefined && (Values === undefined || Counts.length !== values.length)) { throw wrong(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`); }
  if (values.length === 0 || values.length > MOST_VALUES) { throw wrong(`The collection ${path}.Values must have from 1 to ${MOST_VALUES} values.`); }
  values.forEach((value) => checkValue(value, path));
  return datum(at, Unit, values.map((value, index) => [value, Counts?.[index] ?? 1] as const));
}

function checkValue(value: number, path: string): void {
  if (!Number.isFinite(value) || Math.abs(value) > 2 ** 360) { throw wrong(`The value ${value} for parameter ${path}.Value is invalid.`); }
}
