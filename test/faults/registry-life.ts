import { CourseScript, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { Emphasis, Fault, Faults, Place, REGISTRY_FAULTS } from './faults';
import { Foreign } from './foreign';
import { Moment } from './ledger';
import { Random } from './random';
import { capped, GROUP, RegistryApp } from './registry-app';
import { RegistryAws } from './registry-aws';
import { monthOf, RegistryInvariant, RegistryRecord, RegistryViolation, registryViolations, startsIn } from './registry-invariants';
import { XGBOOST, packageRequest } from '../harness/model-package';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STACK = 'Registry';
/** How long an execution tries an approval, and what it may take besides. */
const LONGEST_REST_MS = 40 * DAY;
const CAPS = [1, 2, 2, 2, 3, 4];
/** How many versions are approved at once. */
const CROWDS = [1, 1, 1, 2, 3, 5, 25];
/** Where everything may fail for long, and how. Each try of the function makes calls for two minutes, so only what it does not come to may fail for longer. */
const OUTAGES: ReadonlyArray<readonly [Place, readonly Fault[], readonly number[]]> = [
  ['invoke', ['throttled', 'unavailable'], [20 * MINUTE, 5 * HOUR, 3 * DAY, 16 * DAY]],
  ['sagemaker', ['throttled', 'unavailable', 'unanswered', 'denied', 'killed'], [20 * MINUTE, 5 * HOUR, DAY]],
  ['ssm', ['throttled', 'unavailable', 'unanswered', 'denied', 'killed'], [20 * MINUTE, 5 * HOUR, DAY]],
  ['states', ['throttled', 'unavailable', 'unanswered', 'denied', 'killed'], [20 * MINUTE, 5 * HOUR, DAY]],
];

export interface RegistryOutcome {
  readonly seed: number;
  readonly operations: number;
  readonly faults: ReadonlyMap<Fault, number>;
  readonly violations: readonly RegistryViolation[];
  readonly story: readonly string[];
  readonly lateStarts: number;
}

/** One world from its beginning to its end: a registry, whoever approves versions, and what fate does to both. */
export class RegistryLife {
  private readonly random: Random;
  private readonly faults: Faults;
  private readonly aws: RegistryAws;
  private readonly foreign: Foreign;
  private readonly found: RegistryViolation[] = [];
  private readonly registries: RegistryRecord[] = [];
  private readonly story: Moment[] = [];
  private readonly contents = new Map<string, string>();
  private readonly versions: string[] = [];
  private operations = 0;

  constructor(readonly seed: number, private readonly app: RegistryApp, emphasis?: Emphasis) {
    this.random = new Random(seed);
    this.faults = new Faults(this.random, emphasis, REGISTRY_FAULTS);
    this.aws = new RegistryAws(this.random, this.faults, INFERENCE_RECOMMENDATION_JOBS, this.course);
    this.foreign = new Foreign(this.aws);
  }

  public async run(): Promise<RegistryOutcome> {
    await this.foreign.setUp();
    await this.aws.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: GROUP });
    this.aws.publish(this.app);
    await this.advance(this.random.int(0, 30) * DAY);
    for (let round = this.random.int(2, 5); round > 0 && this.found.length === 0; round--) {
      if (!this.living) { await this.deploy(this.random.pick(CAPS)); }
      if (this.found.length === 0) { await this.round(); }
    }
    this.faults.calm = true;
    if (this.found.length === 0) { await this.rest(); }
    if (this.found.length === 0 && this.living) { await this.fill(); }
    if (this.found.length === 0 && this.living && this.random.chance(0.5)) { await this.remove(); }
    return { seed: this.seed, operations: this.operations, faults: this.faults.counts, violations: this.found, story: this.told(), lateStarts: 0 };
  }

  private get living(): RegistryRecord | undefined {
    return this.registries.find(({ deleting }) => deleting === undefined);
  }

  /** Something that happens to a registry, and what may come between. */
  private async round(): Promise<void> {
    const { random, aws: { world: { clock } } } = this;
    if (random.chance(0.1)) { await this.toTheEndOfTheMonth(); }
    if (this.faults.wants('outage', 0.5)) {
      const [place, faults, durations] = random.pick(OUTAGES);
      const [fault, duration] = [random.pick(faults), random.pick(durations)];
      this.tell(`${place} ${fault} for ${duration / HOUR} hours`);
      if (duration > 14 * DAY) { this.aws.longOutage = true; }
      this.faults.breakDown(place, fault, clock.now() + duration);
    }
    if (this.faults.wants('execution aborted', 0.4)) { clock.at(clock.now() + random.int(0, 60) * 1000, () => this.abort()); }
    await this.approve();
    const isDeleted = this.faults.wants('deleted midway', 0.3);
    // So that what an approval has begun is not over before its registry ends.
    if (isDeleted && this.faults.wants('slow', 0.5)) { this.faults.breakDown('sagemaker', 'slow', clock.now() + MINUTE); }
    await this.advance(isDeleted ? random.int(0, 20) * 1000 : random.pick([0, 0, 1000, 10_000, MINUTE, 10 * MINUTE]));
    const next = random.int(1, 10);
    if (isDeleted) { this.faults.strike('deleted midway'); }
    if (isDeleted || next === 3) { await this.remove(); } else if (next <= 2) { await this.deploy(random.pick(CAPS)); }
    if (random.chance(0.5)) { await this.rest(); } else { await this.advance(random.pick([10 * MINUTE, 2 * HOUR, DAY, 6 * DAY])); }
  }

  /** Versions that are new, or one that is approved once more, or twice at once. */
  private async approve(): Promise<void> {
    const { random } = this;
    if (this.versions.length > 0 && random.chance(0.2)) { return this.approveAgain(random.pick(this.versions)); }
    // An outage lets every try of every approval take its time.
    const crowd = Math.min(random.pick(CROWDS), this.faults.severity === 'harsh' && random.chance(0.7) ? 3 : 25);
    const versions: string[] = [];
    while (versions.length < crowd) { versions.push(await this.register()); }
    this.operations++;
    this.tell(`approves ${versions.map(shortened).join(', ')}`);
    await Promise.all(versions.map((version) => this.setStatus(version, 'Approved')));
    this.versions.push(...versions);
    if (random.chance(0.2)) { await this.approveAgain(random.pick(versions)); }
  }

  private async approveAgain(version: string): Promise<void> {
    this.operations++;
    this.tell(`approves ${shortened(version)} once more`);
    for (const status of ['Rejected', 'Approved']) { await this.setStatus(version, status); }
  }

  private async setStatus(ModelPackageArn: string, ModelApprovalStatus: string): Promise<void> {
    await this.aws.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus });
  }

  /** Some have a content of their own, some share one, and some cannot be benchmarked. */
  private async register(): Promise<string> {
    const { random } = this;
    const shared = random.chance(0.3) ? random.int(1, 2) : undefined;
    const isBare = random.chance(0.05);
    // Only what is named after its content is known to be the same.
    const hash = String(shared).repeat(64);
    const named = { Image: `${XGBOOST.split(':')[0]}@sha256:${hash}`, ModelDataUrl: `s3://bucket/${hash}.tar.gz` };
    const { ModelPackageArn } = await this.aws.sagemaker('CreateModelPackage', {
      ModelPackageGroupName: GROUP,
      ModelApprovalStatus: 'PendingManualApproval',
      ...packageRequest({ container: shared === undefined ? {} : named }),
      ...shared !== undefined && { SamplePayloadUrl: `s3://bucket/${hash}.zip` },
      ...isBare && { SamplePayloadUrl: undefined },
    });
    this.contents.set(ModelPackageArn, shared === undefined ? ModelPackageArn : `shared ${shared}`);
    return ModelPackageArn;
  }

  /** Somebody ends an execution that is about to start a job. */
  private async abort(): Promise<void> {
    const { aws, random, faults } = this;
    const running = [...aws.region.stepFunctions.executions.values()].filter(({ status, input }) => status === 'RUNNING' && 'registry' in JSON.parse(input));
    if (running.length === 0 || faults.calm) { return; }
    const { arn } = random.pick(running);
    faults.strike('execution aborted');
    this.tell(`aborts ${arn}`);
    aws.aborted.add(arn);
    await aws.operate('stepFunctions', 'StopExecution', { executionArn: arn });
  }

  /** Time until just before the next month. */
  private async toTheEndOfTheMonth(): Promise<void> {
    const now = new Date(this.aws.world.clock.now());
    const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    await this.advance(Math.max(0, next - now.getTime() - this.random.pick([1, 30, 120, 290, 310, 600, 3600]) * 1000));
  }

  /** Creates the stack, or changes its cap. The creation meets with nothing: that is what the other lifecycles are about. */
  private async deploy(cap: number): Promise<void> {
    const { aws: { region, world: { clock } }, faults, living } = this;
    const calm = faults.calm;
    faults.calm ||= !living;
    const from = clock.now();
    const operation = living ? 'UpdateStack' : 'CreateStack';
    await this.operate(operation, { TemplateBody: capped(this.app, cap), Capabilities: ['CAPABILITY_IAM'] });
    const record = living ?? { stackId: [...region.cloudformation.stacks.values()].pop()!.id, caps: [] };
    if (!living) { this.registries.push(record); }
    if (this.statusOf(record) === 'UPDATE_ROLLBACK_FAILED') {
      faults.calm = true;
      await this.operate('ContinueUpdateRollback', {});
    }
    const status = this.statusOf(record);
    if (!living && status !== 'CREATE_COMPLETE') { this.violate('ended', `the stack is ${status}`); }
    const held = record.caps[record.caps.length - 1];
    record.caps.push({ cap, from, until: status === `${operation === 'CreateStack' ? 'CREATE' : 'UPDATE'}_COMPLETE` ? Infinity : clock.now() });
    if (held && record.caps[record.caps.length - 1].until === Infinity) { held.until = clock.now(); }
    await this.foreign.besideStack(record.stackId);
    faults.calm = calm;
  }

  private async remove(): Promise<void> {
    const { living, faults } = this;
    living!.deleting = this.aws.world.clock.now();
    const { calm } = faults;
    for (let tries = 0; this.statusOf(living!) !== 'DELETE_COMPLETE'; tries++) {
      if (tries === 4) { return this.violate('ended', `the stack is still ${this.statusOf(living!)}`); }
      faults.calm ||= tries > 1;
      await this.operate('DeleteStack', {});
    }
    faults.calm = calm;
  }

  private statusOf({ stackId }: RegistryRecord): string {
    return this.aws.region.cloudformation.stacks.get(stackId)!.status;
  }

  private async operate(operation: string, input: object): Promise<void> {
    const { aws, living } = this;
    const { clock } = aws.world;
    this.operations++;
    this.tell(operation);
    let isDone = false;
    void aws.operate('cloudformation', operation, { StackName: STACK, ...input }).catch((error: Error) => {
      if (!/No updates are to be performed/.test(error.message)) { aws.ledger.wrong.push(`${operation} was refused: ${error.message}`); }
    }).finally(() => { isDone = true; });
    const limit = clock.now() + DAY;
    const inProgress = () => [...aws.region.cloudformation.stacks.values()].some((stack) => stack.inProgress);
    await clock.settled();
    while (!isDone || inProgress()) {
      if (clock.now() > limit || !await clock.step()) { return this.violate('ended', `${operation} is still under way`); }
    }
    this.tell(`${operation}: ${living ? this.statusOf(living) : ''}`);
  }

  /** Until nothing happens any more. */
  private async rest(): Promise<void> {
    const { aws } = this;
    const { clock } = aws.world;
    const limit = clock.now() + LONGEST_REST_MS;
    while (!aws.over) {
      if (clock.now() > limit || !await clock.step()) { return this.violate('ended', 'something still runs'); }
    }
    this.found.push(...registryViolations(aws, this.registries, this.foreign, (version) => this.contents.get(version)!));
  }

  /** A month has room for as many jobs as its cap, whatever happened before. */
  private async fill(): Promise<void> {
    const { living, aws } = this;
    const cap = living!.caps.filter(({ until }) => until === Infinity).pop()!.cap;
    const now = new Date(aws.world.clock.now());
    // All of it in one month.
    if (now.getUTCDate() > 25) { await this.advance(7 * DAY); }
    const month = monthOf(aws.world.clock.now());
    for (let left = cap + 1; left > 0; left--) {
      const { ModelPackageArn } = await aws.sagemaker('CreateModelPackage', { ModelPackageGroupName: GROUP, ModelApprovalStatus: 'Approved', ...packageRequest() });
      this.contents.set(ModelPackageArn, ModelPackageArn);
      this.tell(`approves ${shortened(ModelPackageArn)}`);
    }
    await this.rest();
    const started = startsIn(aws, living!, month).length;
    if (started < cap) { this.violate('slot', `${started} jobs started in ${month}, with a cap of ${cap} and ${cap + 1} approvals`); }
  }

  private advance(ms: number): Promise<void> {
    return this.aws.world.clock.advance(ms);
  }

  private tell(line: string): void {
    this.story.push({ time: this.aws.world.clock.now(), line });
  }

  private violate(invariant: RegistryInvariant, what: string): void {
    this.found.push({ invariant, what });
  }

  private told(): string[] {
    const { aws } = this;
    const events = aws.told.map(({ type, detail, at }) => ({ time: at, line: `${type}: ${detail.Reason ?? detail.Status ?? ''} ${detail.ModelPackageArn ?? detail.JobName ?? ''}` }));
    const starts = aws.starts.map(({ jobName, packageArn, at }) => ({ time: at, line: `started ${jobName} for ${shortened(packageArn)}` }));
    const stacks = [...aws.region.cloudformation.stacks.values()].flatMap(({ name, events: of }) => of.filter(({ logicalId, status }) => (
      logicalId === name || status.endsWith('_FAILED') || status.startsWith('DELETE')
    )).map(({ virtualTime, logicalId, status, reason = '' }) => ({ time: virtualTime, line: `${logicalId} ${status} ${reason.slice(0, 200)}` })));
    return [...events, ...starts, ...stacks, ...this.story, ...aws.ledger.story].sort((a, b) => a.time - b.time)
      .map(({ time, line }) => `${new Date(time).toISOString().slice(0, 19)} ${line}`);
  }

  /** How jobs go. Those of others run for days. */
  private readonly course: CourseScript = (description) => {
    const { random, faults } = this;
    if (description === 'foreign') { return { seconds: 900 * 86_400 }; }
    const course = { seconds: random.int(10, 70) * 60, withoutFirst: random.int(0, 1) === 1 };
    if (!faults.wants('job failed', 0.3)) { return course; }
    faults.strike('job failed');
    return { ...course, failureReason: 'The container did not answer /ping' };
  };
}

function shortened(packageArn: string): string {
  return packageArn.split('/').slice(-2).join('/');
}
