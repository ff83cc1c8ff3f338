import { CompilationJob, SageMakerState } from './state';
import { AwsError, Call, invalid, listing, Operations } from '../kernel';

/** A recommendation job's record of a compilation that it started. */
export interface Compilation {
  readonly name: string;
  readonly roleArn: string;
  readonly instanceType?: string;
  readonly outputUri?: string;
  readonly packageArn?: string;
  /** The container that was compiled. */
  readonly container: Record<string, any>;
}

/** Neo's frameworks, by their names in a model package. */
const FRAMEWORKS: Readonly<Record<string, string>> = {
  'TENSORFLOW': 'TENSORFLOW', 'PYTORCH': 'PYTORCH', 'XGBOOST': 'XGBOOST', 'SAGEMAKER-SCIKIT-LEARN': 'SKLEARN',
};

const OVER = ['COMPLETED', 'FAILED', 'STOPPED'];

export const compilationJobOperations: Operations = {
  DescribeCompilationJob({ CompilationJobName }, call) {
    return find(CompilationJobName, call).description;
  },

  ListCompilationJobs(input, call) {
    return listing('CompilationJobSummaries', [...call.region.room(SageMakerState).compilationJobs.values()].map(({ description }) => ({
      name: description.CompilationJobName,
      created: description.CreationTime,
      modified: description.LastModifiedTime,
      status: description.CompilationJobStatus,
      summary: {
        CompilationJobName: description.CompilationJobName,
        CompilationJobArn: description.CompilationJobArn,
        CreationTime: description.CreationTime,
        CompilationStartTime: description.CompilationStartTime,
        CompilationEndTime: description.CompilationEndTime,
        CompilationTargetDevice: description.OutputConfig.TargetDevice,
        LastModifiedTime: description.LastModifiedTime,
        CompilationJobStatus: description.CompilationJobStatus,
      },
    })), input);
  },

  // API_DeleteCompilationJob: only if it is COMPLETED, FAILED or STOPPED.
  DeleteCompilationJob({ CompilationJobName }, call) {
    const { CompilationJobStatus: status } = find(CompilationJobName, call).description;
    if (!OVER.includes(status)) { throw invalid(`Cannot delete compilation job '${CompilationJobName}' in status ${status}: stop it, or wait for its end.`); }
    call.region.room(SageMakerState).compilationJobs.delete(CompilationJobName);
  },
};

/** Starts a compilation, as a benchmark of a compiled model does. The image and the location of the artifacts are invented. */
export function beginCompilation(compilation: Compilation, { region }: Call): void {
  const { name, container } = compilation;
  const framework = FRAMEWORKS[container.Framework] ?? 'XGBOOST';
  const output = (compilation.outputUri ?? `s3://sagemaker-${region.name}-${region.account}/compiled`).replace(/\/$/, '');
  const now = new Date(region.clock.now());
  region.room(SageMakerState).compilationJobs.set(name, {
    description: {
      CompilationJobName: name,
      CompilationJobArn: region.arn('sagemaker', `compilation-job/${name}`),
      CompilationJobStatus: 'INPROGRESS',
      CompilationStartTime: now,
      StoppingCondition: { MaxRuntimeInSeconds: 900 },
      InferenceImage: `301217895009.dkr.ecr.${region.name}.${region.urlSuffix}/${framework.toLowerCase()}-neo:latest`,
      ModelPackageVersionArn: compilation.packageArn,
      CreationTime: now,
      LastModifiedTime: now,
      FailureReason: '',
      ModelArtifacts: { S3ModelArtifacts: `${output}/${name}/model.tar.gz` },
      RoleArn: compilation.roleArn,
      InputConfig: {
        S3Uri: container.ModelDataUrl ?? `${output}/${name}/input.tar.gz`,
        DataInputConfig: container.ModelInput?.DataInputConfig,
        Framework: framework,
      },
      OutputConfig: { S3OutputLocation: `${output}/${name}`, TargetDevice: compilation.instanceType?.split('.').slice(0, 2).join('_') },
    },
  });
}

/** Ends a compilation, if it is still running. */
export function endCompilation(name: string, status: 'COMPLETED' | 'STOPPED', { region }: Call): void {
  const description = region.room(SageMakerState).compilationJobs.get(name)?.description;
  if (description?.CompilationJobStatus !== 'INPROGRESS') { return; }
  const now = new Date(region.clock.now());
  if (status === 'COMPLETED') { region.room(SageMakerState).artifacts.add(description.ModelArtifacts.S3ModelArtifacts); }
  Object.assign(description, { CompilationJobStatus: status, CompilationEndTime: now, LastModifiedTime: now });
}

function find(name: string, call: Call): CompilationJob {
  const job = call.region.room(SageMakerState).compilationJobs.get(name);
  if (!job) { throw new AwsError('ResourceNotFound', `Could not find compilation job '${name}'.`); }
  return job;
}
