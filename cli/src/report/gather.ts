import { capacityOf, ChoiceData, JobData, RecommendationData, servable } from './data';
import { measuredData } from './measured';
import { drawn, namedFigures, plotsOf } from './plots';
import { requestOf } from './request';
import type { ScalingRange } from './scaling';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import type { Criteria, TargetLoad } from '../../../lambda/recommend/criteria';
import { objectionsTo, withLoad } from '../../../lambda/recommend/rank';
import { COST_TAG } from '../../../src/contract/claims';
import { kindOf } from '../../../src/contract/kinds';
import type { Choice } from '../subject/choice';
import { endpointText, uncountedText } from '../subject/endpoint';
import { nounOf } from '../subject/families';
import { knownColumns } from '../subject/figures';
import { Judged, judged } from '../subject/ranking';
import type { JobOfStack } from '../subject/subject';
import { notesOf } from '../subject/words';

export function jobData({ construct, family, job, jobName, choices }: JobOfStack, ranges: ReadonlyMap<string, readonly ScalingRange[]>): JobData {
  if (!job) { return { construct, name: jobName, noun: nounOf(family), benchmarks: [], request: {}, choices: [] }; }
  const { arn, noun, title, status, phase, failureReason, created, ended, target, tags, benchmarks, measured } = job;
  return {
    construct,
    name: jobName,
    arn,
    noun,
    title,
    status,
    phase,
    failureReason,
    created,
    ended,
    target,
    details: job.details,
    benchmarks: benchmarks.map((one) => (
      { endpoint: endpointText(one.endpoint), status: one.status, failureReason: one.failureReason, logStream: one.logStream })),
    estimatedCost: tags[COST_TAG],
    usdAtLeast: job.usdAtLeast,
    request: requestOf(job.request),
    measured: measured && ('runs' in measured ? measuredData(measured) : { runs: [], ranges: [], trouble: measured.trouble }),
    choices: phase === 'completed' ? choices.map((choice) => choiceData(choice, job.family, ranges)) : [],
  };
}

function choiceData(choice: Choice, family: string, ranges: ReadonlyMap<string, readonly ScalingRange[]>): ChoiceData {
  const { name, criteria, pending, written } = choice;
  const { objective, limits, load, maxConcurrency } = criteria;
  const all = judged(choice);
  const recommendations = all.map((one, at) => recommendationData(one, at + 1, all, criteria));
  const figured = recommendations.map(({ figures, benchmarked: { reported } }) => ({ figures, reported }));
  const columns = knownColumns(criteria.kind, figured, { named: namedFigures(criteria) });
  const told = [...criteria.kind.told, ...namedFigures(criteria)];
  return {
    family,
    name,
    objective,
    limits: limits.map(({ metric, bound, value }) => ({ metric, bound, value })),
    load,
    columns: columns.filter(({ metric }) => told.includes(metric)),
    plots: plotsOf(criteria, columns).filter((plot) => drawn({ recommendations }, plot).length > 0),
    maxConcurrency,
    notes: notesOf(choice),
    recommendations,
    pending,
    adopted: pending && written?.Chosen,
    scaling: (name === undefined ? undefined : ranges.get(name)) ?? [],
    shownLoad: shownLoad({ family, recommendations }, load),
  };
}

function recommendationData(
  { verdict, endpoint, ranked, reasons }: Judged, rank: number, all: readonly Judged[], criteria: Criteria,
): RecommendationData {
  const { recommendation, figures } = ranked;
  const label = uncountedText(endpoint);
  const tuned = all.filter((other) => uncountedText(other.endpoint) === label).length > 1
    ? Object.entries(recommendation.environment).map(([name, value]) => ` ${name}=${value}`).join('') : '';
  return {
    rank,
    verdict,
    endpoint: endpointText(endpoint) + tuned,
    label,
    name: label + tuned,
    reasons,
    isOtherKind: verdict === 'rejected' && isOtherKind(recommendation, criteria),
    figures,
    // The figures are all that a fleet is computed from.
    benchmarked: { ...recommendation, attributes: {} },
  };
}

/** Whether it would be allowed if both kinds were: with a load, each kind has a cost of an hour. */
function isOtherKind(recommendation: JobRecommendation, criteria: Criteria): boolean {
  const load = criteria.load ?? { invocationsPerMinute: 1, headroomPercent: 0 };
  return objectionsTo(withLoad(recommendation, { ...criteria, load }), { ...criteria, endpointType: 'Any', load }).length === 0;
}

/** The load that is asked for, else what the best one bears as it was benchmarked, rounded to two digits. */
function shownLoad(choice: Pick<ChoiceData, 'family' | 'recommendations'>, load: TargetLoad | undefined): number | undefined {
  const [best] = servable(choice);
  if (!best) { return undefined; }
  return load?.invocationsPerMinute || Math.max(1, Number(capacityOf(best, kindOf(choice.family)).toPrecision(2)));
}
