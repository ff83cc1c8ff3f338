import { createHash } from 'crypto';
import { guarded } from '../sagemaker/guard';
import { Operations, Region } from '../world';
import { Bus, busOperations, DEFAULT_BUS, newBus } from './buses';
import { Event } from './input';
import { putEventsOperations } from './put-events';
import { Rule, ruleOperations } from './rules';
import { OPERATIONS, SHAPES } from './shapes';
import { tagOperations } from './tags';
import { deliver } from './targets';

export type { Event } from './input';

/** An event as its sender tells it. */
export interface Sent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources?: readonly string[];
  /** Virtual milliseconds since 1970. @default - now */
  readonly time?: number;
}

/** A delivery that came to nothing, which AWS tells by a metric. */
export interface FailedInvocation {
  readonly rule: string;
  readonly target: string;
  readonly event: Event;
  readonly error: string;
}

/** EventBridge of an account in a Region. */
export class Events {
  public readonly operations: Operations = guarded({
    ...putEventsOperations, ...ruleOperations, ...busOperations, ...tagOperations,
  }, OPERATIONS, SHAPES);
  /** By name. */
  public readonly buses: Map<string, Bus>;
  public readonly failedInvocations: FailedInvocation[] = [];
  private ids = 0;

  constructor(private readonly region: Region) {
    this.buses = new Map([[DEFAULT_BUS, newBus(DEFAULT_BUS, region)]]);
  }

  /** A bus by its name or ARN. */
  public bus(nameOrArn = DEFAULT_BUS): Bus | undefined {
    return [...this.buses.values()].find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
  }

  /** An event of this account and Region. */
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
    // What is not JSON, such as a time, gets there as text.
    this.take(this.buses.get(DEFAULT_BUS)!, JSON.parse(JSON.stringify(this.made(sent))), false);
  }

  /** Hands an event to the targets of every rule that matches it. */
  public take(bus: Bus, event: Event, forwarded: boolean): void {
    [...bus.rules.values()].filter((rule) => rule.enabled && rule.matches(event)).forEach((rule) => this.deliver(rule, event, forwarded));
  }

  /**
   * Puts a rule's next time on the clock, in the background: a schedule is no reason for time to pass.
   * Source of the event: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
   */
  public arm(rule: Rule): void {
    const { clock } = this.region;
    const due = rule.enabled ? rule.schedule?.(clock.now()) : undefined;
    if (due === undefined) { return; }
    rule.disarm = clock.inBackground(due, () => {
      this.deliver(rule, this.made({ source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {} }), false);
      this.arm(rule);
    });
  }

  private deliver(rule: Rule, event: Event, forwarded: boolean): void {
    const { region } = this;
    for (const target of rule.targets.values()) {
      void region.clock.run(() => deliver({ region, rule, target, event, forwarded })).catch((error: Error) => {
        this.failedInvocations.push({ rule: rule.arn, target: target.Id, event, error: error.message });
      });
    }
  }
}
