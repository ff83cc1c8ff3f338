import { InferenceRecommendationsJobStep, ListInferenceRecommendationsJobStepsCommand } from '@aws-sdk/client-sagemaker';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { attributesOf } from './attributes';
import { choose } from './choose';
import { explainFailure } from './explain';
import { Conclusion, EndpointTypeName, ObjectiveName, RecommendationProperties } from '../../src/api/contract';
import { isUnsettled, jobPhase } from '../../src/api/job-status';
import { answer, Outcome } from '../shared/answer';
import { physicalIdOf, serve, succeeded } from '../shared/custom-resource';
import type { Deps } from '../shared/deps';
import { errorMessage, isPassing, UserError } from '../shared/errors';
import { describeJob, Job } from '../shared/jobs';
import { reportedTag } from '../shared/ownership';
import { addTags } from '../shared/tags';

/** Ends what was waited for, at the machine's call, and answers for recommendations, at CloudFormation's. */
export function concludeHandler(deps: Deps): (event: Conclusion | CloudFormationCustomResourceEvent) => Promise<void> {
  return (event) => ('purpose' in event ? conclude(event, deps) : serve(event, deps, () => recommend(event, deps)));
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

async function endOfWait(conclusion: Conclusion, deps: Deps): Promise<Outcome> {
  const { jobName, address } = conclusion;
  const job = await describeJob(deps.sagemaker, jobName);
  if (!job) { return failed(conclusion, `Job ${jobName} is gone: SageMaker no longer knows it. Change the job's 'trigger' to run it again.`); }
  if (jobPhase(job.Status) === 'completed' || (isUnsettled(job.Status) && !conclusion.lastLink)) {
    return succeeded(address.PhysicalResourceId, { JobName: jobName, JobArn: job.JobArn! });
  }
  if (isUnsettled(job.Status)) {
    return failed(conclusion, `Job ${jobName} is still ${job.Status} after the longest time that its links wait.`);
  }
  const reason = explainFailure(job, await stepsOf(deps, jobName));
  await addTags(deps.sagemaker, job.JobArn!, [reportedTag(address.RequestId)]);
  return failed(conclusion, reason);
}

async function endOfStop(conclusion: Conclusion, deps: Deps): Promise<Outcome> {
  for (const jobName of conclusion.jobNames) {
    const job = await describeJob(deps.sagemaker, jobName);
    if (!job || !isUnsettled(job.Status)) { continue; }
    if (deps.clock.now() >= Date.parse(conclusion.deadline)) {
      return failed(conclusion, `Job ${jobName} was told to stop and is still ${job.Status}. Its role is kept until it has stopped: delete again later.`);
    }
    throw new StillStopping(jobName);
  }
  return succeeded(conclusion.address.PhysicalResourceId);
}

/** Makes the machine poll on: a stop waits for several jobs and the machine watches one. */
class StillStopping extends Error {
  constructor(jobName: string) {
    super(`Job ${jobName} is still stopping.`);
    this.name = 'StillStopping';
  }
}

async function recommend(event: CloudFormationCustomResourceEvent, deps: Deps): Promise<Outcome> {
  const physicalId = physicalIdOf(event);
  if (event.RequestType === 'Delete') { return succeeded(physicalId); }
  const properties = event.ResourceProperties as unknown as RecommendationProperties;
  const job = await completedJob(properties.JobName, deps);
  const rows = job.InferenceRecommendations ?? [];
  const chosen = choose(rows, properties.Objective as ObjectiveName, properties.EndpointType as EndpointTypeName);
  if (!chosen) {
    throw new UserError(`None of the ${rows.length} recommendations of job ${properties.JobName} is a ${properties.EndpointType} one`
      + ` with a figure for ${properties.Objective}.`);
  }
  deps.log({ message: 'chosen', jobName: properties.JobName, objective: properties.Objective, recommendationId: chosen.RecommendationId });
  return succeeded(physicalId, attributesOf(chosen, properties.JobName));
}

async function completedJob(jobName: string, deps: Deps): Promise<Job> {
  const job = await describeJob(deps.sagemaker, jobName);
  if (!job) { throw new UserError(`Job ${jobName} is gone: SageMaker no longer knows it. Change the job's 'trigger' to run it again.`); }
  if (jobPhase(job.Status) !== 'completed') {
    throw new UserError(`Job ${jobName} is ${job.Status}: only a COMPLETED job has recommendations.`);
  }
  return job;
}

async function stepsOf(deps: Deps, jobName: string): Promise<InferenceRecommendationsJobStep[]> {
  const { Steps } = await deps.sagemaker.send(new ListInferenceRecommendationsJobStepsCommand({ JobName: jobName, Status: 'FAILED', MaxResults: 100 }));
  return Steps ?? [];
}

function failed(conclusion: Conclusion, reason: string): Outcome {
  return { status: 'FAILED', physicalId: conclusion.address.PhysicalResourceId, reason };
}
