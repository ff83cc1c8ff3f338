import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { endOfStop, endOfWait, failed, StillStopping } from './end';
import { answerFor } from './recommend';
import type { Conclusion } from '../../src/api/contract';
import { answer, Outcome } from '../shared/answer';
import { serve } from '../shared/custom-resource';
import type { Deps } from '../shared/deps';
import { errorMessage, isPassing } from '../shared/errors';

/** Ends what was waited for, at the machine's call, and answers for recommendations, at CloudFormation's. */
export function concludeHandler(deps: Deps): (event: Conclusion | CloudFormationCustomResourceEvent) => Promise<void> {
  return (event) => ('purpose' in event ? conclude(event, deps) : serve(event, deps, (given) => answerFor(event, given)));
}

/** A passing trouble is thrown, so that the machine tries again; any other ends in an answer. */
async function conclude(conclusion: Conclusion, deps: Deps): Promise<void> {
  const { address } = conclusion;
  let outcome: Outcome;
  try {
    outcome = conclusion.failure
      ? failed(conclusion, `The state of job ${conclusion.jobName} could not be read: ${conclusion.failure.Cause ?? conclusion.failure.Error}`)
      : await (conclusion.purpose === 'wait' ? endOfWait(conclusion, deps) : endOfStop(conclusion, deps));
  } catch (error) {
    if (isPassing(error) || error instanceof StillStopping) { throw error; }
    outcome = failed(conclusion, errorMessage(error));
  }
  await answer(address, outcome, deps);
}
