import { AppName, Apps } from './apps';
import { CampaignFamily, CourseScript, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { Emphasis, Fault, Faults } from './faults';
import { Foreign } from './foreign';
import { HostileAws } from './hostile-aws';
import { Invariant, Violation, violations } from './invariants';
import { Random } from './random';
import { StackLife, Step } from './stack-life';
import { stackPrefix } from '../../src/contract/job-name';

const HOUR = 3_600_000;
/** The simplest app has all of a job's life in it. */
const OFTEN: readonly AppName[] = ['one-job', 'one-job', 'load-test', 'endpoint', 'shared', 'own'];
const PAUSE_MS = 2_000;
/** A job of five hours is waited for by one stage, three quarters of an hour a try. */
const TRIES = 6;

export interface Outcome {
  readonly seed: number;
  readonly operations: number;
  readonly faults: ReadonlyMap<Fault, number>;
  readonly violations: readonly Violation[];
  /** What the stacks went through, line by line. */
  readonly story: readonly string[];
  /** Jobs that were started for a request which CloudFormation had given up. */
  readonly lateStarts: number;
}

/** One world from its beginning to its end: one or two stacks, and what their users and fate do to them. */
export class Lifecycle {
  private readonly random: Random;
  private readonly faults: Faults;
  private readonly aws: HostileAws;
  private readonly foreign: Foreign;
  private readonly lives: StackLife[];
  private readonly found: Violation[] = [];

  constructor(readonly seed: number, apps: Apps, emphasis?: Emphasis, family: CampaignFamily = INFERENCE_RECOMMENDATION_JOBS) {
    this.random = new Random(seed);
    const { random } = this;
    this.faults = new Faults(random, emphasis, family.faults);
    this.aws = new HostileAws(random, this.faults, family, this.course);
    this.foreign = new Foreign(this.aws);
    const names = random.chance(0.3) ? ['First', 'Second'] : ['First'];
    const areAlike = random.chance(0.7);
    this.lives = names.map((name) => {
      const app = names.length > 1 && areAlike ? 'shared' : random.pick(OFTEN);
      return new StackLife(this.aws, name, app, apps(app, name), random, this.faults, this.foreign);
    });
  }

  public async run(): Promise<Outcome> {
    await this.foreign.setUp();
    await this.aws.family.setUp?.(this.aws, this.random);
    for (let round = this.random.int(1, 3); round > 0 && this.found.length === 0; round--) {
      await this.operate(this.lives.map((life) => [life, life.next()]));
    }
    if (this.found.length === 0) { await this.repair(); }
    if (this.found.length === 0) { await this.outlast(); }
    return {
      seed: this.seed,
      operations: this.aws.operation,
      faults: this.faults.counts,
      violations: this.found,
      story: this.story(),
      lateStarts: this.aws.ledger.starts.filter(({ late }) => late).length,
    };
  }

  /** The trouble is over: what failed can be repaired, and everything can be deleted. */
  private async repair(): Promise<void> {
    this.faults.calm = true;
    for (const life of this.lives) {
      for (let tries = 0; life.recovery(); tries++) {
        if (tries === TRIES) { return this.violate('recovery', `${life.name} is still ${life.status}`); }
        await life.tidy();
        await this.operate([[life, life.recovery()!]]);
      }
      for (let tries = 0; this.random.chance(0.6) && life.status !== 'DELETE_COMPLETE'; tries++) {
        // Each message names one thing to do: to detach a policy, and to wait for a job that uses a workload.
        if (tries === 3) { return this.violate('recovery', `${life.name} is still ${life.status}`); }
        await life.tidy();
        await this.operate([[life, { operation: 'DeleteStack' }]]);
      }
    }
  }

  /** Repeated deliveries may come when no operation is under way any more. */
  private async outlast(): Promise<void> {
    while (!this.aws.over && await this.aws.world.clock.step());
    this.found.push(...violations(this.aws, this.lives, this.foreign, true));
  }

  private async operate(steps: ReadonlyArray<readonly [StackLife, Step]>): Promise<void> {
    const { aws, faults } = this;
    const { clock } = aws.world;
    // Nobody starts an operation in the second in which the last one ends, and requests have whole seconds.
    await clock.advance(PAUSE_MS);
    aws.operation++;
    const before = steps.map(([life]) => life.status);
    steps.forEach(([life, step]) => life.begin(step));
    await clock.settled();
    for (const { record } of this.lives) {
      if (record && !record.deleted) { await this.foreign.besideStack(record.id); }
    }
    const limit = clock.now() + Math.max(...steps.map(([{ app }]) => 2 * app.customResources + 3)) * HOUR;
    while (!steps.every(([life]) => life.atRest) || !aws.quiet) {
      if (!await clock.step() || clock.now() > limit) {
        return this.violate('end', steps.map(([life]) => `${life.name} is still ${life.status}`).join(', '));
      }
    }
    steps.forEach(([life]) => life.end());
    this.found.push(...violations(aws, this.lives, this.foreign));
    if (faults.severity === 'gentle') { steps.forEach(([life, step], index) => this.expectAsAsked(life, step, before[index])); }
  }

  private expectAsAsked({ name, status, record, hurried }: StackLife, { operation }: Step, before: string): void {
    if (hurried) { return; }
    const expected = { CreateStack: 'CREATE_COMPLETE', UpdateStack: 'UPDATE_COMPLETE', DeleteStack: 'DELETE_COMPLETE' }[operation as string];
    if (status !== expected) {
      this.violate('gentle', `${operation} of ${name}, which was ${before}, ended ${status}: ${record?.events.find(({ status: of }) => of.endsWith('_FAILED'))?.reason}`);
    }
    const models = [...this.aws.region.sagemaker.state.models.keys()].filter((model) => record && model.startsWith(stackPrefix(record.id)));
    const owned = [...record?.resources.values() ?? []].filter((resource) => resource.status !== 'DELETE_COMPLETE').map(({ physicalId }) => physicalId);
    models.filter((model) => !owned.includes(model) && !this.isMadeAgain(model)).forEach((model) => this.violate('gentle', `the model ${model} is left behind`));
  }

  /** A Create that comes once more when an update has replaced its model makes it again. Nothing tells it from the first one, and a model costs nothing. */
  private isMadeAgain(model: string): boolean {
    const made = this.aws.ledger.called.filter(({ operation, input }) => operation === 'CreateModel' && input.ModelName === model);
    return made.length > 1 && made.at(-1)!.late;
  }

  /** Line by line, by time: the operations, what came between, and what the stacks told. */
  private story(): string[] {
    const told = [...this.aws.region.cloudformation.stacks.values()].flatMap(({ name, events }) => events.map(({ virtualTime, logicalId, status, reason = '' }) => (
      { time: virtualTime, line: `${name} ${logicalId} ${status} ${reason.slice(0, 200)}` }
    )));
    return [...told, ...this.lives.flatMap(({ story }) => story), ...this.aws.ledger.story].sort((a, b) => a.time - b.time)
      .map(({ time, line }) => `${new Date(time).toISOString().slice(0, 19)} ${line}`);
  }

  private violate(invariant: Invariant, what: string): void {
    this.found.push({ invariant, what });
  }

  /** How jobs go. Those of others run for days. */
  private readonly course: CourseScript = (description) => {
    const { random, faults } = this;
    if (description === 'foreign') { return { seconds: 90 * 86_400 }; }
    const course = { seconds: random.int(10, 70) * 60, withoutFirst: random.int(0, 1) === 1 };
    if (faults.wants('job failed', 0.4)) {
      faults.strike('job failed');
      return { ...course, failureReason: 'The container did not answer /ping' };
    }
    if (faults.wants('job too long', 0.3)) {
      faults.strike('job too long');
      return { ...course, seconds: random.int(80, 300) * 60 };
    }
    return course;
  };
}
