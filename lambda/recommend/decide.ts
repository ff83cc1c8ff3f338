import { criteriaOf } from './criteria';
import { explain, Explanation, shortened, summaryOf, whyNone, whyTooFew } from './explanation';
import { nearest } from './nearest';
import { Pools, poolsOf } from './pools';
import type { RecommendDeps } from './publish';
import { rank, RankedRecommendation, Ranking } from './rank';
import { attributesOf as attributesOfFamily } from '../../src/contract/kinds';
import { POOL_ATTRIBUTES, poolAttribute, VARIANT_INSTANCE_COUNT } from '../../src/contract/pools';
import {
  FallbackProperties, RecommendationAttribute, RecommendationProperties, SOURCES,
} from '../../src/contract/recommend';
import { isNonTerminal } from '../../src/service/job-status';
import { pricesOf } from '../../src/service/prices';
import { figureOf } from '../../src/service/recommendation-kinds';
import { explainFailure, jobIsGone, RUN_AGAIN, SKIP } from '../jobs/failure';
import { familyOf, Job, JobRecommendation, JobResultsReader, JobWithRecommendations } from '../jobs/family';
import { attemptOf } from '../jobs/jobs';
import { asStrings, Attributes } from '../runtime/answer';
import { PAUSE_MS, RESERVE_MS } from '../runtime/retry';

const FIRST_PAUSE_MS = 1_000;

/** The chosen recommendation and the reason, or the reason why none is chosen. */
export interface Decision {
  /** Attributes of the winner or of the fallback. */
  readonly attributes?: Attributes;
  readonly explanation: Explanation;
  /** Why no recommendation of the job may be chosen. */
  readonly trouble?: string;
  /** All that the job recommends, as it was benchmarked. */
  readonly benchmarked: { readonly jobName: string; readonly recommendations: readonly JobRecommendation[] };
  /** The decision if the winner cannot be deployed: the fallback, if there is one. */
  refused(trouble: string): Decision;
}

/** Chooses one of a job's recommendations, and logs the whole ranking. */
export async function decide(given: RecommendationProperties, deps: RecommendDeps): Promise<Decision> {
  const criteria = criteriaOf(given);
  const family = familyOf(given.Family, deps);
  const found = given.JobName === '' ? undefined : await endOf(family, given, deps);
  const job = found && withPrices(family, given, found);
  const properties = { ...given, JobName: job?.name ?? given.JobName };
  const { JobName, Fallback } = properties;
  const ranking: Ranking = job?.phase === 'completed' ? rank(job.recommendations, criteria) : { ranked: [], rejected: [] };
  const pools = poolsOf(ranking.ranked, criteria);
  // No deploy waits for the job, and the text stays in the stack's outputs when the job has long ended.
  const isPending = given.InBackground === 'true' && (JobName === '' || (job !== undefined && isNonTerminal(job.phase)));
  const whyNothing = () => {
    if (JobName === '') { return 'No benchmark had been requested yet. What one recommends is written to Parameter Store.'; }
    if (!job) { return family.source?.gone(JobName) ?? jobIsGone(JobName); }
    if (job.phase === 'completed') {
      return ranking.ranked.length > 0 ? whyTooFew(JobName, ranking, criteria, job.recommendations)
        : whyNone(JobName, ranking.rejected, nearest(job.recommendations, criteria), family.source);
    }
    // The deploy waits for a job first, so without a fallback only a rollback comes here, or SageMaker has dropped the job, and its name is another one's.
    const remedy = Fallback ? '' : family.source ? ` ${family.source.remedy}` : ` ${RUN_AGAIN} ${SKIP}`;
    if (job.phase === 'failed') { return explainFailure(family, job) + remedy; }
    if (family.waitMs !== undefined) { return `${family.title} ${JobName} was still ${job.status} after ${family.waitMs / 1000} seconds.${remedy}`; }
    if (isPending) { return `Job ${JobName} had not ended yet. What it recommends is written to Parameter Store.`; }
    return `Job ${JobName} is ${job.status}: only a job that has completed has recommendations. Deploy again when it is over.`;
  };
  const benchmarked = { jobName: JobName, recommendations: job?.recommendations ?? [] };
  const refused = (trouble: string): Decision => {
    const explanation = explain(properties, ranking, undefined, trouble);
    deps.log({ message: 'chosen', ...explanation });
    const warning = shortened(isPending ? `The fallback, as of this stack's last deploy. ${trouble}` : `WARNING: the fallback is used. ${trouble}`);
    const attributes = Fallback && fallbackAttributes(properties, Fallback, originOf(family, JobName, warning));
    return { attributes, explanation, trouble, benchmarked, refused };
  };
  if (!pools) { return refused(whyNothing()); }
  const explanation = explain(properties, ranking, pools);
  deps.log({ message: 'chosen', ...explanation });
  const summary = summaryOf(criteria.kind, ranking, pools, family.source?.origin(JobName) ?? family.link?.(job!));
  return { attributes: attributesOf(pools, properties, job!, originOf(family, JobName, summary)), explanation, benchmarked, refused };
}

/** The job as it is, or, if the function waits for the end, once it has ended. The wait leaves time for the answer. */
async function endOf(
  family: JobResultsReader, { JobName, Namespace }: RecommendationProperties, { sagemaker, clock }: RecommendDeps,
): Promise<JobWithRecommendations | undefined> {
  const end = clock.now() + (family.waitMs ?? 0);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(PAUSE_MS, 2 * pause)) {
    const job = await attemptOf(family, sagemaker, JobName, Namespace);
    if (!job || !isNonTerminal(job.phase) || clock.now() + pause > end || clock.left() < RESERVE_MS + pause) { return job; }
    await clock.sleep(pause);
  }
}

/** Where a recommendation comes from. */
type Origin = Pick<Values, 'JobName' | 'Source' | 'Summary'>;

function originOf({ source }: JobResultsReader, jobName: string, summary: string): Origin {
  return { JobName: source ? undefined : jobName, Source: source?.value ?? SOURCES.benchmark, Summary: summary };
}

/** Costs that the service does not report follow from the app's own prices, or else the public ones of the job's Region. */
export function withPrices<J extends Pick<JobWithRecommendations, 'arn' | 'recommendations'>>(
  { priced }: Pick<JobResultsReader, 'priced'>, { InstancePrices = {} }: Pick<RecommendationProperties, 'InstancePrices'>, job: J,
): J {
  if (!priced) { return job; }
  const prices = pricesOf(job.arn.split(':')[3]);
  const hourly = (type: string) => (Object.hasOwn(InstancePrices, type) ? Number(InstancePrices[type]) : prices?.hourly(type));
  return { ...job, recommendations: job.recommendations.map((recommendation) => priced(recommendation, hourly)) };
}

type Values = Partial<Record<RecommendationAttribute, string | number>>;

/** What is deployed: values, and the tuned environment. */
interface Deployed {
  readonly values: Values;
  readonly environment: Readonly<Record<string, string>>;
}

/** The attributes of the winner, and of the instance pools after it. Every attribute is present; one without a value is empty. */
function attributesOf(
  { chosen, count }: Pools, properties: RecommendationProperties, job: Job, origin: Origin,
): Attributes {
  const { ModelPackageArn, ModelName } = properties;
  const [{ values, environment }, ...next] = chosen.map(deployedOf);
  const common = {
    ...origin,
    ModelPackageArn: ModelPackageArn ?? values.ModelPackageArn ?? job.packageArn,
    ModelName: ModelName ?? job.modelName,
  };
  return rendered({ values: { ...values, ...common }, environment }, next, count, properties);
}

function deployedOf({ recommendation: { attributes, environment }, instanceCount, concurrency, figures }: RankedRecommendation): Deployed {
  const cost = figureOf(figures, 'CostPerHour');
  const FleetCostPerHour = Number.isNaN(cost) ? undefined : cost;
  const { CopyCountPerInstance: copies } = attributes;
  const CopyCount = copies === undefined || instanceCount === undefined ? undefined : Number(copies) * instanceCount;
  return { values: { ...attributes, InstanceCount: instanceCount, CopyCount, ServerlessMaxConcurrency: concurrency, FleetCostPerHour }, environment };
}

/** The attributes of the fallback, if no recommendation may be chosen. */
function fallbackAttributes(
  properties: RecommendationProperties, fallback: FallbackProperties, origin: Origin,
): Attributes {
  const { ModelPackageArn, ModelName } = properties;
  const { Environment, EnvironmentText, NextInstanceTypes = [], ...hosting } = fallback;
  const environment = Environment ?? JSON.parse(EnvironmentText || '{}');
  const values: Values = {
    ...hosting,
    InstanceCount: fallback.InitialInstanceCount,
    ModelPackageArn: ModelPackageArn ?? fallback.ModelPackageArn,
    ModelName,
    ...origin,
    Source: SOURCES.fallback,
  };
  const next = NextInstanceTypes.map((InstanceType) => ({ values: { ...values, InstanceType }, environment }));
  return rendered({ values, environment }, next, fallback.InitialInstanceCount, properties);
}

function rendered(
  first: Deployed, next: readonly Deployed[], count: string | number | undefined, { Family, EnvironmentNames: names = [] }: RecommendationProperties,
): Attributes {
  const { ModelPackageArn, ModelName } = first.values;
  const TargetInLowerCase = `${ModelPackageArn || ModelName || ''}`.toLowerCase();
  return {
    ...named({ ...first, values: { ...first.values, TargetInLowerCase } }, attributesOfFamily(Family), names),
    ...next.length > 0 && asStrings({ [VARIANT_INSTANCE_COUNT]: count }),
    ...next.map((one, index) => named(one, POOL_ATTRIBUTES, names, (name) => poolAttribute(index + 2, name)))
      .reduce((all, one) => ({ ...all, ...one }), {}),
  };
}

/** The named attributes, under other names if they are a pool's. */
function named(
  { values, environment }: Deployed, attributes: readonly RecommendationAttribute[], names: readonly string[], as = (name: string): string => name,
): Attributes {
  const all = { ...values, Environment: JSON.stringify(environment) };
  return asStrings(Object.fromEntries([
    ...attributes.map((name) => [as(name), all[name]]),
    ...names.map((name) => [as(`Environment.${name}`), environment[name]]),
  ]));
}
