import { createHmac, randomBytes } from 'crypto';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CallRecord, FaultScript, FaultyCall } from './calls';
import { VirtualClock } from './clock';
import { DOCUMENTED_RATES, Rate, Rates } from './rates';
import { isConsoleLink } from '../../src/service/console-link';

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
  /** Refuse calls after the service has done them: the caller does not learn what has come of them. @default - none */
  readonly lostAnswers?: readonly FaultScript[];
  /** The case of names in SageMaker's ARNs. @default 'lower' */
  readonly sagemakerArns?: 'lower' | 'as given';
  /**
   * Whether roles and objects in S3 that nobody has made here must be there, or count as there, as those that an app imports from an account.
   * @default 'assumed', and 'required' for `startLocalAws()`
   */
  readonly imported?: 'required' | 'assumed';
  /** The rates above which services throttle, in virtual time. @default DOCUMENTED_RATES */
  readonly rates?: readonly Rate[];
  /** Whether notices are only kept in `world.notices`, and not printed. @default false */
  readonly quiet?: boolean;
  /** The folder of the user's app, whose AWS SDK its functions get. @default - the folder in which the local AWS was started */
  readonly app?: string;
}

/** Accounts and Regions. The first use creates one. A higher floor decides its rooms. */
export abstract class World<R extends Region = Region> {
  public readonly clock: VirtualClock;
  public readonly rates: Rates;
  /** The server's own URL, for the pre-signed URLs of custom resources' answers. Set after the server listens. */
  public endpoint = 'http://localhost:0';
  /** This run's secret: a user's clients sign with it, and so nobody else's can. */
  public readonly secret = randomBytes(32).toString('hex');
  /** What the local AWS has said of itself once: what stands for something that it does not have, and what it leaves out. */
  public readonly notices = new Set<string>();
  private readonly regions = new Map<string, R>();
  private folder?: string;
  private files = 0;
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

  /** A text that a person may see. Reasons quote logs, and logs may quote addresses, keys and tokens. */
  public shown(text: string): string {
    return text.split(this.secret).join('***')
      .replace(/https?:\/\/[^\s"'<>]*(?:\?|\/cloudformation-response\/)[^\s"'<>]*/gi,
        (address) => (isConsoleLink(address.replace(/[.,;:)]+$/, '')) ? address : '(an address with a signature or a query)'))
      .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '***')
      .replace(/\b(?:local-)?[0-9a-f]{40,}\b/g, '***');
  }

  /** The name of a file for this run alone. `removeFiles` deletes it. */
  public readonly newFile = (): string => {
    this.folder ??= mkdtempSync(join(tmpdir(), 'local-aws-data-'));
    return join(this.folder, String(this.files++));
  };

  /** Deletes what this run has kept in files. */
  public removeFiles(): void {
    if (this.folder) { rmSync(this.folder, { recursive: true, force: true }); }
    this.folder = undefined;
  }

  /** Tells the person who started the local AWS something, once. */
  public notice(sentence: string): void {
    if (this.notices.has(sentence)) { return; }
    this.notices.add(sentence);
    if (!this.options.quiet) { console.error(`The local AWS: ${sentence}`); }
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
    strike(this.options.faults, call);
  }

  /** Loses the answer of a call that was done, if a script says so. */
  public lose(call: FaultyCall): void {
    strike(this.options.lostAnswers, call);
  }

  public watch(watcher: (record: CallRecord) => void): () => void {
    this.watchers.add(watcher);
    return () => { this.watchers.delete(watcher); };
  }

  public record(record: CallRecord): void {
    this.watchers.forEach((watcher) => watcher(record));
  }
}

function strike(scripts: readonly FaultScript[] = [], call: FaultyCall): void {
  for (const script of scripts) {
    const fault = script(call);
    if (fault) { throw fault; }
  }
}

/** One account in one Region. Rooms find each other here by their classes, so this file imports no room. */
export class Region {
  public readonly partition: string;
  public readonly urlSuffix: string;
  private readonly rooms: object[] = [];

  constructor(readonly world: World, readonly account: string, readonly name: string) {
    [this.partition, this.urlSuffix] = partitionOf(name);
  }

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
   * That this holds for every kind of resource, and that a request is looked up by either spelling, is our inference. Workload configurations keep their case,
   * because the service tells them apart by it.
   */
  public spellings(arn: string): string[] {
    const [, place, name = ''] = /^(arn:[^:]*:sagemaker:(?:[^:]*:){2}[^/]*\/)(.*)$/s.exec(arn) ?? [];
    const lower = this.world.options.sagemakerArns === 'as given' || place?.endsWith(':ai-workload-config/') ? name : name.toLowerCase();
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

/** Partitions and their suffixes by the beginnings of their Regions: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const PARTITIONS: Readonly<Record<string, readonly [partition: string, urlSuffix: string]>> = {
  'cn-': ['aws-cn', 'amazonaws.com.cn'],
  'us-gov-': ['aws-us-gov', 'amazonaws.com'],
  'us-iso-': ['aws-iso', 'c2s.ic.gov'],
  'us-isob-': ['aws-iso-b', 'sc2s.sgov.gov'],
  'us-isof-': ['aws-iso-f', 'csp.hci.ic.gov'],
  'eu-isoe-': ['aws-iso-e', 'cloud.adc-e.uk'],
  'eusc-': ['aws-eusc', 'amazonaws.eu'],
};

/** The domains of AWS's endpoints. */
export const AWS_DOMAINS: readonly string[] = [...new Set(Object.values(PARTITIONS).map(([, suffix]) => suffix)), 'api.aws'];

/** A regular expression of the names of AWS's own hosts. */
export const AWS_NAMES = `(^|\\.)(${AWS_DOMAINS.map((name) => name.replace(/\./g, '\\.')).join('|')})$`;

/** The partition of a Region, and the suffix of its services' names. */
export function partitionOf(region: string): readonly [partition: string, urlSuffix: string] {
  return Object.entries(PARTITIONS).find(([start]) => region.startsWith(start))?.[1] ?? ['aws', 'amazonaws.com'];
}
