import { Annotations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointConfigProps } from './endpoint-config';
import { Model } from './model';
import { Variant } from './variant';

/** Adds a warning that a user can acknowledge by its id. */
export function warn(scope: Construct, rule: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-sagemaker-inference-recommender:${rule}`, message);
}

export function isInf1(variant: Variant): boolean {
  return variant._instanceType?.startsWith('ml.inf1.') ?? false;
}

/** Warns of what pages of the service say that does not go together: the lists change, so none of it is refused here. */
export function adviseOnConfig(scope: Construct, props: EndpointConfigProps): void {
  const all = [...props.variants, ...props.shadowVariants ?? []];
  all.forEach((variant) => {
    if (variant._advice) { warn(scope, 'provisionedConcurrency', `Variant '${variant._name}': ${variant._advice}`); }
  });
  adviseOnServerless(scope, props, all);
  adviseOnShadow(scope, props, all);
  // Seen in a live account: https://github.com/hashicorp/terraform-provider-aws/pull/48738
  if (props.enableNetworkIsolation && all.some((variant) => variant._model)) {
    warn(scope, 'networkIsolationOfModels', '`enableNetworkIsolation` of an endpoint configuration is for inference components: where a variant '
      + 'has a model, set it on the `Model` instead.');
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (feature exclusions) */
function adviseOnServerless(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  if (!all.some((variant) => variant._isServerless)) { return; }
  const excluded = [
    ...props.variants.length > 1 ? ['several production variants'] : [],
    ...props.dataCapture ? ['`dataCapture`'] : [],
    ...props.vpc || all.some(({ _model }) => _model instanceof Model && _model._isInVpc) ? ['a VPC'] : [],
    ...props.enableNetworkIsolation || all.some(({ _model }) => _model instanceof Model && _model._isIsolated) ? ['network isolation'] : [],
    ...all.some(({ _model }) => _model instanceof Model && _model._containerCount > 1) ? ['a model of several containers'] : [],
  ];
  if (excluded.length > 0) {
    warn(scope, 'serverlessExclusions', `A serverless variant does not support ${excluded.join(', ')}: the endpoint may not come up.`);
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html */
function adviseOnShadow(scope: Construct, props: EndpointConfigProps, all: Variant[]): void {
  if (!props.shadowVariants?.length) { return; }
  const excluded = [
    ...all.some((variant) => variant._isServerless) ? ['a serverless variant'] : [],
    ...props.asyncInference ? ['`asyncInference`'] : [],
    ...all.some(isInf1) ? ['Inf1 instances'] : [],
    ...all.some(({ _model }) => _model instanceof Model && _model._containerCount > 1) ? ['a model of several containers'] : [],
  ];
  if (excluded.length > 0) {
    warn(scope, 'shadowExclusions', `\`shadowVariants\` do not go with ${excluded.join(', ')}: the service may refuse the configuration.`);
  }
}
