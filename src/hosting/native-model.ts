import type { CfnModel, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { packageFacts } from '../model-package/facts';
import { NativeModel, recommendationFacts } from '../recommendation/facts';
import type { IRecommendation } from '../recommendation/recommendation-interface';

type Environment = Readonly<Record<string, string>>;

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

/**
 * The container of a package, with a recommendation's specification and variables and the user's own over them; undefined if they, or the package's own,
 * are not known at synth.
 */
export function nativeContainer(
  recommendation: IRecommendation | undefined, modelPackage: IModelPackageRef, packageArn: string, own: Environment = {},
): CfnModel.ContainerDefinitionProperty | undefined {
  const native: NativeModel | undefined = recommendation ? recommendationFacts.of(recommendation)?.native : {};
  if (!native) { return undefined; }
  const { inferenceSpecificationName, environment: tuned = {} } = native;
  const container = { modelPackageName: packageArn, inferenceSpecificationName };
  const changes = { ...tuned, ...own };
  if (Object.keys(changes).length === 0) { return container; }
  const containers = packageFacts.of(modelPackage)?.containersOf?.(inferenceSpecificationName);
  if (!containers) { return undefined; }
  if (containers.length > 1) {
    const [names, remedy] = Object.keys(tuned).length > 0
      ? [`The recommendation tunes ${Object.keys(tuned).join(', ')}`, 'Benchmark without `environment`, or create the model from `containers`.']
      : [`\`environment\` sets ${Object.keys(own).join(', ')}`, 'Set `environment` of the one of your own `containers` that is meant.'];
    throw new Error(`${names} and the model package has ${containers.length} containers: it does not say which is meant. ${remedy}`);
  }
  // It is undocumented whether CreateModel merges an environment with the package's or replaces it. The whole environment is right in both cases.
  return { ...container, environment: { ...containers[0].environment, ...changes } };
}
