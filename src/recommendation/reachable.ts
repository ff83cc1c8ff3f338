import { Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { EndpointType } from '../common/endpoint-type';
import { warn } from '../common/warn';
import { RecommendationProperties } from '../contract/recommend';
import { isOneOf } from '../service/limits';

/** The endpoints that a job tries, as far as they are known at synth. */
export interface TriedEndpoints {
  /** The instance types. Undefined if the service chooses, or one is a token. */
  readonly instanceTypes?: readonly string[];
  /** Whether it tries serverless endpoints. Undefined if the service chooses. */
  readonly hasServerless?: boolean;
  /** The props that say so, in the user's words. */
  readonly by: string;
  /** Whether the job tries nothing else for certain. */
  readonly isCertain: boolean;
}

/**
 * Checks that one recommendation at least can be chosen: otherwise that would show only after the job is paid for.
 *
 * @throws if none can be for certain
 */
export function checkReachable(
  scope: IConstruct, tried: TriedEndpoints | undefined, endpointType: EndpointType,
  { Limits: limits = {}, Pin: pin = {} }: Pick<RecommendationProperties, 'Limits' | 'Pin'>,
): void {
  const { AllowedInstanceTypes: allowed, RefusedInstanceTypes: refused = [] } = limits;
  if ([...allowed ?? [], ...refused, pin.InstanceType].some(Token.isUnresolved)) { return; }
  if (endpointType === EndpointType.SERVERLESS) {
    if (tried?.hasServerless === false) { tell(scope, tried, 'it tries no serverless endpoint, and `endpointType` is serverless'); }
    return;
  }
  if (endpointType === EndpointType.ANY && tried?.hasServerless !== false) { return; }
  if (allowed?.every((entry) => isOneOf(refused, entry))) {
    throw new Error(`\`limits\` must allow a type that they do not refuse, got: ${allowed.join(', ')} allowed, ${refused.join(', ')} refused. Change one of the two.`);
  }
  const types = tried?.instanceTypes;
  if (!tried || !types) { return; }
  const keeps = (type: string) => (
    (allowed === undefined || isOneOf(allowed, type)) && !isOneOf(refused, type) && [undefined, type].includes(pin.InstanceType));
  if (types.some(keeps)) { return; }
  const rules = [
    ...allowed ? [`${allowed.join(', ')} allowed`] : [], ...refused.length > 0 ? [`${refused.join(', ')} refused`] : [],
    ...pin.InstanceType !== undefined ? [`${pin.InstanceType} pinned`] : [],
  ];
  tell(scope, tried, types.length === 0 ? `${tried.by} has serverless endpoints only, and \`endpointType\` is real-time`
    : `${tried.by} has ${types.join(', ')}, and the rules of the choice keep none of them: ${rules.join(', ')}`);
}

function tell(scope: IConstruct, { isCertain }: TriedEndpoints, why: string): void {
  const sentence = `No recommendation of the job can be chosen: ${why}. Change one of the two, or the job is paid for nothing.`;
  if (isCertain) { throw new Error(sentence); }
  warn(scope, 'nothingToChoose', sentence);
}
