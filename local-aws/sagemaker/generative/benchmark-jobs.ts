import { described, findJob, lifecycleOperations, log, streamOf } from './ai-job';
import { resultsLocation, trainingJobOf, writeResults } from './benchmark-results';
import { denialOfInvocation, denialOfTraining, TRAINING_LOGS } from './role-needs';
import { EndpointTarget, RunTarget } from './script';
import { weightsGb } from './weights';
import { AwsError, Call, copied, invalid, Operations } from '../../kernel';
import { baseOf, componentsOf, currentCopies, specificationsOf, takesComponents } from '../component-variants';
import { servedVariants } from '../endpoint-variants';
import { findEndpoint } from '../endpoints';
import { modelDataOf } from '../inputs';
import { typesOf } from '../instance-pools';
import { containersOf, resolvedContainer } from '../models';
import { AI_BENCHMARK_JOBS } from '../quotas';
import { AIBenchmarkJob, Endpoint, InferenceComponent, isSameName, SageMakerState } from '../state';

export const benchmarkJobOperations: Operations = {
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
    title: 'AI benchmark job',
    path: 'ai-benchmark-job',
    quota: AI_BENCHMARK_JOBS,
    jobs: ({ aiBenchmarkJobs }) => aiBenchmarkJobs,
    count: (state) => ++state.aiBenchmarkJobsRequested,
    begin,
    finish: (job, call) => writeResults(locationOf(job), job.run.measured, job, call),
    make: (request, call) => {
      const endpoint = endpointOf(request.BenchmarkTarget, call);
      // The guide's prerequisites: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html
      if (endpoint.status !== 'InService') { throw invalid(`Cannot benchmark endpoint "${endpoint.arn}": it is ${endpoint.status}, not InService.`); }
      checkLocation(request.OutputConfig.S3OutputLocation);
      return (common, target) => ({
        ...common,
        request,
        run: call.region.room(SageMakerState).generative.benchmark(copied(request), { ...target, ...answeringOn(endpoint, request, call) }),
        trainingJob: trainingJobOf(common.arn),
      });
    },
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

/** What answers: the first container of the variant's model on its instances, or the copies of the inference components that are named. */
function answeringOn(endpoint: Endpoint, { BenchmarkTarget }: any, call: Call): Omit<EndpointTarget, keyof RunTarget> {
  const { InferenceComponents = [] } = BenchmarkTarget.Endpoint;
  const { region } = call;
  const { models, components } = region.room(SageMakerState);
  const named = InferenceComponents.flatMap(({ Identifier }: any) => components.get(nameIn(Identifier, 'inference-component', call)) ?? [])
    // An adapter runs in the copies of its base.
    .map((one: InferenceComponent) => components.get(baseOf(one.input) ?? one.name) ?? one) as InferenceComponent[];
  const variants = servedVariants(endpoint, region);
  const variant = variants.find(({ VariantName }) => VariantName === named[0]?.variantName) ?? variants[0];
  const [type] = [...named.flatMap(({ placed }) => [...placed.keys()]), ...typesOf(variant)];
  const specifications = named.map(({ input }) => specificationsOf(input).find(({ InstanceType = type }) => InstanceType === type) ?? {});
  const model = models.get(specifications[0]?.ModelName ?? variant.ModelName);
  const container = model ? resolvedContainer(containersOf(model)[0], call) : specifications[0]?.Container ?? {};
  return {
    weightsGb: weightsGb(modelDataOf(container)[0] ?? container.Environment?.HF_MODEL_ID ?? `${container.Image}`, region),
    instanceType: type,
    instanceCount: variant.InitialInstanceCount ?? 1,
    environment: container.Environment ?? {},
    ...named.length > 0 && {
      components: {
        copies: Math.max(1, [...new Set(named)].reduce((sum, one) => sum + currentCopies(one), 0)),
        acceleratorsPerCopy: Math.max(...specifications.map((one) => one.ComputeResourceRequirements?.NumberOfAcceleratorDevicesRequired ?? 0)),
      },
    },
  };
}
