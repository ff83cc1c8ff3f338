/** A level of a search that broke a limit. */
export interface SearchBreach {
  /** As AIPerf spells it, such as `time_to_first_token`. */
  readonly metric: string;
  readonly stat?: string;
  /** In the unit that AIPerf measures the metric in. */
  readonly limit?: number;
  readonly observed?: number;
}

/** What a search for the most load within limits has found. */
export interface BenchmarkSearch {
  /** What was varied, such as `phases.profiling.concurrency`. Empty if the search varied several things. */
  readonly dimension: string;
  /** The highest value that kept all limits. @default - none did, or the search ended before */
  readonly highest?: number;
  /** The lowest value that broke a limit. @default - none did */
  readonly lowestBroken?: number;
  readonly breach?: SearchBreach;
  /** How many values were tried. @default - not written */
  readonly tried?: number;
  /** Why the search ended, in AIPerf's word. @default - it did not end by itself */
  readonly reason?: string;
}

/** AIPerf writes it at the root of a search's results, beside the folders of its runs. */
export const SEARCH_HISTORY = 'search_history.json';

/**
 * Reads AIPerf's history of a search. A search that was interrupted, or that varied several things, has no boundary.
 * Source: https://github.com/ai-dynamo/aiperf/blob/main/src/aiperf/exporters/search_history.py (output schema)
 */
export function searchOf(history: Readonly<Record<string, unknown>>): BenchmarkSearch {
  const boundary = recordOf(history.boundary_summary);
  const [kept, broken] = [recordOf(boundary.feasible_max), recordOf(boundary.infeasible_min)];
  const breach = recordOf(broken.first_breach);
  const metric = textOf(breach.metric_tag) ?? textOf(breach.metric);
  return withoutUnknown({
    dimension: textOf(boundary.swept_dim_path) ?? '',
    highest: numberOf(kept.value),
    lowestBroken: numberOf(broken.value),
    breach: metric === undefined ? undefined : withoutUnknown({
      metric, stat: textOf(breach.stat), limit: numberOf(breach.threshold), observed: numberOf(breach.observed),
    }),
    tried: Array.isArray(history.iterations) ? history.iterations.length : undefined,
    reason: textOf(history.convergence_reason),
  });
}

/** One sentence without its end: `of 5 values of concurrency, 256 is the highest within all limits; 512 breaks time_to_first_token p95: 213.4, limit 200`. */
export function searchText({ dimension, highest, lowestBroken, breach, tried }: BenchmarkSearch): string {
  const of = `${tried === undefined ? 'of all values' : tried === 1 ? 'of one value' : `of ${tried} values`}${dimension === '' ? '' : ` of ${dimension.split('.').pop()}`}`;
  const kept = highest === undefined ? 'none is known to be within all limits' : `${highest} is the highest within all limits`;
  const figures = [breach?.observed, breach?.limit === undefined ? undefined : `limit ${breach.limit}`].filter((one) => one !== undefined).join(', ');
  const what = breach ? [breach.metric, breach.stat].filter(Boolean).join(' ') : 'a limit';
  const broken = lowestBroken === undefined ? '' : `; ${lowestBroken} breaks ${what}${figures && `: ${figures}`}`;
  return `${of}, ${kept}${broken}`;
}

function withoutUnknown<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}
