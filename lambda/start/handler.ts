import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { Approval, benchmarkApproved } from './approval';
import type { StartDeps } from './deps';
import { stopWaiting } from './execution';
import { follow } from './follow';
import { startJob } from './job';
import { stopForGood } from './stop-for-good';
import { waitForJob } from './wait';
import { FOLLOW_RESOURCE_TYPE, REGISTRY_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from '../../src/contract/contract';
import { Handled, physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import { patient } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/** Starts and stops jobs, and starts the executions that wait for them or follow them. */
export function startHandler(deps: StartDeps): (event: Event | Approval) => Promise<void> {
  // Of each event anew: an environment is warm for hours, and patience ends.
  const renewed = () => ({ ...deps, sagemaker: patient(deps.sagemaker, deps.clock), stepFunctions: patient(deps.stepFunctions, deps.clock) });
  return (event) => ('registry' in event ? benchmarkApproved(event, renewed()) : serve(event, deps, () => handle(event, deps, renewed)));
}

async function handle(event: Event, deps: StartDeps, renewed: () => StartDeps): Promise<Handled> {
  const { ResourceType } = event;
  if (ResourceType === FOLLOW_RESOURCE_TYPE) { return follow(event, renewed()); }
  if (ResourceType === WAIT_RESOURCE_TYPE) {
    if (event.RequestType !== 'Delete') { return waitForJob(event, renewed()); }
    await stopWaiting(event, deps);
    return succeeded(event.PhysicalResourceId);
  }
  if (event.RequestType === 'Delete') { return stopForGood(event, renewed); }
  return ResourceType === REGISTRY_RESOURCE_TYPE ? succeeded(physicalIdOf(event)) : startJob(event, renewed);
}
