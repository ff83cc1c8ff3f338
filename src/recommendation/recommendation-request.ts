import { Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { adviseOnChoice, renderImages } from './choice-hardware';
import { checkParameterPath, checkPin, renderLimitFigures, renderLoad, renderTypeLimits, warnOfInstances } from './choice-request';
import { JobFacts, recommendationFacts, UniformRecommendations } from './facts';
import { renderFixed } from './figures';
import { Objective } from './objective';
import { checkReachable } from './reachable';
import type { FixedRecommendation } from './recommendation-attributes';
import type { IRecommendation } from './recommendation-interface';
import type { RecommendationLimits, RecommendationOptions } from './recommendation-options';
import { checkProp, checkRange, enumValue } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { prune } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { MOST_POOLS } from '../contract/pools';
import { EndpointTypeName, FallbackProperties, LimitProperties, RecommendationProperties } from '../contract/recommend';
import type { KnownImage } from '../model-package/facts';
import { LimitName } from '../service/limits';

/** The prop that sets each limit. A limit without a prop does not compile, and a numeric prop without a limit does not compile. */
const LIMIT_PROPS = {
  MaxModelLatency: 'maxModelLatency',
  MinInvocations: 'minInvocations',
  MaxCostPerHour: 'maxCostPerHour',
  MaxCostPerInference: 'maxCostPerInference',
  MaxCpuUtilization: 'maxCpuUtilization',
  MaxMemoryUtilization: 'maxMemoryUtilization',
} as const satisfies Record<LimitName, FigureProp>;
type FigureProp = Exclude<{ [P in keyof RecommendationLimits]-?: number extends RecommendationLimits[P] ? P : never }[keyof RecommendationLimits], 'maxServerlessConcurrency'>;
const EACH_FIGURE_HAS_ITS_LIMIT: Record<Exclude<FigureProp, typeof LIMIT_PROPS[LimitName]>, never> = {};

/**
 * The options of a recommendation as custom resource properties.
 *
 * @throws one sentence that names the option, the value and the bound
 */
export function renderRecommendation(
  scope: Construct, { family, tried }: Pick<JobFacts, 'family' | 'tried'>, jobName: string, options: RecommendationOptions, endpointType: EndpointType,
  environmentNames: readonly string[] | undefined, images: readonly KnownImage[] = [],
): RecommendationProperties {
  const { targetLoad, pinnedRecommendationId, pinnedInstanceType, parameterPath, instancePools } = options;
  if (pinnedRecommendationId !== undefined && pinnedInstanceType) {
    throw new Error('`pinnedInstanceType` and `pinnedRecommendationId` exclude each other, got both: leave one out.');
  }
  if (endpointType === EndpointType.ANY && !targetLoad) {
    throw new Error('`targetLoad` is required if `endpointType` is ANY: what the load costs decides between real-time and serverless.');
  }
  if (parameterPath !== undefined) { checkParameterPath(parameterPath); }
  const limits = options.limits && renderLimits(options.limits);
  const pinned = pinnedInstanceType && enumValue('pinnedInstanceType', pinnedInstanceType, 'InstanceType');
  if (pinned !== undefined && endpointType === EndpointType.SERVERLESS) {
    throw new Error(`\`pinnedInstanceType\` must be left out if \`endpointType\` is serverless, got: '${pinned}'.`);
  }
  checkPin(pinned, limits);
  if (instancePools !== undefined) { checkPools(instancePools, options, endpointType); }
  if (options.fallback) { checkFallbackPools(options.fallback, instancePools); }
  warnOfInstances(scope, options);
  adviseOnChoice(scope, images, options, endpointType);
  checkReachable(scope, tried, endpointType, { Limits: limits, Pin: { InstanceType: pinned } });
  // Checked also if jobs run, so that a mistake shows before the app runs without jobs.
  if (options.withoutJobs) { renderFixed('withoutJobs', options.withoutJobs, endpointType); }
  return {
    SchemaVersion: SCHEMA_VERSION,
    Family: family.name,
    JobName: jobName,
    Objective: (options.objective ?? Objective.lowestCostPerInference()).toString(),
    EndpointType: endpointType satisfies EndpointTypeName,
    Limits: limits,
    TargetLoad: renderLoad(targetLoad),
    Images: renderImages(scope, images),
    Pin: prune({ RecommendationId: pinnedRecommendationId, InstanceType: pinned }),
    InstancePools: instancePools?.toString(),
    Fallback: options.startFrom ? renderStart(options.startFrom, options, endpointType) : options.fallback && renderFixed('fallback', options.fallback, endpointType),
    EnvironmentNames: environmentNames && environmentNames.length > 0 ? environmentNames : undefined,
    ParameterPath: parameterPath,
    PublishMetrics: options.publishMetrics ? 'true' : undefined,
  };
}

/**
 * The figures of a recommendation that another one starts from. Only the deploy knows them.
 *
 * @throws if it has more than instances and variables, because a fallback has no place for it
 */
function renderStart(start: IRecommendation, { fallback, instancePools }: RecommendationOptions, endpointType: EndpointType): FallbackProperties {
  if (fallback) { throw new Error('`fallback` and `startFrom` exclude each other, got both: leave one out.'); }
  const [name, value] = Object.entries({ instancePools, endpointType: endpointType === EndpointType.SERVERLESS ? endpointType : undefined })
    .find(([, given]) => given !== undefined) ?? [];
  if (name !== undefined) { throw new Error(`\`startFrom\` must be left out if \`${name}\` is ${value}: set \`fallback\`.`); }
  const { environment, ...others } = recommendationFacts.of(start)?.hostedAs?.() ?? { of: 'another kind' };
  if (Object.values(others).some((other) => other !== undefined)) {
    throw new Error(`\`startFrom\` must be a recommendation without a benchmark, such as an \`InstantRecommendation\`, got: '${start.node.path}'. Set \`fallback\`.`);
  }
  return {
    InstanceType: start.instanceType, InitialInstanceCount: Tokenization.stringifyNumber(start.instanceCount), EnvironmentText: environment,
  };
}

/** @throws if it is no number of pools that a template can have */
export function checkPoolCount(instancePools: number): void {
  if (Token.isUnresolved(instancePools)) { throw new Error('`instancePools` must not be a token: the template has as many pools.'); }
  checkRange('instancePools', instancePools, 2, MOST_POOLS);
}

/** Refuses pools that no recommendations can fill, before a job is paid for. */
function checkPools(instancePools: number, options: RecommendationOptions, endpointType: EndpointType): void {
  checkPoolCount(instancePools);
  if (endpointType === EndpointType.SERVERLESS) { throw new Error('`instancePools` must be left out if `endpointType` is serverless: it has no instances.'); }
  for (const pin of ['pinnedRecommendationId', 'pinnedInstanceType'] as const) {
    if (options[pin]) { throw new Error(`\`${pin}\` allows one instance type, but \`instancePools\` wants ${instancePools}: leave one out.`); }
  }
  const { allowedInstanceTypes: types, allowedInstanceFamilies, refusedInstanceTypes = [] } = options.limits ?? {};
  const refused = refusedInstanceTypes.map(({ value }) => value);
  const allowed = new Set(types?.map(({ value }) => value).filter((value) => !refused.includes(value)));
  if (types && !allowedInstanceFamilies && ![...allowed].some(Token.isUnresolved) && allowed.size < instancePools) {
    throw new Error(`\`instancePools\` must be at most ${allowed.size}, the number of instance types that \`limits\` allow, got: ${instancePools}.`
      + ` Allow more types, or ${allowed.size > 1 ? 'set fewer pools' : 'leave it out'}.`);
  }
}

function checkFallbackPools({ nextInstanceTypes: types }: FixedRecommendation, instancePools: number | undefined): void {
  if (types && instancePools === undefined) { throw new Error('`fallback.nextInstanceTypes` needs `instancePools`: set it, or leave the types out.'); }
  const [wanted, got] = [(instancePools ?? 1) - 1, types?.length ?? 0];
  if (got !== wanted) {
    throw new Error(`\`fallback.nextInstanceTypes\` must have ${wanted} entries, because \`instancePools\` is ${instancePools}, got: ${got}.`);
  }
}

function renderLimits(limits: RecommendationLimits): LimitProperties | undefined {
  const { maxServerlessConcurrency: concurrency } = limits;
  checkProp('limits.maxServerlessConcurrency', 'ServerlessMaxConcurrency', concurrency);
  return prune({
    ...EACH_FIGURE_HAS_ITS_LIMIT,
    ...renderLimitFigures(limits, LIMIT_PROPS),
    ...renderTypeLimits(limits),
    AllowCompiledModels: limits.allowCompiledModels === false ? 'false' : undefined,
    MaxServerlessConcurrency: concurrency === undefined ? undefined : Tokenization.stringifyNumber(concurrency),
  }) as LimitProperties | undefined;
}

/** Names of the variables that every recommendation has; undefined if a native model cannot be made of every possible choice. */
export function nativeNames(
  { limits, fallback, startFrom }: RecommendationOptions, uniform: UniformRecommendations | undefined,
): readonly string[] | undefined {
  if (!uniform || startFrom || limits?.allowCompiledModels !== false) { return undefined; }
  const isAlike = !fallback || (fallback.inferenceSpecificationName === uniform.inferenceSpecificationName
    && Object.keys(fallback.environment ?? {}).sort().join() === [...uniform.environmentNames].sort().join());
  return isAlike ? uniform.environmentNames : undefined;
}
