import { modelDataOf } from './inputs';
import { benchmarkTarget, checkJob, payloadOf, targetContainer } from './job-rules';
import { run, set, stepsOf, stop } from './job-run';
import { checkJobQuota, withinQuotas } from './quotas';
import { DEFAULT_CPU_UTILIZATION, scalingAdvice } from './scaling-advice';
import { isSameName, Job, SageMakerState } from './state';
import { AwsError, Call, copied, invalid, listing, Operations, page } from '../kernel';

export const jobOperations: Operations = {
  CreateInferenceRecommendationsJob({ Tags, ...request }, call) {
    const { region } = call;
    const state = region.room(SageMakerState);
    const { jobs, tags } = state;
    const arn = region.arn('sagemaker', `inference-recommendations-job/${request.JobName}`);
    if (jobs.has(request.JobName)) { throw new AwsError('ResourceInUse', `Recommendation job already exists: ${arn}`); }
    checkJob(request, call);
    checkJobQuota(region);
    const asked = state.benchmarks(copied(request), request.JobName, ++state.jobsRequested, benchmarkTarget(request, call));
    const benchmarks = withinQuotas(asked, region);
    const now = new Date(region.clock.now());
    const container = targetContainer(request.InputConfig, call);
    const job: Job = {
      arn,
      request,
      container,
      inputs: [payloadOf(request.InputConfig, call), ...modelDataOf(container)].filter((uri) => uri !== undefined),
      created: now,
      modified: now,
      status: 'PENDING',
      run: benchmarks,
      steps: stepsOf(request.JobName, benchmarks, container.Environment),
    };
    jobs.set(request.JobName, job);
    tags.set(arn, Tags ?? []);
    void region.clock.run(() => run(job, call));
    return { JobArn: arn };
  },

  DescribeInferenceRecommendationsJob({ JobName }, call) {
    const { arn, request, created, modified, completed, status, failureReason, run: benchmarks, steps } = find(JobName, call);
    const { InputConfig: { Endpoints } } = request;
    const { MaxInvocations = 0, ModelLatency = 0 } = benchmarks.existingEndpoint ?? benchmarks.recommendations[0]?.Metrics ?? {};
    const { OutputConfig: _, ...shown } = request;
    const found = steps.flatMap(({ recommendation, times }) => (recommendation ? { ...recommendation, ...times } : []));
    return {
      ...shown,
      JobArn: arn,
      Status: status,
      CreationTime: created,
      CompletionTime: completed,
      LastModifiedTime: modified,
      FailureReason: failureReason,
      ...status === 'COMPLETED' && {
        InferenceRecommendations: found.length > 0 ? found : undefined,
        EndpointPerformances: Endpoints?.map((endpoint: any) => (
          { Metrics: { MaxInvocations, ModelLatency }, EndpointInfo: endpoint }
        )),
      },
    };
  },

  StopInferenceRecommendationsJob({ JobName }, call) {
    const job = find(JobName, call);
    if (job.status === 'STOPPING') { return; }
    if (job.status !== 'PENDING' && job.status !== 'IN_PROGRESS') {
      throw invalid(`The request was rejected because the recommendation job is in status ${job.status}.`);
    }
    set(job, 'STOPPING', call);
    void call.region.clock.run(() => stop(job, call));
  },

  ListInferenceRecommendationsJobs(input, call) {
    const all = [...call.region.room(SageMakerState).jobs.values()]
      .filter(({ request }) => input.ModelNameEquals === undefined || isSameName(input.ModelNameEquals, request.InputConfig.ModelName))
      .filter(({ request }) => input.ModelPackageVersionArnEquals === undefined
        || isSameName(input.ModelPackageVersionArnEquals, request.InputConfig.ModelPackageVersionArn));
    return listing('InferenceRecommendationsJobs', all.map((job) => (
      { name: job.request.JobName, created: job.created, modified: job.modified, status: job.status, summary: summary(job) }
    )), input);
  },

  ListInferenceRecommendationsJobSteps(input, call) {
    const steps = find(input.JobName, call).steps.filter(({ status }) => [undefined, status].includes(input.Status));
    return page('Steps', steps.map(({ key, status, benchmark }) => (
      { key, item: { StepType: 'BENCHMARK', JobName: input.JobName, Status: status, InferenceBenchmark: benchmark } }
    )), input);
  },

  GetScalingConfigurationRecommendation(input, call) {
    const { InferenceRecommendationsJobName: name, RecommendationId: id, EndpointName } = input;
    const job = find(name, call);
    if (job.status !== 'COMPLETED') { throw invalid(`Recommendation job "${name}" is in status ${job.status}, not COMPLETED.`); }
    if ((id === undefined) === (EndpointName === undefined)) { throw invalid('Specify either RecommendationId or EndpointName.'); }
    const found = job.steps.flatMap(({ recommendation }) => recommendation ?? []).find(({ RecommendationId, EndpointConfiguration }) => (
      id === undefined ? EndpointConfiguration.EndpointName === EndpointName : RecommendationId === id
    ));
    if (!found) { throw new AwsError('ResourceNotFound', `Could not find recommendation "${id ?? EndpointName}" of job "${name}".`); }
    const request = { TargetCpuUtilizationPerCore: DEFAULT_CPU_UTILIZATION, ...input };
    return { ...request, ...scalingAdvice(request, found), ...job.run.scaling?.(request, found) };
  },
};

function find(name: string, call: Call): Job {
  const job = call.region.room(SageMakerState).jobs.get(name);
  if (!job) { throw new AwsError('ResourceNotFound', `Could not find recommendation job "${name}".`); }
  return job;
}

function summary({ arn, request, created, modified, completed, status, failureReason }: Job): object {
  return {
    JobName: request.JobName,
    JobDescription: request.JobDescription ?? '',
    JobType: request.JobType,
    JobArn: arn,
    Status: status,
    CreationTime: created,
    CompletionTime: completed,
    RoleArn: request.RoleArn,
    LastModifiedTime: modified,
    FailureReason: failureReason,
    ModelName: request.InputConfig.ModelName,
    ModelPackageVersionArn: request.InputConfig.ModelPackageVersionArn,
    SamplePayloadUrl: request.InputConfig.ContainerConfig?.PayloadConfig?.SamplePayloadUrl,
  };
}
