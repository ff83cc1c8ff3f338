import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnEndpoint, IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { AspectPriority, Aspects, CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { configFacts, runningConfigs } from './facts';
import { warn } from '../common/warn';
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

/** Warns of policies that CloudFormation owns: it keeps their ARNs, and a deregistration makes those the old ones. */
export function adviseOfOthers(scaling: IConstruct, endpoint: CfnEndpoint): void {
  const advise = () => scaling.node.root.node.findAll().filter((node) => scalesByItself(node, endpoint)).forEach((other) => {
    warn(scaling, 'ForeignScaling', `'${other.node.path}' also scales the endpoint. If its instance type changes, the variant is deregistered, and the policies of others`
      + ' get new ARNs. Alarms are led to those, but CloudFormation keeps the old ones: use `target` and `instancesOutOfZero` instead, or put the policy'
      + ' outside of CloudFormation.');
  });
  // Others may be added until the app is synthesized.
  Aspects.of(scaling).add({ visit: (node) => { if (node === scaling) { advise(); } } }, { priority: AspectPriority.READONLY });
}

/** Whether a resource is a scalable target or a scaling policy of CloudFormation's own, on a variant of the endpoint. */
function scalesByItself(node: IConstruct, endpoint: CfnEndpoint): node is CfnScalableTarget | CfnScalingPolicy {
  if (CfnScalableTarget.isCfnScalableTarget(node)) { return isOn(node, node.resourceId, endpoint); }
  if (!CfnScalingPolicy.isCfnScalingPolicy(node)) { return false; }
  if (node.resourceId !== undefined) { return isOn(node, node.resourceId, endpoint); }
  const [target] = referred(node.scalingTargetId);
  return target !== undefined && CfnScalableTarget.isCfnScalableTarget(target) && isOn(target, target.resourceId, endpoint);
}

/** Whether a resource id is of a variant of the endpoint: by its name, by a reference, or by a reference within an intrinsic function. */
function isOn(scope: CfnResource, resourceId: string, endpoint: CfnEndpoint): boolean {
  if (endpoint.endpointName !== undefined && resourceId.startsWith(`endpoint/${endpoint.endpointName}/`)) { return true; }
  if (!Token.isUnresolved(resourceId)) { return false; }
  if (referred(resourceId).includes(endpoint)) { return true; }
  const stack = Stack.of(endpoint);
  // Logical ids have only letters and digits.
  return Stack.of(scope) === stack && new RegExp(`\\b${stack.resolve(endpoint.logicalId)}\\b`).test(JSON.stringify(stack.resolve(resourceId)));
}

function referred(text: string | undefined): IConstruct[] {
  return Tokenization.reverseString(text ?? '').tokens.flatMap((token) => (Reference.isReference(token) ? [token.target] : []));
}
