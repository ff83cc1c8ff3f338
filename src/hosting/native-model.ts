import type { CfnModel, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { packageFacts } from '../model-package/facts';
import { NativeModel, recommendationFacts } from '../recommendation/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';

/** Whether it is known at synth that a recommendation changes nothing in what was benchmarked. */
export function isPlain(recommendation: IRecommendation): boolean {
  const native = recommendationFacts.of(recommendation)?.native;
  return native !== undefined && native.inferenceSpecificationName === undefined && Object.keys(native.environment ?? {}).length === 0;
}

/** Whether it is known at synth that two recommendations of the same job make the same model. */
export function isSameModel(one: IRecommendation, other: IRecommendation): boolean {
  const [a, b] = [one, other].map((recommendation) => recommendationFacts.of(recommendation)?.native);
  const contentOf = ({ inferenceSpecificationName, environment = {} }: NativeModel) => JSON.stringify([inferenceSpecificationName, environment]);
  return a !== undefined && b !== undefined && contentOf(a) === contentOf(b);
}

/** The container of a recommendation whose specification and variables are known at synth; undefined if they are not. */
export function nativeContainer(
  recommendation: IRecommendation, modelPackage: IModelPackageRef, packageArn: string,
): CfnModel.ContainerDefinitionProperty | undefined {
  const native = recommendationFacts.of(recommendation)?.native;
  if (!native) { return undefined; }
  const { inferenceSpecificationName, environment: tuned = {} } = native;
  const container = { modelPackageName: packageArn, inferenceSpecificationName };
  if (Object.keys(tuned).length === 0) { return container; }
  const containers = packageFacts.of(modelPackage)?.containersOf?.(inferenceSpecificationName);
  if (!containers) { return undefined; }
  if (containers.length > 1) {
    throw new Error(`The recommendation tunes ${Object.keys(tuned).join(', ')} and the model package has ${containers.length} containers:`
      + ' it does not say which is meant. Benchmark without `environment`, or create the model from `containers`.');
  }
  // It is undocumented whether CreateModel merges an environment with the package's or replaces it. The whole environment is right in both cases.
  return { ...container, environment: { ...containers[0].environment, ...tuned } };
}
