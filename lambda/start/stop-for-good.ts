import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { StartDeps } from './deps';
import { startExecution } from './execution';
import { stopJobs } from './stop';
import { isJobId } from '../../src/contract/job-name';
import { STOP_POLL_SECONDS, STOP_SECONDS } from '../../src/contract/waiting';
import { ANSWERED_LATER, Handled, succeeded } from '../runtime/custom-resource';
import { isHeld } from '../runtime/ownership';
import { outlastPatience } from '../runtime/retry';

/** Stops what runs for a construct that goes, and answers once it no longer runs: its role is needed until then. */
export async function stopForGood(event: CloudFormationCustomResourceEvent & { RequestType: 'Delete' }, renewed: () => StartDeps): Promise<Handled> {
  let deps = renewed();
  const arrived = deps.clock.now();
  // In a clean-up, another job may run in the background, whose own Delete is still to come.
  let stopping = await stopJobs(event, deps, [], (id, tags) => id !== event.PhysicalResourceId && isHeld(tags));
  // With an id that CloudFormation invented: it has given up a Create that was never answered.
  if (stopping.length === 0 && !isJobId(event.PhysicalResourceId, event) && event.PhysicalResourceId !== event.LogicalResourceId) {
    await outlastPatience(deps.clock);
    deps = renewed();
    stopping = await stopJobs(event, deps);
  }
  if (stopping.length === 0) { return succeeded(event.PhysicalResourceId); }
  await startExecution(event, deps, arrived + STOP_SECONDS * 1000, {
    purpose: 'stop',
    jobNames: stopping,
    pollSeconds: STOP_POLL_SECONDS,
    lastLink: true,
    toleratesFailure: false,
  });
  return ANSWERED_LATER;
}
