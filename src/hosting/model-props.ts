import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { InferenceExecutionMode, ModelContainer } from './model-container';
import { checkProp } from '../common/check';
import { NetworkOptions } from '../common/network-options';
import { IRecommendation } from '../recommendation/recommendation-interface';

/** Properties of a model. Changing any of them except `allowAllOutbound` replaces it. */
export interface ModelProps extends NetworkOptions {
  /**
   * The recommendation to deploy. The model is a copy of what was benchmarked, with the recommended inference specification, compiled artifact and
   * tuned environment.
   *
   * The kind of a ranked recommendation is known only after its job is done, so a function creates the model through the API. The model is a plain
   * CloudFormation resource in two cases: the recommendation is fixed, or all candidates of a load test vary the same variables and compiled models
   * are not allowed. If a model was benchmarked, the copy takes its role, network and isolation. Changing it replaces the model.
   *
   * @default - none: `modelPackage` or `containers` without changes
   */
  readonly recommendation?: IRecommendation;
  /**
   * The model package to deploy. It is required if there is no `recommendation` and there are no `containers`. Changing it replaces the model.
   *
   * @default - the package that the recommendation's job benchmarked
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * Containers of your own instead of a recommendation or a model package: 1 to 15. Changing them replaces the model.
   *
   * @default - those of the recommendation or of the model package
   */
  readonly containers?: ModelContainer[];
  /**
   * The way in which requests reach `containers`, if there are several. It needs `containers`. Changing it replaces the model.
   *
   * @default InferenceExecutionMode.SERIAL
   */
  readonly inferenceExecutionMode?: InferenceExecutionMode;
  /**
   * The role that the containers run with. In a VPC it needs EC2's actions on network interfaces. It is required if the recommendation is of a
   * model that this library did not create. Changing it replaces the model.
   *
   * @default - a new role that may read the containers' artifacts and gets the permissions that endpoint configurations need; if the
   * recommendation is of a model, that model's role
   */
  readonly role?: IRoleRef;
  /**
   * Whether the containers are isolated: they may not make network calls. Changing it replaces the model.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
}

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
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { throw new Error(`\`containerHostname\` must be different for each of \`containers\`, got '${twice}' twice.`); }
  return undefined;
}
