import { Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { archivesOf, arnsOf } from './counted-objects';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { RenderedJob } from './job-request';
import { hasToken } from '../common/render';
import { CheckProperties, PREFLIGHT_CHECKS, PreflightCheck } from '../contract/start';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { estimateJob, JobEstimate } from '../service/estimate';
import { costRefusal } from '../service/max-cost';
import { Prices, prices, pricesOf } from '../service/prices';

type CheckedProps = Pick<InferenceRecommendationsJobProps, 'preflight' | 'maxCost' | 'role'>;

/** Which checks are switched on. */
interface Switches {
  readonly preflight?: { readonly [check in PreflightCheck]?: boolean };
  /** Absent if this library makes the role. */
  readonly role?: object;
}

/** What is checked before a job of SageMaker Inference Recommender starts, as the functions get it. */
export function checkProperties(scope: Construct, props: CheckedProps, job: RenderedJob): CheckProperties {
  const { request, facts } = job;
  const MaxCost = checkMaxCost(scope, props.maxCost, isCostKnown(job), (known) => (
    estimateJob(request, { packageTypes: facts.target?.supportedInstanceTypes, prices: known })));
  return { Preflight: checksOf(props), MaxCost };
}

/** The checks before a job that are switched on, of those that its family has. */
export function checksOf({ preflight = {}, role }: Switches, options: readonly PreflightCheck[] = PREFLIGHT_CHECKS): string[] | undefined {
  // A role that this library makes is one that SageMaker may assume.
  const checks = options.filter((check) => (check !== 'role' || role !== undefined) && (preflight[check] ?? check !== 'permissions'));
  return checks.length > 0 ? checks : undefined;
}

/** Lets a function that starts jobs look at a job's role, and at the quotas. */
export function allowChecks(starter: RuntimeFunction, { Preflight = [] }: CheckProperties, roleArn: string): void {
  // Reason: sees before a job whether SageMaker may assume the role that the app gives (check `role`).
  if (Preflight.includes('role')) { starter.allow(['iam:GetRole'], roleArn); }
  // Reason: simulates before a job whether the role may do what a benchmark needs (check `permissions`, off by default).
  if (Preflight.includes('permissions')) { starter.allow(['iam:SimulatePrincipalPolicy'], roleArn); }
  // Reason: sees before a job whether the account may run the listed instance types (check `quotas`).
  if (Preflight.includes('quotas')) { starter.allowOnAny('servicequotas:ListServiceQuotas'); }
}

/** Lets a function that starts jobs look at the archives that a job needs, and at nothing else. */
export function allowArchives(
  starter: RuntimeFunction, { Preflight = [] }: CheckProperties, { request, target }: Pick<RenderedJob, 'request' | 'target'>,
): void {
  if (!Preflight.includes('objects')) { return; }
  for (const { bucketArn, keys } of archivesOf(request, target._content())) {
    // Reason: sees before a job whether the archives are there and are archives (check `objects`). Only these objects, and only their first bytes.
    starter.allow(['s3:GetObject'], ...arnsOf([{ bucketArn, keys }]));
    // Without it, S3 does not tell an object that is missing from one that may not be read.
    // Reason: tells an archive that is missing from one that may not be read (check `objects`). Only these keys.
    starter.allowIf(['s3:ListBucket'], bucketArn, { StringEquals: { 's3:prefix': [...keys] } });
  }
}

/**
 * The highest cost as the functions get it.
 *
 * @param isKnown whether all that the estimate follows from is known at synth
 * @throws if the cost is known to be too high, or cannot be limited. Only the deploy knows what is a token, and what an imported package supports
 */
export function checkMaxCost(
  scope: Construct, maxCost: number | undefined, isKnown: boolean, estimateWith: (prices: Prices) => JobEstimate,
): string | undefined {
  if (maxCost === undefined) { return undefined; }
  if (Token.isUnresolved(maxCost)) { return Tokenization.stringifyNumber(maxCost); }
  if (!(maxCost > 0)) { throw new Error(`\`maxCost\` must be above 0 USD, got: ${maxCost}.`); }
  const { region } = Stack.of(scope);
  const isPlaceKnown = !Token.isUnresolved(region);
  const known = isPlaceKnown ? pricesOf(region) : undefined;
  const estimate = isKnown ? estimateWith(known ?? prices(region, '', '', [])) : undefined;
  if (estimate && (isPlaceKnown || !estimate.isListed)) {
    const refusal = costRefusal(known || !estimate.isListed ? estimate : undefined, maxCost, region);
    if (refusal !== undefined) { throw new Error(`${refusal.replace(/'/g, '`')}.`); }
  }
  return `${maxCost}`;
}

function isCostKnown({ request, facts }: RenderedJob): boolean {
  const { InputConfig: input, JobType } = request as any;
  const { JobDurationInSeconds, ResourceLimit, EndpointConfigurations, ContainerConfig } = input;
  const packageTypes = facts.target?.supportedInstanceTypes;
  const deciding = [JobDurationInSeconds, ResourceLimit, EndpointConfigurations, ContainerConfig?.SupportedInstanceTypes, packageTypes];
  return (JobType === 'Advanced' || facts.target !== undefined) && !hasToken(deciding);
}
