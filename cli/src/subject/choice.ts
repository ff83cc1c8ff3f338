import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { JobView } from './job';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { Criteria, criteriaOf } from '../../../lambda/recommend/criteria';
import { Pools, poolsOf } from '../../../lambda/recommend/pools';
import { rank, Ranking } from '../../../lambda/recommend/rank';
import { parameterNames } from '../../../src/contract/parameters';
import { RecommendationAttribute, RecommendationProperties } from '../../../src/contract/recommend';
import { ResourceView } from '../account/stack';
import { constructPath, isKnown } from '../account/template';

/** A recommendation of a stack: its criteria, and how they rank the job's recommendations, by the code that the stack's function runs. */
export interface Choice {
  /** The construct's path in the app, or the logical id. `undefined` if nothing but the job is known. */
  readonly name?: string;
  readonly criteria: Criteria;
  readonly ranking: Ranking;
  /** Of more instance pools, all. Absent if none may be chosen. */
  readonly pools?: Pools;
  readonly parameterPath?: string;
  /** A registry's result that waits for a decision. */
  readonly pending?: Pending;
  readonly fallback?: RecommendationProperties['Fallback'];
  /** Properties that the template alone does not tell, so that the choice here may differ from the stack's own. */
  readonly unknown: readonly string[];
  /** What the stack's function wrote when it chose, where the recommendation has a path. */
  readonly written?: Written;
}

/** A result that is written, and not adopted. */
export interface Pending {
  readonly path: string;
  readonly jobName: string;
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly summary: string;
}

/** As much of a written explanation as the verbs read. */
export interface Written {
  readonly JobName?: string;
  readonly Chosen?: string;
  readonly RunnerUp?: string;
  readonly Warning?: string;
}

/** The criteria of a job that no stack chooses from: the cheapest one by request. Only between the two kinds, the cost of an hour has to decide. */
export function withoutCriteria(recommendations: readonly JobRecommendation[]): Criteria {
  const kinds = new Set(recommendations.map(({ serverlessConfig }) => (serverlessConfig ? 'Serverless' : 'RealTime')));
  const [EndpointType] = kinds.size === 1 ? kinds : ['Any'];
  return criteriaOf({ SchemaVersion: '', Family: '', JobName: '', Objective: 'LowestCostPerInference', EndpointType });
}

export function choiceOf(
  job: Pick<JobView, 'recommendations'> | undefined, resource?: ResourceView, { written, pending }: { readonly written?: Written; readonly pending?: Pending } = {},
): Choice {
  const properties = (resource?.properties ?? {}) as unknown as RecommendationProperties;
  const [criteria, unknown] = resource ? knownCriteria(properties) : [withoutCriteria(job?.recommendations ?? []), []];
  const ranking = rank(job?.recommendations ?? [], criteria);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    name: resource && nameOf(resource),
    criteria,
    ranking,
    pools: poolsOf(ranking.ranked, criteria),
    parameterPath: text(properties.ParameterPath),
    pending,
    fallback: properties.Fallback,
    unknown,
    written,
  };
}

/** The path of the construct, else the logical id. */
export function nameOf({ path, logicalId }: ResourceView): string {
  return constructPath(path) ?? logicalId;
}

const NO_CRITERIA = [
  'ServiceToken', 'JobName', 'Namespace', 'ParameterPath', 'PendingPath', 'ModelPackageArn', 'ModelName', 'Fallback', 'EnvironmentNames',
];

/** The criteria of a resource, as far as they are known, and the names of the others. */
function knownCriteria(properties: RecommendationProperties): [Criteria, string[]] {
  const unknown: string[] = [];
  const known = (value: object, path: string): object => Object.fromEntries(Object.entries(value).flatMap(([name, part]) => {
    if (isKnown(part)) { return [[name, typeof part === 'number' || typeof part === 'boolean' ? String(part) : part]]; }
    if (path === '' && (name === 'Limits' || name === 'Pin')) { return [[name, known(part, `${name}.`)]]; }
    if (path !== '' || !NO_CRITERIA.includes(name)) { unknown.push(path + name); }
    return [];
  }));
  const { TargetLoad, ...others } = known(properties, '') as RecommendationProperties;
  const load = TargetLoad && { InvocationsPerMinute: String(TargetLoad.InvocationsPerMinute), HeadroomPercent: String(TargetLoad.HeadroomPercent) };
  const limits = others.Limits && Object.fromEntries(
    Object.entries(others.Limits).map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]));
  return [criteriaOf({ ...others, Limits: limits, TargetLoad: load } as RecommendationProperties), unknown];
}

/** The choice of a stack's recommendation, with what Parameter Store has of it. */
export async function readChoice(ssm: SSMClient, job: JobView | undefined, resource: ResourceView): Promise<Choice> {
  const { ParameterPath: path, PendingPath: pendingPath } = resource.properties;
  const [written, pending] = await Promise.all([
    typeof path === 'string' ? parameter<Written>(ssm, parameterNames(path).explanation) : undefined,
    typeof pendingPath === 'string' ? parameter<Partial<Record<RecommendationAttribute, string>>>(ssm, parameterNames(pendingPath).whole) : undefined,
  ]);
  return choiceOf(job, resource, {
    written,
    pending: pending && {
      path: pendingPath as string,
      jobName: pending.JobName ?? '',
      instanceType: pending.InstanceType || undefined,
      instanceCount: Number(pending.InstanceCount) || undefined,
      summary: pending.Summary ?? '',
    },
  });
}

/** JSON of a parameter. `undefined` if there is none, or none that may be read: the choice is known without it. */
async function parameter<T>(ssm: SSMClient, Name: string): Promise<T | undefined> {
  try {
    return JSON.parse((await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? '') as T;
  } catch {
    return undefined;
  }
}
