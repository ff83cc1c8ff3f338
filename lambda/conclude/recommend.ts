import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { attributesOf } from './attributes';
import { choose } from './choose';
import { resultsOf } from './results';
import { stepsOf } from './steps';
import { ENDPOINT_TYPES, OBJECTIVES, RecommendationProperties, RESULTS_RESOURCE_TYPE, ResultsProperties } from '../../src/api/contract';
import { jobPhase } from '../../src/api/job-status';
import type { Outcome } from '../shared/answer';
import { physicalIdOf, succeeded } from '../shared/custom-resource';
import type { Deps } from '../shared/deps';
import { UserError } from '../shared/errors';
import { describeJob, Job, jobIsGone } from '../shared/jobs';

/** Answers for what reads a completed job: its recommendations and its results. */
export async function answerFor(event: CloudFormationCustomResourceEvent, deps: Deps): Promise<Outcome> {
  if (event.RequestType === 'Delete') { return succeeded(event.PhysicalResourceId); }
  return event.ResourceType === RESULTS_RESOURCE_TYPE ? results(event, deps) : recommend(event, deps);
}

async function results(event: CloudFormationCustomResourceEvent, deps: Deps): Promise<Outcome> {
  const { JobName } = event.ResourceProperties as unknown as ResultsProperties;
  const job = await completedJob(JobName, deps);
  const steps = await stepsOf(deps, JobName);
  // Whole here, where an answer may have no room.
  steps.forEach((step) => deps.log({ message: 'benchmark', jobName: JobName, step }));
  return succeeded(physicalIdOf(event), resultsOf(job, steps));
}

async function recommend(event: CloudFormationCustomResourceEvent, deps: Deps): Promise<Outcome> {
  const properties = event.ResourceProperties as unknown as RecommendationProperties;
  const objective = oneOf(OBJECTIVES, 'Objective', properties.Objective);
  const endpointType = oneOf(ENDPOINT_TYPES, 'EndpointType', properties.EndpointType);
  const job = await completedJob(properties.JobName, deps);
  const rows = job.InferenceRecommendations ?? [];
  const chosen = choose(rows, objective, endpointType);
  if (!chosen) {
    throw new UserError(`None of the ${rows.length} recommendations of job ${properties.JobName} is a ${properties.EndpointType} one`
      + ` with a figure for ${properties.Objective}.`);
  }
  deps.log({ message: 'chosen', jobName: properties.JobName, objective: properties.Objective, recommendationId: chosen.RecommendationId });
  return succeeded(physicalIdOf(event), attributesOf(chosen, properties.JobName));
}

function oneOf<T extends string>(values: readonly T[], property: string, given: string): T {
  const value = values.find((one) => one === given);
  if (!value) { throw new UserError(`${property} must be one of ${values.join(', ')}, got: '${given}'.`); }
  return value;
}

async function completedJob(jobName: string, deps: Deps): Promise<Job> {
  const job = await describeJob(deps.sagemaker, jobName);
  if (!job) { throw new UserError(jobIsGone(jobName)); }
  if (jobPhase(job.Status) !== 'completed') {
    throw new UserError(`Job ${jobName} is ${job.Status}: only a COMPLETED job has recommendations.`);
  }
  return job;
}
