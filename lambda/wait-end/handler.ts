import { endOfStop, endOfWait, failed, StillStopping } from './end';
import { endOfWatch } from './watch';
import type { Unread, WaitEnd, Watched } from '../../src/contract/wait-end';
import { familyOf, JobDeps, JobReader, JobStopper } from '../jobs/family';
import { answer, ANSWER_NOT_TAKEN, Outcome } from '../runtime/answer';
import { errorMessage, isTransient, withoutQueries } from '../runtime/errors';

/** Ends a wait or a stop for a state machine, and answers CloudFormation; or looks after a job. A transient error is thrown, so that the machine tries again. */
export function waitEndHandler(deps: JobDeps<JobReader & JobStopper>): (end: WaitEnd | Watched) => Promise<Unread | void> {
  return (end) => (end.purpose === 'watch' ? endOfWatch(familyOf(end.family, deps), end, deps) : answered(end, deps));
}

async function answered(end: WaitEnd, deps: JobDeps<JobReader & JobStopper>): Promise<void> {
  let outcome: Outcome;
  try {
    // An outcome that CloudFormation did not take is found again.
    outcome = end.failure && end.failure.Error !== ANSWER_NOT_TAKEN
      ? failed(end, withoutQueries(`The state of job ${end.jobName} could not be read: ${end.failure.Cause ?? end.failure.Error}`))
      : await (end.purpose === 'wait' ? endOfWait : endOfStop)(familyOf(end.family, deps), end, deps);
  } catch (error) {
    if (!end.failure && (isTransient(error) || error instanceof StillStopping)) { throw error; }
    outcome = failed(end, errorMessage(error));
  }
  await answer(end.address, outcome, deps);
}
