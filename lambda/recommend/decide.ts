import { attributesOf, fallbackAttributes } from './attributes';
import { Choice, choose } from './rank';
import { criteriaOf } from './criteria';
import type { ConcludeDeps } from './deps';
import { explain, Explanation, shortened, summaryOf, whyNone } from './explanation';
import { explainFailure } from '../wait-end/failure';
import { RecommendationProperties } from '../../src/contract/contract';
import { jobPhase } from '../../src/service/job-status';
import type { Attributes } from '../runtime/answer';
import { describeJob, Job, jobIsGone } from '../jobs/jobs';

/** What is chosen and why, or why nothing is. */
export interface Decision {
  /** Those of the winner, or of the fallback. */
  readonly attributes?: Attributes;
  readonly explanation: Explanation;
  /** Why nothing of the job may be chosen. */
  readonly trouble?: string;
}

/** Chooses one of a job's recommendations as it is asked for, and logs the choice whole. */
export async function decide(properties: RecommendationProperties, deps: ConcludeDeps): Promise<Decision> {
  const { JobName, Fallback, EnvironmentNames } = properties;
  const criteria = criteriaOf(properties);
  const job = JobName === '' ? undefined : await describeJob(deps.sagemaker, JobName);
  const choice: Choice = job && isCompleted(job) ? choose(job.InferenceRecommendations ?? [], criteria) : { ranking: [], rejected: [] };
  const [winner] = choice.ranking;
  const trouble = winner ? undefined : whyNothing(JobName, job, choice);
  const explanation = explain(properties, choice, trouble);
  deps.log({ message: 'chosen', ...explanation });
  if (winner) {
    const target = { packageArn: job?.InputConfig?.ModelPackageVersionArn, modelName: job?.InputConfig?.ModelName };
    return { attributes: attributesOf(winner, { jobName: JobName, ...target }, summaryOf(choice), EnvironmentNames), explanation };
  }
  const warning = shortened(`WARNING: the fallback stands in. ${trouble}`);
  return { attributes: Fallback && fallbackAttributes(properties, Fallback, warning), explanation, trouble };
}

function whyNothing(jobName: string, job: Job | undefined, { rejected }: Choice): string {
  if (jobName === '') { return 'No benchmark was asked for yet.'; }
  if (!job) { return jobIsGone(jobName); }
  if (isCompleted(job)) { return whyNone(jobName, rejected); }
  return jobPhase(job.Status) === 'failed' ? explainFailure(job, []) : `Job ${jobName} is ${job.Status}: only a COMPLETED job has recommendations.`;
}

function isCompleted(job: Job): boolean {
  return jobPhase(job.Status) === 'completed';
}
