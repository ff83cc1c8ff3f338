import { constructPrefix, parseAttempt } from '../../src/contract/job-name';
import type { Deps } from '../runtime/deps';
import { describeJob, stopJob, unsettledJobs } from '../jobs/jobs';
import { isOwnedBy } from '../runtime/ownership';
import { Tags, tagsOf } from '../runtime/tags';

interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

/** Whether a job is spared for its tags: given the id that its attempts share. */
type Spares = (id: string, tags: Tags) => boolean;

/**
 * Stops what runs for a construct and returns the names of the jobs that are not over yet. `keep` are ids of jobs that stay.
 *
 * By the construct's prefix and not by a physical id: CloudFormation invents one where an answer of Create never came, and holds an old one where
 * an answer of Update never came.
 */
export async function stopJobs(
  owner: Owner, deps: Pick<Deps, 'sagemaker' | 'log'>, keep: readonly string[] = [], spares: Spares = () => false,
): Promise<string[]> {
  const names = await unsettledJobs(deps.sagemaker, constructPrefix(owner.StackId, owner.LogicalResourceId));
  const own: string[] = [];
  for (const name of names.filter((one) => !keep.includes(parseAttempt(one).id))) {
    const job = await describeJob(deps.sagemaker, name);
    if (!job) { continue; }
    const tags = await tagsOf(deps.sagemaker, job.JobArn!);
    if (!isOwnedBy(tags, owner.StackId) || spares(parseAttempt(name).id, tags)) { continue; }
    await stopJob(deps.sagemaker, name);
    deps.log({ message: 'stopped', jobName: name });
    own.push(name);
  }
  return own;
}
