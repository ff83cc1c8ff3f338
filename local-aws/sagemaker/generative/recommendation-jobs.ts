import { described, findJob, lifecycleOperations, log } from './ai-job';
import { withAvailable } from './available';
import { checkLocation } from './benchmark-jobs';
import { resultsLocation, trainingJobOf, writeResults } from './benchmark-results';
import { adaptersOf, channelsOf, groupOf, NamedRecommendation, registerPackage } from './model-packages';
import { denialOfModel, denialOfQuotas, denialOfTraining } from './role-needs';
import { weightsGb } from './weights';
import { Call, copied, invalid, Operations } from '../../kernel';
import { digest } from '../benchmarks';
import { findGroup } from '../model-package-groups';
import { findPackage } from '../model-packages';
import { AI_RECOMMENDATION_JOBS } from '../quotas';
import { AIBenchmarkJob, AIRecommendationJob, SageMakerState } from '../state';

export const recommendationJobOperations: Operations = {
  DescribeAIRecommendationJob({ AIRecommendationJobName }, call) {
    const job = findJob(call.region.room(SageMakerState).aiRecommendationJobs, AIRecommendationJobName);
    const { OutputConfig, OptimizeModel = true } = job.request;
    return {
      ...described('AIRecommendationJob', job, call),
      OptimizeModel,
      OutputConfig: { ...OutputConfig, ModelPackageGroupIdentifier: OutputConfig.ModelPackageGroupIdentifier ?? job.groupName },
      Recommendations: job.recommendations,
    };
  },

  ...lifecycleOperations<AIRecommendationJob>({
    noun: 'AIRecommendationJob',
    title: 'AI recommendation job',
    path: 'ai-recommendation-job',
    quota: AI_RECOMMENDATION_JOBS,
    jobs: ({ aiRecommendationJobs }) => aiRecommendationJobs,
    count: (state) => ++state.aiRecommendationJobsRequested,
    begin,
    finish,
    make: (given, call) => {
      const { region } = call;
      const request = withLocation(given, region.name, region.account);
      checkRequest(request, call);
      return (common, target) => {
        const where = { weightsGb: weightsGb(request.ModelSource.S3.S3Uri, region), region: region.name, urlSuffix: region.urlSuffix };
        const run = region.room(SageMakerState).generative.recommend(copied(request), { ...target, ...where });
        return { ...common, request, run: withAvailable(run, region) };
      };
    },
    // The benchmark jobs of its recommendations go with it. No page says whether they do.
    deleted: ({ arn }, { region }) => {
      const { aiBenchmarkJobs, tags } = region.room(SageMakerState);
      [...aiBenchmarkJobs.values()].filter(({ parent }) => parent === arn).forEach((one) => {
        aiBenchmarkJobs.delete(one.name);
        tags.delete(one.arn);
      });
    },
  }),
};

/** The API lets the location be left out, and answers one in each case: by SageMaker's default bucket, whose name the SDK for Python documents. */
function withLocation(request: any, region: string, account: string): any {
  const { S3OutputLocation = `s3://sagemaker-${region}-${account}/` } = request.OutputConfig;
  return { ...request, OutputConfig: { ...request.OutputConfig, S3OutputLocation } };
}

/** Refuses what the shapes let through. The words are ours. */
function checkRequest({ ModelSource, OutputConfig, PerformanceTarget, AdapterSource }: any, call: Call): void {
  if (!/^s3:\/\/[^/]+\/./.test(ModelSource.S3.S3Uri ?? '')) {
    throw invalid(`ModelSource.S3.S3Uri must be the location of the model in S3, such as s3://bucket/model/, got: ${ModelSource.S3.S3Uri ?? 'nothing'}`);
  }
  if (PerformanceTarget.Constraints.length === 0) { throw invalid('PerformanceTarget.Constraints must name a metric: ttft-ms, throughput or cost.'); }
  checkLocation(OutputConfig.S3OutputLocation);
  if (OutputConfig.ModelPackageGroupIdentifier !== undefined) { findGroup(OutputConfig.ModelPackageGroupIdentifier, call); }
  const { ModelPackageArns = [], S3Uris = [] } = AdapterSource ?? {};
  ModelPackageArns.forEach(({ ModelPackageArn }: any) => findPackage(ModelPackageArn, call));
  const ids = [...ModelPackageArns, ...S3Uris].map(({ AdapterId }: any) => AdapterId);
  if (new Set(ids).size < ids.length) { throw invalid(`AdapterSource must have different AdapterIds, got: ${ids.join(', ')}`); }
}

function begin(job: AIRecommendationJob, call: Call): string | undefined {
  const trainingJob = trainingJobOf(job.arn);
  if (job.run.note) { log(trainingJob, job.run.note, call); }
  return denialOfQuotas(job, call.region) ?? denialOfModel(job, call.region) ?? denialOfTraining(job, trainingJob, call.region);
}

/** Writes the benchmarks, registers the packages and makes the answer's recommendations of the run's, or says why it cannot. */
function finish(job: AIRecommendationJob, call: Call): string | undefined {
  const { recommendations } = job.run;
  if (recommendations.length === 0) {
    job.recommendations = [];
    return undefined;
  }
  const rows = recommendations.map((row, index): NamedRecommendation => ({
    ...row, specificationName: row.specificationName ?? `${row.instanceType.replace(/\./g, '-')}-${index + 1}`,
  }));
  const benchmarks = rows.map((_row, index) => benchmarkOf(job, index, call));
  for (const [index, { measured }] of rows.entries()) {
    const { request, trainingJob } = benchmarks[index];
    const why = measured && writeResults(resultsLocation(request.OutputConfig.S3OutputLocation, trainingJob), measured, benchmarks[index], call);
    if (why !== undefined) { return why; }
  }
  const group = groupOf(job, call);
  job.groupName = group.name;
  const ModelPackageArn = registerPackage(job, group, rows, call);
  const AdapterDetails = adaptersOf(job, group, rows[0].image, call);
  const { aiBenchmarkJobs, artifacts, tags } = call.region.room(SageMakerState);
  benchmarks.forEach((one) => {
    aiBenchmarkJobs.set(one.name, one);
    tags.set(one.arn, []);
  });
  rows.flatMap((row) => channelsOf(job, row)).filter(({ ChannelName }) => ChannelName === 'draft_model').forEach(({ Uri }) => artifacts.add(Uri));
  job.recommendations = rows.map((row, index) => ({
    ...shownRow(job, row, ModelPackageArn),
    AIBenchmarkJobArn: benchmarks[index].arn,
    AdapterDetails,
  }));
  return undefined;
}

function shownRow(job: AIRecommendationJob, row: NamedRecommendation, ModelPackageArn: string): Record<string, any> {
  const instances = { InstanceType: row.instanceType, InstanceCount: row.instanceCount ?? 1, CopyCountPerInstance: row.copyCountPerInstance ?? 1 };
  return {
    RecommendationDescription: row.description,
    OptimizationDetails: row.optimizations,
    ModelDetails: { ModelPackageArn, InferenceSpecificationName: row.specificationName, InstanceDetails: [instances] },
    DeploymentConfiguration: {
      S3: channelsOf(job, row),
      ImageUri: row.image,
      ...instances,
      EnvironmentVariables: row.environment ?? {},
      MinCpuMemoryRequiredInMb: row.minCpuMemoryMb,
    },
    ExpectedPerformance: row.performance,
  };
}

/** The benchmark of a recommendation, as a job of its own that is over: the endpoint that it was made for is gone. */
function benchmarkOf(job: AIRecommendationJob, index: number, { region }: Call): AIBenchmarkJob {
  const { RoleArn, AIWorkloadConfigIdentifier, OutputConfig: { S3OutputLocation, MlflowConfig } } = job.request;
  // Nobody else's job has such a name.
  const name = `${job.name.slice(0, 48)}-${digest(job.arn).slice(0, 8)}-${index + 1}`.replace(/-+/g, '-');
  const arn = region.arn('sagemaker', `ai-benchmark-job/${name}`);
  const trainingJob = trainingJobOf(arn);
  const ended = new Date(region.clock.now());
  const [seconds, count] = [job.run.durationSeconds, job.run.recommendations.length];
  // They run one after the other, in the second half of the job.
  const at = (part: number) => new Date(ended.getTime() - 1000 * Math.round(seconds / 2 * (1 - part / count)));
  return {
    name,
    arn,
    parent: job.arn,
    trainingJob,
    request: {
      AIBenchmarkJobName: name,
      BenchmarkTarget: { Endpoint: { Identifier: trainingJob } },
      OutputConfig: { S3OutputLocation: `${S3OutputLocation.replace(/\/?$/, '/')}${job.name}/`, MlflowConfig },
      AIWorkloadConfigIdentifier,
      RoleArn,
    },
    workloadName: job.workloadName,
    workload: job.workload,
    created: at(index),
    started: at(index),
    ended: at(index + 1),
    status: 'Completed',
    run: { durationSeconds: 0, measured: job.run.recommendations[index].measured ?? { requests: [], durationSeconds: 0 } },
  };
}
