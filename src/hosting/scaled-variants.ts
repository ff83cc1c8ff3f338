import { CfnEndpoint, IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { configFacts, runningConfigs } from './facts';
import type { VariantFacts } from '../service/scaling-rules';

/** A variant that scales, as far as it is known at synth. */
export interface ScaledVariant extends VariantFacts {
  readonly name: string;
}

/** Another library's endpoint keeps no facts: then its variants must be named. */
export function scaledVariants(
  { endpoint, variantNames }: { readonly endpoint: IEndpointRef; readonly variantNames?: string[] },
): readonly ScaledVariant[] {
  if (variantNames?.length === 0) { throw new Error('`variantNames` must have at least 1 name, got none: name a variant, or leave the prop out.'); }
  const config = configFacts.of(runningConfigs.of(endpoint));
  if (!config) {
    if (!variantNames) {
      throw new Error('`variantNames` is required: the configuration of `endpoint` is not an `EndpointConfig` of this app, so its variants are unknown.');
    }
    return [...new Set(variantNames)].map((name) => ({ name }));
  }
  const variants = config.variants.filter((variant) => !variant._isServerless);
  if (variants.length === 0) { throw new Error('`endpoint` must have a variant on instances, got only serverless variants.'); }
  if (variants.some(({ _model }) => !_model)) { throw new Error('`endpoint` must not host inference components: their copies have their own scaling.'); }
  const known = variants.map(({ _name, _instanceTypes }) => ({ name: _name, instanceTypes: _instanceTypes, asynchronous: config.isAsynchronous }));
  const names = known.map(({ name }) => name);
  const stray = variantNames?.find((name) => !Token.isUnresolved(name) && !names.includes(name));
  if (stray !== undefined) { throw new Error(`\`variantNames\` must name variants on instances of \`endpoint\` (${names.join(', ')}), got '${stray}'.`); }
  return variantNames ? known.filter(({ name }) => variantNames.includes(name)) : known;
}

/** The pause watches the name of the configuration, which an imported endpoint does not tell. */
export function configNameOf(endpoint: IEndpointRef): string {
  const config = runningConfigs.of(endpoint);
  if (config) { return config.endpointConfigRef.endpointConfigName; }
  if (CfnEndpoint.isCfnEndpoint(endpoint)) { return endpoint.endpointConfigName; }
  throw new Error('`endpoint` must be an `Endpoint` or a `CfnEndpoint`: of another one, the configuration is unknown, and its changes cannot pause the scaling.');
}
