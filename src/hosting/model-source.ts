import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import type { ModelProps } from './model-props';
import { checkProp, firstTwice } from '../common/check';

/** The package to deploy, or undefined if containers or a benchmarked model are deployed. */
export function checkSource(props: ModelProps): IModelPackageRef | undefined {
  const { containers, recommendation } = props;
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
