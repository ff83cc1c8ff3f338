import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { promiseOf } from './promise';
import type { RecommendDeps } from './publish';
import { publishFollowed } from './publish-followed';
import { forget, recommend } from './recommendation';
import { PROMISE_RESOURCE_TYPE, PromiseProperties } from '../../src/contract/promise';
import {
  ApprovalAsked, ApprovalWait, FollowInput, Published, RECOMMENDATION_RESOURCE_TYPE, ResultsProperties,
} from '../../src/contract/recommend';
import { jobResourceOf } from '../../src/contract/start';
import { isNonTerminal } from '../../src/service/job-status';
import { jobIsGone } from '../jobs/failure';
import { familyOf } from '../jobs/family';
import { attemptOf } from '../jobs/jobs';
import type { Outcome } from '../runtime/answer';
import { ANSWERED_LATER, Handled, physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/**
 * Answers custom resources that read a finished job, its recommendation and its results, and what a recommendation promises. For a state machine, it publishes
 * a followed job's result, and answers the deploy that waits for an approval.
 */
export function recommendHandler(deps: RecommendDeps): (event: Event | FollowInput | ApprovalRequest) => Promise<void | Published | ApprovalAsked> {
  return async (event) => {
    if (!('purpose' in event)) { return void await answered(event, deps); }
    return event.purpose === 'publish' ? publishFollowed(event, deps) : { Answered: await answered(event.request, deps, true) };
  };
}

/** A machine asks once more, because the deploy waits for an approval. */
export interface ApprovalRequest extends Pick<ApprovalWait, 'purpose'> {
  readonly request: Event;
}

/** Whether CloudFormation has its answer; if not, an execution of the state machine asks again. */
async function answered(event: Event, deps: RecommendDeps, asksAgain = false): Promise<boolean> {
  const { clock, random } = deps;
  const [stepFunctions, stored] = [retrying(deps.stepFunctions, clock), retrying(deps.stored, clock)];
  let isAnswered = true;
  await serve(event, { ...deps, ssm: retrying(deps.ssm, clock, { random }), stepFunctions, stored }, async (given) => {
    const handled = await answerFor(event, asksAgain, given);
    isAnswered = handled !== ANSWERED_LATER;
    return handled;
  });
  return isAnswered;
}

async function answerFor(event: Event, asksAgain: boolean, deps: RecommendDeps): Promise<Handled> {
  if (event.ResourceType === PROMISE_RESOURCE_TYPE) { return promise(event); }
  const isRecommendation = event.ResourceType === RECOMMENDATION_RESOURCE_TYPE;
  if (event.RequestType === 'Delete') { return isRecommendation ? forget(event, deps) : succeeded(event.PhysicalResourceId); }
  return isRecommendation ? recommend(event, asksAgain, deps) : results(event, deps);
}

function promise(event: Event): Outcome {
  if (event.RequestType === 'Delete') { return succeeded(event.PhysicalResourceId); }
  return succeeded(physicalIdOf(event), promiseOf(event.ResourceProperties as unknown as PromiseProperties));
}

async function results(event: Event, deps: RecommendDeps): Promise<Outcome> {
  const { JobName, Namespace } = event.ResourceProperties as unknown as ResultsProperties;
  const family = familyOf(jobResourceOf(event.ResourceType)?.family, deps);
  const job = await attemptOf(family, deps.sagemaker, JobName, Namespace);
  if (!job) { throw new UserError(jobIsGone(JobName)); }
  if (isNonTerminal(job.phase)) { throw new UserError(`Job ${job.name} is ${job.status}: only a job that is over has results. Deploy again when it is.`); }
  return succeeded(physicalIdOf(event), await family.results?.(deps, job.name));
}
