import { BenchmarkRun, FailedStep } from './benchmarks';
import { typesOf } from './instance-pools';
import { INSTANCE_TYPES } from './shapes';
import { AIJob, Endpoint, isTerminal, SageMakerState } from './state';
import { withFailures } from './step-times';
import { AwsError, Region } from '../kernel';
import { Quota, QuotaState } from '../service-quotas';

const SERVICE = 'sagemaker';

/** The quotas of all instance types together, and of jobs that run. */
export const TOTAL_INSTANCES = 'Number of instances across active endpoints';
export const RUNNING_JOBS = 'Number of inference recommender jobs';
export const AI_RECOMMENDATION_JOBS = 'Number of AI recommendation jobs';
export const AI_BENCHMARK_JOBS = 'Number of AI benchmark jobs';

/** The name of an instance type's quota. Source: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html */
export const endpointUsage = (type: string): string => `${type} for endpoint usage`;

/** Those that are not of one instance type. */
const OTHER_QUOTAS: readonly Quota[] = [
  { name: TOTAL_INSTANCES, value: 1000, counts: 'Instances' },
  ...[RUNNING_JOBS, AI_RECOMMENDATION_JOBS, AI_BENCHMARK_JOBS].map((name) => ({ name, value: 100 })),
];

/** SageMaker's quotas that count here. Their values are generous: an account of AWS that is new has less, and none of some types. */
export const QUOTAS: readonly Quota[] = [
  ...INSTANCE_TYPES.map((type) => ({ name: endpointUsage(type), value: 100, counts: 'Instances' })),
  ...OTHER_QUOTAS,
];

/** Why a quota cannot have a value, in one sentence; nothing if it can. */
export function quotaFault(name: string, value: number): string | undefined {
  if (!QUOTAS.some((quota) => quota.name === name)) {
    const others = OTHER_QUOTAS.map((one) => `"${one.name}"`);
    return `SageMaker has no quota ${name} here; it has "${endpointUsage('TYPE')}" for each instance type, ${others.slice(0, -1).join(', ')} and ${others.at(-1)}`;
  }
  return Number.isSafeInteger(value) && value >= 0 ? undefined : `the quota ${name} must be a whole number of at least 0, got: ${value}`;
}

/** How a benchmark fails, and its job, when no endpoint may be made. */
export const QUOTA_FAILURE: FailedStep & { readonly ofJob: string } = {
  failureReason: 'An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation: the account-level service limit for endpoint usage is reached.',
  ofJob: 'CLIENT_ERROR: ResourceLimitExceeded when calling CreateEndpoint operation. Use AWS Service Quotas to request an increase.',
  lacksEndpoint: true,
};

/** Instances by their types. */
type Usage = ReadonlyMap<string, number>;

export function defineQuotas(region: Region): void {
  region.room(QuotaState).define(SERVICE, { name: 'Amazon SageMaker', quotas: QUOTAS });
}

/** Refuses another job if there may be no more that run. */
export function checkJobQuota(region: Region): void {
  const running = [...region.room(SageMakerState).jobs.values()].filter(({ status }) => ['PENDING', 'IN_PROGRESS', 'STOPPING'].includes(status));
  refuse(region.room(QuotaState).lack(SERVICE, RUNNING_JOBS, running.length, 1));
}

/** The same for a kind of job of the generative family. */
export function checkAIJobQuota(quota: string, jobs: ReadonlyMap<string, AIJob>, region: Region): void {
  const running = [...jobs.values()].filter((job) => !isTerminal(job));
  refuse(region.room(QuotaState).lack(SERVICE, quota, running.length, 1));
}

/** Refuses an endpoint whose variants need more instances than there may be. What an endpoint has already does not count twice. */
export function checkEndpointQuotas(variants: readonly any[], region: Region, endpoint?: Endpoint): void {
  const before = endpoint ? instancesOf(endpoint, region) : new Map<string, number>();
  const after = sum(variants.map((variant) => configured(variant)));
  const more = new Map([...after].map(([type, count]) => [type, count - (before.get(type) ?? 0)] as const).filter(([, count]) => count > 0));
  refuse(lackOf(more, region));
}

/** What more instances lack: the service's words, or nothing if the quotas have room. */
export function lackOf(more: Usage, region: Region): string | undefined {
  const room = region.room(QuotaState);
  const used = sum([...region.room(SageMakerState).endpoints.values()].map((endpoint) => instancesOf(endpoint, region)));
  const ofTypes = [...more].map(([type, count]) => room.lack(SERVICE, endpointUsage(type), used.get(type) ?? 0, count));
  return ofTypes.find((lack) => lack !== undefined) ?? (more.size > 0 ? room.lack(SERVICE, TOTAL_INSTANCES, total(used), total(more)) : undefined);
}

/** The run of a job: a benchmark fails if its endpoint may not be made. If all fail, so does the job. */
export function withinQuotas(run: BenchmarkRun, region: Region): BenchmarkRun {
  const found = withFailures(run, ({ EndpointConfiguration: { InstanceType, InitialInstanceCount = 1 } }) => {
    const lack = InstanceType === undefined ? undefined : lackOf(new Map([[InstanceType, InitialInstanceCount]]), region);
    return lack === undefined ? undefined : { ...QUOTA_FAILURE, failureReason: `An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation: ${lack}` };
  });
  const isLost = run.recommendations.length > 0 && found.recommendations.length === 0;
  return isLost ? { ...found, outcome: 'FAILED', failureReason: QUOTA_FAILURE.ofJob } : found;
}

/** The instances that an endpoint has, or that are being made for it. */
function instancesOf({ status, config, served, variants, shadows }: Endpoint, region: Region): Usage {
  if (!variants) {
    const input = region.room(SageMakerState).endpointConfigs.get(config)?.input;
    return status === 'Failed' || !input ? new Map() : sum([...input.ProductionVariants, ...input.ShadowProductionVariants ?? []].map(configured));
  }
  return sum([...variants, ...shadows ?? []].map((variant): Usage => {
    if (variant.InstancePools) { return new Map(variant.InstancePools.map((pool: any) => [pool.InstanceType, pool.CurrentInstanceCount])); }
    const all: any[] = [...served ?? [], ...region.room(SageMakerState).endpointConfigs.get(config)?.input.ShadowProductionVariants ?? []];
    const [type] = typesOf(all.find(({ VariantName }) => VariantName === variant.VariantName) ?? {});
    return type === undefined ? new Map() : new Map([[type, Math.max(variant.CurrentInstanceCount ?? 0, variant.DesiredInstanceCount ?? 0)]]);
  }));
}

/** The instances that a variant of a configuration begins with: those of its first pool, if it has pools. */
function configured(variant: any): Usage {
  const [type] = typesOf(variant);
  return type === undefined ? new Map() : new Map([[type, variant.InitialInstanceCount ?? 0]]);
}

function sum(all: readonly Usage[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [type, count] of all.flatMap((usage) => [...usage])) { found.set(type, (found.get(type) ?? 0) + count); }
  return found;
}

function total(usage: Usage): number {
  return [...usage.values()].reduce((all, count) => all + count, 0);
}

function refuse(lack: string | undefined): void {
  if (lack !== undefined) { throw new AwsError('ResourceLimitExceeded', lack); }
}
