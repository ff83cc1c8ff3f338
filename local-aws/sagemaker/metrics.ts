import { underBenchmark } from './benchmark-load';
import { Minute, Served, servedEndpoints } from './endpoint-load';
import { SageMakerState } from './state';
import { JOBS_TELEMETRY } from '../../src/service/console-link';
import { Datum, datum, Metric, MetricSource, MetricState } from '../cloudwatch';
import { Region } from '../kernel';

const MINUTE_MS = 60_000;

type Values = ReadonlyArray<readonly [value: number, count: number]>;

/** A metric by its name: its unit, and what a minute measured. */
type Measures = Readonly<Record<string, { readonly unit: string; readonly values: (minute: Minute) => Values | undefined }>>;

/** How latencies lie around their mean: figures of ours. The 95th percentile is 1.5 times the mean, and the 99th twice. */
const SPREAD: Values = [[0.7, 0.5], [8 / 7, 0.35], [1.5, 0.1], [2, 0.05]];
const OVERHEAD_MS = 4;

const spread = (mean: number, count: number): Values => SPREAD.map(([factor, share]) => [mean * factor, share * count] as const);
const failing = (count: number, all: number): Values => [[1, count], [0, all - count]];

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics): latencies are microseconds. */
const INVOCATIONS: Measures = {
  Invocations: { unit: 'None', values: ({ invocations }) => [[1, invocations]] },
  InvocationsPerInstance: { unit: 'None', values: ({ invocations, instances }) => instances === undefined ? undefined : [[1 / instances, invocations]] },
  Invocation4XXErrors: { unit: 'None', values: ({ invocations }) => [[0, invocations]] },
  Invocation5XXErrors: { unit: 'None', values: ({ invocations, errors }) => failing(errors, invocations) },
  InvocationModelErrors: { unit: 'None', values: ({ invocations, errors }) => failing(errors, invocations) },
  ModelLatency: { unit: 'Microseconds', values: ({ latencyMs, invocations, errors }) => spread(latencyMs * 1000, invocations - errors) },
  OverheadLatency: { unit: 'Microseconds', values: ({ invocations, errors }) => spread(OVERHEAD_MS * 1000, invocations - errors) },
};

/** The same page (endpoint metrics): CPUUtilization is the sum of all cores, so four cores have up to 400 percent. */
const INSTANCES: Measures = {
  CPUUtilization: { unit: 'Percent', values: ({ cpuPercent, instances }) => cpuPercent === undefined ? undefined : [[cpuPercent, instances ?? 1]] },
  MemoryUtilization: { unit: 'Percent', values: ({ memoryPercent, instances }) => memoryPercent === undefined ? undefined : [[memoryPercent, instances ?? 1]] },
};

/** The same page (Inference Recommender jobs metrics): latencies are milliseconds. */
const CLIENTS: Measures = {
  ClientInvocations: { unit: 'None', values: ({ invocations }) => [[1, invocations]] },
  ClientInvocationErrors: { unit: 'None', values: ({ invocations, errors }) => failing(errors, invocations) },
  ClientLatency: { unit: 'Milliseconds', values: ({ latencyMs, invocations, errors }) => spread(latencyMs + OVERHEAD_MS, invocations - errors) },
  NumberOfUsers: { unit: 'None', values: ({ users }) => users === undefined ? undefined : [[users, 1]] },
};

/** The metrics of endpoints and of jobs' benchmarks. Nothing of them is kept: they are computed from what serves, and from the jobs. */
export function registerMetrics(region: Region): void {
  const room = region.room(MetricState);
  const benchmarks = () => [...region.room(SageMakerState).jobs.values()].flatMap((job) => underBenchmark(job));
  const serving = () => [...servedEndpoints(region), ...benchmarks()];
  const ofVariant = ({ endpointName, variantName }: Served) => ({ EndpointName: endpointName, VariantName: variantName });
  room.register('AWS/SageMaker', sourceOf('AWS/SageMaker', INVOCATIONS, serving, ofVariant, region));
  room.register('/aws/sagemaker/Endpoints', sourceOf('/aws/sagemaker/Endpoints', INSTANCES, serving, ofVariant, region));
  const jobs = JOBS_TELEMETRY;
  const ofJob = ({ jobName, endpointName }: Served) => ({ EndpointName: endpointName, JobName: jobName! });
  room.register(jobs, sourceOf(jobs, CLIENTS, benchmarks, ofJob, region));
}

function sourceOf(
  namespace: string, measures: Measures, served: () => readonly Served[], namesOf: (one: Served) => Readonly<Record<string, string>>, region: Region,
): MetricSource {
  const dimensionsOf = (one: Served) => Object.entries(namesOf(one)).map(([Name, Value]) => ({ Name, Value }));
  return {
    metrics: () => served().flatMap((one) => Object.keys(measures)
      .filter((name) => minutesOf(one, -Infinity, Infinity, region, 1).some(({ minute }) => measures[name].values(minute) !== undefined))
      .map((name): Metric => ({ namespace, name, dimensions: dimensionsOf(one) }))),
    data: ({ name, dimensions }, from, to) => {
      const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
      const wanted = JSON.stringify(dimensions);
      const found = measure && served().find((one) => JSON.stringify(dimensionsOf(one)) === wanted);
      return found ? minutesOf(found, from, to, region).flatMap(({ at, minute }) => measured(at, measure!.unit, measure!.values(minute))) : [];
    },
  };
}

function measured(at: number, unit: string, values: Values = []): Datum[] {
  const counted = values.filter(([, count]) => count > 0);
  return counted.length > 0 ? [datum(at, unit, counted)] : [];
}

/** The minutes in which something served, on the clock, up to now: not more than `most` of them. */
function minutesOf(
  { begun, ended, minuteAt }: Served, from: number, to: number, { clock }: Region, most = Infinity,
): Array<{ at: number; minute: Minute }> {
  const first = Math.floor(begun / MINUTE_MS) * MINUTE_MS;
  const until = Math.min(ended ?? Infinity, clock.now(), to);
  const found: Array<{ at: number; minute: Minute }> = [];
  for (let at = Math.max(first, Math.ceil(Math.max(from, first) / MINUTE_MS) * MINUTE_MS); at < until && found.length < most; at += MINUTE_MS) {
    found.push({ at, minute: minuteAt((at - first) / MINUTE_MS) });
  }
  return found;
}
