import { Template } from './assembly';
import { EndpointCost, Endpoints } from './endpoints';
import { AppJob, jobsOf, otherJobsOf, renewalsAMonth, timesAMonth } from './jobs';
import { Recommendations } from './recommendation-range';
import { Values } from './values';
import { JobEstimate } from '../../../src/service/estimate';
import { Prices } from '../../../src/service/prices';

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
  const estimate = job.estimator.estimate(job, prices);
  const times = timesAMonth(job);
  const { usd } = estimate;
  const most = usd && times !== undefined ? usd.most * times : undefined;
  // A registry whose month has no approval starts nothing.
  const least = job.registry ? 0 : usd?.least ?? 0;
  return { job, estimate, times, usd: { least, ...most !== undefined && { most } }, notes: notesOf(job, estimate, prices) };
}

function notesOf(job: AppJob, estimate: JobEstimate, prices: Prices): string[] {
  const { registry } = job;
  return [
    ...registry && registry.maxJobsPerMonth === undefined ? ['each approval starts a job: maxJobsPerMonth limits them'] : [],
    ...registry?.renewalDays === undefined ? [] : [`at most ${renewalsAMonth(registry)} a month by renewal`],
    ...job.estimator.notesOf(job, estimate, prices),
  ].filter((note) => note !== '');
}
