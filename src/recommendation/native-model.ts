import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { IModelPackage } from '../model-package/model-package';
import type { IRecommendation } from './recommendation-interface';

/** What a native model needs to know of a row before the deploy: a kind of row that is known, and names of variables. */
export interface NativeModel {
  readonly inferenceSpecificationName?: string;
  /** Values may be tokens, names may not. */
  readonly environment?: { [name: string]: string };
}

/** What all rows of a job have in common, because all its candidates do. */
export interface UniformRows {
  readonly inferenceSpecificationName?: string;
  readonly environmentNames: readonly string[];
}

/** What the library's own recommendations and packages know besides. */
export interface Known {
  readonly _grantReadCompiled?: (grantee: IGrantable) => void;
  readonly _native?: NativeModel;
  /** Whether its compiled models are of a job of its stack. */
  readonly _isOfOwnJob?: boolean;
  readonly _containersOf?: (inferenceSpecificationName?: string) => Array<{ readonly environment?: { [name: string]: string } }> | undefined;
}

/** Whether it is known before the deploy that a row changes nothing of what was benchmarked. */
export function isPlain(recommendation: IRecommendation): boolean {
  const native = (recommendation as Known)._native;
  return native !== undefined && native.inferenceSpecificationName === undefined && Object.keys(native.environment ?? {}).length === 0;
}

/** The container of a recommendation whose kind of row and variables are known; nothing where they are not. */
export function nativeContainer(
  recommendation: IRecommendation, modelPackage: IModelPackage, packageArn: string,
): CfnModel.ContainerDefinitionProperty | undefined {
  const native = (recommendation as Known)._native;
  if (!native) { return undefined; }
  const { inferenceSpecificationName, environment: tuned = {} } = native;
  const container = { modelPackageName: packageArn, inferenceSpecificationName };
  if (Object.keys(tuned).length === 0) { return container; }
  const containers = (modelPackage as Known)._containersOf?.(inferenceSpecificationName);
  if (!containers) { return undefined; }
  if (containers.length > 1) {
    throw new Error(`The recommendation tunes ${Object.keys(tuned).join(', ')} and the model package has ${containers.length} containers:`
      + ' it does not say which is meant. Benchmark without `environment`, or make the model of `containers`.');
  }
  // Whether CreateModel merges an environment with the package's or replaces it is undocumented: sent whole, either is right.
  return { ...container, environment: { ...containers[0].environment, ...tuned } };
}
