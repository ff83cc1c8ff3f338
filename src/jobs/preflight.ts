import { Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { archivesOf, arnsOf } from './counted-objects';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { RenderedJob } from './job-request';
import { CheckProperties, PREFLIGHT_CHECKS } from '../contract/start';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { estimateJob } from '../service/estimate';
import { costRefusal } from '../service/max-cost';
import { prices, pricesOf } from '../service/prices';

type CheckedProps = Pick<InferenceRecommendationsJobProps, 'preflight' | 'maxCost' | 'role'>;

/** What is checked before a job starts, as the functions get it. A cost that is too high for certain is refused here already. */
export function checkProperties(scope: Construct, { preflight = {}, maxCost, role }: CheckedProps, job: RenderedJob): CheckProperties {
  if (maxCost !== undefined) { checkCost(scope, maxCost, job); }
  // A role that this library makes is one that SageMaker may assume.
  const checks = PREFLIGHT_CHECKS.filter((check) => (check !== 'role' || role !== undefined) && (preflight[check] ?? check !== 'permissions'));
  return {
    Preflight: checks.length > 0 ? checks : undefined,
    MaxCost: maxCost === undefined ? undefined : Tokenization.stringifyNumber(maxCost),
  };
}

/** Lets a function that starts jobs look at what a job needs, and at nothing else. */
export function allowChecks(
  starter: RuntimeFunction, { Preflight = [] }: CheckProperties, roleArn: string, { request, target }: Pick<RenderedJob, 'request' | 'target'>,
): void {
  if (Preflight.includes('objects')) {
    for (const { bucketArn, keys } of archivesOf(request, target._content())) {
      starter.allow(['s3:GetObject'], ...arnsOf([{ bucketArn, keys }]));
      // Without it, S3 does not tell an object that is missing from one that may not be read.
      starter.allowIf(['s3:ListBucket'], bucketArn, { StringEquals: { 's3:prefix': [...keys] } });
    }
  }
  if (Preflight.includes('role')) { starter.allow(['iam:GetRole'], roleArn); }
  if (Preflight.includes('permissions')) { starter.allow(['iam:SimulatePrincipalPolicy'], roleArn); }
  if (Preflight.includes('quotas')) { starter.allowOnAny('servicequotas:ListServiceQuotas'); }
}

/** @throws if the cost is known to be too high, or cannot be limited. Only the deploy knows what is a token, and what an imported package supports. */
function checkCost(scope: Construct, maxCost: number, { request, facts }: RenderedJob): void {
  if (Token.isUnresolved(maxCost)) { return; }
  if (!(maxCost > 0)) { throw new Error(`\`maxCost\` must be above 0 USD, got: ${maxCost}.`); }
  const { InputConfig: input, JobType } = request as any;
  const packageTypes = facts.target?.supportedInstanceTypes;
  const isKnown = JobType === 'Advanced' || facts.target !== undefined;
  const { JobDurationInSeconds, ResourceLimit, EndpointConfigurations, ContainerConfig } = input;
  const deciding = [JobDurationInSeconds, ResourceLimit, EndpointConfigurations, ContainerConfig?.SupportedInstanceTypes, packageTypes];
  if (!isKnown || hasToken(deciding)) { return; }
  const { region } = Stack.of(scope);
  const known = Token.isUnresolved(region) ? undefined : pricesOf(region);
  const estimate = estimateJob(request, { packageTypes, prices: known ?? prices(region, '', '', []) });
  if (estimate.isListed && Token.isUnresolved(region)) { return; }
  const refusal = costRefusal(known || !estimate.isListed ? estimate : undefined, maxCost, region);
  if (refusal !== undefined) { throw new Error(`${refusal.replace(/'/g, '`')}.`); }
}

function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) { return true; }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasToken);
}
