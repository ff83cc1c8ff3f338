import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ConcludeDeps } from './deps';
import { endOfStop, endOfWait, failed, StillStopping } from '../wait-end/end';
import { publishFollowed } from './publish-followed';
import { answerFor } from './reading';
import type { Conclusion, FollowInput, Published } from '../../src/contract/contract';
import { answer, Outcome } from '../runtime/answer';
import { serve } from '../runtime/custom-resource';
import type { Deps } from '../runtime/deps';
import { errorMessage, isPassing, withoutQueries } from '../runtime/errors';
import { patient } from '../runtime/retry';

type Event = Conclusion | FollowInput | CloudFormationCustomResourceEvent;

/** Ends what was waited for or followed, at a machine's call, and answers for recommendations, at CloudFormation's. */
export function concludeHandler(deps: ConcludeDeps): (event: Event) => Promise<void | Published> {
  return (event) => {
    if (!('purpose' in event)) { return serve(event, { ...deps, ssm: patient(deps.ssm, deps.clock) }, (given) => answerFor(event, given)); }
    return event.purpose === 'publish' ? publishFollowed(event, deps) : conclude(event, deps);
  };
}

/** A passing trouble is thrown, so that the machine tries again; any other ends in an answer. */
async function conclude(conclusion: Conclusion, deps: Deps): Promise<void> {
  const { address } = conclusion;
  let outcome: Outcome;
  try {
    outcome = conclusion.failure
      ? failed(conclusion, withoutQueries(
        `The state of job ${conclusion.jobName} could not be read: ${conclusion.failure.Cause ?? conclusion.failure.Error}`))
      : await (conclusion.purpose === 'wait' ? endOfWait(conclusion, deps) : endOfStop(conclusion, deps));
  } catch (error) {
    if (isPassing(error) || error instanceof StillStopping) { throw error; }
    outcome = failed(conclusion, errorMessage(error));
  }
  await answer(address, outcome, deps);
}
