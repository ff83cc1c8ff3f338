import { Claimant, ClaimKey, claimOf, deletingTag, givenUpTag, isLeaving, isShared } from './claims';
import type { Job, JobFamily, JobReader } from './family';
import { unlessGone } from './gone';
import { newestAttempt, Spares, unclaim } from './jobs';
import { parseAttempt } from '../../src/contract/job-name';
import { isNonTerminal } from '../../src/service/job-status';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';
import { addTags, deleteTags, tagsOf } from '../runtime/tags';

/** What of a construct's claims is left alone when it ends. */
interface Leaving {
  readonly spares: Spares;
  /** Whether completed jobs stay, because the next deploy may need them. */
  readonly isKept: boolean;
}

/**
 * Gives up a construct's claims on the attempts of a job that have ended. Names those that are to be deleted: the family can, and nobody else claims them. Of
 * two that leave at once, one at least sees that.
 */
export async function leaveEnded(
  family: JobFamily, claimant: Claimant, id: string, { sagemaker }: Pick<SageMakerDeps, 'sagemaker'>, { spares, isKept }: Leaving,
): Promise<string[]> {
  const names: string[] = [];
  for (const job of await attemptsOf(family, id, sagemaker)) {
    const isLast = await unlessGone(family, job.name, sagemaker, async () => {
      const tags = isNonTerminal(job.phase) ? {} : await tagsOf(sagemaker, job.arn);
      if (!(claimOf(tags, claimant) || isLeaving(tags, claimant)) || spares(id, tags)) { return false; }
      if (family.delete && !(isKept && job.phase === 'completed')) {
        const deleting = deletingTag(claimant);
        // A failed job is used by nobody, so nobody waits for its end.
        await addTags(sagemaker, job.arn, [givenUpTag(claimant), ...job.phase === 'completed' ? [deleting] : []]);
        // The tag of the stack is the permission to delete the job.
        if (!isShared(await tagsOf(sagemaker, job.arn), claimant)) { return true; }
        if (job.phase === 'completed') { await deleteTags(sagemaker, job.arn, [deleting.Key]); }
      }
      if (family.delete || job.phase === 'completed') { await unclaim(job, tags, claimant, sagemaker); }
      return false;
    });
    if (isLast) { names.push(job.name); }
  }
  return names;
}

/**
 * Deletes jobs that have ended and that nobody else claimed. Somebody may claim a completed one until it is deleted, which may be minutes later: it is left
 * to them then.
 */
export async function deleteLeft(
  family: JobReader, claimant: ClaimKey, names: readonly string[], { sagemaker }: Pick<SageMakerDeps, 'sagemaker'>,
): Promise<void> {
  const mark = deletingTag(claimant);
  for (const name of names) {
    const job = await family.describe(sagemaker, name);
    const isTaken = job?.phase === 'completed' && await unlessGone(family, name, sagemaker, async () => {
      const tags = await tagsOf(sagemaker, job.arn);
      if (!isShared(tags, claimant)) { return false; }
      // The mark may be another's by now.
      if (tags[mark.Key] === mark.Value) { await deleteTags(sagemaker, job.arn, [mark.Key]); }
      await unclaim(job, tags, claimant, sagemaker);
      return true;
    });
    if (job && !isTaken) { await family.delete!(sagemaker, name); }
  }
}

/** What is there of a job's attempts. Of a family that keeps all its jobs, the newest. */
async function attemptsOf(family: JobFamily, id: string, sagemaker: SageMakerApi): Promise<Job[]> {
  if (!family.delete) {
    const newest = await newestAttempt(family, sagemaker, id);
    return newest ? [newest.job] : [];
  }
  const names = (await family.list(sagemaker, id)).map(({ name }) => name).filter((name) => parseAttempt(name).id === id);
  const jobs = await Promise.all(names.map((name) => family.describe(sagemaker, name)));
  return jobs.filter((job) => job !== undefined);
}
