import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { IConstruct } from 'constructs';
import type { ModelProps } from './model-props';
import { checkProp, firstTwice } from '../common/check';
import { warn } from '../common/warn';
import { isOfMarketplace } from '../model-package/facts';
import { recommendationFacts } from '../recommendation/facts';

/** The package to deploy, or undefined if containers or a benchmarked model are deployed. */
export function checkSource(props: ModelProps): IModelPackageRef | undefined {
  const { containers, recommendation } = props;
  checkProp('environment', 'EnvironmentMap', props.environment);
  if (!containers) {
    if (props.inferenceExecutionMode) { throw new Error('`inferenceExecutionMode` needs `containers`: set `containers`, or remove `inferenceExecutionMode`.'); }
    const modelPackage = props.modelPackage ?? recommendation?.modelPackage;
    if (!modelPackage && recommendation?.model) {
      const [given] = (['vpc', 'enableNetworkIsolation'] as const).filter((name) => props[name] !== undefined);
      if (given) { throw new Error(`\`${given}\` must not be set if the recommendation is of a model: the copy takes that model's network and isolation. Remove \`${given}\`.`); }
      return undefined;
    }
    if (!modelPackage) {
      throw new Error('`modelPackage` is required: '
        + (recommendation ? 'the recommendation does not say what was benchmarked.' : 'there is neither a recommendation nor `containers`.'));
    }
    return modelPackage;
  }
  if (recommendation || props.modelPackage) {
    throw new Error(`\`containers\` must not be set together with \`${recommendation ? 'recommendation' : 'modelPackage'}\`: remove one of them.`);
  }
  if (props.environment) { throw new Error('`environment` must not be set together with `containers`: set it on the container that is meant.'); }
  if (containers.length === 0) { throw new Error('`containers` must have at least 1 entry, got none.'); }
  // Checks only their number, because each container has checked its own options.
  checkProp('containers', 'ContainerDefinitionList', containers.map(() => ({})));
  const names = containers.flatMap(({ _hostname }) => (_hostname === undefined ? [] : [_hostname]));
  // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (ContainerHostname)
  if (names.length > 0 && names.length < containers.length) {
    throw new Error(`\`containerHostname\` must be set for each of \`containers\` or for none, got: ${names.length} of ${containers.length}.`);
  }
  const twice = firstTwice(names);
  if (twice !== undefined) { throw new Error(`\`containerHostname\` must be different for each of \`containers\`, got '${twice}' twice.`); }
  return undefined;
}

/**
 * Whether the model is isolated: a package of AWS Marketplace must be.
 * Source: https://github.com/aws/aws-cdk/issues/16779
 */
export function isolationOf(
  { enableNetworkIsolation: given }: ModelProps, packages: ReadonlyArray<IModelPackageRef | undefined>,
): boolean | undefined {
  if (!packages.some((one) => one && isOfMarketplace(one))) { return given; }
  if (given === false) {
    throw new Error('`enableNetworkIsolation` must be true for a model package of AWS Marketplace, got: false. Leave it out.');
  }
  return true;
}

/** Warns of variables of the user's own that the recommendation tunes, as far as they are known before the deploy. */
export function warnOfTuned(scope: IConstruct, { environment = {}, recommendation }: ModelProps): void {
  const tuned = recommendationFacts.of(recommendation)?.tunedNames ?? [];
  const both = Object.keys(environment).filter((name) => tuned.includes(name));
  if (both.length > 0) {
    warn(scope, 'tunedEnvironment', `\`environment\` overrides ${both.join(', ')}, which the recommendation tunes, so the benchmark's figures may not hold:`
      + ` leave ${both.length > 1 ? 'them' : 'it'} out, or benchmark the value of your own.`);
  }
}
