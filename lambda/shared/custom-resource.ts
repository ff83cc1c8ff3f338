import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answer, Outcome } from './answer';
import type { Deps } from './deps';
import { errorMessage, errorName } from './errors';
import type { AnswerAddress } from '../../src/api/contract';

/** Left to the state machine: it answers later. */
export const ANSWERED_LATER = 'answered-later';

export type Handled = Outcome | typeof ANSWERED_LATER;

/** Runs a handler and tells CloudFormation how it went: whatever is thrown becomes a FAILED answer, never a hang. */
export async function serve(
  event: CloudFormationCustomResourceEvent, deps: Pick<Deps, 'put' | 'clock' | 'log'>, handle: () => Promise<Handled>,
): Promise<void> {
  deps.log({ message: 'request', type: event.RequestType, resource: event.LogicalResourceId, resourceType: event.ResourceType });
  let outcome: Handled;
  try {
    outcome = await handle();
  } catch (error) {
    deps.log({ message: 'failed', resource: event.LogicalResourceId, error: errorName(error), reason: errorMessage(error) });
    outcome = failed(event, describe(error));
  }
  if (outcome === ANSWERED_LATER) { return; }
  try {
    await answer(addressOf(event), outcome, deps);
  } catch (error) {
    // What succeeded but cannot be told (too long for an answer) fails with that reason.
    if (outcome.status === 'FAILED') { throw error; }
    await answer(addressOf(event), failed(event, errorMessage(error)), deps);
  }
}

export function addressOf(event: CloudFormationCustomResourceEvent): AnswerAddress {
  return {
    ResponseURL: event.ResponseURL,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    PhysicalResourceId: physicalIdOf(event),
  };
}

/** The id that CloudFormation holds, or for a resource that never got one, a constant name. */
export function physicalIdOf(event: CloudFormationCustomResourceEvent): string {
  return event.RequestType === 'Create' ? event.LogicalResourceId : event.PhysicalResourceId;
}

export function succeeded(physicalId: string, attributes?: Readonly<Record<string, string>>): Outcome {
  return { status: 'SUCCESS', physicalId, attributes };
}

/** An Update that failed keeps the id it had: CloudFormation would take another for a replacement. */
function failed(event: CloudFormationCustomResourceEvent, reason: string): Outcome {
  return { status: 'FAILED', physicalId: physicalIdOf(event), reason };
}

function describe(error: unknown): string {
  const name = errorName(error);
  return ['Error', 'UserError', ''].includes(name) ? errorMessage(error) : `${name}: ${errorMessage(error)}`;
}
