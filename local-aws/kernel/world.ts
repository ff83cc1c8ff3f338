import { createHmac, randomBytes } from 'crypto';
import { CallRecord, FaultScript, FaultyCall } from './calls';
import { VirtualClock } from './clock';
import { DOCUMENTED_RATES, Rate, Rates } from './rates';

/** The caller: found by the access key of a request, or the role of a function or state machine. */
export interface Principal {
  readonly account: string;
  readonly arn: string;
}

/** The context of an operation, besides its input. */
export interface Call {
  readonly region: Region;
  readonly principal: Principal;
  readonly requestId: string;
}

/** One operation of a service: a plain object in, a plain object out, an `AwsError` for a refusal. */
export type Operation = (input: any, call: Call) => unknown | Promise<unknown>;

/** The operations of a service by their API names. The wire protocols use nothing else of a room. */
export type Operations = Readonly<Record<string, Operation>>;

/** The options of every world, whatever its rooms. */
export interface BaseOptions {
  readonly clock?: VirtualClock;
  /** Refuse calls in place of the service: throttled calls, exhausted quotas. @default - none */
  readonly faults?: readonly FaultScript[];
  /** The case of names in SageMaker's ARNs. @default 'lower' */
  readonly sagemakerArns?: 'lower' | 'as given';
  /** The rates above which services throttle, in virtual time. @default DOCUMENTED_RATES */
  readonly rates?: readonly Rate[];
}

/** Accounts and Regions. The first use creates one. A higher floor decides its rooms. */
export abstract class World<R extends Region = Region> {
  public readonly clock: VirtualClock;
  public readonly rates: Rates;
  /** The server's own URL, for the pre-signed URLs of custom resources' answers. Set after the server listens. */
  public endpoint = 'http://localhost:0';
  /** This run's secret: a user's clients sign with it, and so nobody else's can. */
  public readonly secret = randomBytes(32).toString('hex');
  private readonly regions = new Map<string, R>();
  private readonly watchers = new Set<(record: CallRecord) => void>();

  constructor(readonly options: BaseOptions) {
    this.clock = options.clock ?? new VirtualClock();
    this.rates = new Rates(options.rates ?? DOCUMENTED_RATES, () => this.clock.now());
  }

  protected abstract newRegion(account: string, name: string): R;

  /** 64 hex digits that nobody guesses without the run's secret. The same purpose gives the same ones. */
  public derive(purpose: string): string {
    return createHmac('sha256', this.secret).update(purpose).digest('hex');
  }

  public region(account: string, name: string): R {
    const key = `${account}/${name}`;
    let region = this.regions.get(key);
    if (!region) {
      region = this.newRegion(account, name);
      this.regions.set(key, region);
    }
    return region;
  }

  public allRegions(): R[] {
    return [...this.regions.values()];
  }

  /** Refuses a call if a script says so. */
  public trip(call: FaultyCall): void {
    for (const script of this.options.faults ?? []) {
      const fault = script(call);
      if (fault) { throw fault; }
    }
  }

  public watch(watcher: (record: CallRecord) => void): () => void {
    this.watchers.add(watcher);
    return () => { this.watchers.delete(watcher); };
  }

  public record(record: CallRecord): void {
    this.watchers.forEach((watcher) => watcher(record));
  }
}

/** One account in one Region. Rooms find each other here by their classes, so this file imports no room. */
export class Region {
  public readonly partition = 'aws';
  public readonly urlSuffix = 'amazonaws.com';
  private readonly rooms: object[] = [];

  constructor(readonly world: World, readonly account: string, readonly name: string) {}

  public get clock(): VirtualClock {
    return this.world.clock;
  }

  /** The account's root. A service acts as root if no caller is involved. */
  public get root(): Principal {
    return { account: this.account, arn: `arn:${this.partition}:iam::${this.account}:root` };
  }

  public arn(service: string, resource: string): string {
    const arn = `arn:${this.partition}:${service}:${this.name}:${this.account}:${resource}`;
    return service === 'sagemaker' ? this.spellings(arn).slice(-1)[0] : arn;
  }

  /** The ARNs of a request for a resource of SageMaker that is named like this: policies must allow it both as named and as the service writes it. */
  public namedInSageMaker(resource: string): string[] {
    return this.spellings(`arn:${this.partition}:sagemaker:${this.name}:${this.account}:${resource}`);
  }

  /**
   * An ARN of SageMaker as it is given and, if that is different, as the service writes it.
   *
   * The service was seen to write names in lower case: endpoints (https://github.com/prometheus-community/yet-another-cloudwatch-exporter/pull/1178), tuning
   * jobs (https://github.com/boto/boto3/issues/4606), what CloudFormation makes (https://github.com/aws-solutions/research-service-workbench-on-aws/pull/1048).
   * It was seen to authorize by a name as given (https://github.com/aws-samples/ml-edge-getting-started/issues/18,
   * https://github.com/awslabs/service-workbench-on-aws/issues/1176) and in lower case (https://github.com/philschmid/cdk-samples/issues/2).
   * That this holds for every kind of resource, and that a request is looked up by either spelling, is our inference.
   */
  public spellings(arn: string): string[] {
    const [, place, name = ''] = /^(arn:[^:]*:sagemaker:(?:[^:]*:){2}[^/]*\/)(.*)$/s.exec(arn) ?? [];
    const lower = this.world.options.sagemakerArns === 'as given' ? name : name.toLowerCase();
    return lower === name ? [arn] : [arn, place + lower];
  }

  /** Adds a room. Its class, or a class that it extends, finds it. */
  public add<T extends object>(room: T): T {
    this.rooms.push(room);
    return room;
  }

  /** The rooms, in the order in which they were added. */
  public get all(): readonly object[] {
    return this.rooms;
  }

  /** The room of a class. */
  public room<T>(type: abstract new (...args: any[]) => T): T {
    const found = this.rooms.find((room): room is T & object => room instanceof type);
    if (!found) { throw new Error(`There is no ${type.name} here`); }
    return found;
  }
}
