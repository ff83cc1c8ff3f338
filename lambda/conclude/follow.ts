import { decide } from './decide';
import type { ConcludeDeps } from './deps';
import { publish, published } from './publish';
import { FollowedRecommendation, FollowInput, Published } from '../../src/api/contract';
import { DEPLOYED_FIELDS, EVENT_SOURCE, RECOMMENDATION_CHANGE, RecommendationChange } from '../../src/api/events';
import type { Attributes } from '../shared/answer';
import { patient } from '../shared/patience';

/** Writes what a job that was followed recommends, and gives an event for each recommendation that changed what is to be deployed. */
export async function publishFollowed({ owner, jobName, recommendations }: FollowInput, deps: ConcludeDeps): Promise<Published> {
  const patientDeps = { ...deps, sagemaker: patient(deps.sagemaker, deps.clock), ssm: patient(deps.ssm, deps.clock) };
  const changes: RecommendationChange[] = [];
  for (const recommendation of recommendations) {
    const change = await publishOne(owner.StackId, jobName, recommendation, patientDeps);
    if (change) { changes.push(change); }
  }
  return { Entries: changes.map((change) => ({ Source: EVENT_SOURCE, DetailType: RECOMMENDATION_CHANGE, Detail: JSON.stringify(change) })) };
}

async function publishOne(
  StackId: string, JobName: string, recommendation: FollowedRecommendation, deps: ConcludeDeps,
): Promise<RecommendationChange | undefined> {
  const { LogicalResourceId, ParameterPath, CandidatePath } = recommendation;
  const owner = { StackId, LogicalResourceId };
  const { attributes, explanation, trouble } = await decide({ ...recommendation, JobName }, deps);
  const previous = await published(owner, ParameterPath, deps);
  // A benchmark that found nothing takes nothing away.
  if (!attributes || (trouble && previous)) { return undefined; }
  const adopted = CandidatePath === undefined || recommendation.Adopts === 'true';
  if (CandidatePath !== undefined) { await publish(owner, CandidatePath, attributes, explanation, deps); }
  if (adopted) { await publish(owner, ParameterPath, attributes, explanation, deps); }
  if (previous && isSameDeployment(previous, attributes)) { return undefined; }
  return { ...owner, JobName, ParameterPath, Adopted: adopted, Current: attributes, Previous: previous };
}

function isSameDeployment(a: Attributes, b: Attributes): boolean {
  return DEPLOYED_FIELDS.every((field) => a[field] === b[field]);
}
