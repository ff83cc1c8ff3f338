import type {
  CreateModelCommandInput, DescribeCompilationJobCommandOutput, DescribeModelPackageCommandOutput, InferenceSpecification,
  ModelPackageContainerDefinition,
} from '@aws-sdk/client-sagemaker';
import type { ModelProperties } from '../../src/contract/model';
import { isMarketplaceArn } from '../../src/service/marketplace';
import { UserError } from '../runtime/errors';

export type Environment = Readonly<Record<string, string>>;
type Container = NonNullable<CreateModelCommandInput['PrimaryContainer']>;

/** The container of the benchmarked model, with every change of the recommendation. */
export function containerOf(
  properties: ModelProperties, modelPackage: DescribeModelPackageCommandOutput, compilation: DescribeCompilationJobCommandOutput | undefined,
): Container {
  const changes = changedEnvironment(properties);
  const specification = specificationOf(modelPackage, properties.InferenceSpecificationName);
  // Recommendations name no container, so neither a variable nor a compiled artifact could be assigned to one.
  const containers = specification?.Containers ?? [];
  if (containers.length > 1 && (compilation || Object.keys(changes).length > 0)) {
    throw new UserError(`Model package ${properties.ModelPackageName} has ${containers.length} containers and `
      + (compilation ? 'the recommendation is a compiled model' : `${changing(properties)} sets ${Object.keys(changes).join(', ')}`)
      + ': it does not say which container is meant. Choose another recommendation, or make the model from `containers`.');
  }
  if (compilation) {
    return withEnvironment(artifactOf(properties, compilation), merged(containers[0], changes));
  }
  const alternate = properties.InferenceSpecificationName === '' ? {} : { InferenceSpecificationName: properties.InferenceSpecificationName };
  const container = { ModelPackageName: properties.ModelPackageName, ...alternate };
  // It is undocumented whether CreateModel merges an environment with the package's or replaces it. The whole environment is right in both cases.
  return Object.keys(changes).length === 0 ? container : withEnvironment(container, merged(containers[0], changes));
}

/** What changes a container, in words. */
export function changing({ OwnEnvironment = {} }: ModelProperties): string {
  return Object.keys(OwnEnvironment).length > 0 ? 'the recommendation or `environment`' : 'the recommendation';
}

/** The result of a compilation, as its own container. It never names the package as well. */
export function artifactOf(properties: ModelProperties, compilation: DescribeCompilationJobCommandOutput): Container {
  if (!compilation.InferenceImage || !compilation.ModelArtifacts?.S3ModelArtifacts) {
    throw new UserError(`Compilation job ${compilationOf(properties)} names no ${compilation.InferenceImage ? 'model artifacts' : 'inference image'}:`
      + ' its model cannot be deployed. Choose another recommendation.');
  }
  return { Image: compilation.InferenceImage, ModelDataUrl: compilation.ModelArtifacts.S3ModelArtifacts };
}

/** The compilation job whose result the recommendation is, or empty. In the guide's table, its name is that of the inference specification. */
export function compilationOf({ CompilationJobName, InferenceSpecificationName }: ModelProperties): string {
  return CompilationJobName || InferenceSpecificationName;
}

/** Whether the benchmark compiled the model and no specification of the package has the result. */
export function needsCompilation(properties: ModelProperties, modelPackage: DescribeModelPackageCommandOutput | undefined): boolean {
  return compilationOf(properties) !== '' && !additionalOf(modelPackage, properties.InferenceSpecificationName);
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

/** What the model sets over the environment of what was benchmarked: the tuned variables, and the user's own over them. */
export function changedEnvironment(properties: ModelProperties): Environment {
  return { ...tunedEnvironment(properties), ...properties.OwnEnvironment };
}

function merged(container: ModelPackageContainerDefinition | undefined, changes: Environment): Environment {
  return { ...container?.Environment, ...changes };
}

export function withEnvironment(container: Container, environment: Environment): Container {
  return Object.keys(environment).length === 0 ? container : { ...container, Environment: { ...environment } };
}

/** The user's own containers. CloudFormation delivers every scalar as text. */
export function givenContainers(
  { InferenceExecutionConfig }: ModelProperties, containers: NonNullable<ModelProperties['Containers']>,
): Pick<CreateModelCommandInput, 'PrimaryContainer' | 'Containers' | 'InferenceExecutionConfig'> {
  const typed: Container[] = JSON.parse(JSON.stringify(containers), (_name, value) => (
    typeof value?.ModelAccessConfig === 'object' ? { ...value, ModelAccessConfig: { AcceptEula: `${value.ModelAccessConfig.AcceptEula}` === 'true' } } : value));
  return typed.length === 1 && !InferenceExecutionConfig ? { PrimaryContainer: typed[0] }
    : { Containers: typed, InferenceExecutionConfig: InferenceExecutionConfig as CreateModelCommandInput['InferenceExecutionConfig'] };
}

/** Whether the package comes from AWS Marketplace. */
export function isOfMarketplace({ ModelPackageArn, InferenceSpecification }: DescribeModelPackageCommandOutput): boolean {
  return isMarketplaceArn(`${ModelPackageArn}`) || (InferenceSpecification?.Containers ?? []).some(({ ProductId }) => ProductId);
}
