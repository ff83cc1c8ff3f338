import type { IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Construct, IConstruct } from 'constructs';
import type { EndpointConfigProps } from './endpoint-config-props';
import { modelFacts } from './facts';
import { Variant } from './variant';
import { warn, warnOfLocalStorage, warnOfPossibleStorage, warnOfType } from '../common/warn';
import { modelImages, warnOfMisfits, warnOfServerlessImages } from '../model-package/image-hardware';

export function isInf1(variant: Variant): boolean {
  return variant._instanceTypes.some((type) => type.startsWith('ml.inf1.'));
}

/**
 * Warns of combinations that the service's pages exclude. Those lists change.
 *
 * @throws if a serverless variant is in a VPC or isolated
 */
export function adviseOnConfig(scope: Construct, props: EndpointConfigProps): void {
  const all = [...props.variants, ...props.shadowVariants ?? []];
  all.forEach((variant) => {
    variant._instanceTypes.forEach((type) => warnOfType(scope, `variants['${variant._name}'].instanceType`, type));
    if (variant._advice) { warn(scope, 'provisionedConcurrency', `Variant '${variant._name}': ${variant._advice}`); }
  });
  adviseOnServerless(scope, props, all);
  adviseOnHardware(scope, props, all);
  adviseOnShadow(scope, props, all);
  // Seen in a live account: https://github.com/hashicorp/terraform-provider-aws/pull/48738
  if (props.enableNetworkIsolation && all.some((variant) => variant._model)) {
    warn(scope, 'networkIsolationOfModels', '`enableNetworkIsolation` of an endpoint configuration is for inference components: if a variant '
      + 'has a model, set it on the `Model` instead.');
  }
}

/**
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (feature exclusions, and containers)
 *
 * @throws if a serverless variant is in a VPC or isolated
 */
function adviseOnServerless(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  const serverless = all.filter((variant) => variant._isServerless);
  if (serverless.length === 0) { return; }
  const refused = [
    ...props.vpc ? ['`vpc` must be left out'] : [],
    ...props.enableNetworkIsolation ? ['`enableNetworkIsolation` must be left out'] : [],
    ...serverless.flatMap(({ _model }) => refusedOf(_model)),
  ];
  refuseServerless(refused);
  const excluded = [
    ...props.variants.length > 1 ? ['several production variants'] : [],
    ...props.dataCapture ? ['`dataCapture`'] : [],
    ...all.some(({ _model }) => hasSeveralContainers(_model)) ? ['a model of several containers'] : [],
  ];
  warnOfServerless(scope, excluded);
  serverless.forEach(({ _model }) => warnOfServerlessImages(scope, modelImages.of(_model) ?? []));
}

/** What of a model no serverless endpoint has. */
export function refusedOf(model: IModelRef | undefined): string[] {
  const { isInVpc = false, isIsolated = false } = modelFacts.of(model) ?? {};
  return [
    ...isInVpc ? [`the model '${model!.node.path}' must have no \`vpc\``] : [],
    ...isIsolated ? [`the model '${model!.node.path}' must not be isolated, as one of a package of AWS Marketplace always is`] : [],
  ];
}

/** @throws if a configuration has something that no serverless endpoint has */
export function refuseServerless(refused: readonly string[]): void {
  if (refused.length === 0) { return; }
  throw new Error(`Serverless endpoints have no VPC and no network isolation: ${refused.join(', and ')}. Or use a variant on instances.`);
}

/** Warns of what the service's pages exclude from serverless endpoints. */
export function warnOfServerless(scope: IConstruct, excluded: readonly string[]): void {
  if (excluded.length === 0) { return; }
  warn(scope, 'serverlessExclusions', `A serverless variant does not support ${excluded.join(', ')}: the endpoint may fail to deploy.`);
}

/** Warns of types whose storage a key does not cover, and on which an image does not run. */
function adviseOnHardware(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  for (const { _name, _model, _instanceTypes } of all) {
    warnOfMisfits(scope, modelImages.of(_model) ?? [], _instanceTypes.map((type) => [`variant '${_name}'`, type] as const));
  }
  if (!props.encryptionKey) { return; }
  adviseOnStorage(scope, 'encryptionKey', all.flatMap(({ _instanceTypes }) => _instanceTypes), all.some(({ _mayHaveLocalStorage }) => _mayHaveLocalStorage));
}

/** Warns of storage that a key does not encrypt. */
export function adviseOnStorage(scope: IConstruct, prop: string, types: readonly string[], mayHaveIt: boolean): void {
  warnOfLocalStorage(scope, prop, types);
  if (mayHaveIt) { warnOfPossibleStorage(scope, prop, 'Set `limits.allowLocalStorage` of the recommendation to false, which rejects such types'); }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html */
function adviseOnShadow(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  if (!props.shadowVariants?.length) { return; }
  const excluded = [
    ...all.some((variant) => variant._isServerless) ? ['a serverless variant'] : [],
    ...props.asyncInference ? ['`asyncInference`'] : [],
    ...all.some(isInf1) ? ['Inf1 instances'] : [],
    ...all.some(({ _model }) => hasSeveralContainers(_model)) ? ['a model of several containers'] : [],
  ];
  if (excluded.length > 0) {
    warn(scope, 'shadowExclusions', `\`shadowVariants\` do not support ${excluded.join(', ')}: the service may refuse the configuration.`);
  }
}

export function hasSeveralContainers(model: IModelRef | undefined): boolean {
  return (modelFacts.of(model)?.containerCount ?? 1) > 1;
}
