import { CampaignFamily, CourseScript } from './family';
import { Faults, serviceError } from './faults';
import { HostileAws } from './hostile-aws';
import { Environment, Service } from './invocation';
import { RequestRecord } from './ledger';
import { Random } from './random';
import type { Operation } from '../../local-aws';
import type { TargetKind } from '../../local-aws/events';
import { EVENT_SOURCE } from '../../src/contract/events';
import type { Approval } from '../../src/contract/start';

type Delivery = Parameters<TargetKind['deliver']>[0];

/** An approval or a renewal, however often it was delivered. */
export interface Asking {
  /** Of the event, or for a renewal the time for which it was scheduled. */
  readonly id: string;
  readonly stackId: string;
  /** Empty for a renewal. */
  readonly packageArn: string;
  readonly asked: number;
  /** ARNs of the executions that it started. */
  readonly executions: string[];
  /** Names of the jobs that were followed for it. */
  readonly followed: Set<string>;
}

/** A job that an approval or a renewal started. */
export interface RegistryStart {
  readonly jobName: string;
  readonly stackId: string;
  readonly asking: Asking;
  readonly packageArn: string;
  readonly at: number;
}

/** An event of the library's own. */
interface Told {
  readonly type: string;
  readonly detail: any;
  readonly at: number;
}

/** The hostile world with what a registry needs of it: rules, executions that nobody waits for, and events. */
export class RegistryAws extends HostileAws {
  public readonly askings: Asking[] = [];
  public readonly starts: RegistryStart[] = [];
  public readonly told: Told[] = [];
  /** ARNs of executions that somebody ended. */
  public readonly aborted = new Set<string>();
  /** Whether an outage lasted longer than approvals are tried. */
  public longOutage = false;
  /** Events on their way from a rule to the machine. */
  private onTheWay = 0;
  /** By the execution or the job that they belong to. */
  private readonly background = new Map<string, RequestRecord>();

  constructor(random: Random, faults: Faults, family: CampaignFamily, script: CourseScript) {
    super(random, faults, family, script);
    const { events } = this.region;
    const [kind, take, { PutEvents }] = [events.targetKinds.get('states')!, events.take.bind(events), events.operations];
    events.targetKinds.set('states', { ...kind, deliver: (delivery) => this.ruled(delivery, (one) => kind.deliver(one) as any) });
    events.take = (bus, event, forwarded) => {
      if (event.source === EVENT_SOURCE) { this.told.push({ type: event['detail-type'], detail: event.detail, at: this.world.clock.now() }); }
      take(bus, event, forwarded);
    };
    (events.operations as Record<string, Operation>).PutEvents = async (input, call) => {
      const fault = faults.at('poll', this.world.clock.now());
      if (fault === 'slow') { await this.world.clock.sleep(faults.slowness); } else if (fault) { throw serviceError(fault); }
      return PutEvents(input, call);
    };
  }

  /** Writes of results, each with when its invocation began. */
  public get writes(): Array<{ readonly jobName: string; readonly began: number; readonly at: number }> {
    return [...this.background].flatMap(([jobName, { writes }]) => writes.map((write) => ({ jobName, ...write })));
  }

  public override get quiet(): boolean {
    return super.quiet && this.onTheWay === 0;
  }

  /** EventBridge delivers at least once: again under the same id, or a schedule's event under another one. */
  private async ruled(delivery: Delivery, deliver: (delivery: Delivery) => Promise<{ executionArn: string }>): Promise<void> {
    const { clock } = this.world;
    const fault = this.faults.at('rule', clock.now());
    if (fault === 'throttled' || fault === 'unavailable') { throw serviceError(fault); }
    this.onTheWay++;
    try {
      if (fault === 'delayed') { await clock.sleep(this.random.pick([1, 20, 200]) * 1000); }
      if (fault === 'duplicated') {
        const { event } = delivery;
        const id = event.source === 'aws.events' ? `${event.id}-again` : event.id;
        this.onTheWay++;
        clock.at(clock.now() + this.random.pick([0, 1, 40, 1200, 7200]) * 1000, () => (
          this.began({ ...delivery, event: { ...event, id } }, deliver).catch(() => {}).finally(() => { this.onTheWay--; })
        ));
      }
      await this.began(delivery, deliver);
    } finally {
      this.onTheWay--;
    }
  }

  private async began(delivery: Delivery, deliver: (delivery: Delivery) => Promise<{ executionArn: string }>): Promise<void> {
    this.noted((await deliver(delivery)).executionArn);
  }

  /** What an execution was started for. */
  private noted(executionArn: string): Asking {
    const { packageArn, eventId, time, registry: { StackId } }: Approval = JSON.parse(this.region.stepFunctions.executions.get(executionArn)!.input);
    const id = packageArn === '' ? time : eventId;
    let asking = this.askings.find((one) => one.id === id && one.stackId === StackId);
    if (!asking) { this.askings.push(asking = { id, stackId: StackId, packageArn, asked: Date.parse(time), executions: [], followed: new Set() }); }
    if (!asking.executions.includes(executionArn)) { asking.executions.push(executionArn); }
    return asking;
  }

  /** Nobody waits for an answer to what the follow machine asks. */
  protected override requestOf(payload: any): RequestRecord | undefined {
    const id = payload.registry ? payload.execution : payload.purpose === 'publish' ? payload.jobName : undefined;
    if (id === undefined) { return super.requestOf(payload); }
    const { StackId, LogicalResourceId } = payload.registry ?? payload.owner;
    const event: any = { RequestId: id, StackId, LogicalResourceId, ResponseURL: 'https://nobody.example/', ResourceProperties: {} };
    const made = { event, asked: this.world.clock.now(), answers: [], executions: 0, writes: [], muted: false };
    if (!this.background.has(id)) { this.background.set(id, made); }
    return this.background.get(id)!;
  }

  protected override async perform(service: Service, operation: string, input: any, environment: Environment): Promise<any> {
    if (environment.kind === 'approve' && operation === 'StartExecution') {
      const { jobName } = JSON.parse(input.input);
      if (jobName !== '') { this.askingOf(environment.request!).followed.add(jobName); }
    }
    if (operation === this.family.jobs!.operations.create && this.faults.wants('refused', 0.2)) {
      this.faults.strike('refused');
      throw Object.assign(new Error('The account-level service limit is 0'), { name: 'ResourceLimitExceeded', $metadata: { httpStatusCode: 400 } });
    }
    return super.perform(service, operation, input, environment);
  }

  protected override started(jobName: string, request: RequestRecord): void {
    const { event: { StackId } } = request;
    const packageArn: string = this.region.sagemaker.state.jobs.get(jobName)!.request.InputConfig.ModelPackageVersionArn;
    this.starts.push({ jobName, stackId: StackId, asking: this.askingOf(request), packageArn, at: this.world.clock.now() });
  }

  private askingOf({ event: { RequestId } }: RequestRecord): Asking {
    return this.noted([...this.region.stepFunctions.executions.keys()].find((arn) => arn.endsWith(`:${RequestId}`))!);
  }
}
