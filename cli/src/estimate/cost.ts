import { Template } from './assembly';
import { EndpointCost, Endpoints } from './endpoints';
import { AppJob, estimateOf, jobsOf, otherJobsOf, renewalsAMonth, timesAMonth } from './jobs';
import { Recommendations } from './recommendation-range';
import { Values } from './values';
import { JobEstimate, UNKNOWN } from '../../../src/service/estimate';
import { endpointKind } from '../../../src/service/job-rules';
import { Prices, SERVERLESS } from '../../../src/service/prices';

/** US dollars. The most is `undefined` if it is not known. */
export interface Usd {
  readonly least: number;
  readonly most?: number;
}

export interface JobCost {
  readonly job: AppJob;
  readonly estimate: JobEstimate;
  /** How often the job may start: once a deploy, or so often a month. `undefined` if each approval starts one. */
  readonly times?: number;
  /** Of all these starts. */
  readonly usd: Usd;
  readonly notes: readonly string[];
}

export interface StackCost {
  readonly name: string;
  readonly prices: Prices;
  readonly jobs: readonly JobCost[];
  readonly endpoints: readonly EndpointCost[];
  /** Jobs that have no prices here. */
  readonly otherJobs: readonly string[];
  /** The jobs of one deploy, and those that registries start in a month. */
  readonly jobsUsd: Usd;
  /** The endpoints, a month. */
  readonly monthlyUsd: Usd;
}

/** What an app may cost, before any deploy. */
export class AppCost {
  private readonly values: Values;
  private readonly jobs: readonly AppJob[];
  private readonly endpoints: Endpoints;

  constructor(private readonly templates: readonly Template[]) {
    this.values = new Values(templates);
    this.jobs = templates.flatMap((template) => jobsOf(template, this.values));
    this.endpoints = new Endpoints(templates, new Recommendations(templates, this.jobs, this.values), this.values);
  }

  /** The stacks in which something has a price. */
  public priced(): Template[] {
    return this.templates.filter((template) => this.jobs.some((job) => job.template === template)
      || this.values.resourcesOf(template).some(([, { Type }]) => Type === 'AWS::SageMaker::Endpoint')
      || otherJobsOf(template, this.values).length > 0);
  }

  public of(template: Template, prices: Prices): StackCost {
    const jobs = this.jobs.filter((job) => job.template === template).map((job) => costOf(job, prices));
    const endpoints = this.endpoints.of(template, prices);
    const otherJobs = otherJobsOf(template, this.values);
    return {
      name: template.name,
      prices,
      jobs,
      endpoints,
      otherJobs,
      jobsUsd: total([...jobs.map(({ usd }) => usd), ...otherJobs.map(() => ({ least: 0 }))]),
      monthlyUsd: total(endpoints.flatMap(({ variants }) => variants)),
    };
  }
}

export function total(all: readonly Usd[]): Usd {
  const least = all.reduce((sum, one) => sum + one.least, 0);
  const most = all.reduce<number | undefined>((sum, one) => (sum === undefined || one.most === undefined ? undefined : sum + one.most), 0);
  return { least, ...most !== undefined && { most } };
}

function costOf(job: AppJob, prices: Prices): JobCost {
  const estimate = estimateOf(job, prices);
  const times = timesAMonth(job);
  const { usd } = estimate;
  const most = usd && times !== undefined ? usd.most * times : undefined;
  // A registry whose month has no approval starts nothing.
  const least = job.registry ? 0 : usd?.least ?? 0;
  return { job, estimate, times, usd: { least, ...most !== undefined && { most } }, notes: notesOf(job, estimate, prices) };
}

function notesOf({ registry, target, request }: AppJob, { isListed, types, unpriced, usd }: JobEstimate, prices: Prices): string[] {
  const missing = unpriced.filter((type) => type !== UNKNOWN && type !== SERVERLESS);
  const { InputConfig: input = {}, JobType: type } = request;
  const isTested = type === 'Advanced' || input.EndpointConfigurations !== undefined;
  const tested = asList(input.EndpointConfigurations);
  const hasServerless = isTested ? tested.some(({ ServerlessConfig }) => ServerlessConfig) : endpointKind(input) !== 'RealTime';
  const choice = [
    `the service chooses the types${target === 'unknown package' ? ', unless the package lists some' : ''}`,
    `at the least ${cheapest(prices)}, at the most ten of the dearest${hasServerless ? ' and serverless' : ''}`,
  ].join(': ');
  return [
    ...registry && registry.maxJobsPerMonth === undefined ? ['each approval starts a job: maxJobsPerMonth limits them'] : [],
    ...registry?.renewalDays === undefined ? [] : [`at most ${renewalsAMonth(registry)} a month by renewal`],
    unpriced.includes(UNKNOWN) ? 'only the deploy knows its types' : isListed ? [...types, ...hasServerless ? [SERVERLESS] : []].join(', ') : choice,
    ...missing.length > 0 ? [`no price for ${missing.join(', ')} in ${prices.region}`] : [],
    ...unpriced.includes(SERVERLESS) ? [`no price of a serverless GB-second in ${prices.region}`] : [],
    ...!usd && !isListed && unpriced.length === 0 ? [`too few types have prices in ${prices.region}`] : [],
    ...isTested && types.length > 0 ? ['one instance for each test'] : [],
  ].filter((note) => note !== '');
}

function asList(value: any): any[] {
  return Array.isArray(value) ? value : [];
}

function cheapest({ types, hourly }: Prices): string {
  return [...types].sort((a, b) => hourly(a)! - hourly(b)!)[0];
}
