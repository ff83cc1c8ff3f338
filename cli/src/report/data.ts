import { fleetAt } from './fleet';
import type { ScalingRange } from './scaling';
import type { Figures, JobRecommendation } from '../../../lambda/jobs/family';
import type { TargetLoad } from '../../../lambda/recommend/criteria';
import type { Choice } from '../subject/choice';
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
  readonly type?: JobView['type'];
  /** What people call it. */
  readonly title?: string;
  /** `undefined` while the service does not know the job. */
  readonly status?: string;
  readonly phase?: JobView['phase'];
  readonly failureReason?: string;
  readonly created?: Date;
  readonly ended?: Date;
  /** The package or the model that is benchmarked. */
  readonly target?: string;
  readonly benchmarks: readonly BenchmarkData[];
  readonly estimatedCost?: string;
  /** What the benchmarks cost while they got requests. They also cost before and after that. `undefined` if no benchmark tells its times. */
  readonly usdAtLeast?: number;
  readonly request: Readonly<Record<string, unknown>>;
  readonly choices: readonly ChoiceData[];
}

export interface BenchmarkData {
  readonly endpoint: string;
  readonly status: string;
  readonly failureReason?: string;
  readonly logStream?: string;
}

export interface ChoiceData {
  readonly name?: string;
  readonly objective: string;
  readonly limits: ReadonlyArray<{ readonly metric: string; readonly bound: 'most' | 'least'; readonly value: number }>;
  readonly load?: TargetLoad;
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

/**
 * Those that may be chosen, and those of the other kind, so that the kinds can be compared; if none may be chosen, all. A recommendation without the
 * figures of a fleet is in neither.
 */
export function servable(recommendations: readonly RecommendationData[]): RecommendationData[] {
  const isKnown = ({ benchmarked }: RecommendationData) => (
    benchmarked.figures.MaxInvocations > 0 && !Number.isNaN(fleetAt(benchmarked, { invocationsPerMinute: 1, headroomPercent: 0 }).usdPerMonth));
  const known = recommendations.filter(isKnown);
  const isAllowed = ({ verdict }: RecommendationData) => verdict !== 'rejected';
  return known.some(isAllowed) ? known.filter((one) => isAllowed(one) || one.isOtherKind) : known;
}
