import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ApproveDeps, benchmarkApproved } from './approval';
import { Ledger } from './ledger';
import type { Approval, ApprovalsProperties } from '../../src/contract/start';
import { Handled, physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import { errorMessage, errorName } from '../runtime/errors';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/** Starts the jobs of approved versions, and opens and closes what counts them. */
export function approveHandler(deps: ApproveDeps): (event: Event | Approval) => Promise<void> {
  return async (event) => {
    const { clock, random } = deps;
    const allowed = new Set();
    const ssm = retrying(deps.ssm, clock, { allowed, random });
    if (!('registry' in event)) { return serve(event, deps, () => keep(event, new Ledger(ssm, clock, pathOf(event)))); }
    const sagemaker = retrying(deps.sagemaker, clock, { allowed });
    const stepFunctions = retrying(deps.stepFunctions, clock, { allowed });
    try {
      await benchmarkApproved(event, { ...deps, ssm, sagemaker, stepFunctions });
    } catch (error) {
      // The execution's history has the message.
      throw Object.assign(new Error(errorMessage(error)), { name: errorName(error) });
    }
  };
}

async function keep(event: Event, ledger: Ledger): Promise<Handled> {
  await (event.RequestType === 'Delete' ? ledger.close() : ledger.open());
  return succeeded(physicalIdOf(event));
}

function pathOf({ ResourceProperties }: Event): string {
  return (ResourceProperties as unknown as ApprovalsProperties).SlotsPath;
}
