import { Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkParameterPath, checkPin, renderLimitFigures, renderLoad, renderTypeLimits, warnOfInstances } from './choice-request';
import type { JobFacts } from './facts';
import type { FixedGenerativeRecommendation, GenerativeLimits, GenerativeRecommendationOptions } from './generative-options';
import { PackageApproval } from './package-approval';
import { checkReachable } from './reachable';
import { checkProp, checkRange, enumValue } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { prune } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { FallbackProperties, LimitProperties, RecommendationProperties } from '../contract/recommend';
import { acceleratorCount } from '../service/instance-facts';
import { GENERATIVE } from '../service/recommendation-kinds';

type LimitName = keyof typeof GENERATIVE.limits;

/** The prop that sets each limit. A limit without a prop does not compile. */
const LIMIT_PROPS = {
  MaxCostPerHour: 'maxCostPerHour',
  MaxCostPerMillionInputTokens: 'maxCostPerMillionInputTokens',
  MaxCostPerMillionOutputTokens: 'maxCostPerMillionOutputTokens',
} as const satisfies Record<LimitName, keyof GenerativeLimits>;

const MOST_COPIES = 100_000;

/**
 * The options of a recommendation for a generative model as custom resource properties.
 *
 * @throws one sentence that names the option, the value and the bound
 */
export function renderGenerative(
  scope: Construct, { family, objective: ofJob, tried }: Pick<JobFacts, 'family' | 'objective' | 'tried'>, jobName: string,
  options: GenerativeRecommendationOptions,
): RecommendationProperties {
  const { objective, thresholds = [], targetLoad, pinnedInstanceType, pinnedSpecification, parameterPath, fallback, withoutJobs } = options;
  if (parameterPath !== undefined) { checkParameterPath(parameterPath); }
  const given = options.limits && { ...renderLimitFigures(options.limits, LIMIT_PROPS), ...renderTypeLimits(options.limits) };
  const limits = given && prune(given) as LimitProperties | undefined;
  const pinned = pinnedInstanceType && enumValue('pinnedInstanceType', pinnedInstanceType, 'InstanceType');
  checkPin(pinned, limits);
  checkProp('pinnedSpecification', 'InferenceSpecificationName', pinnedSpecification);
  warnOfInstances(scope, options);
  checkReachable(scope, tried, EndpointType.REAL_TIME, { Limits: limits, Pin: { InstanceType: pinned } });
  if (withoutJobs) { renderFixedGenerative('withoutJobs', withoutJobs); }
  const { _mode: mode, _trigger: trigger, _timeout: timeout } = options.approval ?? PackageApproval.required();
  return {
    SchemaVersion: SCHEMA_VERSION,
    Family: family.name,
    JobName: jobName,
    Objective: objective?.toString() ?? ofJob ?? 'LowestCostPerMillionOutputTokens',
    ObjectiveStatistic: objective?._statistic,
    EndpointType: 'RealTime',
    Limits: limits,
    Thresholds: thresholds.length > 0 ? thresholds.map((threshold) => threshold._render()) : undefined,
    InstancePrices: options.instancePrices && renderPrices(options.instancePrices),
    TargetLoad: renderLoad(targetLoad),
    Pin: prune({ InstanceType: pinned, InferenceSpecificationName: pinnedSpecification }),
    Fallback: fallback && renderFixedGenerative('fallback', fallback),
    ParameterPath: parameterPath,
    PublishMetrics: options.publishMetrics ? 'true' : undefined,
    Approval: mode,
    ApprovalTrigger: trigger,
    ApprovalSeconds: timeout?.toSeconds().toString(),
  };
}

/** @throws if a price is not above 0 */
function renderPrices(prices: { readonly [instanceType: string]: number }): { [instanceType: string]: string } {
  return Object.fromEntries(Object.entries(prices).map(([type, price]) => {
    if (!Token.isUnresolved(price) && !(price > 0 && Number.isFinite(price))) {
      throw new Error(`\`instancePrices['${type}']\` must be more than 0, got: ${price}.`);
    }
    return [type, Tokenization.stringifyNumber(price)];
  }));
}

/** @throws if a figure is out of its range */
export function renderFixedGenerative(prop: string, fixed: FixedGenerativeRecommendation): FallbackProperties {
  const at = (name: string) => (prop === '' ? name : `${prop}.${name}`);
  const { initialInstanceCount = 1, copyCountPerInstance = 1, minMemory } = fixed;
  const instanceType = enumValue(at('instanceType'), fixed.instanceType, 'InstanceType');
  checkProp(at('initialInstanceCount'), 'InitialTaskCount', initialInstanceCount);
  checkProp(at('inferenceSpecificationName'), 'InferenceSpecificationName', fixed.inferenceSpecificationName);
  checkRange(at('copyCountPerInstance'), copyCountPerInstance, 1, MOST_COPIES);
  checkRange(at('acceleratorCount'), fixed.acceleratorCount, 1, MOST_COPIES);
  const known = acceleratorCount(instanceType);
  const isToken = [initialInstanceCount, copyCountPerInstance].some(Token.isUnresolved);
  const shared = known === undefined || Token.isUnresolved(copyCountPerInstance) ? undefined : Math.max(1, Math.floor(known / copyCountPerInstance));
  const accelerators = fixed.acceleratorCount ?? shared;
  const text = (value: number | undefined) => (value === undefined ? undefined : Tokenization.stringifyNumber(value));
  return prune({
    ModelPackageArn: fixed.modelPackage.modelPackageRef.modelPackageArn,
    InstanceType: instanceType,
    InitialInstanceCount: text(initialInstanceCount),
    InferenceSpecificationName: fixed.inferenceSpecificationName,
    CopyCountPerInstance: text(copyCountPerInstance),
    CopyCount: isToken ? undefined : text(initialInstanceCount * copyCountPerInstance),
    AcceleratorCount: text(accelerators),
    MinMemoryRequiredInMb: text(minMemory?.toMebibytes()),
  })!;
}
