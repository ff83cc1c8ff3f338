import {
  DescribeInferenceRecommendationsJobCommandOutput, DescribeModelCommand, DescribeModelPackageCommand, EnvironmentParameter,
} from '@aws-sdk/client-sagemaker';
import type { SageMakerApi } from '../../runtime/deps';
import { isDenied, isNotFound } from '../../runtime/errors';

/** A row of a job's answer, or a benchmark step, as far as the model is concerned. */
export interface Row {
  readonly ModelConfiguration?: {
    readonly InferenceSpecificationName?: string;
    readonly CompilationJobName?: string;
    readonly EnvironmentParameters?: readonly EnvironmentParameter[];
  };
}

type Environment = Readonly<Record<string, string>>;

/** What the service says of the package or model that a job benchmarked. */
export interface Benchmarked {
  /** Names of the inference specifications besides the package's own. */
  readonly specifications: readonly string[];
  /** The environment of a row's container before the job tuned it. `undefined` if it is not known. */
  readonly environmentOf: (row: Row) => Environment | undefined;
}

export const UNKNOWN: Benchmarked = { specifications: [], environmentOf: () => undefined };

/** What a job benchmarked, if its rows cannot be read without. A target that may not be read, or is gone, is unknown. */
export async function benchmarkedBy(
  sagemaker: SageMakerApi, job: DescribeInferenceRecommendationsJobCommandOutput, rows: readonly Row[],
): Promise<Benchmarked> {
  const { ModelPackageVersionArn, ModelName } = job.InputConfig ?? {};
  const isNeeded = rows.some((row) => isUnasked(job, row) || (job.JobType !== 'Advanced' && row.ModelConfiguration?.EnvironmentParameters?.length));
  if (!isNeeded) { return UNKNOWN; }
  try {
    if (ModelPackageVersionArn) { return await ofPackage(sagemaker, ModelPackageVersionArn); }
    return ModelName ? await ofModel(sagemaker, ModelName) : UNKNOWN;
  } catch (error) {
    if (isNotFound(error) || isDenied(error)) { return UNKNOWN; }
    throw error;
  }
}

/**
 * Whether a row is of a compiled model: a compilation job made it, or it has an inference specification that neither the job nor the package lists.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-instance-recommendation.html (compiled recommendations)
 */
export function isCompiled(job: DescribeInferenceRecommendationsJobCommandOutput, row: Row, { specifications }: Benchmarked): boolean {
  const { CompilationJobName, InferenceSpecificationName } = row.ModelConfiguration ?? {};
  return Boolean(CompilationJobName) || (isUnasked(job, row) && !specifications.includes(InferenceSpecificationName!));
}

/** Whether a row names a specification that its job did not ask for, and no compilation job. */
function isUnasked({ InputConfig }: DescribeInferenceRecommendationsJobCommandOutput, { ModelConfiguration: model }: Row): boolean {
  const name = model?.InferenceSpecificationName;
  return Boolean(name) && !model?.CompilationJobName
    && !InputConfig?.EndpointConfigurations?.some(({ InferenceSpecificationName }) => InferenceSpecificationName === name);
}

async function ofPackage(sagemaker: SageMakerApi, ModelPackageName: string): Promise<Benchmarked> {
  const described = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }));
  const additional = described.AdditionalInferenceSpecifications ?? [];
  return {
    specifications: additional.flatMap(({ Name }) => Name ?? []),
    environmentOf: ({ ModelConfiguration: model }) => {
      const named = additional.find(({ Name }) => Name === model?.InferenceSpecificationName);
      return merged((named ?? described.InferenceSpecification)?.Containers);
    },
  };
}

async function ofModel(sagemaker: SageMakerApi, ModelName: string): Promise<Benchmarked> {
  const { PrimaryContainer, Containers = PrimaryContainer ? [PrimaryContainer] : [] } = await sagemaker.send(new DescribeModelCommand({ ModelName }));
  return {
    specifications: Containers.flatMap(({ InferenceSpecificationName: name }) => name ?? []),
    // A container of a package has the package's environment besides.
    environmentOf: () => (Containers.some(({ ModelPackageName }) => ModelPackageName) ? undefined : merged(Containers)),
  };
}

function merged(containers: ReadonlyArray<{ readonly Environment?: Environment }> | undefined): Environment | undefined {
  return containers && Object.assign({}, ...containers.map(({ Environment }) => Environment));
}
