import { BenchmarkScript } from './benchmarks';
import { compilationJobOperations } from './compilation-jobs';
import { endpointConfigOperations } from './endpoint-configs';
import { endpointOperations } from './endpoints';
import { benchmarkJobOperations } from './generative/benchmark-jobs';
import { modelledGenerative } from './generative/modelled';
import { recommendationJobOperations } from './generative/recommendation-jobs';
import { GenerativeScript } from './generative/script';
import { workloadConfigOperations } from './generative/workload-configs';
import { inferenceComponentOperations } from './inference-components';
import { invocationOperations } from './invocations';
import { jobOperations } from './jobs';
import { registerMetrics } from './metrics';
import { modelPackageGroupOperations } from './model-package-groups';
import { modelPackageOperations } from './model-packages';
import { modelledBenchmarks } from './modelled-benchmarks';
import { modelOperations, recommendedWith } from './models';
import { defineQuotas } from './quotas';
import { withRoles } from './roles';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from './shapes';
import { SageMakerState } from './state';
import { tagOperations } from './tags';
import { AwsError, guarded, Operations, Principal, Region } from '../kernel';

export type { BenchmarkRun, BenchmarkScript, BenchmarkTarget, FailedStep, InferenceRecommendation, ScalingAdvice } from './benchmarks';
export { benchmarksFrom, recordedJob } from './benchmark-file';
export { PUBLISHED, publishedBenchmarks } from './benchmarks';
export { NO_CAPACITY } from './endpoints';
export type {
  BenchmarkJobRun, EndpointTarget, GenerativeScript, InstantRun, RecommendationRun, RecommendationTarget, TokenRecommendation, TokenRun, TokenTarget,
} from './generative/script';
export { modelledGenerative } from './generative/modelled';
export { modelledBenchmarks } from './modelled-benchmarks';
export { INSTANCE_TYPES, instanceTypeFault } from './shapes';
export type { AIJob, InferenceComponent } from './state';
export { SageMakerState } from './state';
export { AI_BENCHMARK_JOBS, AI_RECOMMENDATION_JOBS, QUOTA_FAILURE, quotaFault, RUNNING_JOBS, TOTAL_INSTANCES } from './quotas';
export { failedAs, lasting, STARTUP_SECONDS, timed, timesOf, withFailures } from './step-times';
export { sagemakerTags } from './tags';

/** SageMaker of an account in a Region. */
export class SageMaker {
  public readonly operations: Operations = {
    ...invocationOperations,
    ...guarded('sagemaker', withRoles({
      ...jobOperations,
      ...modelPackageGroupOperations,
      ...modelPackageOperations,
      ...modelOperations,
      ...endpointConfigOperations,
      ...endpointOperations,
      ...inferenceComponentOperations,
      ...compilationJobOperations,
      ...workloadConfigOperations,
      ...recommendationJobOperations,
      ...benchmarkJobOperations,
      ...tagOperations,
    }), SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES),
  };

  public readonly state: SageMakerState;
  private calls = 0;

  constructor(
    private readonly region: Region, benchmarks: BenchmarkScript = modelledBenchmarks, generative?: Partial<GenerativeScript>,
    withoutCapacity?: readonly string[], load?: number,
  ) {
    // The room's operations find their state like another room.
    this.state = region.add(new SageMakerState(benchmarks, { ...modelledGenerative, ...generative }, withoutCapacity, load));
    defineQuotas(region);
    registerMetrics(region);
  }

  /** The types that are recommended with a model at once, in the service's order. None for a model that is gone. */
  public instantTypes(modelName: string): string[] {
    const model = this.state.models.get(modelName);
    const found = model && recommendedWith(model, { region: this.region, principal: this.region.root, requestId: 'sagemaker' });
    return found?.RealTimeInferenceRecommendations?.map(({ InstanceType }: any) => InstanceType) ?? [];
  }

  /** Calls an operation in this process, as other services do, and reports it to the watchers. */
  public async call(operation: string, input: any, principal?: Principal): Promise<any> {
    const { root, world, clock } = this.region;
    const by = principal ?? root;
    const record = (status: number, error?: string) =>
      world.record({ service: 'sagemaker', operation, request: input, status, error, principal: by.arn, time: clock.now() });
    try {
      const run = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
      if (!run) { throw new AwsError('UnknownOperationException', `${operation} is not part of the local AWS`); }
      world.trip({ service: 'sagemaker', operation, request: input, principal: by.arn, time: clock.now() });
      const output = await run(input, { region: this.region, principal: by, requestId: `sagemaker-${++this.calls}` });
      world.lose({ service: 'sagemaker', operation, request: input, principal: by.arn, time: clock.now() });
      record(200);
      return output;
    } catch (error) {
      record(error instanceof AwsError ? error.status : 500, (error as Error).name);
      throw error;
    }
  }
}
