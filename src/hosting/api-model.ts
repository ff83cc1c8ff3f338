import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BoundContainer } from './model-container';
import type { ModelProps } from './model-props';
import { arnSpellings, sagemakerArn, sagemakerArns } from '../common/names';
import { modelNameOf, permissionArnsOfModel } from '../common/refs';
import { capitalized } from '../common/render';
import type { ModelProperties } from '../contract/model';
import { compilationJobArns } from '../jobs/family';
import { permissionArns } from '../model-package/facts';
import { hostedAs, recommendationFacts } from '../recommendation/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';
import type { RuntimeFunction } from '../runtime/runtime-function';

/** What a model through the API is made of: the ARN of a package, a benchmarked model, or containers of the user's own. */
export type ApiSource = string | IModelRef | readonly BoundContainer[];

/** What names the source in the function's properties. */
type Named = Pick<ModelProperties, 'ModelPackageName' | 'ModelName' | 'Containers' | 'InferenceSpecificationName' | 'CompilationJobName' | 'Environment'>;

/** Names the source and what the recommendation changes, and lets the function read them. */
export function apiSource(scope: Construct, props: ModelProps, source: ApiSource, model: RuntimeFunction): Named {
  const { recommendation } = props;
  if (recommendation) { allowCompiled(scope, recommendation, model); }
  const { compilationJobName = '', environment = '{}' } = hostedAs(recommendation);
  const changes = { InferenceSpecificationName: recommendation?.inferenceSpecificationName ?? '', CompilationJobName: compilationJobName, Environment: environment };
  if (typeof source === 'string') {
    allowPackage(model, packageArnsIn(scope, props, source));
    return { ModelPackageName: source, ...changes };
  }
  if (isModel(source)) {
    const name = isCrossStack(scope, recommendation) ? recommendation!.modelName : undefined;
    // Reason: reads the benchmarked model that the new model copies.
    model.allow(['sagemaker:DescribeModel'],
      ...name === undefined ? permissionArnsOfModel(source, scope) : [name, ...inLowerCase(recommendation!)].flatMap((one) => sagemakerArns('model', one)));
    // The model's container may come from a package: the copy keeps that package's environment.
    // Reason: reads the package that the copied model's container comes from, which only that model names.
    model.allow(['sagemaker:DescribeModelPackage'], sagemakerArn('model-package', '*'));
    return { ModelName: name ?? modelNameOf(source), ...changes };
  }
  const packages = source.flatMap(({ modelPackage }) => modelPackage ?? []);
  if (packages.length > 0) { allowPackage(model, packages.flatMap(permissionArns)); }
  return { Containers: source.map(({ properties }) => capitalized(properties)), ...changes };
}

/** A cross-stack recommendation brings the ARN of what was benchmarked, because an export of the ARN could not change. */
export function packageArnOf(scope: Construct, { modelPackage: own, recommendation }: ModelProps, modelPackage: IModelPackageRef): string {
  return isCrossStack(scope, recommendation) && !own ? recommendation!.modelPackageArn : modelPackage.modelPackageRef.modelPackageArn;
}

function packageArnsIn(scope: Construct, { modelPackage: own, recommendation }: ModelProps, arn: string): readonly string[] {
  const modelPackage = own ?? (isCrossStack(scope, recommendation) ? undefined : recommendation?.modelPackage);
  return modelPackage ? permissionArns(modelPackage) : [...arnSpellings(arn), ...inLowerCase(recommendation!)];
}

function allowPackage(model: RuntimeFunction, arns: readonly string[]): void {
  // Reason: reads the package that a model is made of.
  model.allow(['sagemaker:DescribeModelPackage'], ...arns);
  // For a package in another account, CreateModel also needs permission on the package.
  // Reason: makes a model of a package of another account.
  model.allow(['sagemaker:CreateModel'], ...arns);
}

function allowCompiled(scope: Construct, recommendation: IRecommendation, model: RuntimeFunction): void {
  const { compilationJobName } = hostedAs(recommendation);
  // A kind that compiles nothing.
  if (compilationJobName === undefined) { return; }
  // Reason: reads where the model is that a job has compiled.
  model.allow(['sagemaker:DescribeCompilationJob'], ...compilationJobArns(scope));
  const isOfThisStack = recommendationFacts.of(recommendation)?.isOfOwnJob && !isCrossStack(scope, recommendation);
  if (isOfThisStack) { return; }
  // A compiled model may be known by its specification alone, which has the compilation job's name.
  const names = [compilationJobName, recommendation.inferenceSpecificationName].filter((name) => name !== '');
  // Reason: reads where the model is that another stack's job has compiled.
  if (names.length > 0) { model.allow(['sagemaker:DescribeCompilationJob'], ...names.flatMap((name) => sagemakerArns('compilation-job', name))); }
}

/** A target that only the deploy knows: the recommendation tells the other spelling, too. */
function inLowerCase(recommendation: IRecommendation): string[] {
  const target = recommendationFacts.of(recommendation)?.targetInLowerCase;
  return target ? [target()] : [];
}

function isCrossStack(scope: Construct, recommendation: IRecommendation | undefined): boolean {
  return recommendation !== undefined && Stack.of(recommendation) !== Stack.of(scope);
}

function isModel(source: Exclude<ApiSource, string>): source is IModelRef {
  return 'modelRef' in source;
}
