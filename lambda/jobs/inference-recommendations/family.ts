import {
  CreateInferenceRecommendationsJobCommand, CreateInferenceRecommendationsJobCommandInput,
  DescribeModelCommand, DescribeModelPackageCommand, InferenceRecommendationsJob, ListInferenceRecommendationsJobsCommand,
  ListInferenceRecommendationsJobsCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { deleteCompilations } from './compilations';
import { contentOfJob } from './content';
import { estimate, needs } from './needs';
import { describe, inferenceRecommendationsReader, stop } from './reader';
import type { Tag } from '../../../src/contract/custom-resource';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { coerce } from '../../../src/service/constraints';
import { countedRequest, countedTarget, MODEL_MEMBERS, PACKAGE_MEMBERS } from '../../../src/service/job-content';
import { earliestSeconds, jobErrors, jobViolations, TargetFacts } from '../../../src/service/job-rules';
import { RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { requirement } from '../../../src/service/words';
import type { SageMakerApi } from '../../runtime/deps';
import { errorName, UserError } from '../../runtime/errors';
import type { CreatedJob, JobFamily, JobRequest, JobStarter, ListedJob, Target } from '../family';

const SHAPE = 'CreateInferenceRecommendationsJobRequest';

/** Starts jobs of SageMaker Inference Recommender. */
export const inferenceRecommendationsStarter: JobStarter = {
  name: INFERENCE_RECOMMENDATIONS,
  describe,
  request: ({ Request }) => coerce(JOB_SHAPES, SHAPE, Request) as JobRequest,
  counted: countedRequest,
  contentOf: (request, { described }, etagOf) => contentOfJob(request, described ?? {}, etagOf),
  forPackage: (request, packageArn) => ({ ...request, InputConfig: { ...inputOf(request), ModelPackageVersionArn: packageArn } }),
  check,
  target,
  needs,
  estimate,
  earliestSeconds: (request) => earliestSeconds(request.JobType, inputOf(request).JobDurationInSeconds),

  arn({ StackId }, jobName) {
    const [, partition, , region, account] = StackId.split(':');
    return `arn:${partition}:sagemaker:${region}:${account}:inference-recommendations-job/${jobName}`;
  },
  create,
  stop,
};

/** Jobs of SageMaker Inference Recommender. The annotation lets a bundle leave this out. */
export const inferenceRecommendations: JobFamily = /* @__PURE__ */ Object.assign(
  {}, inferenceRecommendationsReader, inferenceRecommendationsStarter, { list, deleteCompilations });

async function create(sagemaker: SageMakerApi, jobName: string, request: JobRequest, tags: readonly Tag[]): Promise<CreatedJob> {
  try {
    const input = { ...request, JobName: jobName, Tags: [...tags] } as unknown as CreateInferenceRecommendationsJobCommandInput;
    return { name: jobName, arn: (await sagemaker.send(new CreateInferenceRecommendationsJobCommand(input))).JobArn! };
  } catch (error) {
    // A repeated delivery, or a call whose answer was lost.
    const job = errorName(error) === 'ResourceInUse' ? await describe(sagemaker, jobName) : undefined;
    if (!job) { throw error; }
    return { ...job, isFound: true };
  }
}

async function list(sagemaker: SageMakerApi, nameContains?: string, since?: Date, most = Infinity): Promise<ListedJob[]> {
  const jobs: InferenceRecommendationsJob[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListInferenceRecommendationsJobsCommandOutput = await sagemaker.send(
      new ListInferenceRecommendationsJobsCommand({ NameContains: nameContains, CreationTimeAfter: since, MaxResults: 100, NextToken: nextToken }));
    jobs.push(...page.InferenceRecommendationsJobs ?? []);
    nextToken = page.NextToken;
  } while (nextToken && jobs.length < most);
  return jobs.map(({ JobName, Status, CreationTime }) => ({
    name: JobName!, phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(Status), created: CreationTime,
  }));
}

function check(request: JobRequest, tags: readonly Tag[], { facts }: Partial<Target> = {}): void {
  // The name is computed from the request itself, so a placeholder replaces it while the rest is checked.
  const broken = jobViolations({ JobName: 'placeholder', ...request, Tags: tags })
    .map((violation) => `${violation.path.join('.')} ${requirement(violation)}`);
  const rules = broken.length > 0 ? [] : jobErrors(request, { target: facts as TargetFacts | undefined })
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
    const { CreationTime: created, ApprovalDescription: approval, LastModifiedTime: changed } = described;
    return { name: ModelPackageVersionArn, created, described: countedTarget(described, PACKAGE_MEMBERS), facts, approval, changed };
  }
  if (ModelName) {
    const described = await sagemaker.send(new DescribeModelCommand({ ModelName }));
    // A model describes none of the mandatory members.
    return { name: ModelName, created: described.CreationTime, described: countedTarget(described, MODEL_MEMBERS), facts: {} satisfies TargetFacts };
  }
  return { name: '' };
}

function inputOf({ InputConfig = {} }: JobRequest) {
  return InputConfig as { readonly ModelPackageVersionArn?: string; readonly ModelName?: string; readonly JobDurationInSeconds?: number };
}
