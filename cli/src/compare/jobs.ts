import { Difference, differenceOf, inWords, ordered } from './difference';
import { comparedEndpoint, labelOf, matched, pairLabel, unitsOf } from './match';
import type { Figures, JobRecommendation } from '../../../lambda/jobs/family';
import { Criteria } from '../../../lambda/recommend/criteria';
import { poolsOf } from '../../../lambda/recommend/pools';
import { measureOf, rank } from '../../../lambda/recommend/rank';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { kindOf } from '../../../src/contract/kinds';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { figureOf, formOf, RecommendationKind } from '../../../src/service/recommendation-kinds';
import { withoutCriteria } from '../subject/choice';
import { Endpoint, endpointText } from '../subject/endpoint';
import { FigureColumn, knownColumns } from '../subject/figures';
import { capitalized, objectiveText, whyTooFew } from '../subject/words';

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
  /** One of `src/contract/families.ts`. @default - of SageMaker Inference Recommender */
  readonly family?: string;
  /** What people call it. */
  readonly title?: string;
  /** The endpoint that existed before it. */
  readonly endpointName?: string;
  /** The family's Create request, where it is known. It may say what the job aims at. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** What it has measured of an endpoint: then it recommends nothing. */
  readonly runs?: readonly BenchmarkRun[];
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
  readonly kind: RecommendationKind;
}

export interface Comparison {
  readonly title?: string;
  readonly differences: readonly Difference[];
  readonly lone: readonly Lone[];
  readonly chosen: readonly ChosenChange[];
  /** What the reader must know, one sentence each. */
  readonly notes: readonly string[];
}

export function familyOf({ family = INFERENCE_RECOMMENDATIONS }: Pick<ComparedJob, 'family'>): string {
  return family;
}

/** The figures of a kind that are compared. Of a metric that is reported by statistics, only these are: alone, it may be another one in each job. */
function comparedColumns(kind: RecommendationKind, all: readonly JobRecommendation[]): FigureColumn[] {
  const columns = knownColumns(kind, all, { isWhole: true });
  return columns.filter(({ metric }) => metric.includes('.') || !columns.some((other) => other.metric.startsWith(`${metric}.`)));
}

/** Compares each endpoint that both jobs have tried, and what is chosen of each job. */
export function compareJobs(before: ComparedJob, after: ComparedJob, equalWithin: number): Comparison {
  const { pairs, onlyBefore, onlyAfter } = matched(before.recommendations, after.recommendations);
  const kind = kindOf(familyOf(after));
  const recommendations = [...before.recommendations, ...after.recommendations];
  const columns = comparedColumns(kind, recommendations);
  const all = pairs.flatMap(([one, other]) => {
    const label = pairLabel(one, other);
    const isPerUnit = unitsOf(one) !== unitsOf(other);
    const figuresOf = (side: JobRecommendation) => (isPerUnit ? perUnit(side, kind) : side.figures);
    return differencesOf(columns, label, figuresOf(one), figuresOf(other), equalWithin);
  });
  const differences = ordered(all.filter(isReported), columns);
  const silent = columns.filter(({ key }) => pairs.length > 0 && !differences.some((one) => one.key === key)).map(({ title }) => title);
  const lone = (side: Lone['side']) => ({ figures, ...one }: JobRecommendation): Lone => ({ endpoint: labelOf({ figures, ...one }), side, figures, kind });
  return {
    differences,
    lone: [...onlyBefore.map(lone('before')), ...onlyAfter.map(lone('after'))],
    chosen: chosenChanges(before, after, columns, equalWithin),
    notes: [
      ...pairs.some(([one, other]) => unitsOf(one) !== unitsOf(other))
        ? [PER_UNIT] : [],
      ...silent.length > 0 ? [`Neither job reports ${silent.join(', ')}.`] : [],
      ...missingSentence(differences),
      ...unitsSentence(recommendations),
      ...differences.some(({ outcome }) => outcome === 'units')
        ? ['Latencies are 200 to 5,000 times apart: one job probably reports milliseconds and the other microseconds. They count neither as better nor as worse.']
        : [],
      ...criteriaNotes(before, after),
    ],
  };
}

const PER_UNIT = 'Where the counts differ, costs an hour and what is served a minute or a second are compared per instance, or per unit of concurrency.';

/** What the service reported without a unit that is known. */
function unitsSentence(all: readonly JobRecommendation[]): string[] {
  const names = [...new Set(all.flatMap(({ reported = {} }) => Object.keys(reported)))];
  return names.length > 0 ? [`The unit of ${names.map((name) => name.replace('.', ' ')).join(', ')} is not known in each job, so not all of these figures are compared.`] : [];
}

function missingSentence(differences: readonly Difference[]): string[] {
  const sideOf = (side: 'before' | 'after') => [...new Set(differences
    .filter((one) => one.outcome === 'unknown' && Number.isNaN(one[side])).map(({ title }) => title))];
  const said = ([['A', sideOf('before')], ['B', sideOf('after')]] as const).filter(([, titles]) => titles.length > 0);
  return said.map(([side, titles]) => `${side} lacks ${titles.join(', ')} of some endpoints: such a metric counts neither as equal nor as better.`);
}

/** Where nothing is known that chooses. */
function criteriaNotes(before: ComparedJob, after: ComparedJob): string[] {
  if (before.chosen.length > 0 === after.chosen.length > 0) {
    return before.chosen.length > 0 ? [] : [`No stack chooses here: ${byDefault(after)} counts as chosen.`];
  }
  const [side, other, job, { chosen: choices }] = before.chosen.length > 0 ? ['B', 'A', after, before] as const : ['A', 'B', before, after] as const;
  return [choices.every(({ criteria }) => criteria) ? `Of ${side}, what the criteria of ${other} choose counts as chosen.`
    : `Of ${side}, ${byDefault(job)} counts as chosen, because the file has no criteria.`];
}

function byDefault({ recommendations, ...job }: ComparedJob): string {
  return `the endpoint with the ${objectiveText(withoutCriteria(recommendations, familyOf(job), job.request).objective)}`;
}

function isReported({ before, after }: Difference): boolean {
  return !(Number.isNaN(before) && Number.isNaN(after));
}

function differencesOf(columns: readonly FigureColumn[], label: string, before: Figures, after: Figures, equalWithin: number): Difference[] {
  return columns.map((column) => {
    const { metric, factor } = column;
    return differenceOf(column, label, figureOf(before, metric) * factor, figureOf(after, metric) * factor, equalWithin);
  });
}

/** The cost of an hour and throughputs are totals over all benchmarked instances. */
function perUnit(one: JobRecommendation, kind: RecommendationKind): Figures {
  const units = unitsOf(one);
  const isTotal = (figure: string) => figure === 'CostPerHour' || formOf(kind, figure).sign === -1;
  return Object.fromEntries(Object.entries(one.figures).map(([figure, value]) => [figure, isTotal(figure) ? value / units : value]));
}

/** The name of a construct without the stack's, which may be another one. */
export function tailOf(name: string | undefined): string {
  return name?.split('/').slice(1).join('/') || name || '';
}

function chosenChanges(before: ComparedJob, after: ComparedJob, columns: readonly FigureColumn[], equalWithin: number): ChosenChange[] {
  const told = kindOf(familyOf(after)).told;
  return chosenPairs(before, after).map(([one, other]) => chosenChange(one, other, { columns, told, equalWithin }));
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
function likewise({ recommendations, ...job }: ComparedJob, chosen: Chosen): Chosen {
  const { name, criteria = withoutCriteria(recommendations, familyOf(job), job.request) } = chosen;
  const { ranked } = rank(recommendations, criteria);
  const [best] = poolsOf(ranked, criteria)?.chosen ?? [];
  if (!best) {
    return { name, criteria, tooFew: whyTooFew(ranked.map(({ recommendation }) => recommendation.instanceType), criteria.instancePools) };
  }
  const { recommendation, instanceCount = recommendation.instanceCount, concurrency, figures } = best;
  return { name, criteria, endpoint: comparedEndpoint(recommendation, { instanceCount, concurrency }), figures };
}

export function chosenText({ endpoint }: Chosen): string | undefined {
  if (!endpoint) { return undefined; }
  const tuned = Object.entries(endpoint.environment).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ` ${name}=${value}`);
  return endpointText(endpoint) + tuned.join('');
}

/** Of the statistics of a metric, the one that the choice names, else the mean. */
function toldOf(metric: string, differences: readonly Difference[], criteria: Criteria | undefined): Difference[] {
  const mine = differences.filter(({ figure }) => figure.split('.')[0] === metric);
  const named = criteria ? [...criteria.limits.map((limit) => limit.metric), measureOf(criteria).metric] : [];
  const found = mine.find(({ figure }) => named.includes(figure)) ?? mine.find(({ figure }) => figure === metric || figure.endsWith('.avg')) ?? mine[0];
  return found ? [found] : [];
}

interface ChosenComparison {
  readonly columns: readonly FigureColumn[];
  readonly told: readonly string[];
  readonly equalWithin: number;
}

function chosenChange(before: Chosen, after: Chosen, { columns, told: metrics, equalWithin }: ChosenComparison): ChosenChange {
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
  const differences = differencesOf(columns, label, before.figures!, after.figures!, equalWithin).filter(isReported);
  // People compare these: the others say, for example, how full the instances are.
  const shown = [...new Set(columns.map(({ metric }) => metric.split('.')[0]))].filter((metric) => metrics.includes(metric));
  const told = inWords(shown.flatMap((metric) => toldOf(metric, differences, after.criteria ?? before.criteria)), equalWithin);
  const change = was === is ? `is the same, ${is}` : `changed from ${was} to ${is}`;
  return { sentence: `${what} ${change}: ${told}.`, before: was, after: is, differences, isLost: false };
}
