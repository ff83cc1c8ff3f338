import { criteriaOf } from './criteria';
import { explain, Explanation, shortened, summaryOf, whyNone } from './explanation';
import { nearest } from './nearest';
import type { RecommendDeps } from './publish';
import { rank, RankedRecommendation, Ranking } from './rank';
import {
  FallbackProperties, RECOMMENDATION_ATTRIBUTES, RecommendationAttribute, RecommendationProperties, SOURCES,
} from '../../src/contract/recommend';
import { isNonTerminal } from '../../src/service/job-status';
import { familyOf, Job } from '../jobs/family';
import { attemptOf, explainFailure, jobIsGone } from '../jobs/jobs';
import { asStrings, Attributes } from '../runtime/answer';

/** The chosen recommendation and the reason, or the reason why none is chosen. */
export interface Decision {
  /** Attributes of the winner or of the fallback. */
  readonly attributes?: Attributes;
  readonly explanation: Explanation;
  /** Why no recommendation of the job may be chosen. */
  readonly trouble?: string;
}

/** Chooses one of a job's recommendations, and logs the whole ranking. */
export async function decide(given: RecommendationProperties, deps: RecommendDeps): Promise<Decision> {
  const criteria = criteriaOf(given);
  const family = familyOf(given.Family, deps);
  const job = given.JobName === '' ? undefined : await attemptOf(family, deps.sagemaker, given.JobName, given.Namespace);
  const properties = { ...given, JobName: job?.name ?? given.JobName };
  const { JobName, Fallback } = properties;
  const ranking: Ranking = job?.phase === 'completed' ? rank(job.recommendations, criteria) : { ranked: [], rejected: [] };
  const [winner] = ranking.ranked;
  // No deploy waits for the job, and the text stays in the stack's outputs when the job has long ended.
  const isPending = given.InBackground === 'true' && (JobName === '' || (job !== undefined && isNonTerminal(job.phase)));
  const whyNothing = () => {
    if (JobName === '') { return 'No benchmark had been requested yet. What one recommends is written to Parameter Store.'; }
    if (!job) { return jobIsGone(JobName); }
    if (job.phase === 'completed') { return whyNone(JobName, ranking.rejected, nearest(job.recommendations, criteria)); }
    // The deploy waits for the job first, so without a fallback only a rollback comes here.
    if (job.phase === 'failed') { return explainFailure(family, job, { mayBeRollback: !Fallback }); }
    if (isPending) { return `Job ${JobName} had not ended yet. What it recommends is written to Parameter Store.`; }
    return `Job ${JobName} is ${job.status}: only a job that has completed has recommendations.`;
  };
  const trouble = winner ? undefined : whyNothing();
  const explanation = explain(properties, ranking, trouble);
  deps.log({ message: 'chosen', ...explanation });
  if (winner) { return { attributes: attributesOf(winner, properties, job!, summaryOf(ranking)), explanation }; }
  const warning = shortened(isPending ? `The fallback, as of this stack's last deploy. ${trouble}` : `WARNING: the fallback is used. ${trouble}`);
  return { attributes: Fallback && fallbackAttributes(properties, Fallback, warning), explanation, trouble };
}

/** The attributes of the winner. Every attribute is present; one without a value is empty. */
function attributesOf(
  { recommendation: { attributes, environment }, instanceCount, figures }: RankedRecommendation,
  { JobName, ModelPackageArn, ModelName, EnvironmentNames }: RecommendationProperties, { packageArn, modelName }: Job, summary: string,
): Attributes {
  return rendered({
    ...attributes,
    JobName,
    ModelPackageArn: ModelPackageArn ?? packageArn,
    ModelName: ModelName ?? modelName,
    InstanceCount: instanceCount,
    FleetCostPerHour: Number.isNaN(figures.CostPerHour) ? undefined : figures.CostPerHour,
    Source: SOURCES.benchmark,
    Summary: summary,
  }, environment, EnvironmentNames);
}

/** The attributes of the fallback, if no recommendation may be chosen. */
function fallbackAttributes(properties: RecommendationProperties, fallback: FallbackProperties, warning: string): Attributes {
  const { JobName, ModelPackageArn, ModelName, EnvironmentNames } = properties;
  const { Environment: environment = {}, ...hosting } = fallback;
  return rendered({
    ...hosting, InstanceCount: fallback.InitialInstanceCount, JobName, ModelPackageArn, ModelName, Source: SOURCES.fallback, Summary: warning,
  }, environment, EnvironmentNames);
}

function rendered(
  attributes: Partial<Record<RecommendationAttribute, string | number>>, environment: Readonly<Record<string, string>>, names: readonly string[] = [],
): Attributes {
  const { ModelPackageArn, ModelName } = attributes;
  const all = { ...attributes, TargetInLowerCase: `${ModelPackageArn || ModelName || ''}`.toLowerCase(), Environment: JSON.stringify(environment) };
  return {
    ...asStrings(Object.fromEntries(RECOMMENDATION_ATTRIBUTES.map((name) => [name, all[name]]))),
    ...asStrings(Object.fromEntries(names.map((name) => [`Environment.${name}`, environment[name]]))),
  };
}
