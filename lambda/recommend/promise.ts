import { LATENCY_UNITS, PromiseAttribute, PromiseProperties } from '../../src/contract/promise';
import { SOURCES } from '../../src/contract/recommend';
import { decimal } from '../../src/service/figures';
import { asStrings, Attributes } from '../runtime/answer';
import { UserError } from '../runtime/errors';

/** No metric of an endpoint reaches this. */
const NEVER = 1e15;
const DIGITS = 6;

/** What a benchmark promised, and where an endpoint leaves it. `undefined` if the benchmark said nothing. */
type Promised = { readonly promise: number; readonly threshold: number } | undefined;

/**
 * The promise of a recommendation.
 *
 * @throws UserError if a value is invalid
 */
export function promiseOf(properties: PromiseProperties): Attributes {
  const [factor, costFactor] = (['Factor', 'CostFactor'] as const).map((name) => factorOf(name, properties[name]));
  const unit = LATENCY_UNITS.find((one) => one === properties.LatencyUnit);
  if (properties.LatencyUnit && !unit) { throw new UserError(`LatencyUnit must be one of ${LATENCY_UNITS.join(', ')}, got: '${properties.LatencyUnit}'.`); }
  const figures = figuresOf(properties);
  const instances = figures.InitialInstanceCount;
  // Cost per hour and throughput are totals over all benchmarked instances.
  const [instanceCost, load] = [figures.CostPerHour / instances, figures.MaxInvocations / instances];
  const latency = times(unit === undefined ? NaN : figures.ModelLatency / (unit === 'Microseconds' ? 1000 : 1), factor);
  const cost = times(figures.CostPerInference * 1000, costFactor);
  const capacity = times(load, factor);
  const why = properties.Source === SOURCES.benchmark ? 'the benchmark reported no figure' : `the figures are no benchmark's (${properties.Source || 'unknown'})`;
  const labels = {
    LatencyLabel: labelOf(latency, 'latency', (figure) => `${decimal(figure)} ms`, unit === undefined && !Number.isNaN(figures.ModelLatency)
      ? 'the unit of the benchmarked latency is not given' : why),
    CostLabel: labelOf(cost, 'cost', (figure) => `${decimal(figure, { isMoney: true })} USD per 1,000 requests`, why),
    LoadLabel: labelOf(capacity, 'load', (figure) => `${decimal(figure)} requests a minute to an instance`, why),
  };
  return asStrings({
    ...numbers('Latency', latency),
    ...numbers('Cost', cost),
    ...numbers('Load', capacity),
    ...labels,
    InstanceCostPerHour: plain(Number.isNaN(instanceCost) ? 0 : instanceCost),
    Summary: withoutEscapes(properties.Summary),
    Thresholds: Object.values(labels).map((label) => `${label}.`).join(' '),
  } satisfies Record<PromiseAttribute, string>);
}

type Figure = 'InitialInstanceCount' | 'CostPerHour' | 'CostPerInference' | 'MaxInvocations' | 'ModelLatency';
const FIGURES: readonly Figure[] = ['InitialInstanceCount', 'CostPerHour', 'CostPerInference', 'MaxInvocations', 'ModelLatency'];

/** The figures of a recommendation. NaN means unknown, which is also what a figure of zero means: no endpoint is free or takes no time. */
function figuresOf(properties: PromiseProperties): Record<Figure, number> {
  return Object.fromEntries(FIGURES.map((name) => {
    const given = properties[name].trim();
    const value = given === '' || given === 'NaN' ? NaN : Number(given);
    if (given !== '' && given !== 'NaN' && !(value >= 0 && Number.isFinite(value))) {
      throw new UserError(`${name} must be a number of at least 0, NaN or empty, got: '${given}'.`);
    }
    return [name, value > 0 ? value : NaN];
  })) as Record<Figure, number>;
}

function factorOf(name: string, given: string): number {
  const value = given.trim() === '' ? NaN : Number(given);
  if (!(value >= 1 && Number.isFinite(value))) { throw new UserError(`${name} must be a number of at least 1, got: '${given}'.`); }
  return value;
}

function times(promise: number, factor: number): Promised {
  return Number.isNaN(promise) ? undefined : { promise, threshold: promise * factor };
}

function numbers<N extends string>(name: N, promised: Promised) {
  return { [`${name}Promise`]: plain(promised?.promise ?? 0), [`${name}Threshold`]: plain(promised?.threshold ?? NEVER) } as Record<`${N}Promise` | `${N}Threshold`, string>;
}

function labelOf(promised: Promised, what: string, shown: (figure: number) => string, why: string): string {
  return promised ? `Promised: ${shown(promised.promise)}, broken above ${shown(promised.threshold)}` : withoutEscapes(`No promise of ${what}: ${why}`);
}

/** Without an exponent or a separator, as metric math and JSON both take it. */
function plain(figure: number): string {
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS, useGrouping: false }).format(figure);
}

/** A text of the service may have quotes or line breaks. */
function withoutEscapes(text: string): string {
  return text.replace(/"/g, '\'').replace(/[\\\u0000-\u001f\u007f]+/g, ' ');
}
