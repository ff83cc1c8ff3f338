import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answer, answerBody, Outcome } from './answer';
import type { Deps, SageMakerApi } from './deps';
import { errorMessage, errorName } from './errors';
import { isLost, retrying } from './retry';
import type { AnswerAddress } from '../../src/contract/custom-resource';

/** The handler gives no answer now: the state machine answers later. */
export const ANSWERED_LATER = 'answered-later';

export type Handled = Outcome | typeof ANSWERED_LATER;

/** A function that never calls SageMaker has no client for it. */
type ServedDeps = Deps & { readonly sagemaker?: SageMakerApi };

/**
 * Runs a handler and sends its outcome to CloudFormation: every error becomes a FAILED answer, never a hang. If the answer cannot be
 * delivered, this throws instead: Lambda then delivers the event again, and every handler finds its earlier work.
 */
export async function serve<D extends ServedDeps>(
  event: CloudFormationCustomResourceEvent, deps: D, handle: (retryingDeps: D) => Promise<Handled>, failedId: FailedId = physicalIdOf,
): Promise<void> {
  deps.log({ message: 'request', type: event.RequestType, resource: event.LogicalResourceId, resourceType: event.ResourceType });
  let outcome: Handled;
  try {
    outcome = await handle(deps.sagemaker ? { ...deps, sagemaker: retrying(deps.sagemaker, deps.clock) } : deps);
    // A successful outcome that does not fit into an answer becomes a failure with that reason.
    if (outcome !== ANSWERED_LATER) { answerBody(event, outcome); }
  } catch (error) {
    deps.log({ message: 'failed', resource: event.LogicalResourceId, error: errorName(error), reason: errorMessage(error) });
    // A repeated Delete of a stack that is gone: the first one has been answered. Lambda delivers it again if the function is still there.
    if (event.RequestType === 'Delete' && isLost(error)) { throw error; }
    outcome = { status: 'FAILED', physicalId: failedId(event, error), reason: describe(error) };
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

/** The id that CloudFormation holds, or a constant name for a resource that never got an id. */
export function physicalIdOf(event: CloudFormationCustomResourceEvent): string {
  return event.RequestType === 'Create' ? event.LogicalResourceId : event.PhysicalResourceId;
}

export function succeeded(physicalId: string, attributes?: Readonly<Record<string, string>>): Outcome {
  return { status: 'SUCCESS', physicalId, attributes };
}

/** The id of a resource whose request failed. An Update keeps its id: CloudFormation would take another id for a replacement. */
type FailedId = (event: CloudFormationCustomResourceEvent, error: unknown) => string;

function describe(error: unknown): string {
  const name = errorName(error);
  return ['Error', 'UserError', ''].includes(name) ? errorMessage(error) : `${name}: ${errorMessage(error)}`;
}
