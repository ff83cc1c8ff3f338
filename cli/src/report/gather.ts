import { ChoiceData, JobData, RecommendationData, servable } from './data';
import { requestOf } from './request';
import type { ScalingRange } from './scaling';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import type { Criteria, TargetLoad } from '../../../lambda/recommend/criteria';
import { objectionsTo, withLoad } from '../../../lambda/recommend/rank';
import { COST_TAG } from '../../../src/contract/claims';
import type { Choice } from '../subject/choice';
import { endpointText, uncountedText } from '../subject/endpoint';
import { Judged, judged } from '../subject/ranking';
import type { JobOfStack } from '../subject/subject';
import { notesOf } from '../subject/words';

export function jobData({ construct, job, jobName, choices }: JobOfStack, ranges: ReadonlyMap<string, readonly ScalingRange[]>): JobData {
  if (!job) { return { construct, name: jobName, benchmarks: [], request: {}, choices: [] }; }
  const { arn, type, title, status, phase, failureReason, created, ended, target, tags, benchmarks } = job;
  return {
    construct,
    name: jobName,
    arn,
    type,
    title,
    status,
    phase,
    failureReason,
    created,
    ended,
    target,
    benchmarks: benchmarks.map((one) => (
      { endpoint: endpointText(one.endpoint), status: one.status, failureReason: one.failureReason, logStream: one.logStream })),
    estimatedCost: tags[COST_TAG],
    usdAtLeast: job.usdAtLeast,
    request: requestOf(job.request),
    choices: phase === 'completed' ? choices.map((choice) => choiceData(choice, ranges)) : [],
  };
}

function choiceData(choice: Choice, ranges: ReadonlyMap<string, readonly ScalingRange[]>): ChoiceData {
  const { name, criteria, pending, written } = choice;
  const { objective, limits, load, maxConcurrency } = criteria;
  const all = judged(choice);
  const recommendations = all.map((one, at) => recommendationData(one, at + 1, all, criteria));
  return {
    name,
    objective,
    limits: limits.map(({ metric, bound, value }) => ({ metric, bound, value })),
    load,
    maxConcurrency,
    notes: notesOf(choice),
    recommendations,
    pending,
    adopted: pending && written?.Chosen,
    scaling: (name === undefined ? undefined : ranges.get(name)) ?? [],
    shownLoad: shownLoad(recommendations, load),
  };
}

function recommendationData(
  { verdict, endpoint, ranked, reasons }: Judged, rank: number, all: readonly Judged[], criteria: Criteria,
): RecommendationData {
  const { recommendation, figures } = ranked;
  const { instanceType, memoryMb } = endpoint;
  const label = uncountedText(endpoint);
  const isAlike = (other: Judged) => other.endpoint.instanceType === instanceType && other.endpoint.memoryMb === memoryMb;
  const tuned = all.filter(isAlike).length > 1 ? Object.entries(recommendation.environment).map(([name, value]) => ` ${name}=${value}`).join('') : '';
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
function shownLoad(recommendations: readonly RecommendationData[], load: TargetLoad | undefined): number | undefined {
  const [best] = servable(recommendations);
  if (!best) { return undefined; }
  return load?.invocationsPerMinute || Math.max(1, Number(best.benchmarked.figures.MaxInvocations.toPrecision(2)));
}
