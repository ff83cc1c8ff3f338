import { Construct } from 'constructs';
import type { EndpointConfigProps } from './endpoint-config-props';
import { modelFacts } from './facts';
import { Variant } from './variant';
import { warn, warnOfType } from '../common/warn';

export function isInf1(variant: Variant): boolean {
  return variant._instanceType?.startsWith('ml.inf1.') ?? false;
}

/** Warns of combinations that the service's pages exclude. The lists change, so none of these is an error. */
export function adviseOnConfig(scope: Construct, props: EndpointConfigProps): void {
  const all = [...props.variants, ...props.shadowVariants ?? []];
  all.forEach((variant) => {
    warnOfType(scope, `variants['${variant._name}'].instanceType`, variant._instanceType);
    if (variant._advice) { warn(scope, 'provisionedConcurrency', `Variant '${variant._name}': ${variant._advice}`); }
  });
  adviseOnServerless(scope, props, all);
  adviseOnShadow(scope, props, all);
  // Seen in a live account: https://github.com/hashicorp/terraform-provider-aws/pull/48738
  if (props.enableNetworkIsolation && all.some((variant) => variant._model)) {
    warn(scope, 'networkIsolationOfModels', '`enableNetworkIsolation` of an endpoint configuration is for inference components: if a variant '
      + 'has a model, set it on the `Model` instead.');
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (feature exclusions) */
function adviseOnServerless(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  if (!all.some((variant) => variant._isServerless)) { return; }
  const excluded = [
    ...props.variants.length > 1 ? ['several production variants'] : [],
    ...props.dataCapture ? ['`dataCapture`'] : [],
    ...props.vpc || all.some(({ _model }) => modelFacts.of(_model)?.isInVpc) ? ['a VPC'] : [],
    ...props.enableNetworkIsolation || all.some(({ _model }) => modelFacts.of(_model)?.isIsolated) ? ['network isolation'] : [],
    ...all.some(hasSeveralContainers) ? ['a model of several containers'] : [],
  ];
  if (excluded.length > 0) {
    warn(scope, 'serverlessExclusions', `A serverless variant does not support ${excluded.join(', ')}: the endpoint may fail to deploy.`);
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html */
function adviseOnShadow(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  if (!props.shadowVariants?.length) { return; }
  const excluded = [
    ...all.some((variant) => variant._isServerless) ? ['a serverless variant'] : [],
    ...props.asyncInference ? ['`asyncInference`'] : [],
    ...all.some(isInf1) ? ['Inf1 instances'] : [],
    ...all.some(hasSeveralContainers) ? ['a model of several containers'] : [],
  ];
  if (excluded.length > 0) {
    warn(scope, 'shadowExclusions', `\`shadowVariants\` do not support ${excluded.join(', ')}: the service may refuse the configuration.`);
  }
}

function hasSeveralContainers({ _model }: Variant): boolean {
  return (modelFacts.of(_model)?.containerCount ?? 1) > 1;
}
