import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { Change, StartDeps, watchJob } from './execution';
import { releaseEarlier, releaseFailed } from './stop';
import { canonical, isJobId } from '../../src/contract/job-name';
import type { JobProperties } from '../../src/contract/start';
import { beforeStart, maxSecondsOf } from '../jobs/before-start';
import { Claimant, claimantOf, claimOf, isClaimedSince, isLostToOther, isUnclaimed } from '../jobs/claims';
import type { JobFamily } from '../jobs/family';
import { tagsUnlessGone, unlessGone } from '../jobs/gone';
import { jobIds } from '../jobs/identity';
import { ensureJob, newestAttempt } from '../jobs/jobs';
import { askedBy } from '../runtime/asked';
import { Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { mayPass } from '../runtime/errors';
import { OutOfTime, outlastRetryBudget } from '../runtime/retry';
import { stackFacts } from '../runtime/stacks';
import { renewTags, tagsOf } from '../runtime/tags';

/** Finds the job of this content or starts it. The answer's id identifies the job for a later stop. */
export async function startJob(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  try {
    return await ensured(family, event, renewed);
  } catch (error) {
    // The error may come after the job has started. A Delete follows a failed Create, but nothing stops the job of a failed Update.
    if (event.RequestType === 'Update') { await releaseFailed(family, event, renewed()).catch(() => {}); }
    throw error;
  }
}

async function ensured(family: JobFamily, event: Change, renewed: () => StartDeps): Promise<Handled> {
  let deps = renewed();
  const properties = event.ResourceProperties as unknown as JobProperties;
  const request = family.request(properties);
  const asked = askedBy(event);
  const claimant = claimantOf(event, properties);
  const old = event.RequestType === 'Update' ? event.OldResourceProperties as unknown as JobProperties : undefined;
  // A job that has ended is not checked again: its package may be gone by now.
  const isSame = event.RequestType === 'Update' && isSameContent(family, properties, old!) && properties.Namespace === old!.Namespace && isJobId(event.PhysicalResourceId);
  const target = isSame ? undefined : await family.target(deps.sagemaker, request);
  const ids = isSame ? [event.PhysicalResourceId] : await jobIds(family, { ...properties, ...claimant, request, target: target! }, deps.objects);
  const id = await ofThisConstruct(family, ids, claimant, deps) ?? ids[0];
  const isCurrent = event.RequestType === 'Update' && id === event.PhysicalResourceId;
  // A failure that does not fail the stack: only changed content starts a new job. A rollback comes with the old properties.
  const isTolerated = toleratesFailure(properties) || (isCurrent && toleratesFailure(old!));
  // No other running job is needed any more. Nothing is lost of a job that has ended. A Create meets one if the Delete of an earlier Create has failed.
  const stopped = await releaseEarlier(family, event, deps, id);
  // A rollback to the job that CloudFormation holds: the update in between has failed. If it has started nothing yet, it still may.
  if (isCurrent && !isSame && !stopped.some(({ phase }) => phase === 'running')) {
    await outlastRetryBudget(deps.clock);
    deps = renewed();
    await releaseEarlier(family, event, deps, id);
  }
  const job = await ensureJob(family, {
    id,
    claimant,
    asked,
    request,
    tags: properties.Tags,
    ownOnly: properties.Reuse === 'never',
    requestType: event.RequestType,
    // If the service has dropped the job, its results are in the stack already and are not paid for again.
    mayStart: (failed) => (failed ? !isTolerated && (isLostToOther(failed, claimant) || !isClaimedSince(failed, claimant, asked)) : !isCurrent),
    check: (planned) => beforeStart(family, { ...planned, target }, properties, deps),
    watch: (jobName) => watchJob(family, claimant, jobName, deps, maxSecondsOf(properties)),
  }, deps);
  // The tags of a job that the construct does not claim are not its own to renew.
  if (job && old) {
    await unlessGone(family, job.name, deps.sagemaker, async () => {
      if (isUnclaimed(await tagsOf(deps.sagemaker, job.arn), claimant)) { return; }
      await renewTags(deps.sagemaker, job.arn, (await stackFacts(deps.stacks, event.StackId, deps)).tags, properties.Tags, old.Tags);
    });
  }
  return succeeded(id, { JobName: job?.name ?? id, JobArn: job?.arn ?? family.arn(event, id), AskedAt: asked.at });
}

/**
 * If a Create fails for a reason that may pass, a repeated delivery of it may still start the job. The id then tells the Delete to wait for that: it is
 * neither the id of a job nor that of a Create which failed for good.
 */
export function failedStartId(event: CloudFormationCustomResourceEvent, error: unknown): string {
  const mayStart = event.RequestType === 'Create' && (mayPass(error) || error instanceof OutOfTime);
  return physicalIdOf(event) + (mayStart ? '-unsettled' : '');
}

/** The id under which this construct has found or started the job before, if an object or an image was told apart in another way then. */
async function ofThisConstruct(family: JobFamily, ids: readonly string[], claimant: Claimant, { sagemaker }: StartDeps): Promise<string | undefined> {
  if (ids.length === 1) { return undefined; }
  for (const id of ids) {
    const newest = await newestAttempt(family, sagemaker, id);
    const tags = newest && await tagsUnlessGone(family, newest.job, sagemaker);
    if (tags && claimOf(tags, claimant)) { return id; }
  }
  return undefined;
}

/** Whether two states of the properties mean the same job. CloudFormation delivers both in the same form, so neither needs the API's types. */
function isSameContent(family: JobFamily, properties: JobProperties, old: JobProperties): boolean {
  const [now, before] = [properties, old].map(({ Trigger, Request }) => canonical([Trigger ?? '', family.counted(Request ?? {})]));
  return now === before;
}

export function toleratesFailure(properties: JobProperties): boolean {
  return properties.ToleratesFailure === 'true';
}
