import { decide } from './decide';
import type { ConcludeDeps } from './deps';
import { publish, published } from './publish';
import { FollowedRecommendation, FollowInput, Published } from '../../src/api/contract';
import { DEPLOYED_FIELDS, EVENT_SOURCE, RECOMMENDATION_CHANGE, RecommendationChange } from '../../src/api/events';
import type { Attributes } from '../shared/answer';
import { patient } from '../shared/patience';

/** What the machine asks for: first what would change, then that it is written. */
interface FollowRequest extends Pick<FollowInput, 'purpose' | 'owner' | 'jobName' | 'recommendations'> {
  readonly comparesOnly?: boolean;
}

/** Writes what a job that was followed recommends, and gives an event for each recommendation that changes what is to be deployed. */
export async function publishFollowed({ owner, jobName, recommendations, comparesOnly }: FollowRequest, deps: ConcludeDeps): Promise<Published> {
  const patientDeps = { ...deps, sagemaker: patient(deps.sagemaker, deps.clock), ssm: patient(deps.ssm, deps.clock) };
  const changes: RecommendationChange[] = [];
  for (const recommendation of recommendations) {
    const found = await find(owner.StackId, jobName, recommendation, patientDeps);
    if (!found) { continue; }
    if (!comparesOnly) { await found.write(); }
    if (!isSameDeployment(found.change.Previous, found.change.Current)) { changes.push(found.change); }
  }
  return { Entries: changes.map((change) => ({ Source: EVENT_SOURCE, DetailType: RECOMMENDATION_CHANGE, Detail: JSON.stringify(change) })) };
}

/** What a job found for a recommendation; nothing where it found nothing, which takes nothing away, or the recommendation is not there any more. */
async function find(
  StackId: string, JobName: string, recommendation: FollowedRecommendation, deps: ConcludeDeps,
): Promise<{ readonly change: RecommendationChange; readonly write: () => Promise<void> } | undefined> {
  const { LogicalResourceId, ParameterPath, CandidatePath } = recommendation;
  const owner = { StackId, LogicalResourceId };
  const { attributes, explanation, trouble } = await decide({ ...recommendation, JobName }, deps);
  // Its own resource has written the fallback before, and takes all back when it goes: what it has taken back must not return.
  const adopted = await published(owner, ParameterPath, deps);
  if (trouble || !attributes || !adopted) { return undefined; }
  const adopts = CandidatePath === undefined || recommendation.Adopts === 'true';
  const candidate = adopts ? undefined : await published(owner, CandidatePath, deps);
  return {
    change: { ...owner, JobName, ParameterPath, Adopted: adopts, Current: attributes, Previous: candidate ?? adopted },
    write: async () => {
      if (CandidatePath !== undefined) { await publish(owner, CandidatePath, attributes, explanation, deps); }
      if (adopts) { await publish(owner, ParameterPath, attributes, explanation, deps); }
    },
  };
}

function isSameDeployment(a: Attributes, b: Attributes): boolean {
  return DEPLOYED_FIELDS.every((field) => a[field] === b[field]);
}
