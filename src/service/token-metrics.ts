/**
 * Metrics of a generative model's speed, spelled as AIPerf spells them: in its exports, and in the expected performance of a recommendation.
 * `better` says which direction is better; `dimension` says what its unit measures.
 * Sources: https://docs.nvidia.com/aiperf/v0.14.0/reference/ai-perf-metrics-reference,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html (Review benchmark results)
 */
export const TOKEN_METRICS = {
  time_to_first_token: { better: 'less', dimension: 'time' },
  time_to_second_token: { better: 'less', dimension: 'time' },
  time_to_first_output_token: { better: 'less', dimension: 'time' },
  inter_token_latency: { better: 'less', dimension: 'time' },
  inter_chunk_latency: { better: 'less', dimension: 'time' },
  request_latency: { better: 'less', dimension: 'time' },
  output_token_throughput: { better: 'more', dimension: 'tokens-per-second' },
  output_token_throughput_per_user: { better: 'more', dimension: 'tokens-per-second-per-user' },
  total_token_throughput: { better: 'more', dimension: 'tokens-per-second' },
  request_throughput: { better: 'more', dimension: 'requests-per-second' },
  goodput: { better: 'more', dimension: 'requests-per-second' },
  cost_per_million_input_tokens: { better: 'less', dimension: 'usd' },
  cost_per_million_output_tokens: { better: 'less', dimension: 'usd' },
} as const satisfies Record<string, { better: 'less' | 'more'; dimension: Dimension }>;
export type TokenMetric = keyof typeof TOKEN_METRICS;

/** Values of one dimension can be compared once they have its unit; those of two cannot. */
export type Dimension = 'time' | 'tokens-per-second' | 'tokens-per-second-per-user' | 'requests-per-second' | 'usd';

/** The unit in which the values of a dimension are compared. */
export const BASE_UNITS: Readonly<Record<Dimension, string>> = {
  'time': 'ms',
  'tokens-per-second': 'tokens/sec',
  'tokens-per-second-per-user': 'tokens/sec/user',
  'requests-per-second': 'requests/sec',
  'usd': 'USD',
};

/** Statistics of a metric, as AIPerf writes them. A throughput has `avg` alone: it is one value of the whole run. */
export const TOKEN_STATS = ['avg', 'min', 'max', 'p1', 'p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'std', 'count', 'sum'] as const;
export type TokenStat = typeof TOKEN_STATS[number];

/** Other spellings of a metric. The time per output token of other tools has the formula of AIPerf's inter-token latency. */
const METRIC_SPELLINGS: Readonly<Record<string, TokenMetric>> = {
  ttft: 'time_to_first_token',
  first_token_latency: 'time_to_first_token',
  ttst: 'time_to_second_token',
  ttfo: 'time_to_first_output_token',
  itl: 'inter_token_latency',
  inter_token: 'inter_token_latency',
  tpot: 'inter_token_latency',
  time_per_output_token: 'inter_token_latency',
  icl: 'inter_chunk_latency',
  e2e_latency: 'request_latency',
  end_to_end_latency: 'request_latency',
  output_throughput: 'output_token_throughput',
  output_tokens_per_second: 'output_token_throughput',
  output_tokens_per_sec: 'output_token_throughput',
  output_throughput_per_user: 'output_token_throughput_per_user',
  total_throughput: 'total_token_throughput',
  request_per_second: 'request_throughput',
  requests_per_second: 'request_throughput',
  requests_per_sec: 'request_throughput',
  rps: 'request_throughput',
  cost_per_million_tokens_in: 'cost_per_million_input_tokens',
  cost_per_million_tokens_out: 'cost_per_million_output_tokens',
};

const STAT_SPELLINGS: Readonly<Record<string, TokenStat>> = {
  average: 'avg',
  mean: 'avg',
  minimum: 'min',
  maximum: 'max',
  median: 'p50',
  stddev: 'std',
  std_dev: 'std',
  standard_deviation: 'std',
};

/** What the name of a metric tells: `ttft_ms_p50` has its unit and its statistic in it. */
export interface NamedMetric {
  readonly metric: TokenMetric;
  readonly stat?: TokenStat;
  readonly unit?: string;
}

/**
 * Reads a metric's name in any case, with hyphens, spaces or underscores, or as a short form such as `TTFT`, `itl` or `ttft-ms`.
 *
 * @param unit decides for `throughput`, which names no subject; without it such a name is not known
 * @returns `undefined` if the name is not known
 */
export function namedMetric(text: string | undefined, unit?: string): NamedMetric | undefined {
  let words = wordsOf(text);
  const told: { stat?: TokenStat; unit?: string } = {};
  while (words.length > 0) {
    const metric = metricOf(words.join('_'), told.unit ?? unit);
    if (metric) { return { metric, ...told }; }
    const end = words[words.length - 1];
    if (!told.stat && canonicalStat(end)) {
      told.stat = canonicalStat(end);
      words = words.slice(0, -1);
    } else if (!told.unit && isUnit(end)) {
      told.unit = end;
      words = words.slice(0, -1);
    } else if (!told.stat && canonicalStat(words[0])) {
      told.stat = canonicalStat(words[0]);
      words = words.slice(1);
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** The metric that a name means: see `namedMetric`. */
export function canonicalMetric(text: string | undefined, unit?: string): TokenMetric | undefined {
  return namedMetric(text, unit)?.metric;
}

/** The statistic that a name means, in any case: `P99`, `mean`, `median`. `undefined` if it is not known. */
export function canonicalStat(text: string | undefined): TokenStat | undefined {
  const name = wordsOf(text).join('_');
  return TOKEN_STATS.find((stat) => stat === name) ?? own(STAT_SPELLINGS, name);
}

/** A value in its dimension's own unit, of `BASE_UNITS`. */
export interface Quantity {
  readonly dimension: Dimension;
  readonly value: number;
}

/**
 * A value that can be compared with others of its dimension.
 *
 * @param unit as it was given: `ms`, `sec`, `tokens/sec`, `Requests per second`, `USD`
 * @returns `undefined` if the unit is missing or not known: it is never assumed
 */
export function quantityOf(value: number | undefined, unit: string | undefined): Quantity | undefined {
  const scale = scaleOf(unit);
  return scale && value !== undefined && Number.isFinite(value) ? { dimension: scale.dimension, value: value * scale.factor } : undefined;
}

/** The number that a text is, as a whole. `undefined` for any other text, and for what is no finite number. */
export function numberIn(text: unknown): number | undefined {
  if (typeof text === 'string' && !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) { return undefined; }
  const value = typeof text === 'string' ? Number(text) : text;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Milliseconds of each unit of time. AIPerf writes `ms`, `sec`, `us` and `ns`. */
const MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanosecond: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  usec: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  msec: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1e3,
  sec: 1e3,
  secs: 1e3,
  second: 1e3,
  seconds: 1e3,
  min: 60e3,
  minute: 60e3,
  minutes: 60e3,
};

const COUNTED: Readonly<Record<string, 'tokens' | 'requests'>> = {
  tokens: 'tokens',
  token: 'tokens',
  tok: 'tokens',
  toks: 'tokens',
  requests: 'requests',
  request: 'requests',
  req: 'requests',
  reqs: 'requests',
};

const USD = ['usd', '$', 'dollar', 'dollars'];

function scaleOf(unit: string | undefined): { readonly dimension: Dimension; readonly factor: number } | undefined {
  const [what, time, user, ...more] = partsOf(unit);
  if (time === undefined) {
    if (USD.includes(what)) { return { dimension: 'usd', factor: 1 }; }
    const factor = own(MS, what);
    return factor === undefined ? undefined : { dimension: 'time', factor };
  }
  const counted = own(COUNTED, what);
  const ms = own(MS, time);
  if (!counted || ms === undefined || more.length > 0) { return undefined; }
  if (user === undefined) { return { dimension: `${counted}-per-second`, factor: 1e3 / ms }; }
  return counted === 'tokens' && /^users?$/.test(user) ? { dimension: 'tokens-per-second-per-user', factor: 1e3 / ms } : undefined;
}

/** `Tokens per Second` and `TokensPerSecond` are `tokens/sec`. */
function partsOf(unit: string | undefined): string[] {
  const text = divided(unit ?? '').toLowerCase().replace(/[\s_-]+/g, ' ').replace(/ ?\bper\b ?/g, '/').replace(/^rps$/, 'requests/sec');
  return text.split('/').map((part) => part.trim());
}

function metricOf(name: string, unit: string | undefined): TokenMetric | undefined {
  if (Object.hasOwn(TOKEN_METRICS, name)) { return name as TokenMetric; }
  if (name === 'throughput') { return BY_DIMENSION[scaleOf(unit)?.dimension ?? 'time']; }
  return own(METRIC_SPELLINGS, name);
}

/** The metric of AIPerf that a plain `throughput` is. */
const BY_DIMENSION: Readonly<Partial<Record<Dimension, TokenMetric>>> = {
  'tokens-per-second': 'output_token_throughput',
  'tokens-per-second-per-user': 'output_token_throughput_per_user',
  'requests-per-second': 'request_throughput',
};

function isUnit(word: string): boolean {
  return scaleOf(word) !== undefined;
}

/** The words of a name in lower case. `TimeToFirstToken` has four, `TTFT` one. */
function wordsOf(text: string | undefined): string[] {
  return divided(text ?? '').toLowerCase().split(/[^a-z0-9µμ$]+/).filter((word) => word !== '');
}

function divided(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

/** Only own members: `constructor` is no spelling. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
