import { Chosen, ChosenIn, chosenOf } from './chosen';
import { OPAQUE, StackEvent } from './cloudformation';
import { CallRecord } from './kernel';
import { InferenceComponent } from './sagemaker';
import { AnyJob, instanceMinutes, jobsOf, minutes } from './summary-jobs';
import { Region, World } from './world';
import { benchmarksUsd } from '../src/service/benchmark-cost';

/** A moment of a rehearsal, in seconds since its begin: by the wall clock, and by the virtual one. */
interface Moment {
  readonly realSeconds: number;
  readonly virtualSeconds: number;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface JobSummary extends Place {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly virtualMinutes: number;
  /** Of the benchmarks that have ended: the time of each, times its number of instances. */
  readonly instanceMinutes: Readonly<Record<string, number>>;
  /** What these minutes would cost on AWS, in US dollars at public prices. The start and end of endpoints, and optimizations, cost more. @default - no price is known */
  readonly usdAtLeast?: number;
}

export interface ChoiceSummary extends Place, Chosen {
  readonly stack: string;
  readonly resource: string;
  readonly why: string;
}

/** What a rehearsal did. All of it may be shown: it has no credentials and no signed URL. */
export interface RehearsalSummary extends Moment {
  readonly timeline: ReadonlyArray<Moment & { readonly what: string }>;
  readonly jobs: readonly JobSummary[];
  readonly choices: readonly ChoiceSummary[];
  readonly calls: ReadonlyArray<{ readonly service: string; readonly calls: number; readonly refused: number }>;
  readonly denials: ReadonlyArray<{ readonly principal: string; readonly action: string; readonly times: number }>;
  readonly opaque: ReadonlyArray<Place & { readonly stack: string; readonly resource: string; readonly type: string; readonly why?: string }>;
  /** What is still there, by its kind. The record of a job that has ended stays on AWS as well, and costs nothing. */
  readonly stays: Readonly<Record<'stacks' | 'endpoints' | 'inference components' | 'running jobs' | 'finished jobs' | 'workload configurations' | 'buckets' | 'log groups', readonly string[]>>;
}

const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation)$/;
/** The library's resource, of any kind of recommendation: its attributes are what was chosen. */
const RECOMMENDATION = 'Custom::InferenceRecommendation';

/** Follows a world from now on, and sums up what happened. */
export class Recorder {
  private readonly realStart = Date.now();
  private readonly virtualStart: number;
  private readonly records: Array<Pick<CallRecord, 'service' | 'operation' | 'principal' | 'error'>> = [];
  /** Pairs of both times: a job knows the virtual one only. */
  private readonly samples: Array<{ readonly virtual: number; readonly real: number; readonly operation: string }> = [];
  /** Jobs and choices that the world has had, by what identifies them: those that were deleted since count as well. */
  private readonly jobsSeen = new Map<string, AnyJob & { readonly region: Region }>();
  private readonly choicesSeen = new Map<string, ChoiceSummary>();
  private readonly endWatch: () => void;

  constructor(private readonly world: World) {
    this.virtualStart = world.clock.now();
    this.endWatch = world.watch(({ service, operation, principal, error, time }) => {
      this.records.push({ service, operation, principal, error });
      this.samples.push({ virtual: time, real: Date.now(), operation });
      // A job is described before it is deleted, and a stack too.
      if (/^(Describe|Stop)/.test(operation)) { this.look(); }
    });
  }

  /** Ends the watch, and sums up. */
  public end(): RehearsalSummary {
    this.endWatch();
    this.look();
    const timeline = this.timeline();
    const all = this.moment(this.world.clock.now(), Date.now());
    const summary: RehearsalSummary = {
      ...all,
      // After what the command waits for, the clock may have jumped to what nobody waits for.
      virtualSeconds: timeline.at(-1)?.virtualSeconds ?? all.virtualSeconds,
      timeline,
      jobs: this.jobs(),
      choices: [...this.choicesSeen.values()],
      calls: this.callsByService(),
      denials: this.denials(),
      opaque: this.stacks().flatMap(({ region, stack }) => (
        [...opaqueIn(stack.events)].map(([resource, more]) => ({ ...placeOf(region), stack: stack.name, resource, ...more }))
      )),
      stays: this.stays(),
    };
    return JSON.parse(JSON.stringify(summary), (_key, value) => (typeof value === 'string' ? this.world.shown(value) : value));
  }

  private look(): void {
    for (const job of this.each((region) => jobsOf(region).map((one) => ({ region, ...one })))) {
      this.jobsSeen.set([job.region.account, job.region.name, job.operation, job.name, job.created.getTime()].join(' '), job);
    }
    for (const choice of this.choicesNow()) {
      const key = [choice.account, choice.region, choice.stack, choice.resource].join(' ');
      const before = this.choicesSeen.get(key);
      // While a stack is deleted, a choice may outlive its package.
      const isKept = choice.approval === undefined && before?.chosen === choice.chosen;
      this.choicesSeen.set(key, isKept ? { ...choice, approval: before.approval } : choice);
    }
  }

  private moment(virtual: number, real: number): Moment {
    return { realSeconds: Math.max(real - this.realStart, 0) / 1000, virtualSeconds: Math.round((virtual - this.virtualStart) / 1000) };
  }

  private timeline(): RehearsalSummary['timeline'] {
    const events = this.stacks().flatMap(({ stack }) => stack.events.map((event) => ({ stack, event })))
      .filter(({ event: { virtualTime } }) => virtualTime >= this.virtualStart)
      .filter(({ event }) => event.type === 'AWS::CloudFormation::Stack' || (/_FAILED$/.test(event.status) && !/cancelled/i.test(event.reason ?? '')))
      .map(({ stack, event: { logicalId, status, reason, virtualTime, timestamp } }) => ({
        virtual: virtualTime,
        real: timestamp.getTime(),
        what: `${logicalId === stack.name ? `stack ${stack.name}` : `${stack.name}/${logicalId}`} is ${because(status, /FAILED|ROLLBACK_IN/.test(status) && reason)}`,
      }));
    const jobs = [...this.jobsSeen.values()].flatMap(({ name, operation, created, ended, status, reason }) => [
      { virtual: created.getTime(), real: this.realAt(created.getTime(), operation), what: `job ${name} begins` },
      ...ended ? [{ virtual: ended.getTime(), real: this.realAt(ended.getTime()), what: `job ${name} is ${because(status, reason)}` }] : [],
    ]).filter(({ virtual }) => virtual >= this.virtualStart);
    return [...events, ...jobs].sort((a, b) => a.virtual - b.virtual || a.real - b.real)
      .map(({ virtual, real, what }) => ({ ...this.moment(virtual, real), what }));
  }

  private jobs(): JobSummary[] {
    return [...this.jobsSeen.values()]
      .filter(({ created }) => created.getTime() >= this.virtualStart)
      .map(({ region, name, type, status, reason, created, ended, benchmarks }) => ({
        ...placeOf(region),
        name,
        type,
        status,
        reason,
        virtualMinutes: minutes((ended?.getTime() ?? this.world.clock.now()) - created.getTime()),
        instanceMinutes: instanceMinutes(benchmarks),
        usdAtLeast: benchmarksUsd(region.name, benchmarks),
      }));
  }

  private choicesNow(): ChoiceSummary[] {
    return this.stacks().flatMap(({ region, stack }) => [...stack.resources.values()].map((resource) => ({ region, stack, ...resource })))
      .filter(({ type, attributes }) => type === RECOMMENDATION && attributes.Source)
      .map(({ region, stack, logicalId, attributes, properties }) => ({
        ...placeOf(region), stack: stack.name, resource: logicalId, ...chosenOf(attributes, properties, worldOf(region)), why: `${attributes.Summary ?? ''}`,
      }));
  }

  /** The wall clock at the first call, or that of an operation, since a virtual moment. */
  private realAt(moment: number, of?: string): number {
    return this.samples.find(({ virtual, operation }) => virtual >= moment && (of ?? operation) === operation)?.real ?? Date.now();
  }

  private callsByService(): RehearsalSummary['calls'] {
    const services = [...new Set(this.records.map(({ service }) => service))].sort();
    return services.map((service) => {
      const own = this.records.filter((record) => record.service === service);
      return { service, calls: own.length, refused: own.filter(({ error }) => error !== undefined).length };
    });
  }

  private denials(): RehearsalSummary['denials'] {
    const times = new Map<string, number>();
    for (const { principal, service, operation, error } of this.records) {
      if (!DENIED.test(error ?? '')) { continue; }
      const key = JSON.stringify([principal, `${service}:${operation}`]);
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    return [...times].map(([key, count]) => {
      const [principal, action] = JSON.parse(key);
      return { principal, action, times: count };
    });
  }

  private stays(): RehearsalSummary['stays'] {
    const jobs = this.each(jobsOf);
    const isOver = ({ status }: { readonly status: string }) => ['COMPLETED', 'FAILED', 'STOPPED'].includes(status.toUpperCase());
    return {
      'stacks': this.stacks().filter(({ stack: { deleted } }) => !deleted).map(({ stack }) => `${stack.name} (${stack.status})`),
      'endpoints': this.each(({ sagemaker }) => [...sagemaker.state.endpoints.values()].map(({ name, status }) => `${name} (${status})`)),
      'inference components': this.each(({ sagemaker }) => [...sagemaker.state.components.values()].map(hostedInWords)),
      'running jobs': jobs.filter((job) => !isOver(job)).map(({ name }) => name),
      'finished jobs': jobs.filter(isOver).map(({ name }) => name),
      'workload configurations': this.each(({ sagemaker }) => [...sagemaker.state.workloadConfigs.keys()]),
      'buckets': this.world.s3.list().filter(({ given }) => !given).map(({ name }) => name),
      'log groups': this.each(({ logs }) => [...logs.groups.keys()]),
    };
  }

  private stacks() {
    return this.each((region) => [...region.cloudformation.stacks.values()].map((stack) => ({ region, stack })));
  }

  private each<T>(of: (region: Region) => T[]): T[] {
    return this.world.allRegions().flatMap(of);
  }
}

function because(status: string, reason: string | false | undefined): string {
  return reason ? `${status}: ${reason}` : status;
}

function placeOf({ account, name }: Region): Place {
  return { account, region: name };
}

/** What choices are told with. The packages of other accounts are not there. */
function worldOf({ sagemaker }: Region): ChosenIn {
  const packages = [...sagemaker.state.packages.values()];
  return {
    statusOf: (arn) => packages.find((one) => one.arn.toLowerCase() === arn.toLowerCase())?.description.ModelApprovalStatus,
    listOf: (model) => sagemaker.instantTypes(model),
  };
}

function hostedInWords({ name, endpointName, status, copies, placed }: InferenceComponent): string {
  const types = [...placed].map(([type, count]) => `${count} on ${type}`).join(', ');
  return `${name} (${status}, on ${endpointName}${copies === undefined ? '' : `, copies: ${types || 'none'}`})`;
}

/** Types by the logical ids of resources that were recorded only, when last made or changed: their events say so, and why if the type alone does not tell. */
function opaqueIn(events: ReadonlyArray<Pick<StackEvent, 'logicalId' | 'type' | 'status' | 'reason'>>): Map<string, { readonly type: string; readonly why?: string }> {
  const found = new Map<string, { readonly type: string; readonly why?: string }>();
  for (const { logicalId, type, status, reason = '' } of events) {
    if (!/^(CREATE|UPDATE)_COMPLETE$/.test(status)) { continue; }
    if (reason.startsWith('opaque: ')) {
      found.set(logicalId, { type, ...reason !== OPAQUE && { why: reason.replace('opaque: ', '') } });
    } else {
      found.delete(logicalId);
    }
  }
  return found;
}
