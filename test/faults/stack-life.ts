import { AppName, IDS, OBJECTIVES, Parameters, PARAMETERS, PATH, Synthesized } from './apps';
import { Express } from './express';
import { Fault, Faults, INTERFERENCES } from './faults';
import { Foreign } from './foreign';
import { HostileAws } from './hostile-aws';
import { Moment } from './ledger';
import { Random } from './random';
import { Resource, Stack } from '../../local-aws/cloudformation';
import { stackPrefix } from '../../src/contract/job-name';
import { isNonTerminal } from '../../src/service/job-status';

/** One of CloudFormation's operations on a stack. */
export interface Step {
  readonly operation: 'CreateStack' | 'UpdateStack' | 'DeleteStack' | 'RollbackStack' | 'ContinueUpdateRollback';
  readonly input?: Readonly<Record<string, unknown>>;
}

const VALUES: Readonly<Record<keyof Parameters, readonly string[]>> = {
  Content: ['one', 'two'], Artifact: ['a', 'copy-of-a', 'b'], Trigger: ['first', 'second', 'third'], Team: ['blue', 'green'], Sibling: ['well', 'very well'],
};
const COMPLETE = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

/** One stack, from its creation on, and what its user does with it. */
export class StackLife {
  /** What was done, for whoever replays a lifecycle. */
  public readonly story: Moment[] = [];
  /** A rollback that left resources as they were: what they are is no longer the library's doing. */
  public skipped = false;
  /** An update in express mode cleans up while the endpoint still has its old configuration, so that and its model may be left. */
  public hurried = false;
  private parameters: Parameters = { ...PARAMETERS };
  private objective: typeof OBJECTIVES[number] = 'cost';
  private id: typeof IDS[number] = 'Job';
  private working = false;
  private cancels: Array<() => void> = [];
  private readonly express: Express;

  constructor(
    private readonly aws: HostileAws, readonly name: string, readonly appName: AppName, readonly app: Synthesized,
    private readonly random: Random, private readonly faults: Faults, private readonly foreign: Foreign,
  ) {
    aws.publish(app);
    this.express = new Express(random);
  }

  /** The newest stack of the name. */
  public get record(): Stack | undefined {
    return [...this.aws.region.cloudformation.stacks.values()].filter(({ name }) => name === this.name).pop();
  }

  public get status(): string {
    return this.record?.status ?? 'DELETE_COMPLETE';
  }

  public get atRest(): boolean {
    return !this.working && !this.record?.inProgress;
  }

  /** Begins an operation, and whatever shall come between. */
  public begin(step: Step): void {
    this.working = true;
    this.skipped = (this.skipped && step.operation !== 'UpdateStack' && step.operation !== 'CreateStack') || 'ResourcesToSkip' in (step.input ?? {});
    this.hurried ||= step.operation === 'UpdateStack' && 'DeploymentConfig' in (step.input ?? {});
    void this.operate(step.operation, step.input).finally(() => { this.working = false; });
    this.cancels = INTERFERENCES.filter((kind) => this.faults.wants(kind, 0.4)).map((kind) => {
      const { clock } = this.aws.world;
      return clock.at(clock.now() + this.random.int(0, this.random.pick([1, 5, 60, 140]) * 60) * 1000, () => this.interfere(kind));
    });
  }

  public end(): void {
    this.cancels.forEach((cancel) => cancel());
    this.cancels = [];
  }

  /** What a user may do next. */
  public next(): Step {
    const { random, status } = this;
    if (status === 'DELETE_COMPLETE') { return this.create(); }
    if (COMPLETE.test(status)) { return random.chance(0.85) ? this.update(!this.replaces && random.chance(0.25)) : { operation: 'DeleteStack' }; }
    if (status === 'CREATE_FAILED' || status === 'UPDATE_FAILED') {
      return random.chance(0.5) ? this.update(true, random.chance(0.7)) : { operation: random.chance(0.6) && !this.isExpress ? 'RollbackStack' : 'DeleteStack' };
    }
    return status === 'UPDATE_ROLLBACK_FAILED' && random.chance(0.8) ? this.continueRollback(random.chance(0.3)) : { operation: 'DeleteStack' };
  }

  /** A clean-up that fails leaves package versions and roles behind, and fails nothing; what they are in says so, and a person deletes them. */
  public async tidy(): Promise<void> {
    // As its message says: another stack runs the job, which has no results yet, or runs longer than this stack lets it.
    if (this.failures.some(({ reason }) => /only a job that (has completed|is over) has|because others need it/.test(reason ?? ''))) { await this.aws.world.clock.advance(6 * 3_600_000); }
    // A role of a renamed job that was left behind has the policy of all jobs.
    for (const { physicalId = '' } of this.failures.filter(({ reason }) => reason?.includes('Cannot delete a policy attached to entities'))) {
      this.aws.region.iam.rolesWith(physicalId).forEach((name) => this.aws.region.iam.detach(name, physicalId));
    }
    // And a policy of a renamed job that was left behind is still on the functions' roles, of which one is told at a time.
    if (this.failures.some(({ reason }) => reason?.includes('must detach all policies first'))) {
      const { iam } = this.aws.region;
      const roles = [...this.record!.resources.values()].filter(({ type, status, physicalId }) => type === 'AWS::IAM::Role' && status !== 'DELETE_COMPLETE' && physicalId);
      for (const { physicalId: role = '' } of roles) {
        const { policies, attached } = iam.named(role);
        [...policies.keys()].forEach((name) => iam.deleteRolePolicy(role, name));
        [...attached].forEach((arn) => iam.detach(role, arn));
      }
    }
    // A repeated delivery that is cut short while a Delete clears the path leaves parameters that belong to nobody.
    if (this.failures.some(({ reason }) => reason?.includes('has parameters that no recommendation wrote'))) {
      const { ssm } = this.aws.region;
      [...ssm.parameters.keys()].filter((name) => name.startsWith(`${PATH}/${this.name}/`)).forEach((name) => ssm.parameters.delete(name));
    }
    for (const { reason } of this.failures) { await this.aws.family.tidy?.(this.aws, reason ?? ''); }
    if (!this.failures.some(({ reason }) => reason?.includes('still contains Model Package'))) { return; }
    for (const { arn } of this.aws.region.sagemaker.state.packages.values()) {
      if (arn.includes(stackPrefix(this.record!.id))) { await this.aws.sagemaker('DeleteModelPackage', { ModelPackageName: arn }); }
    }
  }

  /** What brings a stack that failed to what its user wanted; nothing when there is nothing to do. */
  public recovery(): Step | undefined {
    const { status } = this;
    // As its message says.
    const isGone = this.failures.some(({ reason }) => /Change the job's ['`]trigger['`]/.test(reason ?? ''));
    if (isGone) { this.parameters = { ...this.parameters, Trigger: `again ${this.story.length}` }; }
    if (status === 'UPDATE_FAILED' && this.replaces) { return { operation: this.isExpress ? 'DeleteStack' : 'RollbackStack' }; }
    if (status === 'CREATE_FAILED' || status === 'UPDATE_FAILED') { return this.update(true, true); }
    if (status === 'UPDATE_ROLLBACK_FAILED') { return this.continueRollback(this.failures.some(({ reason }) => reason?.includes('skip this resource'))); }
    return COMPLETE.test(status) || status === 'DELETE_COMPLETE' ? undefined : { operation: 'DeleteStack' };
  }

  /** Whether a change may replace a resource, which CloudFormation refuses without rollback. */
  private get replaces(): boolean {
    return this.appName === 'endpoint' || this.aws.family.replaces === true;
  }

  /** Whether it failed in express mode, which then cannot be left. */
  private get isExpress(): boolean {
    return this.record!.paused && this.record!.express;
  }

  private create(): Step {
    if (this.random.chance(0.3)) { this.change(true); }
    this.parameters = { ...this.parameters, Sibling: this.sibling() };
    return { operation: 'CreateStack', input: { ...this.definition(), ...this.express.creation(this.random.pick(['ROLLBACK', 'ROLLBACK', 'DO_NOTHING', 'DELETE'])) } };
  }

  private update(disableRollback: boolean, unchanged = false): Step {
    const state = () => JSON.stringify([this.parameters, this.objective, this.id]);
    const before = state();
    // Without rollback nothing may be replaced, and another content is another model package.
    const { Content, Artifact } = this.record!.definition.parameters;
    const kept = disableRollback ? { Content: Content.value as string, Artifact: Artifact.value as string } : {};
    this.parameters = { ...this.parameters, ...kept, Sibling: this.sibling() };
    while (!unchanged && before === state()) { this.change(!disableRollback); }
    return { operation: 'UpdateStack', input: { ...this.definition(), ...this.express.update(disableRollback, this.isExpress) } };
  }

  private continueRollback(skip: boolean): Step {
    // CloudFormation names those at which the rollback failed, and lets nothing else be skipped.
    return { operation: 'ContinueUpdateRollback', input: skip ? { ResourcesToSkip: [...this.record!.unrestored] } : {} };
  }

  private get failures(): Resource[] {
    return [...this.record?.resources.values() ?? []].filter(({ status }) => status.endsWith('_FAILED'));
  }

  private sibling(): string {
    if (!this.faults.wants('sibling failed', 0.3)) { return this.parameters.Sibling.startsWith('fails') ? 'well' : this.parameters.Sibling; }
    this.faults.strike('sibling failed');
    return `fails after ${this.random.pick([0, 1, 10, 14])}`;
  }

  private change(mayReplace: boolean): void {
    for (let changes = this.random.int(1, 2); changes > 0; changes--) {
      const what = this.random.pick(['Trigger', 'Trigger', 'Team', 'Sibling', 'objective', 'id', ...mayReplace ? ['Content', 'Artifact'] as const : []] as const);
      switch (what) {
        case 'objective': this.objective = this.random.pick(OBJECTIVES); break;
        case 'id': this.id = this.random.pick(IDS); break;
        default: this.parameters = { ...this.parameters, [what]: this.random.pick(VALUES[what]) };
      }
    }
  }

  private definition() {
    return {
      TemplateBody: this.app.template(`${this.objective} ${this.id}`).replaceAll(`${PATH}/stack`, `${PATH}/${this.name}`),
      Parameters: Object.entries(this.parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Capabilities: ['CAPABILITY_IAM'],
    };
  }

  private async operate(operation: string, input: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { TemplateBody: _template, Parameters: given, Capabilities: _capabilities, ...told } = input as any;
    this.tell(`${operation} ${JSON.stringify({ ...told, ...given && { ...this.parameters, objective: this.objective, id: this.id } })}`);
    await this.aws.operate('cloudformation', operation, { StackName: this.record?.deleted === false ? this.record.id : this.name, ...input })
      .catch((error: Error) => {
        this.tell(`refused: ${error.message}`);
        // Asked for at random, some come too late. What the user does is never refused but for this.
        if (operation !== 'CancelUpdateStack' && operation !== 'DeleteStack' && !/No updates are to be performed/.test(error.message)) {
          this.aws.ledger.wrong.push(`${operation} was refused: ${error.message}`);
        }
      });
    this.tell(this.status);
  }

  private tell(what: string): void {
    this.story.push({ time: this.aws.world.clock.now(), line: `${this.name} ${what}` });
  }

  /** Called with the clock held, at some moment of an operation. */
  private async interfere(kind: Fault): Promise<void> {
    const { record, aws: { region, ledger, faults } } = this;
    if (!record || faults.calm) { return; }
    const { family: { jobs } } = this.aws;
    const own = this.aws.jobs()
      .filter(({ name }) => ledger.starts.some(({ jobName, stackId }) => jobName === name && stackId === record.id));
    const running = own.filter(({ phase }) => isNonTerminal(phase));
    const executions = [...region.stepFunctions.executions.values()].filter(({ status, input }) => status === 'RUNNING' && input.includes(record.id) && JSON.parse(input).purpose !== 'watch');
    if (kind === 'update cancelled' && record.status === 'UPDATE_IN_PROGRESS') {
      void this.operate('CancelUpdateStack');
    } else if (kind === 'deleted midway' && record.status === 'CREATE_IN_PROGRESS') {
      void this.operate('DeleteStack');
    } else if (kind === 'execution aborted' && executions.length > 0) {
      const { arn, input } = this.random.pick(executions);
      const { address, request } = JSON.parse(input);
      ledger.requests.get((address ?? request).RequestId)!.muted = true;
      await this.aws.operate('stepFunctions', 'StopExecution', { executionArn: arn });
    } else if (kind === 'job stopped' && running.length > 0) {
      const { name } = this.random.pick(running);
      ledger.stopped.add(name);
      await this.aws.sagemaker(jobs!.operations.stop, { [jobs!.operations.nameMember]: name }).catch(() => {});
    } else if (kind === 'job vanished' && own.length > 0) {
      const { name } = this.random.pick(own);
      ledger.vanished.add(name);
      jobs!.drop(region, name);
      // Only in the whole account may another stack have a job of that name.
      if (this.appName === 'shared' && this.random.chance(0.5)) { await this.foreign.takeOver(name); }
    } else {
      return;
    }
    faults.strike(kind);
    this.tell(kind);
  }
}
