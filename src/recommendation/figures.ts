import { Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FieldSource } from './cross-stack-field';
import type { FixedRecommendation } from './recommendation-attributes';
import { checkProp, enumValue, firstTwice, serverlessMemory } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { prune } from '../common/render';
import { MOST_POOLS, poolAttribute, RecommendationField, VARIANT_INSTANCE_COUNT } from '../contract/pools';
import { FallbackProperties, RecommendationAttribute } from '../contract/recommend';

/**
 * The figures of a fixed recommendation as custom resource properties.
 *
 * @throws if the kind of endpoint needs a figure that is missing, or a figure is out of its range
 */
export function renderFixed(prop: string, fixed: FixedRecommendation, endpointType: EndpointType): FallbackProperties {
  const at = (name: string) => (prop === '' ? name : `${prop}.${name}`);
  checkProp(at('initialInstanceCount'), 'InitialTaskCount', fixed.initialInstanceCount);
  checkProp(at('serverlessMaxConcurrency'), 'ServerlessMaxConcurrency', fixed.serverlessMaxConcurrency);
  checkProp(at('inferenceSpecificationName'), 'InferenceSpecificationName', fixed.inferenceSpecificationName);
  checkProp(at('environment'), 'EnvironmentMap', fixed.environment);
  const isServerless = endpointType === EndpointType.SERVERLESS || (endpointType === EndpointType.ANY && !fixed.instanceType);
  if (isServerless) {
    for (const name of ['serverlessMemorySize', 'serverlessMaxConcurrency'] as const) {
      if (fixed[name] === undefined) { throw new Error(`\`${at(name)}\` is required for a serverless recommendation.`); }
    }
  } else if (!fixed.instanceType) {
    throw new Error(`\`${at('instanceType')}\` is required for a real-time recommendation.`);
  }
  const nextTypes = fixed.nextInstanceTypes?.map((type, index) => enumValue(at(`nextInstanceTypes[${index}]`), type, 'InstanceType'));
  if (nextTypes) { checkNextTypes(at('nextInstanceTypes'), nextTypes, fixed.instanceType?.value, isServerless); }
  return prune({
    InstanceType: isServerless ? undefined : enumValue(at('instanceType'), fixed.instanceType!, 'InstanceType'),
    InitialInstanceCount: isServerless ? undefined : Tokenization.stringifyNumber(fixed.initialInstanceCount ?? 1),
    NextInstanceTypes: nextTypes,
    ServerlessMemorySizeInMB: isServerless ? Tokenization.stringifyNumber(serverlessMemory(fixed.serverlessMemorySize!, at('serverlessMemorySize'))) : undefined,
    ServerlessMaxConcurrency: isServerless ? Tokenization.stringifyNumber(fixed.serverlessMaxConcurrency!) : undefined,
    InferenceSpecificationName: fixed.inferenceSpecificationName,
    Environment: fixed.environment,
  })!;
}

function checkNextTypes(prop: string, types: readonly string[], first: string | undefined, isServerless: boolean): void {
  if (isServerless) { throw new Error(`\`${prop}\` must be left out of a serverless recommendation: it has no instances.`); }
  if (types.length < 1 || types.length >= MOST_POOLS) {
    throw new Error(`\`${prop}\` must have 1 to ${MOST_POOLS - 1} entries, got: ${types.length}.${types.length === 0 ? ' Leave it out.' : ''}`);
  }
  const twice = firstTwice([...first === undefined ? [] : [first], ...types]);
  if (twice !== undefined) { throw new Error(`\`${prop}\` must have other types than \`instanceType\` and each once, got '${twice}' twice.`); }
}

/** The fields of a fixed recommendation. */
export function fixedSource(
  scope: Construct, figures: FallbackProperties, others: Partial<Record<RecommendationAttribute, string>>,
): FieldSource {
  const { Environment: environment = {}, EnvironmentText = Stack.of(scope).toJsonString(environment), NextInstanceTypes = [], ...hosting } = figures;
  const deployed = { ...hosting, InstanceCount: figures.InitialInstanceCount, Environment: EnvironmentText };
  const pools = NextInstanceTypes.flatMap((InstanceType, index) => Object.entries({ ...deployed, InstanceType })
    .map(([name, value]) => [poolAttribute(index + 2, name), value]));
  const fields: Partial<Record<RecommendationField, string>> = {
    ...deployed, ...Object.fromEntries(pools), [VARIANT_INSTANCE_COUNT]: figures.InitialInstanceCount, ...others,
  };
  return {
    text: (attribute) => fields[attribute] ?? '',
    number: (attribute) => {
      const value = fields[attribute] ?? '0';
      return Token.isUnresolved(value) ? Token.asNumber(Tokenization.reverseString(value).firstToken) : Number(value);
    },
  };
}
