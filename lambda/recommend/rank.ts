import { Criteria, Limit, withStatistic } from './criteria';
import { EndpointTypeName } from '../../src/contract/recommend';
import { shown, shownApart } from '../../src/service/figures';
import { hasLocalStorage, misfit } from '../../src/service/instance-facts';
import { isOneOf, MOST_CONCURRENCY } from '../../src/service/limits';
import { figureOf, formOf, metricText } from '../../src/service/recommendation-kinds';
import type { Figures, JobRecommendation } from '../jobs/family';

/** A recommendation with the metrics that decide its rank. NaN means unknown. */
export interface RankedRecommendation {
  readonly recommendation: JobRecommendation;
  /** Instances to deploy. A serverless endpoint has none. */
  readonly instanceCount?: number;
  /** Concurrency to deploy. Only a serverless endpoint has one. */
  readonly concurrency?: number;
  /**
   * The recommendation's own metrics, except for the cost per hour: that is the cost of the fleet that the target load needs.
   * Throughput stays the recommendation's own: every such fleet bears the load, and differs only by rounding.
   */
  readonly figures: Figures;
}

/** The metric that decides, and its sign. */
export interface Measure {
  readonly metric: string;
  /** 1 if less is better. */
  readonly sign: 1 | -1;
}

export type Rejected = RankedRecommendation & { readonly reasons: readonly string[] };

/** All recommendations of a job: the permitted ones, best first, and the rejected ones. */
export interface Ranking {
  readonly ranked: readonly RankedRecommendation[];
  readonly rejected: readonly Rejected[];
}

/** Judges every recommendation and ranks the permitted ones. The order of the service's list never counts. */
export function rank(recommendations: readonly JobRecommendation[], criteria: Criteria): Ranking {
  const judged = recommendations
    .map((recommendation) => withLoad(recommendation, criteria))
    .map((ranked): Rejected => ({ ...ranked, reasons: objectionsTo(ranked, criteria).map(({ reason }) => reason) }));
  return {
    ranked: judged.filter(({ reasons }) => reasons.length === 0).sort(better(criteria)),
    rejected: judged.filter(({ reasons }) => reasons.length > 0).sort(byId),
  };
}

/** The number of instances, or the concurrency, that a load needs, and what the load costs. */
export function withLoad(recommendation: JobRecommendation, criteria: Pick<Criteria, 'kind' | 'load' | 'instanceCount'>): RankedRecommendation {
  const { figures, serverlessConfig, instanceCount: benchmarked } = recommendation;
  const { load } = criteria;
  if (serverlessConfig) {
    // The figures hold at the benchmarked concurrency, and the guide says that throughput grows with it.
    const measuredAt = serverlessConfig.MaxConcurrency ?? 1;
    if (!load) { return { recommendation, concurrency: measuredAt, figures }; }
    // Serverless cost depends on the requests, whatever the capacity.
    const CostPerHour = figures.CostPerInference * load.invocationsPerMinute * 60;
    return { recommendation, concurrency: timesFor(criteria, figures, measuredAt), figures: { ...figures, CostPerHour } };
  }
  if (!load) { return { recommendation, instanceCount: criteria.instanceCount ?? benchmarked, figures }; }
  // Throughput and cost are totals over all benchmarked instances: published are 3 instances of 0.23 with a cost per hour of 0.69.
  const instanceCount = timesFor(criteria, figures, benchmarked);
  return { recommendation, instanceCount, figures: { ...figures, CostPerHour: figureOf(figures, 'CostPerHour') * instanceCount / benchmarked } };
}

/** How many instances, or how much concurrency, a load needs. */
function timesFor({ kind, load }: Pick<Criteria, 'kind' | 'load'>, figures: Figures, measuredAt: number): number {
  const throughput = kind.load ? figureOf(figures, kind.load.metric) / kind.load.perMinute : NaN;
  const { invocationsPerMinute, headroomPercent } = load!;
  // Figures are no exact fractions: a load that fits must not need one instance more.
  const wanted = invocationsPerMinute * (100 + headroomPercent) * measuredAt;
  return throughput > 0 ? Math.max(1, Math.ceil(wanted / (100 * throughput) * (1 - 1e-9))) : NaN;
}

/** Between real-time and serverless, the cost of the load decides: the cost of one request on an instance is that of a full one. */
export function measureOf(
  { kind, objective, statistic, endpointType }: Pick<Criteria, 'kind' | 'objective' | 'endpointType'> & Partial<Pick<Criteria, 'statistic'>>,
): Measure {
  const metric = kind.objectives[endpointType === 'Any' && objective === 'LowestCostPerInference' ? 'LowestCostPerHour' : objective];
  return { metric: withStatistic(metric, statistic), sign: formOf(kind, metric).sign };
}

/** Why a recommendation may not be chosen, and what would change that. */
export interface Objection {
  readonly reason: string;
  /** The change, in the words of the app's props. Absent if there is none. */
  readonly change?: string;
  /** The criteria after the change. */
  readonly criteria?: Criteria;
  /** How far a figure is from its limit, from 0 to 1. Absent if the change is one of kind. */
  readonly distance?: number;
}

/** The objections to a recommendation, in the order in which changes take them away: a later one may depend on an earlier change. */
export function objectionsTo(ranked: RankedRecommendation, criteria: Criteria): Objection[] {
  const { recommendation: { id, instanceType, serverlessConfig, isCompiled, flaw, attributes }, figures } = ranked;
  const { kind, endpointType, limits, pin, allowed, refused } = criteria;
  const specification = attributes.InferenceSpecificationName;
  const type: EndpointTypeName = serverlessConfig ? 'Serverless' : 'RealTime';
  const compared = measureOf(criteria).metric;
  const comparableAs = (wanted: Criteria['endpointType']) => Object.keys(kind.objectives).find((objective) => (
    !Number.isNaN(figureOf(figures, measureOf({ kind, objective, endpointType: wanted }).metric))));
  const comparable = comparableAs(endpointType);
  const refusing = refused.filter((entry) => isOneOf([entry], instanceType));
  const { concurrency = 0 } = ranked;
  const { maxConcurrency } = criteria;
  const unfit = isCompiled || instanceType === undefined ? undefined : unfitness(criteria, ranked.recommendation, instanceType);
  const changed = (words: string, more: Partial<Criteria>) => ({ change: words, criteria: { ...criteria, ...more } });
  const checks: Array<[boolean, string, () => Omit<Objection, 'reason'>]> = [
    [flaw !== undefined, `${flaw}`, () => ({})],
    [endpointType !== 'Any' && type !== endpointType, `it is ${serverlessConfig ? 'serverless' : 'real-time'} and ${endpointType} is wanted`,
      () => changed(`with \`endpointType\` ${type}`, { endpointType: type })],
    [pin?.recommendationId !== undefined && id !== pin.recommendationId, `it is not the pinned ${pin?.recommendationId}`,
      () => changed(`with \`pinnedRecommendationId\` ${id}`, { pin: { recommendationId: id } })],
    [pin?.instanceType !== undefined && instanceType !== pin.instanceType, `it is not on the pinned ${pin?.instanceType}`,
      () => changed(instanceType ? `with \`pinnedInstanceType\` ${instanceType}` : 'without `pinnedInstanceType`', { pin: { ...pin, instanceType } })],
    [pin?.inferenceSpecificationName !== undefined && specification !== pin.inferenceSpecificationName,
      `it is not of the pinned specification ${pin?.inferenceSpecificationName}`,
      () => (specification ? changed(`with \`pinnedSpecification\` ${specification}`, { pin: { ...pin, inferenceSpecificationName: `${specification}` } }) : {})],
    [allowed !== undefined && instanceType !== undefined && !isOneOf(allowed, instanceType), `${instanceType} is not allowed`,
      () => changed(`with ${instanceType} in \`limits.allowedInstanceTypes\``, { allowed: [...allowed!, instanceType!] })],
    [refusing.length > 0, `${instanceType} is refused`,
      () => changed(refusing.map((entry) => `without ${entry} in \`limits.refusedInstance${entry === instanceType ? 'Types' : 'Families'}\``).join(' and '),
        { refused: refused.filter((entry) => !refusing.includes(entry)) })],
    [!criteria.allowCompiled && isCompiled, 'it is a compiled model', () => changed('with `limits.allowCompiledModels` true', { allowCompiled: true })],
    [!criteria.allowLocalStorage && hasLocalStorage(instanceType), `${instanceType} has local storage`,
      () => changed('with `limits.allowLocalStorage` true', { allowLocalStorage: true })],
    // Another image is another benchmark.
    [unfit !== undefined, `${unfit}`, () => ({})],
    [Number.isNaN(ranked.instanceCount ?? ranked.concurrency),
      `${kind.load ? `${kind.load.metric} is ${reportedText(ranked.recommendation, kind.load.metric)}` : 'no throughput is known'}, so the ${serverlessConfig ? 'concurrency that the load needs is'
        : 'instances that the load needs are'} not known`,
      () => changed('without `targetLoad`', { load: undefined })],
    [concurrency > maxConcurrency,
      `${criteria.load ? 'the load needs' : 'it has'} a concurrency of ${concurrency} and at most ${maxConcurrency} is allowed`,
      () => (concurrency <= MOST_CONCURRENCY ? changed(`with \`limits.maxServerlessConcurrency\` ${concurrency}`, { maxConcurrency: concurrency })
        : lighter(criteria, maxConcurrency / concurrency))],
    [Number.isNaN(figureOf(figures, compared)), `${metricText(compared)} is not reported`,
      () => {
        if (comparable) { return changed(`with \`objective\` ${comparable}`, { objective: comparable, statistic: undefined }); }
        return comparableAs(type) ? changed(`with \`endpointType\` ${type}`, { endpointType: type }) : {};
      }],
  ];
  return [
    ...checks.filter(([applies]) => applies).map(([, reason, remedy]) => ({ reason, ...remedy() })),
    ...limits.filter((limit) => breaks(figureOf(figures, limit.metric), limit)).map((limit): Objection => {
      const { prop, metric, bound, value } = limit;
      const figure = figureOf(figures, metric);
      const others = limits.filter((other) => other !== limit);
      if (Number.isNaN(figure)) {
        return {
          reason: `${metricText(metric)} is ${reportedText(ranked.recommendation, metric, 'not reported')} and must be at ${bound} ${shown(kind, metric, value)}`,
          ...changed(`without \`${prop}\``, { limits: others }),
        };
      }
      const passing = { ...limit, value: passingValue(figure, limit) };
      const [got, expected] = shownApart(kind, metric, figure, value);
      return {
        reason: `${metricText(metric)} ${got} must be at ${bound} ${expected}`,
        ...changed(`with \`${prop}\` ${passing.value}`, { limits: [...others, passing] }),
        distance: Math.abs(figure - value) / Math.max(figure, value),
      };
    }),
  ];
}

/** What the service reported of a metric that cannot be compared. */
function reportedText({ attributes, reported }: JobRecommendation, metric: string, otherwise = `${attributes[metric as 'MaxInvocations'] ?? 'not reported'}`): string {
  return reported?.[metric] ?? otherwise;
}

/** Why the images of a recommendation cannot run on its instance type, after what they say of themselves. */
function unfitness(
  { images }: Criteria, { attributes: { InferenceSpecificationName: name } }: JobRecommendation, instanceType: string,
): string | undefined {
  return images.filter(({ InferenceSpecificationName }) => (InferenceSpecificationName ?? '') === (name ?? ''))
    .flatMap(({ Architecture, Accelerator }) => misfit({ architecture: Architecture, accelerator: Accelerator }, instanceType) ?? [])[0];
}

/** A smaller load. */
function lighter(criteria: Criteria, share: number): Omit<Objection, 'reason'> {
  const invocationsPerMinute = Math.floor(criteria.load!.invocationsPerMinute * share);
  return {
    change: `with \`targetLoad.invocationsPerMinute\` ${invocationsPerMinute}`, criteria: { ...criteria, load: { ...criteria.load!, invocationsPerMinute } },
  };
}

/** A short value of a limit that a figure keeps. */
export function passingValue(figure: number, limit: Limit): number {
  const step = 10 ** (Math.floor(Math.log10(figure)) - 3);
  const rounded = (limit.bound === 'most' ? Math.ceil(figure / step) : Math.floor(figure / step)) * step;
  const short = [figure, rounded].map((value) => Number(value.toPrecision(4)));
  return short.find((value) => !breaks(figure, { ...limit, value })) ?? figure;
}

/**
 * An unknown metric breaks every limit. The service's metrics are 32-bit floats: a published 0.115 arrives as 0.11500000208616257, and
 * keeps a limit of 0.115.
 */
function breaks(exactly: number, { bound, value: given }: Limit): boolean {
  const [figure, value] = [exactly, given].map(Math.fround);
  return !(bound === 'most' ? figure <= value : figure >= value);
}

function better(criteria: Criteria): (a: RankedRecommendation, b: RankedRecommendation) => number {
  const others = Object.entries(criteria.kind.metrics).map(([metric, { sign }]): Measure => ({ metric, sign }));
  const measures = [measureOf(criteria), ...others];
  return (a, b) => measures.map((by) => cost(a, by) - cost(b, by)).find((difference) => difference !== 0) ?? byId(a, b);
}

/** Less is better. An unknown metric is worse than any known one. */
function cost({ figures }: RankedRecommendation, { metric, sign }: Measure): number {
  const figure = figureOf(figures, metric);
  return Number.isNaN(figure) ? Number.MAX_VALUE : figure * sign;
}

function byId(a: RankedRecommendation, b: RankedRecommendation): number {
  const [one, other] = [a, b].map(({ recommendation }) => [recommendation.id, JSON.stringify(recommendation)]);
  return one < other ? -1 : 1;
}
