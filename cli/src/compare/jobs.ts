import { Difference, differenceOf, inWords, ordered } from './difference';
import type { Figures, JobRecommendation } from '../../../lambda/jobs/family';
import { Criteria } from '../../../lambda/recommend/criteria';
import { poolsOf } from '../../../lambda/recommend/pools';
import { rank } from '../../../lambda/recommend/rank';
import { withoutCriteria } from '../subject/choice';
import { Endpoint, endpointText, uncountedText } from '../subject/endpoint';
import { FIGURE_COLUMNS } from '../subject/figures';
import { capitalized, whyTooFew } from '../subject/words';

export type { Figures };

/** What is deployed of a job. */
export interface Chosen {
  /** The construct that chooses. */
  readonly name?: string;
  /** Absent if none may be chosen. */
  readonly endpoint?: Endpoint;
  /** Of that endpoint, at the count that is deployed. */
  readonly figures?: Figures;
  /** Why none is chosen although some may be. */
  readonly tooFew?: string;
  /** What serves if none is chosen. */
  readonly fallback?: string;
  /** By what it was chosen, so that another job's endpoint can be chosen likewise. */
  readonly criteria?: Criteria;
}

/** A job that has completed, wherever it was read. */
export interface ComparedJob {
  readonly construct?: string;
  readonly name?: string;
  readonly recommendations: readonly JobRecommendation[];
  /** Empty if nothing is known that chooses. */
  readonly chosen: readonly Chosen[];
}

/** How what is chosen has changed. */
export interface ChosenChange {
  readonly sentence: string;
  readonly before?: string;
  readonly after?: string;
  readonly differences: readonly Difference[];
  /** Whether one was chosen before, and none may be now. */
  readonly isLost: boolean;
}

/** An endpoint that only one side has. */
export interface Lone {
  readonly endpoint: string;
  readonly side: 'before' | 'after';
  readonly figures: Figures;
}

export interface Comparison {
  readonly title?: string;
  readonly differences: readonly Difference[];
  readonly lone: readonly Lone[];
  readonly chosen: readonly ChosenChange[];
  /** What the reader must know, one sentence each. */
  readonly notes: readonly string[];
}

/** Compares each endpoint that both jobs have tried, and what is chosen of each job. */
export function compareJobs(before: ComparedJob, after: ComparedJob, equalWithin: number): Comparison {
  const { pairs, onlyBefore, onlyAfter } = matched(before.recommendations, after.recommendations);
  const all = pairs.flatMap(([one, other]) => {
    const label = pairLabel(one, other);
    const isPerUnit = unitsOf(one) !== unitsOf(other);
    return differencesOf(label, isPerUnit ? perUnit(one) : one.figures, isPerUnit ? perUnit(other) : other.figures, equalWithin);
  });
  const differences = ordered(all.filter(isReported));
  const silent = FIGURE_COLUMNS.filter(({ key }) => pairs.length > 0 && !differences.some((one) => one.key === key)).map(({ title }) => title);
  const lone = (side: Lone['side']) => ({ figures, ...one }: JobRecommendation): Lone => ({ endpoint: labelOf({ figures, ...one }), side, figures });
  return {
    differences,
    lone: [...onlyBefore.map(lone('before')), ...onlyAfter.map(lone('after'))],
    chosen: chosenChanges(before, after, equalWithin),
    notes: [
      ...pairs.some(([one, other]) => unitsOf(one) !== unitsOf(other))
        ? ['Where the counts differ, costs an hour and requests a minute are compared per instance, or per unit of concurrency.'] : [],
      ...silent.length > 0 ? [`Neither job reports ${silent.join(', ')}.`] : [],
      ...missingSentence(differences),
      ...differences.some(({ outcome }) => outcome === 'units')
        ? ['Latencies are 200 to 5,000 times apart: one job probably reports milliseconds and the other microseconds. They count neither as better nor as worse.']
        : [],
      ...criteriaNotes(before, after),
    ],
  };
}

function missingSentence(differences: readonly Difference[]): string[] {
  const sideOf = (side: 'before' | 'after') => [...new Set(differences
    .filter((one) => one.outcome === 'unknown' && Number.isNaN(one[side])).map(({ title }) => title))];
  const said = ([['A', sideOf('before')], ['B', sideOf('after')]] as const).filter(([, titles]) => titles.length > 0);
  return said.map(([side, titles]) => `${side} lacks ${titles.join(', ')} of some endpoints: such a metric counts neither as equal nor as better.`);
}

/** Where nothing is known that chooses. */
function criteriaNotes({ chosen: before }: ComparedJob, { chosen: after }: ComparedJob): string[] {
  if (before.length > 0 === after.length > 0) { return before.length > 0 ? [] : ['No stack chooses here: the cheapest endpoint by request counts as chosen.']; }
  const [side, other, choices] = before.length > 0 ? ['B', 'A', before] : ['A', 'B', after];
  return [choices.every(({ criteria }) => criteria) ? `Of ${side}, what the criteria of ${other} choose counts as chosen.`
    : `Of ${side}, the cheapest endpoint by request counts as chosen, because the file has no criteria.`];
}

function isReported({ before, after }: Difference): boolean {
  return !(Number.isNaN(before) && Number.isNaN(after));
}

function differencesOf(label: string, before: Figures, after: Figures, equalWithin: number): Difference[] {
  return FIGURE_COLUMNS.map((column) => {
    const { metric, factor = 1 } = column;
    return differenceOf(column, label, before[metric] * factor, after[metric] * factor, equalWithin);
  });
}

/** Instances, or concurrency. */
export function unitsOf({ instanceType, instanceCount, serverlessConfig }: JobRecommendation): number {
  return instanceType ? instanceCount : serverlessConfig?.MaxConcurrency ?? 1;
}

/** Cost and throughput are totals over all benchmarked instances. */
function perUnit(one: JobRecommendation): Figures {
  const units = unitsOf(one);
  return { ...one.figures, CostPerHour: one.figures.CostPerHour / units, MaxInvocations: one.figures.MaxInvocations / units };
}

export function endpointOfRecommendation({ instanceType, instanceCount, serverlessConfig, isCompiled, environment }: JobRecommendation): Endpoint {
  return {
    ...instanceType
      ? { instanceType, instanceCount } : { memoryMb: serverlessConfig?.MemorySizeInMB, concurrency: serverlessConfig?.MaxConcurrency ?? 1 },
    isCompiled,
    environment,
  };
}

/** The specification of a compiled model has a name of its own in each job. */
function detailsOf({ isCompiled, environment, attributes: { InferenceSpecificationName: specification } }: JobRecommendation): string {
  return [
    ...specification && !isCompiled ? [` (${specification})`] : [],
    ...Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ` ${name}=${value}`),
  ].join('');
}

export function labelOf(one: JobRecommendation): string {
  return endpointText(endpointOfRecommendation(one)) + detailsOf(one);
}

function pairLabel(one: JobRecommendation, other: JobRecommendation): string {
  return unitsOf(one) === unitsOf(other) ? labelOf(one) : `${withoutCount(one)} × ${unitsOf(one)} and × ${unitsOf(other)}`;
}

function withoutCount(one: JobRecommendation): string {
  return uncountedText(endpointOfRecommendation(one)) + detailsOf(one);
}

interface Matched {
  readonly pairs: ReadonlyArray<readonly [JobRecommendation, JobRecommendation]>;
  readonly onlyBefore: readonly JobRecommendation[];
  readonly onlyAfter: readonly JobRecommendation[];
}

/** Endpoints that are the same, then those that differ in their count alone. The order of the lists never counts. */
export function matched(before: readonly JobRecommendation[], after: readonly JobRecommendation[]): Matched {
  const same = paired(inOrder(before), inOrder(after), labelOf);
  const alike = paired(same.onlyBefore, same.onlyAfter, withoutCount);
  return { ...alike, pairs: [...same.pairs, ...alike.pairs] };
}

function paired(before: readonly JobRecommendation[], after: readonly JobRecommendation[], keyOf: (one: JobRecommendation) => string): Matched {
  const left = [...after];
  const pairs: Array<readonly [JobRecommendation, JobRecommendation]> = [];
  const onlyBefore = before.filter((one) => {
    const at = left.findIndex((other) => keyOf(other) === keyOf(one));
    if (at < 0) { return true; }
    pairs.push([one, ...left.splice(at, 1)] as unknown as readonly [JobRecommendation, JobRecommendation]);
    return false;
  });
  return { pairs, onlyBefore, onlyAfter: left };
}

/** Of two rows of the same endpoint, the figures decide the order: ids are other ones in each job. */
function inOrder(all: readonly JobRecommendation[]): JobRecommendation[] {
  const known = (figure: number) => (Number.isNaN(figure) ? Number.MAX_VALUE : figure);
  const keyed = all.map((one) => ({ one, key: labelOf(one), figures: FIGURE_COLUMNS.map(({ metric }) => known(one.figures[metric])) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.figures
    .map((figure, index) => figure - b.figures[index]).find((difference) => difference !== 0) ?? 0)).map(({ one }) => one);
}

/** The name of a construct without the stack's, which may be another one. */
export function tailOf(name: string | undefined): string {
  return name?.split('/').slice(1).join('/') || name || '';
}

function chosenChanges(before: ComparedJob, after: ComparedJob, equalWithin: number): ChosenChange[] {
  return chosenPairs(before, after).map(([one, other]) => chosenChange(one, other, equalWithin));
}

function chosenPairs(before: ComparedJob, after: ComparedJob): Array<readonly [Chosen, Chosen]> {
  if (before.chosen.length === 0 && after.chosen.length === 0) { return [[likewise(before, {}), likewise(after, {})]]; }
  if (after.chosen.length === 0) { return before.chosen.map((one) => [one, likewise(after, one)]); }
  if (before.chosen.length === 0) { return after.chosen.map((one) => [likewise(before, one), one]); }
  if (before.chosen.length === 1 && after.chosen.length === 1) { return [[before.chosen[0], after.chosen[0]]]; }
  return before.chosen.flatMap((one) => {
    const other = after.chosen.find(({ name }) => tailOf(name) === tailOf(one.name));
    return other ? [[one, other] as const] : [];
  });
}

/** What another recommendation's criteria choose of a job. */
function likewise({ recommendations }: ComparedJob, { name, criteria = withoutCriteria(recommendations) }: Chosen): Chosen {
  const { ranked } = rank(recommendations, criteria);
  const [best] = poolsOf(ranked, criteria)?.chosen ?? [];
  if (!best) {
    return { name, criteria, tooFew: whyTooFew(ranked.map(({ recommendation }) => recommendation.instanceType), criteria.instancePools) };
  }
  const { recommendation, instanceCount = recommendation.instanceCount, concurrency, figures } = best;
  const endpoint = endpointOfRecommendation({ ...recommendation, instanceCount });
  return { name, criteria, endpoint: recommendation.instanceType ? endpoint : { ...endpoint, concurrency }, figures };
}

export function chosenText({ endpoint }: Chosen): string | undefined {
  if (!endpoint) { return undefined; }
  const tuned = Object.entries(endpoint.environment).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ` ${name}=${value}`);
  return endpointText(endpoint) + tuned.join('');
}

function chosenChange(before: Chosen, after: Chosen, equalWithin: number): ChosenChange {
  const [was, is] = [chosenText(before), chosenText(after)];
  const of = after.name ?? before.name;
  const what = `The chosen endpoint${of ? ` of ${of}` : ''}`;
  const none = (side: string, { tooFew, fallback }: Chosen) => `${tooFew ? `none is chosen in ${side}, because ${tooFew}` : `none may be chosen in ${side}`}${fallback ? `, so the fallback ${fallback} serves` : ''}`;
  if (was === undefined || is === undefined) {
    const sentence = was !== undefined ? `${what} was ${was}, and ${none('B', after)}`
      : is !== undefined ? `${what} is ${is}, and ${none('A', before)}` : `${of ? `Of ${of}, ` : ''}${none('A', before)}, and ${none('B', after)}`;
    return { sentence: `${capitalized(sentence)}.`, before: was, after: is, differences: [], isLost: was !== undefined };
  }
  const label = was === is ? is : `${was} → ${is}`;
  const differences = differencesOf(label, before.figures!, after.figures!, equalWithin).filter(isReported);
  // Of four figures, people compare these: the others say how full the instances are.
  const told = inWords(differences.filter(({ key }) => key !== 'cpuPercent' && key !== 'memoryPercent'), equalWithin);
  const change = was === is ? `is the same, ${is}` : `changed from ${was} to ${is}`;
  return { sentence: `${what} ${change}: ${told}.`, before: was, after: is, differences, isLost: false };
}
