import { createHash } from 'crypto';
import { Event, RuleNames } from './input';
import { parsePattern } from './pattern';
import { parseSchedule } from './schedule';
import { PolicyDocument, Statement } from '../iam/policy';
import { AwsError, Region } from '../kernel';

/** An event bus. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  readonly rules: Map<string, Rule>;
  readonly tags: Map<string, string>;
  modified: Date;
  description?: string;
  deadLetters?: object;
  policy?: BusPolicy;
}

export interface BusPolicy extends PolicyDocument {
  readonly Statement: Array<Statement & { readonly Sid?: string }>;
}

/** A rule: its pattern or schedule, and its targets. */
export interface Rule extends RuleNames {
  readonly bus: Bus;
  readonly tags: Map<string, string>;
  /** By id, as in PutTargets. */
  readonly targets: Map<string, any>;
  /** As in the last PutRule. */
  input: Readonly<Record<string, any>>;
  enabled: boolean;
  /** The time at which its schedule was set. A rate counts from it. */
  scheduled: number;
}

/** An event on its way from a rule to a target. */
export interface Delivery {
  readonly region: Region;
  readonly rule: RuleNames;
  /** As in PutTargets. */
  readonly target: any;
  readonly event: Event;
  /** Whether it came from another bus. */
  readonly forwarded: boolean;
}

/** A kind of target. */
export interface TargetKind {
  /** The part of the kind's ARN after account and Region. */
  readonly resource: RegExp;
  /** Whether the target may be outside of the rule's own account and Region. */
  readonly anywhere?: true;
  readonly needsRole?: true;
  readonly deliver: (delivery: Delivery) => unknown;
}

/** An event as its sender describes it. */
export interface Sent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources?: readonly string[];
  /** Virtual milliseconds since 1970. @default - now */
  readonly time?: number;
}

/** A failed delivery. AWS reports it by a metric. */
export interface FailedInvocation {
  readonly rule: string;
  readonly target: string;
  readonly event: Event;
  readonly error: string;
}

export const DEFAULT_BUS = 'default';

export function newBus(name: string, region: Region): Bus {
  const now = new Date(region.clock.now());
  return { name, arn: region.arn('events', `event-bus/${name}`), created: now, modified: now, rules: new Map(), tags: new Map() };
}

const patterns = new WeakMap<Rule, ReturnType<typeof parsePattern>>();

function matches(rule: Rule, event: Event): boolean {
  const { EventPattern } = rule.input;
  if (EventPattern === undefined) { return false; }
  const pattern = patterns.get(rule) ?? parsePattern(EventPattern);
  patterns.set(rule, pattern);
  return pattern(event);
}

/** The state of EventBridge for an account in a Region, and the delivery of events. */
export class EventsState {
  /** By name. */
  public readonly buses: Map<string, Bus>;
  /** By the service in a target's ARN. A higher room adds its own kind. */
  public readonly targetKinds = new Map<string, TargetKind>();
  public readonly failedInvocations: FailedInvocation[] = [];
  /** What removes a rule's next time from the clock. */
  private readonly armed = new Map<Rule, () => void>();
  private ids = 0;

  constructor(private readonly region: Region) {
    this.buses = new Map([[DEFAULT_BUS, newBus(DEFAULT_BUS, region)]]);
  }

  /** A bus by its name or ARN. */
  public bus(nameOrArn = DEFAULT_BUS): Bus | undefined {
    return [...this.buses.values()].find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  }

  /** Completes an event of this account and Region. */
  public made({ source, detailType, detail, resources = [], time = this.region.clock.now() }: Sent): Event {
    const { account, name: region } = this.region;
    const hex = createHash('sha256').update(`event ${account}/${region}/${++this.ids}`).digest('hex');
    return {
      'version': '0',
      'id': [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-'),
      'detail-type': detailType,
      source,
      account,
      'time': new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources,
      detail,
    };
  }

  /** Puts a service's own event on the default bus. */
  public emit(sent: Sent): void {
    // A value that is not JSON, such as a time, is converted to text.
    this.take(this.buses.get(DEFAULT_BUS)!, JSON.parse(JSON.stringify(this.made(sent))), false);
  }

  /** Delivers an event to the targets of every rule that matches it. */
  public take(bus: Bus, event: Event, forwarded: boolean): void {
    [...bus.rules.values()].filter((rule) => rule.enabled && matches(rule, event)).forEach((rule) => this.deliver(rule, event, forwarded));
  }

  /**
   * Sets a rule's next time on the clock, in the background: a schedule alone does not advance the time.
   * Source of the event: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
   */
  public arm(rule: Rule): void {
    const { clock } = this.region;
    const { scheduled, input: { ScheduleExpression } } = rule;
    if (!rule.enabled || ScheduleExpression === undefined) { return; }
    const due = parseSchedule(ScheduleExpression, scheduled)(clock.now());
    if (due === undefined) { return; }
    this.armed.set(rule, clock.inBackground(due, () => {
      this.deliver(rule, this.made({ source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {} }), false);
      this.arm(rule);
    }));
  }

  /** Removes a rule's next time from the clock, if it has one. */
  public disarm(rule: Rule): void {
    this.armed.get(rule)?.();
    this.armed.delete(rule);
  }

  /** Goes on with a state of an earlier run: the schedules do not make up for the time between. */
  public resume(): void {
    this.buses.forEach(({ rules }) => rules.forEach((rule) => this.arm(rule)));
  }

  private deliver(rule: Rule, event: Event, forwarded: boolean): void {
    const { region } = this;
    const kindOf = ({ Arn }: any) => this.targetKinds.get(Arn.split(':')[2])!;
    for (const target of rule.targets.values()) {
      void region.clock.run(() => outlasting(kindOf(target), { region, rule, target, event, forwarded })).catch((error: Error) => {
        this.failedInvocations.push({ rule: rule.arn, target: target.Id, event, error: error.message });
      });
    }
  }
}

/**
 * Delivers again while the target is throttled or out of order, as long as its retry policy says. Any other error loses the event at once.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html, and for which errors
 * https://repost.aws/knowledge-center/eventbridge-resolve-failedinvocation-errors
 */
async function outlasting({ deliver }: TargetKind, delivery: Delivery): Promise<void> {
  const { region: { clock }, target: { RetryPolicy = {} } } = delivery;
  const { MaximumRetryAttempts: most = 185, MaximumEventAgeInSeconds: seconds = 86_400 } = RetryPolicy;
  const end = clock.now() + seconds * 1000;
  for (let tried = 0; ; tried++) {
    try {
      await deliver(delivery);
      return;
    } catch (error) {
      const pause = Math.min(1000 * 2 ** tried, LONGEST_PAUSE_MS);
      if (!isRetriable(error) || tried >= most || clock.now() + pause > end) { throw error; }
      await clock.sleep(pause);
    }
  }
}

const LONGEST_PAUSE_MS = 512_000;

function isRetriable(error: unknown): boolean {
  return error instanceof AwsError && (error.status >= 500 || error.status === 429 || /Throttl|TooManyRequests/.test(error.code));
}
