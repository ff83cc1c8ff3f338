import { Difference, differenceOf, ordered } from './difference';
import type { ComparedJob, Comparison } from './jobs';
import { BenchmarkRun, benchmarkFigure } from '../../../src/service/aiperf';
import { BASE_UNITS, quantityOf, TOKEN_METRICS, TokenMetric } from '../../../src/service/token-metrics';
import { runName, runText } from '../subject/benchmark-archive';

/** The statistics that are compared. */
const STATS = ['avg', 'p50', 'p90', 'p95', 'p99'] as const;

/** What comes of a pair of jobs. */
export interface Compared {
  readonly comparisons: readonly Comparison[];
  /** Of the whole, one sentence each. */
  readonly notes: readonly string[];
}

/** Compares what two AI benchmark jobs have measured. @throws Error with one sentence if their runs cannot be matched */
export function compareRunSets({ runs: some = [] }: ComparedJob, { runs: others = [] }: ComparedJob, equalWithin: number): Compared {
  const { pairs, notes } = pairsOf(some, others);
  const comparisons = pairs.map(([one, other, name]) => (
    { ...name !== '' && { title: name }, ...compareRuns(one, other, name || one.models.join(', '), equalWithin) }));
  return { comparisons, notes };
}

/** What the runs of a side are, in a few words. */
export function runsText([run, ...others]: readonly BenchmarkRun[]): string {
  return others.length > 0 ? `${others.length + 1} runs` : runText(run);
}

type Pair = readonly [one: BenchmarkRun, other: BenchmarkRun, name: string];

/** Two single runs, or the runs of two sweeps by their folders. */
function pairsOf(some: readonly BenchmarkRun[], others: readonly BenchmarkRun[]): { pairs: readonly Pair[]; notes: readonly string[] } {
  if (some.length === 1 && others.length === 1) { return { pairs: [[some[0], others[0], '']], notes: [] }; }
  const named = (runs: readonly BenchmarkRun[]) => new Map(runs.map((run) => [runName(run, runs), run]));
  const [left, right] = [named(some), named(others)];
  const pairs = [...left].flatMap(([name, run]): Pair[] => (right.has(name) ? [[run, right.get(name)!, name]] : []));
  const listed = (runs: ReadonlyMap<string, unknown>) => [...runs.keys()].map((name) => name || 'one run').join(', ');
  if (pairs.length === 0) { throw new Error(`The runs cannot be matched by their folders: A has ${listed(left)}, and B has ${listed(right)}`); }
  const alone = (runs: ReadonlyMap<string, unknown>, twin: ReadonlyMap<string, unknown>, side: string) => (
    [...runs.keys()].filter((name) => !twin.has(name)).map((name) => `Only ${side} has the run ${name}.`));
  return { pairs, notes: [...alone(left, right, 'A'), ...alone(right, left, 'B')] };
}

/** Each metric that has a direction, by each statistic that one of both has. */
export function compareRuns(before: BenchmarkRun, after: BenchmarkRun, endpoint: string, equalWithin: number): Comparison {
  const metrics = Object.keys(TOKEN_METRICS) as TokenMetric[];
  const differences = metrics.flatMap((metric) => STATS.flatMap((stat) => differencesOf(before, after, { metric, stat, endpoint, equalWithin })));
  return { differences: ordered(differences), lone: [], chosen: [], notes: [...noteOf(before, 'A'), ...noteOf(after, 'B'), ...unitNotes(differences)] };
}

interface Wanted {
  readonly metric: TokenMetric;
  readonly stat: string;
  readonly endpoint: string;
  readonly equalWithin: number;
}

function differencesOf(before: BenchmarkRun, after: BenchmarkRun, { metric, stat, endpoint, equalWithin }: Wanted): Difference[] {
  const [one, other] = [benchmarkFigure(before, metric, stat), benchmarkFigure(after, metric, stat)];
  if (!one && !other) { return []; }
  const [left, right] = [one, other].map((figure) => figure && quantityOf(figure.value, figure.unit));
  const isAlike = (one?.unit ?? other!.unit) === (other?.unit ?? one!.unit);
  // Other units are converted. What cannot be converted is not compared.
  const isConverted = !isAlike && left !== undefined && left.dimension === right?.dimension;
  const unit = isConverted ? BASE_UNITS[left.dimension] : [...new Set([one?.unit, other?.unit].filter(Boolean))].join(' and ');
  const title = `${metric} ${stat}${unit === '' ? '' : ` (${unit})`}`;
  const column = {
    key: `${metric}.${stat}`, title, metric: `${metric}.${stat}`, lessIsBetter: TOKEN_METRICS[metric].better === 'less', isMoney: TOKEN_METRICS[metric].dimension === 'usd',
  };
  const difference = differenceOf(
    column, endpoint, (isConverted ? left.value : one?.value) ?? NaN, (isConverted ? right!.value : other?.value) ?? NaN, equalWithin);
  return [isAlike || isConverted ? difference : { ...difference, percent: NaN, outcome: 'units' }];
}

function noteOf({ errors, isCancelled }: BenchmarkRun, side: string): string[] {
  return [
    ...errors ? [`${side} has ${errors} ${errors === 1 ? 'request that failed and is' : 'requests that failed and are'} in no figure.`] : [],
    ...isCancelled ? [`${side} was interrupted: its figures are of a part of the run.`] : [],
  ];
}

function unitNotes(differences: readonly Difference[]): string[] {
  return differences.some(({ outcome }) => outcome === 'units') ? ['Figures whose units differ and cannot be converted count neither as better nor as worse.'] : [];
}
