import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { deleteCompilations } from '../start/compilations';
import type { ConcludeDeps } from './deps';
import { forget, recommend } from './recommendation';
import { resultsOf } from './results';
import { stepsOf } from '../jobs/steps';
import { COMPILATIONS_RESOURCE_TYPE, RECOMMENDATION_RESOURCE_TYPE, RESULTS_RESOURCE_TYPE, ResultsProperties } from '../../src/contract/contract';
import { isUnsettled } from '../../src/service/job-status';
import type { Outcome } from '../runtime/answer';
import { physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';
import { describeJob, jobIsGone } from '../jobs/jobs';

type Event = CloudFormationCustomResourceEvent;

/** Answers for what reads a finished job: its recommendations and its results; and for what is cleaned up after it. */
export async function answerFor(event: Event, deps: ConcludeDeps): Promise<Outcome> {
  const { ResourceType, RequestType } = event;
  if (RequestType === 'Delete') {
    if (ResourceType === RECOMMENDATION_RESOURCE_TYPE) { return forget(event, deps); }
    if (ResourceType === COMPILATIONS_RESOURCE_TYPE) { await deleteCompilations(event, deps); }
    return succeeded(event.PhysicalResourceId);
  }
  if (ResourceType === RECOMMENDATION_RESOURCE_TYPE) { return recommend(event, deps); }
  return ResourceType === RESULTS_RESOURCE_TYPE ? results(event, deps) : succeeded(physicalIdOf(event));
}

async function results(event: Event, deps: ConcludeDeps): Promise<Outcome> {
  const { JobName } = event.ResourceProperties as unknown as ResultsProperties;
  const job = await describeJob(deps.sagemaker, JobName);
  if (!job) { throw new UserError(jobIsGone(JobName)); }
  if (isUnsettled(job.Status)) { throw new UserError(`Job ${JobName} is ${job.Status}: only a job that is over has results.`); }
  const steps = await stepsOf(deps, JobName);
  // Whole here, where an answer may have no room.
  steps.forEach((step) => deps.log({ message: 'benchmark', jobName: JobName, step }));
  return succeeded(physicalIdOf(event), resultsOf(job, steps));
}
