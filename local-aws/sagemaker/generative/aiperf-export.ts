import { Measured, Measurements, PERCENTILES, Stats, statsOf } from './measurements';

/** A metric of `profile_export_aiperf.json`. */
export interface ProfileMetric {
  readonly unit: string;
  readonly stats: Stats;
}

/**
 * The metrics of requests by AIPerf's tags, with the headers of its CSV.
 * Source: https://github.com/ai-dynamo/aiperf/tree/main/src/aiperf/metrics/types
 */
const OF_REQUESTS: ReadonlyArray<readonly [tag: string, header: string, unit: string, value: (one: Measured) => number]> = [
  ['input_sequence_length', 'Input Sequence Length', 'tokens', ({ inputTokens }) => inputTokens],
  ['inter_token_latency', 'Inter Token Latency', 'ms', ({ interTokenMs }) => interTokenMs],
  ['output_sequence_length', 'Output Sequence Length', 'tokens', ({ outputTokens }) => outputTokens],
  ['output_token_throughput_per_user', 'Output Token Throughput Per User', 'tokens/sec/user', ({ interTokenMs }) => 1000 / interTokenMs],
  ['request_latency', 'Request Latency', 'ms', ({ latencyMs }) => latencyMs],
  ['time_to_first_token', 'Time to First Token', 'ms', ({ timeToFirstTokenMs }) => timeToFirstTokenMs],
];
const STREAMED = ['inter_token_latency', 'time_to_first_token', 'output_token_throughput_per_user'];

/** The metrics that a client sees. */
function seen(streaming: boolean): typeof OF_REQUESTS {
  return OF_REQUESTS.filter(([tag]) => streaming || !STREAMED.includes(tag));
}

/** What a run is, besides its figures. */
export interface ProfileFacts {
  readonly benchmarkId: string;
  readonly start: Date;
  readonly end: Date;
  /** What AIPerf was asked for, as it repeats it. */
  readonly inputConfig: object;
  /** Whether tokens come one by one: else nobody sees the first. */
  readonly streaming: boolean;
}

/** The statistics of a run, by AIPerf's tags. Figures of the whole run have an `avg` only. */
export function profileMetrics({ requests, durationSeconds }: Measurements, streaming: boolean): Record<string, ProfileMetric> {
  const whole = (unit: string, avg: number): ProfileMetric => ({ unit, stats: { avg } });
  const tokens = requests.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  return {
    request_throughput: whole('requests/sec', requests.length / durationSeconds),
    output_token_throughput: whole('tokens/sec', tokens / durationSeconds),
    ...Object.fromEntries(seen(streaming).map(([tag, , unit, value]) => (
      [tag, { unit, stats: statsOf(requests.map(value)) }]
    ))),
    request_count: whole('requests', requests.length),
    benchmark_duration: whole('sec', durationSeconds),
  };
}

/**
 * The files that AIPerf 0.8 writes of a run, by their names.
 * Sources: https://github.com/ai-dynamo/aiperf/blob/main/docs/reference/json-export-schema.md (schema 1.1),
 * https://github.com/ai-dynamo/aiperf/blob/main/src/aiperf/exporters/metrics_csv_exporter.py and docs/tutorials/working-with-profile-exports.md
 */
export function aiperfFiles(found: Measurements, facts: ProfileFacts): Record<string, string> {
  const metrics = profileMetrics(found, facts.streaming);
  const profile = {
    schema_version: '1.1',
    aiperf_version: '0.8.0',
    benchmark_id: facts.benchmarkId,
    ...Object.fromEntries(Object.entries(metrics).map(([tag, { unit, stats }]) => [tag, { unit, ...stats }])),
    input_config: facts.inputConfig,
    was_cancelled: false,
    error_summary: [],
    start_time: facts.start.toISOString().replace('Z', '000'),
    end_time: facts.end.toISOString().replace('Z', '000'),
  };
  return {
    'profile_export_aiperf.json': `${JSON.stringify(profile, undefined, 2)}\n`,
    'profile_export_aiperf.csv': csv(metrics),
    'profile_export.jsonl': found.requests.map((one, index) => `${JSON.stringify(record(one, index, facts))}\n`).join(''),
  };
}

/** Two sections: metrics with percentiles, and metrics with a value. */
function csv(metrics: Readonly<Record<string, ProfileMetric>>): string {
  const stats = ['avg', 'min', 'max', ...PERCENTILES.map((percent) => `p${percent}`), 'std'];
  const sorted = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = (tag: string, unit: string) => {
    const header = OF_REQUESTS.find(([one]) => one === tag)?.[1] ?? tag.replace(/(^|_)([a-z])/g, (_, before, letter) => `${before && ' '}${letter.toUpperCase()}`);
    return unit === 'requests' ? header : `${header} (${unit})`;
  };
  const rows = [
    ['Metric', ...stats],
    ...sorted.filter(([, metric]) => 'p50' in metric.stats).map(([tag, metric]) => [named(tag, metric.unit), ...stats.map((stat) => metric.stats[stat].toFixed(2))]),
    [],
    ['Metric', 'Value'],
    ...sorted.filter(([, metric]) => !('p50' in metric.stats)).map(([tag, { unit, stats: { avg } }]) => [named(tag, unit), avg.toFixed(2)]),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** A request's own record. */
function record(one: Measured, index: number, { start, streaming, benchmarkId }: ProfileFacts): object {
  const begun = start.getTime() + index * Math.round(one.latencyMs / 10);
  const metrics = seen(streaming).map(([tag, , unit, value]) => [tag, { value: value(one), unit }]);
  return {
    metadata: {
      session_num: index,
      x_request_id: `${benchmarkId}-${index}`,
      conversation_id: `session_${String(index).padStart(6, '0')}`,
      turn_index: 0,
      // Nanoseconds, as AIPerf has them: more digits than a number holds, so the last are zero.
      request_start_ns: begun * 1e6,
      request_end_ns: (begun + Math.round(one.latencyMs)) * 1e6,
      benchmark_phase: 'profiling',
      was_cancelled: false,
    },
    metrics: Object.fromEntries(metrics),
    error: null,
  };
}
