import { Template } from './assembly';
import { Estimator, estimatorOf, PricedJob } from './estimators';
import { Values } from './values';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceOf, jobResourceType } from '../../../src/contract/start';
import { UNKNOWN } from '../../../src/service/estimate';

/** A job that a deploy may start, the jobs that a registry's approvals and renewals start, or what recommends without a job. */
export interface AppJob extends PricedJob {
  readonly family: string;
  readonly estimator: Estimator;
  readonly template: Template;
  readonly id: string;
  /** What people call it: the construct's path. */
  readonly name: string;
  /** Of a registry. */
  readonly registry?: Registry;
}

export interface Registry {
  /** `undefined` if each approval starts a job. */
  readonly maxJobsPerMonth?: number;
  /** Days between two renewals. */
  readonly renewalDays?: number;
  /** Logical ids of the recommendations that the jobs renew. */
  readonly recommendations: readonly string[];
}

const LONGEST_MONTH_DAYS = 31;

export function jobsOf(template: Template, values: Values): AppJob[] {
  return values.resourcesOf(template).flatMap(([id, { Type, Properties }]): AppJob[] => {
    const { family, role } = jobResourceOf(Type) ?? (Type === RECOMMENDATION_RESOURCE_TYPE ? { family: `${Properties.Family}`, role: undefined } : {});
    const estimator = family === undefined ? undefined : estimatorOf(family);
    if (!estimator) { return []; }
    const of = { template, id, family: family!, estimator };
    switch (role) {
      case '': return [withPackage({ ...of, request: values.filled(Properties.Request, template), maxSeconds: values.number(Properties.MaxSeconds, template) }, values)];
      case 'Registry': return [registryOf(of, values)];
      // Of a job's recommendation, the job is what costs.
      case undefined: return estimator.kind === 'recommendation' ? [withPackage({ ...of, request: {} }, values)] : [];
      default: return [];
    }
  });
}

/** Names of jobs whose family has no prices here. */
export function otherJobsOf(template: Template, values: Values): string[] {
  return values.resourcesOf(template).flatMap(([id, { Type }]) => {
    const { family, role } = jobResourceOf(Type) ?? {};
    return family !== undefined && !estimatorOf(family) && (role === '' || role === 'Registry') ? [id] : [];
  });
}

/** How often a month the job may start. `undefined` if nothing limits the approvals. */
export function timesAMonth({ registry }: AppJob): number | undefined {
  if (!registry) { return 1; }
  return registry.maxJobsPerMonth;
}

/** How often a month the renewals alone start the job, at most. */
export function renewalsAMonth({ renewalDays }: Registry): number {
  return renewalDays === undefined ? 0 : Math.ceil(LONGEST_MONTH_DAYS / renewalDays);
}

function withPackage(given: Omit<AppJob, 'name' | 'target' | 'packageTypes'>, values: Values): AppJob {
  const { template, id, request, registry } = given;
  const name = typeof request?.JobDescription === 'string' ? request.JobDescription : template.resources[id].path ?? id;
  const { ModelPackageVersionArn: arn, ModelName: model } = request?.InputConfig ?? {};
  const job = { ...given, name };
  if (model !== undefined) { return { ...job, target: 'model' }; }
  const meaning = registry ? undefined : values.meaning(arn, template);
  if (!meaning || !('resource' in meaning) || meaning.resource.Type !== 'AWS::SageMaker::ModelPackage') { return { ...job, target: 'unknown package' }; }
  const { SupportedRealtimeInferenceInstanceTypes: types } = meaning.resource.Properties.InferenceSpecification ?? {};
  if (types === undefined) { return { ...job, target: 'package' }; }
  const known = values.filled(types, meaning.template);
  const packageTypes = (Array.isArray(known) ? known : [known]).map((type) => (typeof type === 'string' ? type : UNKNOWN));
  return { ...job, target: 'package', packageTypes };
}

/** What a registry's rules say: they carry the request, because each approval starts a job of it. */
function registryOf({ template, id, ...of }: Pick<AppJob, 'template' | 'id' | 'family' | 'estimator'>, values: Values): AppJob {
  const rules = Object.values(template.resources).filter(({ Type }) => Type === 'AWS::Events::Rule').flatMap(({ Properties }) => {
    const sent = (Properties.Targets ?? []).map(({ InputTransformer }: any) => sentBy(InputTransformer?.InputTemplate));
    return sent.filter((one: any) => one?.LogicalResourceId === id).map((one: any) => ({ sent: one, schedule: Properties.ScheduleExpression }));
  });
  const { sent } = rules[0] ?? {};
  const schedules = rules.flatMap(({ schedule }) => /^rate\((\d+) days?\)$/.exec(`${schedule}`)?.[1] ?? []);
  const slots = Object.values(template.resources).find(({ Type, Properties }) => Type === jobResourceType(of.family, 'Approvals')
    && withPlaceholders(Properties.SlotsPath) === sent?.SlotsPath);
  const maxJobsPerMonth = values.number(slots?.Properties.MaxJobsPerMonth, template);
  const registry: Registry = {
    ...maxJobsPerMonth !== undefined && { maxJobsPerMonth },
    ...schedules.length > 0 && { renewalDays: Number(schedules[0]) },
    recommendations: (sent?.Recommendations ?? []).map((one: any) => one.LogicalResourceId),
  };
  return withPackage({ ...of, template, id, request: sent?.Request ?? {}, registry }, values);
}

/** The registry in what a rule sends: JSON in which templates and events fill in the rest. */
function sentBy(input: unknown): any {
  const text = withPlaceholders(input);
  try {
    return text === undefined ? undefined : JSON.parse(text.replace(/:<[\w-]+>/g, ':null')).registry;
  } catch {
    // Another rule's input, which is no concern of ours.
    return undefined;
  }
}

/** Joined text, with a placeholder for each value that only the deploy knows: the same for the same value. */
function withPlaceholders(value: any): string | undefined {
  if (typeof value === 'string') { return value; }
  const [separator, parts] = value?.['Fn::Join'] ?? [];
  if (!Array.isArray(parts)) { return undefined; }
  return parts.map((part) => (typeof part === 'string' ? part : `\${${JSON.stringify(part).replace(/["\\]/g, '\'')}}`)).join(separator);
}
