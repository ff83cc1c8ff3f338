import type {
  ContainerDefinition, CreateModelCommandInput, DescribeCompilationJobCommandOutput, DescribeModelCommandOutput, DescribeModelPackageCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { artifactOf, changedEnvironment, changing, Environment, specificationOf, withEnvironment } from './request';
import type { ModelProperties } from '../../src/contract/model';
import { UserError } from '../runtime/errors';

/** Whether nothing about the benchmarked model changes: then that model is deployed and no copy is made. */
export function isPlain(properties: ModelProperties): boolean {
  return properties.CompilationJobName === '' && properties.InferenceSpecificationName === '' && Object.keys(changedEnvironment(properties)).length === 0;
}

/** A copy of the benchmarked model with the changes of the recommendation and the user. Its role, network and other containers stay. */
export function copyOf(
  properties: ModelProperties, model: DescribeModelCommandOutput, modelPackage: DescribeModelPackageCommandOutput | undefined,
  compilation: DescribeCompilationJobCommandOutput | undefined,
): Omit<CreateModelCommandInput, 'ModelName'> {
  const containers = containersOf(model);
  // Recommendations name no container, so with several containers it is unknown which one to change.
  if (containers.length !== 1) {
    throw new UserError(`Model ${properties.ModelName} has ${containers.length} containers and ${changing(properties)} changes one without naming it:`
      + ' choose another recommendation, deploy the model as it is, or make one from `containers`.');
  }
  const container = changed(properties, containers[0], modelPackage, compilation);
  return {
    ...model.PrimaryContainer ? { PrimaryContainer: container } : { Containers: [container] },
    ExecutionRoleArn: properties.ExecutionRoleArn ?? model.ExecutionRoleArn,
    VpcConfig: model.VpcConfig,
    EnableNetworkIsolation: model.EnableNetworkIsolation,
    InferenceExecutionConfig: model.InferenceExecutionConfig,
  };
}

export function containersOf(model: DescribeModelCommandOutput): ContainerDefinition[] {
  return model.PrimaryContainer ? [model.PrimaryContainer] : model.Containers ?? [];
}

function changed(
  properties: ModelProperties, container: ContainerDefinition, modelPackage: DescribeModelPackageCommandOutput | undefined,
  compilation: DescribeCompilationJobCommandOutput | undefined,
): ContainerDefinition {
  const name = properties.InferenceSpecificationName || container.InferenceSpecificationName;
  const specification = specificationOf(modelPackage, name);
  const environment: Environment = { ...specification?.Containers?.[0]?.Environment, ...container.Environment, ...changedEnvironment(properties) };
  const { Environment: _old, ...kept } = container;
  if (compilation) {
    const { ModelPackageName: _package, InferenceSpecificationName: _name, ModelDataSource: _data, ...rest } = kept;
    return withEnvironment({ ...rest, ...artifactOf(properties, compilation) }, environment);
  }
  return withEnvironment(properties.InferenceSpecificationName ? { ...kept, InferenceSpecificationName: name } : kept, environment);
}
