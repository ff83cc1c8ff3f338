import { Datum } from './datapoints';
import { Region } from '../kernel';

/** A metric of a service or of an account's own. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** In the order of their names. */
  readonly dimensions: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
}

/** Metrics that are computed when somebody reads them. Higher rooms register theirs. */
export interface MetricSource {
  /** Those that have data. */
  metrics(): Metric[];
  /** The data from a time on and before another one; none if the metric is not of this source. */
  data(metric: Metric, from: number, to: number): Datum[];
}

interface KeptMetric {
  readonly metric: Metric;
  readonly data: Datum[];
}

/** The metrics of an account in a Region. */
export class MetricState {
  /** By their keys. */
  protected readonly kept = new Map<string, KeptMetric>();
  /** By their namespaces. */
  protected readonly sources = new Map<string, MetricSource>();

  constructor(protected readonly region: Region) {}

  public register(namespace: string, source: MetricSource): void {
    this.sources.set(namespace, source);
  }

  public put(metric: Metric, datum: Datum): void {
    const key = keyOf(metric);
    const found = this.kept.get(key);
    if (found) { found.data.push(datum); } else { this.kept.set(key, { metric, data: [datum] }); }
  }

  /** The metrics that have data, in the order of their keys. */
  public metrics(): Metric[] {
    const all = [...[...this.kept.values()].map(({ metric }) => metric), ...[...this.sources.values()].flatMap((source) => source.metrics())];
    const keyed = new Map(all.map((metric) => [keyOf(metric), metric]));
    return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric);
  }

  /** The data of a metric from a time on and before another one. */
  public data(metric: Metric, from: number, to: number): Datum[] {
    const own = this.kept.get(keyOf(metric))?.data.filter(({ at }) => at >= from && at < to) ?? [];
    return [...own, ...this.sources.get(metric.namespace)?.data(metric, from, to) ?? []];
  }

  public has(metric: Metric): boolean {
    const key = keyOf(metric);
    return this.kept.has(key) || (this.sources.get(metric.namespace)?.metrics().some((one) => keyOf(one) === key) ?? false);
  }
}

/** A metric as a request names it. */
export function metricOf({ Namespace, MetricName, Dimensions = [] }: any): Metric {
  const dimensions = Dimensions.map(({ Name, Value }: any) => ({ Name, Value }));
  return { namespace: Namespace, name: MetricName, dimensions: dimensions.sort((a: any, b: any) => (a.Name < b.Name ? -1 : 1)) };
}

/** A metric as an answer shows it. */
export function shown({ namespace, name, dimensions }: Metric): object {
  return { Namespace: namespace, MetricName: name, Dimensions: dimensions };
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, ...dimensions.map(({ Name, Value }) => [Name, Value])]);
}
