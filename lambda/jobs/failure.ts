import type { Failure, Job, JobReader } from './family';

/** The common message for a job that SageMaker no longer knows. */
export function jobIsGone(jobName: string): string {
  return `Job ${jobName} is gone: SageMaker no longer knows it. ${RUN_AGAIN} ${SKIP}`;
}

/** The message for a job that has run as long as the library lets it. */
export function jobIsOverdue(family: Pick<JobReader, 'title' | 'logs'>, { name, logs = family.logs?.(name) }: Job, maxSeconds: number, isStopped: boolean): string {
  const minutes = Math.round(maxSeconds / 60);
  const limit = minutes % 60 === 0 ? `${minutes / 60} hour${minutes === 60 ? '' : 's'}` : `${minutes} minutes`;
  return `${family.title} ${name} has run for ${limit}, which is its 'maxDuration'. ${isStopped ? 'It was stopped' : 'It runs on, because others need it'}.`
    + ` Raise 'maxDuration', or give the job less to try.${logs === undefined ? '' : ` Logs: ${logs}.`}`;
}

/** What a user does about a job that no deploy can use any more. */
export const RUN_AGAIN = 'Change the job\'s \'trigger\' to run it again.';

/** The way out of a rollback to a job or a package that cannot be deployed any more. */
export const SKIP = 'If a rollback fails with this, continue it with ContinueUpdateRollback and skip this resource.';

/**
 * Why a job did not complete: the service's own reason, each failed part, and where to read more. If the failure may be that of a rollback, the way out
 * of it, too: the job cannot be run again for an earlier state.
 */
export function explainFailure(
  family: JobReader, { name, status, failureReason, logs = family.logs?.(name) }: Job,
  { failures = [], mayBeRollback }: { readonly failures?: readonly Failure[]; readonly mayBeRollback?: boolean } = {},
): string {
  return [
    `${family.title} ${name} ended ${status}: ${failureReason ?? (/^stopped$/i.test(status) ? 'it was stopped before it was done' : 'the service gave no reason')}`,
    ...(failures.length > 0 ? [`Failed benchmarks: ${byReason(failures, failureReason)}`] : []),
    ...(logs === undefined ? [] : [`Logs: ${logs}`]),
    ...(mayBeRollback ? [SKIP] : []),
  ].map((sentence) => sentence.replace(/\.?$/, '.')).join(' ');
}

/** Each reason once, with all that failed of it. What the service says of the job already is not said again. */
function byReason(failures: readonly Failure[], known = ''): string {
  const reasons = [...new Set(failures.map(([, reason]) => reason))];
  return reasons.map((reason) => {
    const what = failures.filter((failure) => failure[1] === reason).map(([name]) => name).join(', ');
    return reasons.length === 1 && known.includes(reason) ? what : `${what}: ${reason.replace(/\.$/, '')}`;
  }).join('; ');
}
