import { ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import type { StartDeps } from './execution';
import { startFollowing } from './follow';
import { jobIds } from './identity';
import { claimantOf } from './stop';
import { BENCHMARK_SKIPPED, BenchmarkSkipped, EVENT_SOURCE } from '../../src/contract/events';
import type { RegistryBenchmark } from '../../src/contract/start';
import { isNonTerminal } from '../../src/service/job-status';
import { Claimant, isClaimedSince, starterTags } from '../jobs/claims';
import { familyOf, JobFamily } from '../jobs/family';
import { ensureJob, jobsIn, jobTags } from '../jobs/jobs';
import type { Asked } from '../runtime/asked';
import { errorMessage, isTransient, UserError } from '../runtime/errors';
import { tagsOf } from '../runtime/tags';

/** The event of a rule: a version was approved, or the schedule benchmarks the newest version once more. */
export interface Approval {
  readonly registry: RegistryBenchmark;
  /** Id of the event. A repeated delivery starts nothing. */
  readonly eventId: string;
  /** ISO time of the event. */
  readonly time: string;
  /** The approved version. Absent if a schedule sent the event. */
  readonly packageArn?: string;
}

/** Benchmarks a version of a model in the background. A refusal becomes an event, because no deploy waits for an answer. */
export async function benchmarkApproved({ registry, eventId, time, packageArn }: Approval, deps: StartDeps): Promise<void> {
  const { StackId, LogicalResourceId } = registry;
  const owner = { StackId, LogicalResourceId };
  const asked = { id: eventId, at: new Date(time).toISOString() };
  const family = familyOf(registry.Family, deps);
  let target = packageArn;
  try {
    target ??= await newestApproved(registry.ModelPackageGroupName, deps);
    if (target === undefined) { throw new UserError(`No version of group ${registry.ModelPackageGroupName} is approved.`); }
    const jobName = await started(family, registry, packageArn === undefined, asked, target, deps);
    await startFollowing(registry.StateMachineArn, await executionName(family, jobName, claimantOf(registry, registry), asked, deps), {
      owner, jobName, recommendations: registry.Recommendations, askedAt: time,
    }, deps);
  } catch (error) {
    // Lambda then delivers the event again.
    if (isTransient(error)) { throw error; }
    const skipped: BenchmarkSkipped = { ...owner, ModelPackageArn: target ?? '', Reason: errorMessage(error) };
    deps.log({ message: 'skipped', ...skipped });
    const entries = [{ Source: EVENT_SOURCE, DetailType: BENCHMARK_SKIPPED, Detail: JSON.stringify(skipped) }];
    await startFollowing(registry.StateMachineArn, eventId, { owner, jobName: '', recommendations: [], entries }, deps);
  }
}

/**
 * Several events about a running job follow it once. If the job ended before this event came, its result is published once more.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html (several events for one change)
 */
async function executionName(family: JobFamily, jobName: string, claimant: Claimant, asked: Asked, { sagemaker }: StartDeps): Promise<string> {
  const job = await family.describe(sagemaker, jobName);
  if (!job || isNonTerminal(job.phase) || isClaimedSince(await tagsOf(sagemaker, job.arn), claimant, asked)) { return jobName; }
  return asked.id;
}

async function started(
  family: JobFamily, registry: RegistryBenchmark, isRenewal: boolean, asked: Asked, targetArn: string, deps: StartDeps,
): Promise<string> {
  const request = family.forPackage(family.request(registry), targetArn);
  const target = await family.target(deps.sagemaker, request);
  const claimant = claimantOf(registry, registry);
  // A renewal benchmarks the same content again, so its event is the trigger.
  const Trigger = isRenewal ? asked.id : undefined;
  const [id] = await jobIds(family, { ...registry, ...claimant, Trigger, request, target }, deps);
  const job = await ensureJob(family, {
    id,
    claimant,
    asked,
    request,
    tags: registry.Tags,
    mayStart: (failed) => failed === undefined || !isClaimedSince(failed, claimant, asked),
    check: async () => {
      family.check(request, jobTags(registry.Tags, starterTags(claimant, asked)), target);
      await checkCap(family, claimant, registry, deps);
    },
  }, deps);
  return job?.name ?? id;
}

/** Failed jobs count as well, because they were paid for. */
async function checkCap(family: JobFamily, claimant: Claimant, registry: RegistryBenchmark, deps: StartDeps): Promise<void> {
  const { MaxJobsPerMonth } = registry;
  if (MaxJobsPerMonth === undefined) { return; }
  const month = new Date(deps.clock.now());
  const since = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth()));
  // The service lists jobs made after the given time, not at it.
  const jobs = await jobsIn(family, claimant, deps, new Date(since.getTime() - 1));
  if (jobs.length >= Number(MaxJobsPerMonth)) {
    throw new UserError(`There were ${jobs.length} benchmarks since ${since.toISOString()}, and ${MaxJobsPerMonth} a month are allowed.`);
  }
}

async function newestApproved(group: string, deps: StartDeps): Promise<string | undefined> {
  const { ModelPackageSummaryList: [newest] = [] } = await deps.sagemaker.send(new ListModelPackagesCommand({
    ModelPackageGroupName: group, ModelApprovalStatus: 'Approved', SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 1,
  }));
  return newest?.ModelPackageArn;
}
