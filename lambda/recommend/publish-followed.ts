import { approvalRefusal } from './approval';
import { decide } from './decide';
import { putMetrics } from './metrics';
import { publish, published, PublishedRecommendation, RecommendDeps } from './publish';
import {
  APPROVAL_NEEDED, ApprovalNeeded, DEPLOYED_COPIES, DEPLOYED_FIELDS, EVENT_SOURCE, RECOMMENDATION_CHANGE, RECOMMENDATION_WRITTEN,
  RecommendationChange,
  RecommendationWritten,
} from '../../src/contract/events';
import { VARIANT_INSTANCE_COUNT } from '../../src/contract/pools';
import { FollowedRecommendation, FollowInput, Published } from '../../src/contract/recommend';
import { APPROVAL_SECONDS } from '../../src/contract/waiting';
import type { Attributes } from '../runtime/answer';
import { retrying } from '../runtime/retry';

/** The machine's two requests: first for the changes, then for the write. */
interface FollowRequest extends Pick<FollowInput, 'purpose' | 'owner' | 'jobName' | 'recommendations' | 'askedAt'> {
  readonly comparesOnly?: boolean;
  /** Recommendations whose packages wait for an approval, as the comparison found. They are not written. */
  readonly pending?: readonly FollowedRecommendation[];
}

interface Found {
  /** Set if the deployed fields change. */
  readonly change?: RecommendationChange;
  readonly write: () => Promise<RecommendationWritten>;
}

/**
 * Compares the results of a followed job and returns an event for each change; or writes the results and returns an event for each write. A result whose
 * package is not approved is not written: the machine asks again for it.
 */
export async function publishFollowed(request: FollowRequest, deps: RecommendDeps): Promise<Published> {
  const { clock, random } = deps;
  const retryingDeps = { ...deps, sagemaker: retrying(deps.sagemaker, clock), ssm: retrying(deps.ssm, clock, { random }) };
  const entries: Array<Published['Entries'][number]> = [];
  const add = (DetailType: string, detail: object) => entries.push({ Source: EVENT_SOURCE, DetailType, Detail: JSON.stringify(detail) });
  const Pending: FollowedRecommendation[] = [];
  const isLeftOut = ({ LogicalResourceId }: FollowedRecommendation) => request.pending?.some((one) => one.LogicalResourceId === LogicalResourceId);
  for (const recommendation of request.recommendations.filter((one) => !isLeftOut(one))) {
    const found = await find(request, recommendation, retryingDeps);
    if (found instanceof Waiting) {
      if (!request.comparesOnly) { continue; }
      const { WaitsUntil = new Date(clock.now() + APPROVAL_SECONDS * 1000).toISOString() } = recommendation;
      if (recommendation.WaitsUntil === undefined) { add(APPROVAL_NEEDED, { ...found.needed, WaitsUntil } satisfies ApprovalNeeded); }
      if (clock.now() < Date.parse(WaitsUntil)) { Pending.push({ ...recommendation, WaitsUntil }); }
    } else if (!request.comparesOnly) {
      if (found) { add(RECOMMENDATION_WRITTEN, await found.write()); }
    } else if (found?.change) { add(RECOMMENDATION_CHANGE, found.change); }
  }
  return request.comparesOnly ? { Entries: entries, Pending } : { Entries: entries };
}

/** A result whose package nobody has approved yet. */
class Waiting {
  constructor(readonly needed: Omit<ApprovalNeeded, 'WaitsUntil'>) {}
}

/** A job's result for one recommendation. `undefined` if the job found nothing (the published result stays), or if the path has another owner now. */
async function find(
  { owner: { StackId }, jobName: JobName, askedAt }: FollowRequest, recommendation: FollowedRecommendation, deps: RecommendDeps,
): Promise<Found | Waiting | undefined> {
  const { LogicalResourceId, ParameterPath, PendingPath, Family } = recommendation;
  const owner = { StackId, LogicalResourceId };
  const chosen = await decide({ ...recommendation, JobName }, deps);
  const { attributes, explanation, trouble, benchmarked } = chosen;
  // The recommendation's resource has written the fallback before, and clears the path on deletion: cleared values must not return.
  const adopted = await published(owner, ParameterPath, Family, deps);
  if (trouble || !attributes || !adopted) { return undefined; }
  const adopts = PendingPath === undefined || recommendation.Adopts === 'true';
  const pending = PendingPath === undefined ? undefined : await published(owner, PendingPath, Family, deps);
  if (isBefore(askedAt, pending) || (adopts && isBefore(askedAt, adopted))) {
    deps.log({ message: 'left out: the published result was requested later', ...owner, JobName, askedAt });
    return undefined;
  }
  // Last: what is not published needs no approval.
  const refusal = await approvalRefusal(chosen, recommendation, owner, deps);
  if (refusal?.isPending) {
    return new Waiting({ ...owner, JobName: attributes.JobName, ModelPackageArn: attributes.ModelPackageArn, Summary: attributes.Summary });
  }
  if (refusal) { return undefined; }
  const isKnown = !adopts && pending?.attributes.JobName === attributes.JobName && isSameDeployment(pending.attributes, attributes);
  const isChange = !isKnown && !isSameDeployment(adopted.attributes, attributes);
  const explained = { ...explanation, AskedAt: askedAt || undefined };
  return {
    change: isChange
      ? { ...owner, JobName: attributes.JobName, ParameterPath, Adopted: adopts, Current: attributes, Previous: adopted.attributes } : undefined,
    write: async () => {
      await putMetrics(recommendation, benchmarked.jobName, benchmarked.recommendations, deps);
      if (PendingPath !== undefined) { await publish(owner, PendingPath, attributes, explained, deps); }
      if (adopts) { await publish(owner, ParameterPath, attributes, explained, deps); }
      return { ...owner, ParameterPath };
    },
  };
}

function isBefore(askedAt: string, other?: PublishedRecommendation): boolean {
  return Boolean(other?.askedAt) && Date.parse(askedAt) < Date.parse(other!.askedAt!);
}

/** Of pools, everything but their figures is deployed, too. */
function isSameDeployment(a: Attributes, b: Attributes): boolean {
  const pools = Object.keys({ ...a, ...b }).filter((name) => /^Pool\d/.test(name) && DEPLOYED_FIELDS.some((field) => name.endsWith(`.${field}`)));
  return [...DEPLOYED_FIELDS, ...DEPLOYED_COPIES, VARIANT_INSTANCE_COUNT, ...pools].every((field) => a[field] === b[field]);
}
