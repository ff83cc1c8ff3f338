import {
  CreateInferenceRecommendationsJobCommand, CreateInferenceRecommendationsJobCommandInput, DescribeInferenceRecommendationsJobCommand,
  DescribeModelCommand, DescribeModelPackageCommand, InferenceRecommendationsJob, ListInferenceRecommendationsJobsCommand,
  ListInferenceRecommendationsJobsCommandOutput, StopInferenceRecommendationsJobCommand,
} from '@aws-sdk/client-sagemaker';
import { recommendationOf } from './recommendations';
import { deleteCompilations, resultsOf, stepsOf } from './steps';
import type { Tag } from '../../../src/contract/custom-resource';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { coerce } from '../../../src/service/constraints';
import { countedRequest, jobFindings, jobViolations, TargetFacts } from '../../../src/service/job-rules';
import { RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { requirement } from '../../../src/service/words';
import type { SageMakerApi, SageMakerDeps } from '../../runtime/deps';
import { errorName, isNotFound, UserError } from '../../runtime/errors';
import type { Job, JobFamily, JobKey, JobRequest, ListedJob, Target } from '../family';

const SHAPE = 'CreateInferenceRecommendationsJobRequest';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html (where the logs are). */
const LOG_GROUP = '/aws/sagemaker/InferenceRecommendationsJobs';

/** Jobs of SageMaker Inference Recommender. */
export const inferenceRecommendations: JobFamily = {
  name: INFERENCE_RECOMMENDATIONS,
  title: 'Inference Recommender job',

  request: ({ Request }) => coerce(JOB_SHAPES, SHAPE, Request) as JobRequest,
  counted: countedRequest,
  forPackage: (request, packageArn) => ({ ...request, InputConfig: { ...inputOf(request), ModelPackageVersionArn: packageArn } }),
  check,
  target,

  arn({ StackId }, jobName) {
    const [, partition, , region, account] = StackId.split(':');
    return `arn:${partition}:sagemaker:${region}:${account}:inference-recommendations-job/${jobName}`;
  },
  create,
  describe,
  async stop(sagemaker, jobName) {
    await sagemaker.send(new StopInferenceRecommendationsJobCommand({ JobName: jobName }));
  },
  list,

  failures: async (sagemaker, jobName) => (await stepsOf(sagemaker, jobName, 'FAILED'))
    .filter((step) => step.Status === 'FAILED')
    .map(({ InferenceBenchmark: benchmark }) => {
      const endpoint = benchmark?.EndpointConfiguration;
      return `${endpoint?.InstanceType ?? endpoint?.EndpointName ?? 'an endpoint'}: ${benchmark?.FailureReason ?? 'no reason given'}`;
    }),
  logs: (jobName) => `group ${LOG_GROUP}, streams ${jobName}/…`,

  async results(deps: SageMakerDeps, jobName: string) {
    const steps = await stepsOf(deps.sagemaker, jobName);
    // Log each step whole, because an answer may have no room for it.
    steps.forEach((step) => deps.log({ message: 'benchmark', jobName, step }));
    return resultsOf(await deps.sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName })), steps);
  },

  deleteCompilations,
};

async function create(sagemaker: SageMakerApi, jobName: string, request: JobRequest, tags: readonly Tag[]): Promise<JobKey> {
  try {
    const input = { ...request, JobName: jobName, Tags: [...tags] } as unknown as CreateInferenceRecommendationsJobCommandInput;
    return { name: jobName, arn: (await sagemaker.send(new CreateInferenceRecommendationsJobCommand(input))).JobArn! };
  } catch (error) {
    // A repeated delivery, or a call whose answer was lost.
    const job = errorName(error) === 'ResourceInUse' ? await describe(sagemaker, jobName) : undefined;
    if (!job) { throw error; }
    return job;
  }
}

async function describe(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined> {
  try {
    const found = await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
    return {
      name: found.JobName!,
      arn: found.JobArn!,
      status: found.Status!,
      phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(found.Status),
      failureReason: found.FailureReason,
      packageArn: found.InputConfig?.ModelPackageVersionArn,
      modelName: found.InputConfig?.ModelName,
      recommendations: (found.InferenceRecommendations ?? []).map(recommendationOf),
    };
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    throw error;
  }
}

async function list(sagemaker: SageMakerApi, nameContains: string, since?: Date): Promise<ListedJob[]> {
  const jobs: InferenceRecommendationsJob[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListInferenceRecommendationsJobsCommandOutput = await sagemaker.send(
      new ListInferenceRecommendationsJobsCommand({ NameContains: nameContains, CreationTimeAfter: since, MaxResults: 100, NextToken: nextToken }));
    jobs.push(...page.InferenceRecommendationsJobs ?? []);
    nextToken = page.NextToken;
  } while (nextToken);
  return jobs.map(({ JobName, Status }) => ({ name: JobName!, phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(Status) }));
}

function check(request: JobRequest, tags: readonly Tag[], { facts }: Target = {}): void {
  // The name is computed from the request itself, so a placeholder replaces it while the rest is checked.
  const broken = jobViolations({ JobName: 'placeholder', ...request, Tags: tags })
    .map((violation) => `${violation.path.join('.')} ${requirement(violation)}`);
  const rules = broken.length > 0 ? [] : jobFindings(request, { target: facts as TargetFacts | undefined })
    .filter(({ severity }) => severity === 'error')
    .map(({ path, sentence }) => `${path.join('.')} ${sentence}`);
  const sentences = [...broken, ...rules];
  if (sentences.length > 0) { throw new UserError(`The job's request would be refused: ${sentences.join('; ')}.`); }
}

/** The package or model that the job benchmarks, as the service describes it. */
async function target(sagemaker: SageMakerApi, request: JobRequest): Promise<Target> {
  const { ModelPackageVersionArn, ModelName } = inputOf(request);
  if (ModelPackageVersionArn) {
    const described = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageVersionArn }));
    const specification = described.InferenceSpecification;
    const facts: TargetFacts = {
      domain: described.Domain,
      task: described.Task,
      framework: specification?.Containers?.[0]?.Framework,
      samplePayload: described.SamplePayloadUrl !== undefined,
      supportedContentTypes: specification?.SupportedContentTypes,
      supportedInstanceTypes: specification?.SupportedRealtimeInferenceInstanceTypes,
    };
    return { created: described.CreationTime, facts };
  }
  if (ModelName) {
    const described = await sagemaker.send(new DescribeModelCommand({ ModelName }));
    // A model describes none of the mandatory members.
    return { created: described.CreationTime, facts: {} satisfies TargetFacts };
  }
  return {};
}

function inputOf({ InputConfig = {} }: JobRequest) {
  return InputConfig as { readonly ModelPackageVersionArn?: string; readonly ModelName?: string };
}
