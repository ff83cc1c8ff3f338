import type {
  CreateModelCommandInput, DescribeCompilationJobCommandOutput, DescribeModelPackageCommandOutput, InferenceSpecification,
  ModelPackageContainerDefinition,
} from '@aws-sdk/client-sagemaker';
import type { ModelProperties } from '../../src/contract/model';
import { UserError } from '../runtime/errors';

export type Environment = Readonly<Record<string, string>>;
type Container = NonNullable<CreateModelCommandInput['PrimaryContainer']>;

/** The container of the benchmarked model, with every change of the recommendation. */
export function containerOf(
  properties: ModelProperties, modelPackage: DescribeModelPackageCommandOutput, compilation: DescribeCompilationJobCommandOutput | undefined,
): Container {
  const tuned = tunedEnvironment(properties);
  const specification = specificationOf(modelPackage, properties.InferenceSpecificationName);
  // Recommendations name no container, so neither a tuned variable nor a compiled artifact could be assigned to one.
  const containers = specification?.Containers ?? [];
  if (containers.length > 1 && (compilation || Object.keys(tuned).length > 0)) {
    throw new UserError(`Model package ${properties.ModelPackageName} has ${containers.length} containers and the recommendation `
      + (compilation ? 'is a compiled model' : `tunes ${Object.keys(tuned).join(', ')}`)
      + ': it does not say which container is meant. Choose another recommendation, or make the model without one.');
  }
  if (compilation) {
    return withEnvironment(artifactOf(properties, compilation), merged(containers[0], tuned));
  }
  const alternate = properties.InferenceSpecificationName === '' ? {} : { InferenceSpecificationName: properties.InferenceSpecificationName };
  const container = { ModelPackageName: properties.ModelPackageName, ...alternate };
  // It is undocumented whether CreateModel merges an environment with the package's or replaces it. The whole environment is right in both cases.
  return Object.keys(tuned).length === 0 ? container : withEnvironment(container, merged(containers[0], tuned));
}

/** The result of a compilation, as its own container. It never names the package as well. */
export function artifactOf(properties: ModelProperties, compilation: DescribeCompilationJobCommandOutput): Container {
  if (!compilation.InferenceImage || !compilation.ModelArtifacts?.S3ModelArtifacts) {
    throw new UserError(`Compilation job ${properties.CompilationJobName} names no ${compilation.InferenceImage ? 'model artifacts' : 'inference image'}:`
      + ' its model cannot be deployed. Choose another recommendation.');
  }
  return { Image: compilation.InferenceImage, ModelDataUrl: compilation.ModelArtifacts.S3ModelArtifacts };
}

/** Whether the benchmark compiled the model and no specification of the package has the result. */
export function needsCompilation(properties: ModelProperties, modelPackage: DescribeModelPackageCommandOutput | undefined): boolean {
  return properties.CompilationJobName !== '' && !additionalOf(modelPackage, properties.InferenceSpecificationName);
}

/** The named specification of a package, or else its own. */
export function specificationOf(
  modelPackage: DescribeModelPackageCommandOutput | undefined, name: string | undefined,
): Pick<InferenceSpecification, 'Containers'> | undefined {
  return additionalOf(modelPackage, name) ?? modelPackage?.InferenceSpecification;
}

function additionalOf(modelPackage: DescribeModelPackageCommandOutput | undefined, name: string | undefined) {
  return modelPackage?.AdditionalInferenceSpecifications?.find((known) => known.Name === name);
}

export function tunedEnvironment(properties: ModelProperties): Environment {
  return properties.Environment ? JSON.parse(properties.Environment) : {};
}

function merged(container: ModelPackageContainerDefinition | undefined, tuned: Environment): Environment {
  return { ...container?.Environment, ...tuned };
}

export function withEnvironment(container: Container, environment: Environment): Container {
  return Object.keys(environment).length === 0 ? container : { ...container, Environment: { ...environment } };
}
