import { checkIsolation, checkModelData } from './containers';
import { deploymentRecommendation } from './deployment-recommendation';
import { modelDataOf, unreadable } from './inputs';
import { findPackage, packageOf } from './model-packages';
import { Model, SageMakerState } from './state';
import { Call, invalid, listing, Operations } from '../kernel';

/** A model by its name; an error if there is none. */
export function findModel(name: string, call: Call): Model {
  const model = call.region.room(SageMakerState).models.get(name);
  if (!model) { throw invalid(`Could not find model "${modelArn(name, call)}".`); }
  return model;
}

/** The containers of a model, in whichever form they were given. */
export function containersOf({ input }: Model): any[] {
  return input.Containers ?? [input.PrimaryContainer];
}

export const modelOperations: Operations = {
  CreateModel({ Tags, ...input }, call) {
    const { models, tags } = call.region.room(SageMakerState);
    const arn = modelArn(input.ModelName, call);
    if (models.has(input.ModelName)) { throw invalid(`Cannot create already existing model "${arn}".`); }
    if ((input.PrimaryContainer === undefined) === (input.Containers === undefined)) {
      throw invalid('Either PrimaryContainer or Containers must be given, and not both.');
    }
    const model = { name: input.ModelName, arn, created: new Date(call.region.clock.now()), input };
    const containers = containersOf(model);
    containers.forEach((container, index) => checkContainer(container, input.Containers ? `Containers.${index + 1}` : 'PrimaryContainer', call));
    checkIsolation(containers.map(({ ModelPackageName }) => `${ModelPackageName}`), input.EnableNetworkIsolation);
    // Words: https://github.com/aws/sagemaker-python-sdk/issues/608
    const unread = containers.flatMap(modelDataOf).find((uri) => unreadable(uri, input.ExecutionRoleArn, call.region));
    if (unread !== undefined) { throw invalid(`Could not find model data at ${unread}: ${unreadable(unread, input.ExecutionRoleArn, call.region)}.`); }
    models.set(model.name, model);
    tags.set(arn, Tags ?? []);
    return { ModelArn: arn };
  },

  DescribeModel({ ModelName }, call) {
    const model = findModel(ModelName, call);
    return {
      EnableNetworkIsolation: false,
      ...model.input,
      ModelArn: model.arn,
      CreationTime: model.created,
      DeploymentRecommendation: recommendedWith(model, call),
    };
  },

  DeleteModel({ ModelName }, call) {
    const { models, tags } = call.region.room(SageMakerState);
    const { arn } = findModel(ModelName, call);
    models.delete(ModelName);
    tags.delete(arn);
  },

  ListModels(input, call) {
    return listing('Models', [...call.region.room(SageMakerState).models.values()].map(({ name, arn, created }) => (
      { name, created, modified: created, summary: { ModelName: name, ModelArn: arn, CreationTime: created } }
    )), input);
  },
};

/** What is recommended with a model at once. */
export function recommendedWith(model: Model, call: Call): Record<string, any> {
  return deploymentRecommendation(model, containersOf(model).map((container) => resolvedContainer(container, call)), call);
}

function checkContainer(container: any, at: string, call: Call): void {
  checkModelData(container, at);
  if (container.ModelPackageName === undefined) {
    if (container.Image === undefined) { throw invalid('A container must have an Image or a ModelPackageName.'); }
    if (container.InferenceSpecificationName !== undefined) { throw invalid('InferenceSpecificationName goes with a ModelPackageName.'); }
    return;
  }
  const both = ['Image', 'ModelDataUrl', 'ModelDataSource', 'AdditionalModelDataSources'].filter((member) => container[member] !== undefined);
  if (both.length > 0) { throw invalid(`A container that has a ModelPackageName must not have ${both.join(' or ')}.`); }
  const { arn, group, description } = findPackage(container.ModelPackageName, call);
  if (group !== undefined && description.ModelApprovalStatus !== 'Approved') {
    throw invalid(`Cannot create Model from Model Package "${arn}": its ModelApprovalStatus is ${description.ModelApprovalStatus}, not Approved.`);
  }
  const specification = container.InferenceSpecificationName;
  if (specification !== undefined && !description.AdditionalInferenceSpecifications?.some(({ Name }: any) => Name === specification)) {
    throw invalid(`Could not find inference specification "${specification}" in Model Package "${arn}".`);
  }
}

/** A container with what its model package says of it. A package that is gone says nothing. */
export function resolvedContainer(container: any, call: Call): any {
  const found = container.ModelPackageName === undefined ? undefined : packageOf(container.ModelPackageName, call);
  if (!found) { return container; }
  const { InferenceSpecification, AdditionalInferenceSpecifications = [] } = found.description;
  const named = AdditionalInferenceSpecifications.find(({ Name }: any) => Name === container.InferenceSpecificationName) ?? InferenceSpecification;
  return { ...named?.Containers[0], ...container, Environment: { ...named?.Containers[0].Environment, ...container.Environment } };
}

function modelArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `model/${name}`);
}
