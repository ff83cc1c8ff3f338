import { Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FieldSource } from './cross-stack-field';
import type { FixedRecommendation } from './recommendation-attributes';
import { checkProp, serverlessMemory, enumValue } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { prune } from '../common/render';
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
  return prune({
    InstanceType: isServerless ? undefined : enumValue(at('instanceType'), fixed.instanceType!, 'InstanceType'),
    InitialInstanceCount: isServerless ? undefined : Tokenization.stringifyNumber(fixed.initialInstanceCount ?? 1),
    ServerlessMemorySizeInMB: isServerless ? Tokenization.stringifyNumber(serverlessMemory(fixed.serverlessMemorySize!, at('serverlessMemorySize'))) : undefined,
    ServerlessMaxConcurrency: isServerless ? Tokenization.stringifyNumber(fixed.serverlessMaxConcurrency!) : undefined,
    InferenceSpecificationName: fixed.inferenceSpecificationName,
    Environment: fixed.environment,
  })!;
}

/** The fields of a fixed recommendation. */
export function fixedSource(
  scope: Construct, figures: FallbackProperties, others: Partial<Record<RecommendationAttribute, string>>,
): FieldSource {
  const { Environment: environment = {}, ...hosting } = figures;
  const fields: Partial<Record<RecommendationAttribute, string>> = {
    ...hosting,
    InstanceCount: figures.InitialInstanceCount,
    Environment: Stack.of(scope).toJsonString(environment),
    ...others,
  };
  return {
    text: (attribute) => fields[attribute] ?? '',
    number: (attribute) => {
      const value = fields[attribute] ?? '0';
      return Token.isUnresolved(value) ? Token.asNumber(Tokenization.reverseString(value).firstToken) : Number(value);
    },
  };
}
