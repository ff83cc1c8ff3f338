import { TokenFigures } from './token-performance';
import { TokenWorkload } from './workload-spec';

/** One request of a benchmark, in milliseconds and tokens. */
export interface Measured {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly timeToFirstTokenMs: number;
  readonly interTokenMs: number;
  readonly latencyMs: number;
}

/** What a benchmark measured. */
export interface Measurements {
  readonly requests: readonly Measured[];
  readonly durationSeconds: number;
}

/** The statistics of a metric, by AIPerf's names. */
export type Stats = Readonly<Record<string, number>>;

/** Percentiles that AIPerf exports: `STAT_KEYS`, https://github.com/ai-dynamo/aiperf/blob/main/src/aiperf/common/constants.py */
export const PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/** A benchmark repeats no more requests than this: the others would add no other figure. */
const MOST_REQUESTS = 1000;
/** How far requests are from their mean, as the standard deviations of logarithms. */
const SPREAD = { firstToken: 0.25, interToken: 0.07 };

/**
 * The requests of a benchmark whose means are given. They lie as on a bell, and none is random: the same figures have the same requests.
 */
export function measured({ timeToFirstTokenMs, interTokenMs }: TokenFigures, work: TokenWorkload): Measurements {
  const count = Math.max(1, Math.min(MOST_REQUESTS, Math.round(work.requests)));
  const requests = Array.from({ length: count }, (_, index): Measured => {
    // Four orders of the same numbers, so that a long prompt is not always a slow one.
    const at = (step: number) => bell(((index * step) % count + 0.5) / count);
    const outputTokens = Math.max(1, Math.round(work.outputTokens + work.outputStddev * at(coprime(count, 7))));
    const first = timeToFirstTokenMs * Math.exp(SPREAD.firstToken * at(1) - SPREAD.firstToken ** 2 / 2);
    const each = interTokenMs * Math.exp(SPREAD.interToken * at(coprime(count, 3)) - SPREAD.interToken ** 2 / 2);
    return {
      inputTokens: Math.max(1, Math.round(work.inputTokens + work.inputStddev * at(coprime(count, 11)))),
      outputTokens,
      timeToFirstTokenMs: first,
      interTokenMs: each,
      latencyMs: first + each * (outputTokens - 1),
    };
  });
  const whole = requests.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / 1000;
  const longest = Math.max(...requests.map(({ latencyMs }) => latencyMs)) / 1000;
  // The time for which a request waits is in its first token, so all of the concurrency is always under way.
  return { requests, durationSeconds: Math.max(whole / work.concurrency, longest) };
}

/** The statistics of values, as AIPerf has them of a metric of requests. */
export function statsOf(values: readonly number[]): Stats {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((all, value) => all + value, 0);
  const avg = sum / sorted.length;
  // As NumPy interpolates by default.
  const percentile = (percent: number) => {
    const place = percent / 100 * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return low + (high - low) * (place % 1);
  };
  const squares = sorted.reduce((all, value) => all + (value - avg) ** 2, 0);
  return {
    avg,
    ...Object.fromEntries(PERCENTILES.map((percent) => [`p${percent}`, percentile(percent)])),
    min: sorted[0],
    max: sorted[sorted.length - 1],
    std: Math.sqrt(squares / Math.max(1, sorted.length - 1)),
    count: sorted.length,
    sum,
  };
}

/** A step that meets each of so many places once. */
function coprime(count: number, from: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = from;
  while (divisor(step, count) !== 1) { step++; }
  return step;
}

/** The place on a bell of mean 0 and deviation 1 below which a part of all lies. The logistic curve stands for the normal one, whose inverse has no formula. */
function bell(part: number): number {
  return Math.log(part / (1 - part)) / 1.702;
}
