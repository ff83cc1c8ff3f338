import { ListModelPackagesCommand, ListModelPackagesCommandOutput } from '@aws-sdk/client-sagemaker';
import { Closed, Ledger, NotYet } from './ledger';
import { isLeft, otherSlot, ownSlot, Slot } from './slots';
import { isApprovedByStack } from '../../src/contract/approval';
import { BENCHMARK_SKIPPED, BenchmarkSkipped, EVENT_SOURCE } from '../../src/contract/events';
import { constructPrefix } from '../../src/contract/job-name';
import type { Approval } from '../../src/contract/start';
import { isNonTerminal } from '../../src/service/job-status';
import { beforeStart } from '../jobs/before-start';
import { Claimant, claimantOf, isClaimedSince } from '../jobs/claims';
import { familyOf, JobDeps, JobKey, JobRequest, JobStarter, Target } from '../jobs/family';
import { startFollowing } from '../jobs/following';
import { jobIds } from '../jobs/identity';
import { ensureJob, hasFailed, newestAttempt } from '../jobs/jobs';
import type { AccountApi } from '../runtime/account';
import type { Asked } from '../runtime/asked';
import type { WriterDeps } from '../runtime/deps';
import { errorMessage, mayPass, UserError } from '../runtime/errors';
import type { StepFunctionsApi } from '../runtime/executions';
import { OutOfTime } from '../runtime/retry';
import type { StacksApi } from '../runtime/stacks';
import { tagsOf } from '../runtime/tags';

/** Dependencies of this function, besides those of every handler. */
export interface ApproveDeps extends JobDeps<JobStarter>, WriterDeps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stacks: StacksApi;
  readonly account: AccountApi;
}

/**
 * Benchmarks a version of a model in the background. A refusal becomes an event, because no deploy waits for an answer. What may pass is thrown: the state
 * machine tries again for days.
 */
export async function benchmarkApproved(approval: Approval, deps: ApproveDeps): Promise<void> {
  const { registry, time, execution: holder } = approval;
  const { StackId, LogicalResourceId, SlotsPath, StateMachineArn } = registry;
  const owner = { StackId, LogicalResourceId };
  const asked = askedIn(approval);
  const family = familyOf(registry.Family, deps);
  const ledger = new Ledger(deps.ssm, deps.clock, SlotsPath);
  // For a renewal, the version that it has chosen.
  const chosen = { packageArn: approval.packageArn };
  let jobName: string | undefined;
  try {
    jobName = await jobOf(family, approval, chosen, asked, ledger, deps);
  } catch (error) {
    if (error instanceof NotYet || error instanceof OutOfTime || mayPass(error)) { throw error; }
    const slots = error instanceof Closed ? [] : await ledger.slots(holder);
    const slot = ownSlot(slots, { holder });
    // Another delivery may have had what this one was refused, such as a month with a higher cap.
    const other = otherSlot(slots, { holder, request: asked.id });
    if (other?.started === '' && !isLeft(other, { holder }, deps.clock.now())) { throw new NotYet('Another delivery is about to start the job.'); }
    jobName = slot && await startedAfterAll(family, slot, approval, ledger, deps) || other?.started || undefined;
    if (jobName === undefined) {
      const skipped: BenchmarkSkipped = { ...owner, ModelPackageArn: chosen.packageArn, Reason: errorMessage(error) };
      deps.log({ message: 'skipped', ...skipped });
      const entries = [{ Source: EVENT_SOURCE, DetailType: BENCHMARK_SKIPPED, Detail: JSON.stringify(skipped) }];
      await startFollowing(StateMachineArn, asked.id, { owner, jobName: '', recommendations: [], entries }, deps);
      return;
    }
  }
  await startFollowing(StateMachineArn, await executionName(family, jobName, claimantOf(registry, registry), asked, deps), {
    owner, jobName, recommendations: registry.Recommendations, askedAt: time,
  }, deps);
}

/**
 * A schedule may send an event twice, under two ids but for the same time. The id is also the name of an execution, and each registry of a stack has its own.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html (a rule ran more than once in response to a single event)
 */
function askedIn({ registry: { StackId, LogicalResourceId }, eventId, time, packageArn }: Approval): Asked {
  const id = packageArn === '' ? constructPrefix(StackId, LogicalResourceId) + time.replace(/\W/g, '') : eventId;
  return { id, at: new Date(time).toISOString() };
}

/**
 * Several events about a running job follow it once. If the job ended before this event came, its result is published once more.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html (several events for one change)
 */
async function executionName(family: JobStarter, jobName: string, claimant: Claimant, asked: Asked, { sagemaker }: ApproveDeps): Promise<string> {
  const job = await family.describe(sagemaker, jobName);
  if (!job || isNonTerminal(job.phase) || isClaimedSince(await tagsOf(sagemaker, job.arn), claimant, asked)) { return jobName; }
  return asked.id;
}

/** Finds the job of a request or starts it. A start takes a slot of the month. */
async function jobOf(
  family: JobStarter, approval: Approval, chosen: { packageArn: string }, asked: Asked, ledger: Ledger, deps: ApproveDeps,
): Promise<string> {
  const { registry, execution, packageArn, time } = approval;
  const slots = await ledger.slots(execution);
  // Another delivery of the same request has started its job already. For a renewal, that may have been of an older version.
  const served = slots.find(({ request, started }) => request === asked.id && started !== '');
  if (served) { return served.started; }
  let slot = ownSlot(slots, { holder: execution });
  const claimant = claimantOf(registry, registry);
  const targetOf = async (arn: string): Promise<Chosen> => {
    const request = family.forPackage(family.request(registry), arn);
    return { request, target: await family.target(deps.sagemaker, request) };
  };
  const named = packageArn || slot?.target;
  chosen.packageArn ||= named ?? '';
  const { request, target } = named ? await targetOf(named) : await newestApproved(registry.ModelPackageGroupName, targetOf, deps);
  chosen.packageArn ||= target.name;
  if (packageArn !== '' && isApprovedByStack(target.approval, time)) {
    throw new UserError(`Version ${packageArn} was approved by a stack that deploys it as a generative job recommends: that job has benchmarked it already.`);
  }
  // A renewal benchmarks the same content again, so its time is the trigger.
  const Trigger = packageArn === '' ? asked.id : undefined;
  const [id] = await jobIds(family, { ...registry, ...claimant, Trigger, request, target });
  const job = await ensureJob(family, {
    id,
    claimant,
    asked,
    request,
    tags: registry.Tags,
    mayStart: (failed) => failed === undefined || !isClaimedSince(failed, claimant, asked),
    check: async (planned) => {
      const start = await beforeStart(family, { ...planned, target }, registry, deps);
      const seen = slots.flatMap(({ started }) => started || []);
      const claim = { holder: execution, request: asked.id, job: id, target: chosen.packageArn, seen };
      slot = await ledger.claim(claim, (left) => startedAfterAll(family, left, approval, ledger, deps));
      return start;
    },
  }, deps);
  if (slot && job) { await settle(family, slot, job, ledger, deps); }
  return job?.name ?? id;
}

/**
 * An execution that ends holds no slot whose job has not started. The job may have started although the last call was refused: by an earlier call, whose
 * answer was lost.
 */
async function startedAfterAll(
  family: JobStarter, slot: Slot, { registry }: Pick<Approval, 'registry'>, ledger: Ledger, deps: ApproveDeps,
): Promise<string | undefined> {
  const newest = await newestAttempt(family, deps.sagemaker, slot.job);
  const ofSlot = { id: slot.request, at: slot.at };
  if (newest && (!hasFailed(newest.job) || isClaimedSince(await tagsOf(deps.sagemaker, newest.job.arn), claimantOf(registry, registry), ofSlot))) {
    await settle(family, slot, newest.job, ledger, deps);
    return newest.job.name;
  }
  await ledger.giveBack(slot);
  return undefined;
}

/** A job that starts while its registry is removed is stopped, because the Delete may have come before it. */
async function settle(family: JobStarter, slot: Slot, job: JobKey, ledger: Ledger, { sagemaker }: ApproveDeps): Promise<void> {
  try {
    await ledger.settle(slot, job.name);
  } catch (error) {
    if (error instanceof Closed) { await family.stop(sagemaker, job.name); }
    throw error;
  }
}

/** A version to benchmark, and the request for it. */
interface Chosen {
  readonly request: JobRequest;
  readonly target: Target;
}

/** The newest approved version that a person, or a pipeline, has approved. Lists have no description of an approval, and no package has its time: that of its last change is the nearest. */
async function newestApproved(
  ModelPackageGroupName: string, targetOf: (arn: string) => Promise<Chosen>, { sagemaker }: ApproveDeps,
): Promise<Chosen> {
  let NextToken: string | undefined;
  let isByStacks = false;
  do {
    const page: ListModelPackagesCommandOutput = await sagemaker.send(new ListModelPackagesCommand({
      ModelPackageGroupName, ModelApprovalStatus: 'Approved', SortBy: 'CreationTime', SortOrder: 'Descending', NextToken,
    }));
    for (const { ModelPackageArn: arn } of page.ModelPackageSummaryList ?? []) {
      const found = await targetOf(arn!);
      if (!isApprovedByStack(found.target.approval, found.target.changed?.toISOString())) { return found; }
      isByStacks = true;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  throw new UserError(isByStacks
    ? `Stacks have approved every approved version of group ${ModelPackageGroupName}, to deploy what a generative job recommends: nothing is to be benchmarked.`
    : `No version of group ${ModelPackageGroupName} is approved.`);
}
