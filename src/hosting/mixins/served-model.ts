import { CfnEndpointConfig, CfnModel, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Reference, Stack, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { warn } from '../../common/warn';
import { recommendationFacts } from '../../recommendation/facts';
import type { IRecommendation } from '../../recommendation/recommendation-interface';
import { modelFacts } from '../facts';
import { isPlain } from '../native-model';

/** Warns if a variant serves a model that may lack what the recommendation changes in it: the endpoint would not be what was benchmarked. */
export function warnOfOtherModel(config: CfnEndpointConfig, modelName: string, model: IModelRef | undefined, recommendation: IRecommendation): void {
  if (isPlain(recommendation)) { return; }
  const served = model ?? modelNamed(config, modelName);
  if (served && isMadeOf(served, recommendation)) { return; }
  const names = recommendationFacts.of(recommendation)?.native?.environment ?? {};
  const changes = Object.keys(names).length > 0 ? `sets the variables ${Object.keys(names).join(', ')}`
    : 'may set environment variables, or be of a compiled model';
  warn(config, 'modelOfRecommendation', `The endpoint may differ from what was benchmarked: the recommendation ${changes}, and `
    + `${served ? `the model '${served.node.path}' is` : 'the variant\'s model is'} not made from it. Pass \`model: new Model(this, 'Model', { recommendation })\`, or acknowledge this warning.`);
}

/** The construct whose name a variant has: by its reference, or by a name that both have. */
function modelNamed(config: CfnEndpointConfig, modelName: string): IConstruct | undefined {
  const [token] = Tokenization.reverseString(modelName).tokens;
  if (token) { return Reference.isReference(token) ? token.target : undefined; }
  return Stack.of(config).node.findAll().find((one) => CfnModel.isCfnModel(one) && one.modelName === modelName);
}

/** Whether a model has what a recommendation changes: a model of this library, or one of CloudFormation with these variables. */
function isMadeOf(model: IConstruct, recommendation: IRecommendation): boolean {
  if (model.node.scopes.some((scope) => modelFacts.of(scope as IModelRef)?.recommendation === recommendation)) { return true; }
  const native = recommendationFacts.of(recommendation)?.native;
  const resource = [model, model.node.defaultChild].find(CfnModel.isCfnModel);
  if (!native || !resource) { return false; }
  const resolve = (value: unknown) => Stack.of(resource).resolve(value);
  const { primaryContainer, containers } = resource;
  const { environment = {}, inferenceSpecificationName } = resolve(primaryContainer ?? [containers ?? []].flat()[0]) ?? {};
  return inferenceSpecificationName === native.inferenceSpecificationName
    && Object.entries(native.environment ?? {}).every(([name, value]) => JSON.stringify(environment[name]) === JSON.stringify(resolve(value)));
}
