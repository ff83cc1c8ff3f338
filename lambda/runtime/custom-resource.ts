import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answer, answerBody, Outcome } from './answer';
import type { Deps, SageMakerApi } from './deps';
import { errorMessage, errorName } from './errors';
import { retrying } from './retry';
import type { AnswerAddress } from '../../src/contract/custom-resource';

/** Left to the state machine: it answers later. */
export const ANSWERED_LATER = 'answered-later';

export type Handled = Outcome | typeof ANSWERED_LATER;

/** A function that never calls SageMaker has no client of it. */
type ServedDeps = Deps & { readonly sagemaker?: SageMakerApi };

/**
 * Runs a handler and tells CloudFormation how it went: whatever is thrown becomes a FAILED answer, never a hang. An answer that cannot be
 * delivered is thrown instead: Lambda delivers the event again, and every handler finds what it did before.
 */
export async function serve<D extends ServedDeps>(
  event: CloudFormationCustomResourceEvent, deps: D, handle: (retryingDeps: D) => Promise<Handled>,
): Promise<void> {
  deps.log({ message: 'request', type: event.RequestType, resource: event.LogicalResourceId, resourceType: event.ResourceType });
  let outcome: Handled;
  try {
    outcome = await handle(deps.sagemaker ? { ...deps, sagemaker: retrying(deps.sagemaker, deps.clock) } : deps);
    // What succeeded but does not fit into an answer fails with that reason.
    if (outcome !== ANSWERED_LATER) { answerBody(event, outcome); }
  } catch (error) {
    deps.log({ message: 'failed', resource: event.LogicalResourceId, error: errorName(error), reason: errorMessage(error) });
    outcome = failed(event, describe(error));
  }
  if (outcome !== ANSWERED_LATER) { await answer(addressOf(event), outcome, deps); }
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
