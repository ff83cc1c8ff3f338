import { attemptName, constructPrefix, isJobId, parseAttempt } from '../../src/api/job-name';
import { isUnsettled } from '../../src/api/job-status';
import type { Deps, SageMakerApi } from '../shared/deps';
import { describeJob, stopJob, unsettledJobs } from '../shared/jobs';
import { isOwnedBy } from '../shared/ownership';
import { tagsOf } from '../shared/tags';

interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}

/** Stops the jobs behind a physical id and returns the names of those that are not over yet. */
export async function stopJobsOf(physicalId: string, owner: Owner, deps: Pick<Deps, 'sagemaker' | 'log'>): Promise<string[]> {
  const names = isJobId(physicalId, owner.StackId, owner.LogicalResourceId)
    ? await unsettledAttempts(deps.sagemaker, physicalId)
    // CloudFormation invents an id when an answer of Create never came: then anything of this construct may run.
    : await unsettledJobs(deps.sagemaker, constructPrefix(owner.StackId, owner.LogicalResourceId));
  return stopOwn(names, owner, deps);
}

/** Stops what runs for this construct besides the jobs of the given ids: starts whose answer was lost. */
export async function stopStrays(keep: readonly string[], owner: Owner, deps: Pick<Deps, 'sagemaker' | 'log'>): Promise<void> {
  const names = await unsettledJobs(deps.sagemaker, constructPrefix(owner.StackId, owner.LogicalResourceId));
  await stopOwn(names.filter((name) => !keep.includes(parseAttempt(name).id)), owner, deps);
}

async function unsettledAttempts(sagemaker: SageMakerApi, id: string): Promise<string[]> {
  const names: string[] = [];
  for (let number = 1; ; number++) {
    const job = await describeJob(sagemaker, attemptName(id, number));
    if (!job) { return names; }
    if (isUnsettled(job.Status)) { names.push(job.JobName!); }
  }
}

async function stopOwn(names: readonly string[], owner: Owner, deps: Pick<Deps, 'sagemaker' | 'log'>): Promise<string[]> {
  const own: string[] = [];
  for (const name of names) {
    const job = await describeJob(deps.sagemaker, name);
    if (!job || !isOwnedBy(await tagsOf(deps.sagemaker, job.JobArn!), owner.StackId)) { continue; }
    await stopJob(deps.sagemaker, name);
    deps.log({ message: 'stopped', jobName: name });
    own.push(name);
  }
  return own;
}
