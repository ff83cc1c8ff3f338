import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { viewerOf } from './families';
import type { JobView } from './job';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { Criteria, criteriaOf } from '../../../lambda/recommend/criteria';
import { withPrices } from '../../../lambda/recommend/decide';
import { Pools, poolsOf } from '../../../lambda/recommend/pools';
import { rank, Ranking } from '../../../lambda/recommend/rank';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { kindOf } from '../../../src/contract/kinds';
import { parameterNames } from '../../../src/contract/parameters';
import { RecommendationAttribute, RecommendationProperties } from '../../../src/contract/recommend';
import { figureOf } from '../../../src/service/recommendation-kinds';
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

/**
 * The criteria of a job that no stack chooses from: what the job itself aims at, else the first objective of its kind that its figures allow, such as the
 * cheapest one by request. Only between instances and serverless endpoints, the cost of an hour has to decide.
 */
export function withoutCriteria(
  recommendations: readonly JobRecommendation[], family: string = INFERENCE_RECOMMENDATIONS, request: Readonly<Record<string, any>> = {},
): Criteria {
  const types = new Set(recommendations.map(({ serverlessConfig }) => (serverlessConfig ? 'Serverless' : 'RealTime')));
  const [EndpointType] = types.size === 1 ? types : ['Any'];
  const kind = kindOf(family);
  const aim = kind.targets?.[request.PerformanceTarget?.Constraints?.[0]?.Metric];
  const objectives = Object.entries(kind.objectives).sort(([one], [other]) => Number(other === aim) - Number(one === aim));
  const isReported = (metric: string) => recommendations.some(({ figures }) => !Number.isNaN(figureOf(figures, metric)));
  const [Objective] = objectives.find(([, metric]) => isReported(metric)) ?? objectives[0];
  return criteriaOf({ SchemaVersion: '', Family: family, JobName: '', Objective, EndpointType });
}

/** As much of a job as a choice of it needs. */
type Job = Pick<JobView, 'family' | 'arn' | 'recommendations' | 'unpriced'> & Partial<Pick<JobView, 'request'>>;

export function choiceOf(
  job: Job | undefined, resource?: ResourceView, { written, pending }: Pick<Choice, 'written' | 'pending'> = {},
): Choice {
  const properties = (resource?.properties ?? {}) as unknown as RecommendationProperties;
  const recommendations = job ? withOwnPrices(job, properties) : [];
  const [criteria, unknown] = resource ? knownCriteria(properties) : [withoutCriteria(recommendations, job?.family, job?.request), []];
  const ranking = rank(recommendations, criteria);
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

/** An app's own prices count in its choice. */
function withOwnPrices({ family, arn, recommendations, unpriced }: Job, { InstancePrices }: RecommendationProperties): readonly JobRecommendation[] {
  const reader = viewerOf(family)?.reader;
  if (!reader || !unpriced || InstancePrices === undefined) { return recommendations; }
  const known = Object.fromEntries(Object.entries(InstancePrices).filter(([, price]) => isKnown(price)));
  return withPrices(reader, { InstancePrices: known }, { arn, recommendations: unpriced }).recommendations;
}

/** The path of the construct, else the logical id. */
export function nameOf({ path, logicalId }: ResourceView): string {
  return constructPath(path) ?? logicalId;
}

const NO_CRITERIA = [
  'ServiceToken', 'JobName', 'Namespace', 'ParameterPath', 'PendingPath', 'ModelPackageArn', 'ModelName', 'Fallback', 'EnvironmentNames',
  'ApprovalTrigger', 'StateMachineArn',
];
/** What of them is known counts, part by part. */
const BY_PART = ['Limits', 'Pin', 'InstancePrices'];

/** The criteria of a resource, as far as they are known, and the names of the others. */
function knownCriteria(properties: RecommendationProperties): [Criteria, string[]] {
  const unknown: string[] = [];
  const known = (value: object, path: string): object => Object.fromEntries(Object.entries(value).flatMap(([name, part]) => {
    if (isKnown(part)) { return [[name, delivered(part)]]; }
    if (path === '' && BY_PART.includes(name)) { return [[name, known(part, `${name}.`)]]; }
    if (path !== '' || !NO_CRITERIA.includes(name)) { unknown.push(path + name); }
    return [];
  }));
  return [criteriaOf(known(properties, '') as RecommendationProperties), unknown];
}

/** As CloudFormation delivers a value: each number and each boolean is a text. */
function delivered(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(delivered); }
  if (typeof value !== 'object' || value === null) { return `${value}`; }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, delivered(part)]));
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
