import { ApplicationAutoScaling } from './application-autoscaling';
import { VirtualClock } from './clock';
import { CloudFormation } from './cloudformation';
import { Events } from './events';
import { FaultScript, FaultyCall } from './faults';
import { Iam } from './iam';
import { Lambda, LambdaRunner } from './lambda';
import { Logs } from './logs';
import { S3 } from './s3';
import { BenchmarkScript, SageMaker } from './sagemaker';
import { Ssm } from './ssm';
import { StepFunctions } from './step-functions';

/** Who calls: found from the access key of a request, or the role of a function or state machine. */
export interface Principal {
  readonly account: string;
  readonly arn: string;
}

/** What an operation knows besides its input. */
export interface Call {
  readonly region: Region;
  readonly principal: Principal;
  readonly requestId: string;
}

/** One operation of a service: a plain object in, a plain object out, an `AwsError` when refused. */
export type Operation = (input: any, call: Call) => unknown | Promise<unknown>;

/** The operations of a service by their API names; the wire protocols read nothing else of a room. */
export type Operations = Readonly<Record<string, Operation>>;

/** What was called, for whoever watches (`npm run demo -- --calls FILE`, the tests' counts). */
export interface CallRecord {
  readonly service: string;
  readonly operation: string;
  readonly request: unknown;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The error's code, when refused. */
  readonly error?: string;
  readonly principal: string;
  /** Virtual milliseconds since 1970. */
  readonly time: number;
}

export interface WorldOptions {
  readonly clock?: VirtualClock;
  /** How recommendation jobs go: how long each takes and what it finds. @default - the published results */
  readonly benchmarks?: BenchmarkScript;
  /** Runs functions. @default - a child process of Node per function */
  readonly lambdaRunner?: LambdaRunner;
  /**
   * How long, in real milliseconds, ExecuteChangeSet and its like hold their answer for the work to be done.
   * The CDK CLI polls every 5 seconds: an answer after the work saves it a poll.
   * @default 10000
   */
  readonly holdAnswersMs?: number;
  /** Refuse calls in the service's place: throttled calls, used-up quotas. @default - none */
  readonly faults?: readonly FaultScript[];
}

/** Everything there is: accounts and Regions come into being when first named. */
export class World {
  public readonly clock: VirtualClock;
  public readonly s3: S3;
  /** The server's own URL, for the pre-signed URLs that custom resources answer to. Set once it listens. */
  public endpoint = 'http://localhost:0';
  private readonly regions = new Map<string, Region>();
  private readonly watchers = new Set<(record: CallRecord) => void>();

  constructor(readonly options: WorldOptions = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.s3 = new S3(this);
  }

  public region(account: string, name: string): Region {
    const key = `${account}/${name}`;
    let region = this.regions.get(key);
    if (!region) {
      region = new Region(this, account, name);
      this.regions.set(key, region);
    }
    return region;
  }

  public allRegions(): Region[] {
    return [...this.regions.values()];
  }

  /** Refuses a call where a script says so. */
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

  public async close(): Promise<void> {
    this.clock.stop();
    await Promise.all(this.allRegions().map((region) => region.lambda.close()));
  }
}

/** One account in one Region, with a room per service. */
export class Region {
  public readonly partition = 'aws';
  public readonly urlSuffix = 'amazonaws.com';
  public readonly iam: Iam;
  public readonly logs: Logs;
  public readonly ssm: Ssm;
  public readonly lambda: Lambda;
  public readonly stepFunctions: StepFunctions;
  public readonly sagemaker: SageMaker;
  public readonly applicationAutoScaling: ApplicationAutoScaling;
  public readonly events: Events;
  public readonly cloudformation: CloudFormation;

  // The rooms are made here, not as initialised fields: those would run before `world` is set.
  constructor(readonly world: World, readonly account: string, readonly name: string) {
    this.iam = new Iam(this);
    this.logs = new Logs(this);
    this.ssm = new Ssm(this);
    this.lambda = new Lambda(this);
    this.stepFunctions = new StepFunctions(this);
    this.sagemaker = new SageMaker(this);
    this.applicationAutoScaling = new ApplicationAutoScaling(this);
    this.events = new Events(this);
    this.cloudformation = new CloudFormation(this);
  }

  public get clock(): VirtualClock {
    return this.world.clock;
  }

  public arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.name}:${this.account}:${resource}`;
  }
}
