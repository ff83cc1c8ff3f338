import { decide } from './decide';
import { publish, published, PublishedRecommendation, RecommendDeps } from './publish';
import { FollowedRecommendation, FollowInput, Published } from '../../src/contract/recommend';
import {
  DEPLOYED_FIELDS, EVENT_SOURCE, RECOMMENDATION_CHANGE, RECOMMENDATION_WRITTEN, RecommendationChange, RecommendationWritten,
} from '../../src/contract/events';
import type { Attributes } from '../runtime/answer';
import { retrying } from '../runtime/retry';

/** What the machine asks for: first what would change, then that it is written. */
interface FollowRequest extends Pick<FollowInput, 'purpose' | 'owner' | 'jobName' | 'recommendations' | 'askedAt'> {
  readonly comparesOnly?: boolean;
}

interface Found {
  /** Where something else is to be deployed than before. */
  readonly change?: RecommendationChange;
  readonly write: () => Promise<RecommendationWritten>;
}

/** Compares what a job that was followed recommends, and gives an event for each change; or writes it, and gives an event for each that is written. */
export async function publishFollowed(request: FollowRequest, deps: RecommendDeps): Promise<Published> {
  const retryingDeps = { ...deps, sagemaker: retrying(deps.sagemaker, deps.clock), ssm: retrying(deps.ssm, deps.clock) };
  const entries: Array<Published['Entries'][number]> = [];
  const add = (DetailType: string, detail: object) => entries.push({ Source: EVENT_SOURCE, DetailType, Detail: JSON.stringify(detail) });
  for (const recommendation of request.recommendations) {
    const found = await find(request, recommendation, retryingDeps);
    if (!request.comparesOnly) {
      if (found) { add(RECOMMENDATION_WRITTEN, await found.write()); }
    } else if (found?.change) { add(RECOMMENDATION_CHANGE, found.change); }
  }
  return { Entries: entries };
}

/** What a job found for a recommendation; nothing where it found nothing, which takes nothing away, or it has no place any more. */
async function find(
  { owner: { StackId }, jobName: JobName, askedAt }: FollowRequest, recommendation: FollowedRecommendation, deps: RecommendDeps,
): Promise<Found | undefined> {
  const { LogicalResourceId, ParameterPath, PendingPath } = recommendation;
  const owner = { StackId, LogicalResourceId };
  const { attributes, explanation, trouble } = await decide({ ...recommendation, JobName }, deps);
  // Its own resource has written the fallback before, and takes all back when it goes: what it has taken back must not return.
  const adopted = await published(owner, ParameterPath, deps);
  if (trouble || !attributes || !adopted) { return undefined; }
  const adopts = PendingPath === undefined || recommendation.Adopts === 'true';
  const pending = PendingPath === undefined ? undefined : await published(owner, PendingPath, deps);
  if (isBefore(askedAt, pending) || (adopts && isBefore(askedAt, adopted))) {
    deps.log({ message: 'left out: what stands was asked for later', ...owner, JobName, askedAt });
    return undefined;
  }
  const isKnown = !adopts && pending?.attributes.JobName === JobName && isSameDeployment(pending.attributes, attributes);
  const isChange = !isKnown && !isSameDeployment(adopted.attributes, attributes);
  const explained = { ...explanation, AskedAt: askedAt || undefined };
  return {
    change: isChange ? { ...owner, JobName, ParameterPath, Adopted: adopts, Current: attributes, Previous: adopted.attributes } : undefined,
    write: async () => {
      if (PendingPath !== undefined) { await publish(owner, PendingPath, attributes, explained, deps); }
      if (adopts) { await publish(owner, ParameterPath, attributes, explained, deps); }
      return { ...owner, ParameterPath };
    },
  };
}

function isBefore(askedAt: string, other?: PublishedRecommendation): boolean {
  return Boolean(other?.askedAt) && Date.parse(askedAt) < Date.parse(other!.askedAt!);
}

function isSameDeployment(a: Attributes, b: Attributes): boolean {
  return DEPLOYED_FIELDS.every((field) => a[field] === b[field]);
}
