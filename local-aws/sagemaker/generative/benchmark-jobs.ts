import { AwsError, Call, copied, invalid, Operations } from '../../kernel';
import { componentsOf, specificationsOf, takesComponents } from '../component-variants';
import { servedVariants } from '../endpoint-variants';
import { findEndpoint } from '../endpoints';
import { modelDataOf } from '../inputs';
import { typesOf } from '../instance-pools';
import { containersOf, resolvedContainer } from '../models';
import { AI_BENCHMARK_JOBS, checkAIJobQuota } from '../quotas';
import { AIBenchmarkJob, Endpoint, isSameName, SageMakerState } from '../state';
import { described, findJob, lifecycleOperations, log, runJob, streamOf } from './ai-job';
import { resultsLocation, trainingJobOf, writeResults } from './benchmark-results';
import { denialOfInvocation, denialOfTraining, TRAINING_LOGS } from './role-needs';
import { weightsGb } from './weights';
import { findWorkloadConfig } from './workload-configs';
import { workloadOf } from './workloads';

export const benchmarkJobOperations: Operations = {
  CreateAIBenchmarkJob({ Tags, ...request }, call) {
    const { region } = call;
    const state = region.room(SageMakerState);
    const name: string = request.AIBenchmarkJobName;
    const arn = region.arn('sagemaker', `ai-benchmark-job/${name}`);
    if (state.aiBenchmarkJobs.has(name)) { throw new AwsError('ResourceInUse', `AI benchmark job already exists: ${arn}`); }
    const config = findWorkloadConfig(request.AIWorkloadConfigIdentifier, call);
    const endpoint = endpointOf(request.BenchmarkTarget, call);
    // The guide's prerequisites: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html
    if (endpoint.status !== 'InService') { throw invalid(`Cannot benchmark endpoint "${endpoint.arn}": it is ${endpoint.status}, not InService.`); }
    checkLocation(request.OutputConfig.S3OutputLocation);
    checkAIJobQuota(AI_BENCHMARK_JOBS, state.aiBenchmarkJobs, region);
    const { work, workload } = workloadOf(config);
    const [variant] = servedVariants(endpoint, region);
    const container = containerOf(variant, request.BenchmarkTarget.Endpoint, call);
    const target = {
      jobName: name,
      attempt: ++state.aiBenchmarkJobsRequested,
      work,
      weightsGb: weightsGb(modelDataOf(container)[0] ?? container.Environment?.HF_MODEL_ID ?? `${container.Image}`, region),
      instanceType: typesOf(variant)[0],
      instanceCount: variant.InitialInstanceCount ?? 1,
      environment: container.Environment ?? {},
    };
    const job: AIBenchmarkJob = {
      name,
      arn,
      request,
      workloadName: config.name,
      workload,
      created: new Date(region.clock.now()),
      status: 'InProgress',
      run: state.generative.benchmark(copied(request), target),
      trainingJob: trainingJobOf(arn),
    };
    state.aiBenchmarkJobs.set(name, job);
    state.tags.set(arn, Tags ?? []);
    void region.clock.run(() => runJob(job, call, () => begin(job, call), () => writeResults(locationOf(job), job.run.measured, job, call)));
    return { AIBenchmarkJobArn: arn };
  },

  DescribeAIBenchmarkJob({ AIBenchmarkJobName }, call) {
    const { region } = call;
    const job = findJob(region.room(SageMakerState).aiBenchmarkJobs, AIBenchmarkJobName);
    return {
      ...described('AIBenchmarkJob', job, call),
      OutputConfig: {
        ...job.request.OutputConfig,
        S3OutputLocation: locationOf(job),
        CloudWatchLogs: [{ LogGroupArn: region.arn('logs', `log-group:${TRAINING_LOGS}`), LogStreamName: streamOf(job.trainingJob) }],
      },
    };
  },

  ...lifecycleOperations<AIBenchmarkJob>({
    noun: 'AIBenchmarkJob',
    jobs: ({ aiBenchmarkJobs }) => aiBenchmarkJobs,
    summary: ({ workloadName }) => ({ AIWorkloadConfigName: workloadName }),
  }),
};

/** Refuses what is no location in S3. The API's pattern lets an address of the web through. */
export function checkLocation(location: string): void {
  if (!/^s3:\/\/[^/]+/.test(location)) { throw invalid(`OutputConfig.S3OutputLocation must be a location in S3, such as s3://bucket/prefix/, got: ${location}`); }
}

function locationOf({ request, trainingJob }: AIBenchmarkJob): string {
  return resultsLocation(request.OutputConfig.S3OutputLocation, trainingJob);
}

/** The name in an identifier: a name, or an ARN of this account and Region. Another ARN is nothing's name. */
function nameIn(identifier: string, type: string, { region }: Call): string {
  if (!identifier.startsWith('arn:')) { return identifier; }
  const name = identifier.slice(identifier.indexOf('/') + 1);
  return isSameName(identifier, region.arn('sagemaker', `${type}/${name}`)) ? name : identifier;
}

function endpointOf({ Endpoint: { Identifier } }: any, call: Call): Endpoint {
  try {
    return findEndpoint(nameIn(Identifier, 'endpoint', call), call);
  } catch (error) {
    throw new AwsError('ResourceNotFound', (error as Error).message);
  }
}

/** Why a benchmark cannot begin. Without an inference component's name, an endpoint of components answers no request. */
function begin(job: AIBenchmarkJob, call: Call): string | undefined {
  const { Identifier, InferenceComponents = [] } = job.request.BenchmarkTarget.Endpoint;
  const { region } = call;
  if (job.run.note) { log(job.trainingJob, job.run.note, call); }
  const endpoint = region.room(SageMakerState).endpoints.get(nameIn(Identifier, 'endpoint', call));
  if (endpoint?.status !== 'InService') { return `endpoint "${Identifier}" is ${endpoint?.status ?? 'gone'}, not InService`; }
  if (servedVariants(endpoint, region).some(takesComponents) && InferenceComponents.length === 0) {
    return `endpoint "${endpoint.arn}" hosts inference components: name those to benchmark in BenchmarkTarget.Endpoint.InferenceComponents`;
  }
  const hosted = componentsOf(endpoint.name, region);
  const missing = InferenceComponents.map(({ Identifier: one }: any): string => nameIn(one, 'inference-component', call))
    .find((one: string) => hosted.find(({ name }) => isSameName(name, one))?.status !== 'InService');
  if (missing !== undefined) { return `inference component "${missing}" is not in service on endpoint "${endpoint.arn}"`; }
  return denialOfTraining(job, job.trainingJob, region) ?? denialOfInvocation(job, endpoint.arn, region);
}

/** The container that answers: the first of the variant's model, or the one of the first inference component that is named. */
function containerOf({ ModelName }: any, { InferenceComponents: [named] = [] }: any, call: Call): any {
  const { models, components } = call.region.room(SageMakerState);
  const [specification] = specificationsOf(named && components.get(nameIn(named.Identifier, 'inference-component', call))?.input || {});
  const model = models.get(specification?.ModelName ?? ModelName);
  return model ? resolvedContainer(containersOf(model)[0], call) : specification?.Container ?? {};
}
