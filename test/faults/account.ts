import { AppName, Parameters, PARAMETERS, synthesizeApps, TemplateVariant } from './apps';
import { Course, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { Faults } from './faults';
import { HostileAws } from './hostile-aws';
import { Random } from './random';
import { JOB_UNREAD } from '../../src/contract/events';
import { isNonTerminal } from '../../src/service/job-status';

const apps = synthesizeApps();
const MINUTE = 60_000;

export interface Deploy {
  readonly app?: AppName;
  readonly variant?: TemplateVariant;
  readonly parameters?: Partial<Parameters>;
  readonly input?: Record<string, unknown>;
}

/** An account in which nothing goes wrong by itself, and what its user pays. */
export class Account {
  public readonly courses: Course[] = [];
  private readonly aws: HostileAws;

  constructor(readsObjects = true) {
    const random = new Random(1);
    const faults = new Faults(random);
    faults.calm = true;
    this.aws = new HostileAws(random, faults, INFERENCE_RECOMMENDATION_JOBS, () => this.courses.shift() ?? { seconds: 600 }, readsObjects);
  }

  /** The names of all jobs that were started, in order. */
  public get paid(): string[] {
    return this.aws.ledger.starts.map(({ jobName }) => jobName);
  }

  public get running(): string[] {
    return this.aws.jobs().filter(({ phase }) => isNonTerminal(phase)).map(({ name }) => name);
  }

  /** Runs a deploy until its stack is at rest, and gives the stack's status. */
  public async deploy(name: string, deploy: Deploy = {}): Promise<string> {
    await this.begin(name, deploy);
    return this.rest(name);
  }

  public async begin(name: string, { app = 'one-job', variant = 'cost Job', parameters = {}, input = {} }: Deploy = {}): Promise<void> {
    const synthesized = apps(app, name);
    this.aws.publish(synthesized);
    await this.aws.world.clock.advance(2000);
    void this.aws.operate('cloudformation', this.stack(name) ? 'UpdateStack' : 'CreateStack', {
      StackName: name,
      TemplateBody: synthesized.template(variant),
      Parameters: Object.entries({ ...PARAMETERS, ...parameters }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Capabilities: ['CAPABILITY_IAM'],
      ...input,
    });
    await this.aws.world.clock.settled();
  }

  public async destroy(name: string): Promise<string> {
    await this.operate('DeleteStack', name);
    return this.rest(name);
  }

  public async operate(operation: string, name: string): Promise<void> {
    await this.aws.world.clock.advance(2000);
    void this.aws.operate('cloudformation', operation, { StackName: this.stack(name)!.id });
    await this.aws.world.clock.settled();
  }

  public async rest(name: string): Promise<string> {
    await this.until(() => !this.stack(name, true)!.inProgress && this.aws.quiet);
    return this.stack(name, true)!.status;
  }

  public async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (!await this.aws.world.clock.step()) { throw new Error('Nothing is left to happen.'); }
    }
  }

  public async pass(minutes: number): Promise<void> {
    await this.aws.world.clock.advance(minutes * MINUTE);
  }

  /** Until nothing can happen any more: what looks after jobs has ended, too. */
  public async outlast(): Promise<void> {
    while (!this.aws.over && await this.aws.world.clock.step());
  }

  public drop(jobName: string): void {
    INFERENCE_RECOMMENDATION_JOBS.jobs.drop(this.aws.region, jobName);
  }

  public async stop(jobName: string): Promise<void> {
    await this.aws.sagemaker('StopInferenceRecommendationsJob', { JobName: jobName });
  }

  public get reasons(): string {
    return [...this.aws.region.cloudformation.stacks.values()].flatMap(({ events }) => events.map(({ reason }) => reason ?? '')).join('\n');
  }

  public get unread(): unknown[] {
    return [...this.aws.region.stepFunctions.executions.values()].flatMap(({ history }) => history)
      .filter(({ taskScheduledEventDetails: task }: any) => task?.resource === 'putEvents' && task.parameters.includes(JOB_UNREAD));
  }

  private stack(name: string, isAny = false) {
    return [...this.aws.region.cloudformation.stacks.values()].filter((stack) => stack.name === name && (isAny || !stack.deleted)).pop();
  }
}
