import { fleetAt } from './fleet';
import type { ScalingRange } from './scaling';
import type { Figures, JobRecommendation } from '../../../lambda/jobs/family';
import type { TargetLoad } from '../../../lambda/recommend/criteria';
import { kindOf } from '../../../src/contract/kinds';
import { figureOf, RecommendationKind } from '../../../src/service/recommendation-kinds';
import type { Choice } from '../subject/choice';
import type { FigureColumn } from '../subject/figures';
import type { JobView } from '../subject/job';
import type { Verdict } from '../subject/ranking';

/** What a report has to say. The page's script reads it, and `--json` prints it. */
export interface ReportData {
  readonly title: string;
  readonly stack?: { readonly name: string; readonly id: string; readonly status: string };
  readonly region?: string;
  /** ISO time of the report. */
  readonly made: string;
  readonly jobs: readonly JobData[];
}

export interface JobData {
  readonly construct?: string;
  readonly name?: string;
  readonly arn?: string;
  /** What its name follows: `job`, or `model`. */
  readonly noun: string;
  /** What people call it: `load test`. */
  readonly title?: string;
  /** `undefined` while the service does not know the job. */
  readonly status?: string;
  readonly phase?: JobView['phase'];
  readonly failureReason?: string;
  readonly created?: Date;
  readonly ended?: Date;
  /** What it is of, such as the package or the model that is benchmarked. */
  readonly target?: string;
  /** What else there is to know of it, in words. */
  readonly details?: readonly string[];
  readonly benchmarks: readonly BenchmarkData[];
  readonly estimatedCost?: string;
  /** What the benchmarks cost while they got requests. They also cost before and after that. `undefined` if no benchmark tells its times. */
  readonly usdAtLeast?: number;
  readonly request: Readonly<Record<string, unknown>>;
  /** What an AI benchmark job has measured. */
  readonly measured?: MeasuredData;
  readonly choices: readonly ChoiceData[];
}

export interface BenchmarkData {
  readonly endpoint: string;
  readonly status: string;
  readonly failureReason?: string;
  readonly logStream?: string;
}

export interface ChoiceData {
  /** Of the job: its figures, their units and directions follow from it. One of `src/contract/families.ts`. */
  readonly family: string;
  readonly name?: string;
  readonly objective: string;
  readonly limits: ReadonlyArray<{ readonly metric: string; readonly bound: 'most' | 'least'; readonly value: number }>;
  readonly load?: TargetLoad;
  /** The figures by which people choose, those that the choice names among them. */
  readonly columns: readonly FigureColumn[];
  readonly plots: readonly PlotData[];
  /** The greatest concurrency of a serverless endpoint. */
  readonly maxConcurrency: number;
  readonly notes: readonly string[];
  /** Best first, the rejected ones last. */
  readonly recommendations: readonly RecommendationData[];
  /** A registry's result that waits for a decision, and what is adopted. */
  readonly pending?: Choice['pending'];
  readonly adopted?: string;
  readonly scaling: readonly ScalingRange[];
  /** The load that the page begins with. `undefined` if no fleet can be told. */
  readonly shownLoad?: number;
}

/** Two figures of the recommendations against each other. */
export interface PlotData {
  readonly name: string;
  readonly title: string;
  /** Where the best are. */
  readonly better: string;
  readonly x: FigureColumn;
  readonly y: FigureColumn;
}

export interface RecommendationData {
  /** From 1: the number beside its mark in the plots. */
  readonly rank: number;
  readonly verdict: Verdict;
  readonly endpoint: string;
  /** Without counts: what a mark in a plot says. */
  readonly label: string;
  /** The label, with what the job tuned where others have the same label. */
  readonly name: string;
  readonly reasons: readonly string[];
  /** Whether it is rejected for its kind alone: as a serverless endpoint beside instances, or the other way round. */
  readonly isOtherKind: boolean;
  /** At the load of the choice. NaN is unknown, and `null` in JSON. */
  readonly figures: Figures;
  /** As the job measured it. */
  readonly benchmarked: JobRecommendation;
}

/** What an AI benchmark job has measured, as the page draws it. */
export interface MeasuredData {
  /** Of a sweep, each run of AIPerf. */
  readonly runs: readonly RunData[];
  /** What a search has found: one sentence. Absent if the workload was no search. */
  readonly search?: string;
  /** Why there are no figures: one sentence. */
  readonly trouble?: string;
  readonly ranges: readonly RangePlot[];
  /** How one figure grows with another from run to run. Absent for a single run, or if figures are missing. */
  readonly curve?: CurvePlot;
}

export interface RunData {
  /** Empty for a single run. */
  readonly name: string;
  /** Who has measured what. */
  readonly about: string;
  readonly notes: readonly string[];
}

/** The statistics of times: a row for each metric of a run, or for each run of a metric. */
export interface RangePlot {
  readonly name: string;
  readonly title: string;
  readonly rows: ReadonlyArray<{ readonly label: string; readonly values: ReadonlyArray<{ readonly stat: DrawnStat; readonly ms: number }> }>;
}

export interface CurvePlot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** In the order of the runs. */
  readonly points: ReadonlyArray<{ readonly label: string; readonly x: number; readonly y: number }>;
}

/** The statistics that are drawn. */
export const DRAWN_STATS = ['avg', 'p50', 'p90', 'p99'] as const;
export type DrawnStat = typeof DRAWN_STATS[number];

/** The requests a minute that a recommendation bears as it was benchmarked. NaN is unknown. */
export function capacityOf({ benchmarked: { figures } }: Pick<RecommendationData, 'benchmarked'>, { load }: RecommendationKind): number {
  return load ? figureOf(figures, load.metric) / load.perMinute : NaN;
}

/**
 * Those that may be chosen, and those of the other kind, so that the kinds can be compared; if none may be chosen, all. A recommendation without the
 * figures of a fleet is in neither.
 */
export function servable({ recommendations, family }: Pick<ChoiceData, 'recommendations' | 'family'>): RecommendationData[] {
  const kind = kindOf(family);
  const isKnown = (one: RecommendationData) => (
    capacityOf(one, kind) > 0 && !Number.isNaN(fleetAt(one.benchmarked, { invocationsPerMinute: 1, headroomPercent: 0 }, kind).usdPerMonth));
  const known = recommendations.filter(isKnown);
  const isAllowed = ({ verdict }: RecommendationData) => verdict !== 'rejected';
  return known.some(isAllowed) ? known.filter((one) => isAllowed(one) || one.isOtherKind) : known;
}
