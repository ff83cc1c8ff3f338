import { Template } from './assembly';
import { AppJob } from './jobs';
import { Meaning, Values } from './values';
import { criteriaOf } from '../../../lambda/recommend/criteria';
import { parameterNames, positionOf } from '../../../src/contract/parameters';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceOf } from '../../../src/contract/start';
import { hasLocalStorage, misfit } from '../../../src/service/instance-facts';
import { isOneOf } from '../../../src/service/limits';
import { HOURS_PER_MONTH, Prices } from '../../../src/service/prices';

/** A recommendation that a value of a template reads. */
export interface FoundRecommendation {
  readonly template: Template;
  readonly id: string;
  readonly properties: any;
}

/** What a recommendation may deploy. */
export interface RecommendationRange {
  /** The types that it may choose. */
  readonly types: readonly string[];
  /** Whether the job's request, a pin or the package names all of them. */
  readonly isListed: boolean;
  /** Whether it may choose a serverless endpoint. */
  readonly mayBeServerless: boolean;
  readonly isAlwaysServerless: boolean;
  /** Instances. The most is `undefined` if only the job can say it. */
  readonly instances: { readonly least: number; readonly most?: number };
  /** The fallback, if it has one. */
  readonly fallback?: { readonly type: string; readonly instances: number };
  /** US dollars a month that its limits allow. */
  readonly limitUsd?: number;
}

/** The recommendations of an app, and the values of templates that read them. */
export class Recommendations {
  private readonly all: FoundRecommendation[];

  constructor(templates: readonly Template[], private readonly jobs: readonly AppJob[], private readonly values: Values) {
    this.all = templates.flatMap((template) => Object.entries(template.resources)
      .filter(([, { Type }]) => Type === RECOMMENDATION_RESOURCE_TYPE)
      .map(([id, { Properties }]) => ({ template, id, properties: Properties })));
  }

  /** The recommendation of which a value is this attribute; also where another stack reads it from Parameter Store. */
  public readBy(meaning: Meaning, ...attributes: string[]): FoundRecommendation | undefined {
    if (meaning && 'resource' in meaning) {
      const isOne = attributes.includes(meaning.attribute);
      return isOne ? this.all.find(({ template, id }) => template === meaning.template && id === meaning.id) : undefined;
    }
    if (!meaning || !('parameter' in meaning) || !attributes.some((attribute) => positionOf(attribute) === meaning.position)) { return undefined; }
    return this.all.find(({ properties: { ParameterPath: path } }) => typeof path === 'string' && parameterNames(path).fields === meaning.parameter);
  }

  public rangeOf({ template, id, properties }: FoundRecommendation, prices: Prices): RecommendationRange {
    const filled = this.values.filled(properties, template);
    const { allowed, refused, allowLocalStorage, images, endpointType, limits, pin, load, instanceCount } = criteriaOf(onlyText(filled));
    const job = this.jobOf(template, id, properties);
    const estimate = job?.estimator.estimate(job, prices);
    const pinned = pin?.instanceType;
    const perHour = limits.find(({ name }) => name === 'MaxCostPerHour')?.value;
    const runsOn = (type: string) => images.length === 0
      || images.some(({ Architecture: architecture, Accelerator: accelerator }) => misfit({ architecture, accelerator }, type) === undefined);
    const types = (pinned ? [pinned] : estimate?.types ?? prices.types).filter((type) => (allowed === undefined || isOneOf(allowed, type))
      && !isOneOf(refused, type) && (allowLocalStorage || !hasLocalStorage(type)) && runsOn(type)
      && (perHour === undefined || Math.fround(prices.hourly(type) ?? 0) <= Math.fround(perHour)));
    const { InstanceType, InitialInstanceCount } = filled.Fallback ?? {};
    // An instance recommendation benchmarks one instance. How many a load needs, or another job finds, only that job can say.
    const most = instanceCount ?? (job?.request.JobType === 'Default' && load === undefined ? 1 : undefined);
    return {
      types,
      isListed: pinned !== undefined || (estimate?.isListed ?? false),
      mayBeServerless: endpointType !== 'RealTime',
      isAlwaysServerless: endpointType === 'Serverless',
      instances: { least: instanceCount ?? 1, ...most !== undefined && { most } },
      ...typeof InstanceType === 'string' && { fallback: { type: InstanceType, instances: Number(InitialInstanceCount ?? 1) } },
      ...perHour !== undefined && { limitUsd: perHour * HOURS_PER_MONTH },
    };
  }

  /** The job behind the stages of a wait, or of a registry. */
  private jobOf(template: Template, id: string, { JobName }: any): AppJob | undefined {
    let meaning = this.values.meaning(JobName, template);
    // A template has no circles.
    while (meaning && 'resource' in meaning && jobResourceOf(meaning.resource.Type)?.role === 'Wait') {
      meaning = this.values.meaning(meaning.resource.Properties.JobName, meaning.template);
    }
    if (meaning && 'resource' in meaning) {
      const { template: of, id: start } = meaning;
      return this.jobs.find((job) => job.template === of && job.id === start);
    }
    return this.jobs.find(({ template: of, registry }) => of === template && registry?.recommendations.includes(id));
  }
}

/** The properties as CloudFormation delivers them, without those that only the deploy knows. */
function onlyText(value: any): any {
  if (Array.isArray(value)) { return value.map(onlyText).filter((one) => one !== undefined); }
  if (typeof value !== 'object' || value === null) { return `${value}`; }
  const names = Object.keys(value);
  if (names.length === 1 && (names[0] === 'Ref' || names[0].startsWith('Fn::'))) { return undefined; }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, onlyText(one)]).filter(([, one]) => one !== undefined));
}
