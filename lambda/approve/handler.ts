import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ApproveDeps, benchmarkApproved } from './approval';
import { Ledger } from './ledger';
import type { Approval, ApprovalsProperties } from '../../src/contract/start';
import { askedBy } from '../runtime/asked';
import { Handled, physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import type { Clock, SsmApi } from '../runtime/deps';
import { errorMessage, errorName } from '../runtime/errors';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/** Starts the jobs of approved versions, and opens and closes what counts them. */
export function approveHandler(deps: ApproveDeps): (event: Event | Approval) => Promise<void> {
  return async (event) => {
    const { clock, random } = deps;
    const allowed = new Set();
    const ssm = retrying(deps.ssm, clock, { allowed, random });
    if (!('registry' in event)) { return serve(event, deps, () => keep(event, ssm, clock)); }
    const sagemaker = retrying(deps.sagemaker, clock, { allowed });
    const stepFunctions = retrying(deps.stepFunctions, clock, { allowed });
    const stacks = retrying(deps.stacks, clock, { allowed });
    try {
      await benchmarkApproved(event, { ...deps, ssm, sagemaker, stepFunctions, stacks });
    } catch (error) {
      // The execution's history has the message.
      throw Object.assign(new Error(errorMessage(error)), { name: errorName(error) });
    }
  };
}

async function keep(event: Event, ssm: SsmApi, clock: Clock): Promise<Handled> {
  const { SlotsPath, MaxJobsPerMonth } = event.ResourceProperties as unknown as ApprovalsProperties;
  const ledger = new Ledger(ssm, clock, SlotsPath);
  await (event.RequestType === 'Delete' ? ledger.close() : ledger.open(MaxJobsPerMonth, askedBy(event).at));
  return succeeded(physicalIdOf(event));
}
