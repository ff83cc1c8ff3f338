import { ApplicationAutoScaling } from './application-autoscaling';
import { autoscalingNeeds } from './application-autoscaling/needs';
import { CloudFormation } from './cloudformation';
import { CloudWatch } from './cloudwatch';
import { cloudwatchNeeds } from './cloudwatch/needs';
import { Events } from './events';
import { eventsNeeds } from './events/needs';
import { Iam } from './iam';
import { BaseOptions, Region as BaseRegion, World as BaseWorld } from './kernel';
import { Lambda, LambdaRunner } from './lambda';
import { Logs } from './logs';
import { Pricing } from './pricing';
import { S3 } from './s3';
import { BenchmarkScript, GenerativeScript, instanceTypeFault, quotaFault, SageMaker, sagemakerTags } from './sagemaker';
import { ServiceQuotas } from './service-quotas';
import { Ssm } from './ssm';
import { StepFunctions } from './step-functions';
import { stsNeeds } from './sts/needs';
import { bucketPolicy, trustPolicy } from './sts/resource-policies';

export interface WorldOptions extends BaseOptions {
  /** The runs of recommendation jobs: their durations and results. @default - modelledBenchmarks: figures of a performance model */
  readonly benchmarks?: BenchmarkScript;
  /** The runs of the generative family's jobs, and what is recommended with a model. What is left out is the default's. @default - modelledGenerative: figures of a performance model for tokens */
  readonly generative?: Partial<GenerativeScript>;
  /** Instance types of which no Region has a free instance at first. @default - none */
  readonly withoutCapacity?: readonly string[];
  /** The values of quotas by their names, where they are not the default ones. @default - generous ones */
  readonly quotas?: Readonly<Record<string, number>>;
  /** The requests a minute that each real-time endpoint takes, for its metrics: a number of at least 0. @default 0: there are no metrics of endpoints */
  readonly load?: number;
  /** Runs functions. @default - a child process of Node for each function */
  readonly lambdaRunner?: LambdaRunner;
  /**
   * The time, in real milliseconds, for which ExecuteChangeSet and similar operations delay their answer until the work ends.
   * The CDK CLI polls every 5 seconds: an answer after the work saves it a poll.
   * @default 10000
   */
  readonly holdAnswersMs?: number;
}

/** All accounts and Regions. The first use creates one. */
export class World extends BaseWorld<Region> {
  public readonly s3 = new S3(this);

  /** @throws Error with one sentence if a quota has another name or value than there may be, or an instance type is none */
  constructor(public override readonly options: WorldOptions = {}) {
    super(options);
    const fault = Object.entries(options.quotas ?? {}).map(([name, value]) => quotaFault(name, value)).find((found) => found !== undefined);
    if (fault !== undefined) { throw new Error(`quotas: ${fault}`); }
    const unknown = options.withoutCapacity?.map(instanceTypeFault).find((found) => found !== undefined);
    if (unknown !== undefined) { throw new Error(`withoutCapacity: ${unknown}`); }
  }

  public async close(): Promise<void> {
    this.clock.stop();
    await Promise.all(this.allRegions().map((region) => region.lambda.close()));
    this.removeFiles();
  }

  protected newRegion(account: string, name: string): Region {
    return new Region(this, account, name);
  }
}

const NEEDS = { 'events': eventsNeeds, 'application-autoscaling': autoscalingNeeds, 'monitoring': cloudwatchNeeds, 'sts': stsNeeds };

/** One account in one Region, with a room for each service. */
export class Region extends BaseRegion {
  public readonly iam: Iam;
  public readonly logs: Logs;
  public readonly ssm: Ssm;
  public readonly cloudwatch: CloudWatch;
  public readonly serviceQuotas: ServiceQuotas;
  public readonly lambda: Lambda;
  public readonly events: Events;
  public readonly sagemaker: SageMaker;
  public readonly pricing: Pricing;
  public readonly applicationAutoScaling: ApplicationAutoScaling;
  public readonly stepFunctions: StepFunctions;
  public readonly cloudformation: CloudFormation;

  /** From the lowest floor up: some rooms register themselves in lower rooms. */
  constructor(public override readonly world: World, account: string, name: string) {
    super(world, account, name);
    const { benchmarks, generative, lambdaRunner, holdAnswersMs, withoutCapacity, quotas, load } = world.options;
    this.add(world.s3);
    this.iam = this.add(new Iam(this, NEEDS, { sagemaker: sagemakerTags }, { s3: bucketPolicy, sts: trustPolicy }));
    this.logs = this.add(new Logs(this));
    this.ssm = this.add(new Ssm(this));
    this.cloudwatch = this.add(new CloudWatch(this));
    this.serviceQuotas = this.add(new ServiceQuotas(this, quotas));
    this.lambda = this.add(new Lambda(this, lambdaRunner));
    this.events = this.add(new Events(this));
    this.sagemaker = this.add(new SageMaker(this, benchmarks, generative, withoutCapacity, load));
    this.pricing = this.add(new Pricing(this));
    this.applicationAutoScaling = this.add(new ApplicationAutoScaling(this));
    this.stepFunctions = this.add(new StepFunctions(this));
    this.cloudformation = this.add(new CloudFormation(this, holdAnswersMs));
  }
}
