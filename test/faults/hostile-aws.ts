import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { SIBLING, Synthesized } from './apps';
import { CampaignFamily, CourseScript, WorldJob } from './family';
import { CALL_FAULTS, Faults, sdkError, serviceError } from './faults';
import { Environment, Invocation, Service } from './invocation';
import { contentOf, Ledger, noteDeletedRole, noteStop, RequestRecord } from './ledger';
import { Random } from './random';
import { answerAsSibling, tokenOf } from './sibling';
import { AwsError, Call, Region, VirtualClock, World } from '../../local-aws';
import { InvocationResult, LambdaFunction } from '../../local-aws/lambda';
import { Execution, sdkServices } from '../../local-aws/step-functions';
import { waitMachineVariable } from '../../src/contract/start';
import { accountAnswer, storedAnswer } from '../harness/account';
import { onTheWire, stackOf } from '../harness/clients';
import { FunctionKind, FUNCTIONS, handlers } from '../harness/handlers';
import { ACCOUNT, REGION } from '../harness/place';

/** Lambda tries an event again after so long, twice. */
const RETRIES_MS = [60_000, 120_000];
/** The template's MaximumEventAgeInSeconds; it counts the time that an event waits, not the time that it is worked on. */
const MAX_EVENT_AGE_MS = 900_000;
/** Longer than any real run: requests to CloudFormation are held until their work is done. */
const HOLD_MS = 2 ** 31 - 1;
/** Where a user's tool uploads templates. */
const TEMPLATES = 'templates';

/** The local AWS with the handlers in process, and everything that may go wrong between the two. */
export class HostileAws {
  public readonly world: World;
  public readonly region: Region;
  public readonly ledger = new Ledger();
  /** The operation under way, counted over the lifecycle: what is started belongs to it. */
  public operation = 0;
  /** Deliveries that may still do something. */
  private busy = 0;
  private templates = 0;
  /** Repeated deliveries that are still on their way. The next operation does not wait for them. */
  private late = 0;
  private readonly skewMs: number;
  /** Of its own, so that a seed's faults do not depend on how often a function waits. */
  private readonly jitter = new Random(1);
  /** Of its own as well: what strikes the looks before a job. */
  private readonly trouble = new Random(2);
  /** The warm ones. */
  private readonly environments = new Map<LambdaFunction, Environment[]>();
  private readonly real: { readonly call: Region['sagemaker']['call']; readonly invoke: Region['lambda']['invoke'] };

  /** @param readsObjects Whether the functions may read what objects in S3 are. */
  constructor(
    protected readonly random: Random, readonly faults: Faults, readonly family: CampaignFamily, script: CourseScript,
    readonly readsObjects = family.jobs?.readsArtifacts === true && random.chance(0.6),
  ) {
    this.world = new World({
      clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }),
      holdAnswersMs: HOLD_MS,
      ...family.script?.(script, faults),
      lambdaRunner: { run: (fn, payload) => this.run(fn, payload) },
    });
    this.region = this.world.region(ACCOUNT, 'us-east-1');
    family.install?.(this.world, this.region, script);
    const { sagemaker, lambda, iam } = this.region;
    const deleteRole = iam.deleteRole.bind(iam);
    iam.deleteRole = (name) => {
      noteDeletedRole(this, name);
      deleteRole(name);
    };
    this.real = { call: sagemaker.call.bind(sagemaker), invoke: lambda.invoke.bind(lambda) };
    // Who says who calls is the state machine; CloudFormation's own calls are AWS's own business.
    sagemaker.call = (operation, input, principal) => (principal ? this.poll(operation, input, principal) : this.real.call(operation, input));
    const services = sdkServices(this.region);
    const stacks = services.get('cloudformation')!;
    services.set('cloudformation', {
      ...stacks,
      call: async (...look) => {
        await this.troublePoll();
        return stacks.call(...look);
      },
    });
    lambda.invoke = (name, payload) => this.invoke(name, payload as any);
    lambda.invokeAsync = (name, payload) => { void this.deliver(name, payload as any); };
    this.world.s3.createBucket(TEMPLATES, ACCOUNT, REGION);
    this.skewMs = faults.wants('clock skewed', 0.5) ? random.int(-90, 90) * 1000 : 0;
    if (this.skewMs !== 0) { faults.strike('clock skewed'); }
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
    lambda.create({ functionName: SIBLING, zip: Buffer.from(SIBLING), handler: 'index.handler', roleArn: this.region.iam.createRole(SIBLING, trust).arn });
  }

  public jobs(): WorldJob[] {
    return this.family.jobs?.all(this.region) ?? [];
  }

  public publish({ code }: Pick<Synthesized, 'code'>): void {
    code.forEach(({ bucket, key }) => this.world.s3.putObject(bucket, key, Buffer.from('code')));
  }

  public get quiet(): boolean {
    if (this.busy > 0) { return false; }
    // In express mode, a deploy does not wait for its endpoint and component, and nobody changes one that is not in service.
    const { endpoints, components } = this.region.sagemaker.state;
    const isChanging = [...endpoints.values(), ...components.values()].some(({ status }) => /ing$/.test(status));
    return !isChanging && !this.running().some(({ input }) => JSON.parse(input).purpose !== 'watch');
  }

  /** Nothing can happen any more. */
  public get over(): boolean {
    return this.late === 0 && this.quiet && this.running().length === 0;
  }

  private running(): Execution[] {
    return [...this.region.stepFunctions.executions.values()].filter(({ status }) => status === 'RUNNING');
  }

  /** As the account's user, whose tool uploads templates, as the CDK's does: a request itself takes only a short one. */
  public operate(
    service: 'cloudformation' | 'stepFunctions', operation: string, { TemplateBody: template, ...input }: Record<string, unknown>,
  ): Promise<any> {
    const request = template === undefined ? input : { ...input, TemplateURL: this.uploaded(String(template)) };
    return this.world.clock.run(async () => this.region[service].operations[operation](request, this.call(`arn:aws:iam::${ACCOUNT}:user/faults`)));
  }

  private uploaded(template: string): string {
    const key = `${++this.templates}.template.json`;
    this.world.s3.putObject(TEMPLATES, key, Buffer.from(template));
    return `https://${TEMPLATES}.s3.${REGION}.amazonaws.com/${key}`;
  }

  public sagemaker(operation: string, input: Record<string, unknown>): Promise<any> {
    return this.world.clock.run(() => this.real.call(operation, input));
  }

  /** Whether CloudFormation still waits for the answer to a request. */
  public awaits({ ResponseURL }: Pick<CloudFormationCustomResourceEvent, 'ResponseURL'>): boolean {
    return this.region.cloudformation.customResources.awaits(tokenOf(ResponseURL));
  }

  private call(arn: string): Call {
    return { region: this.region, principal: { account: ACCOUNT, arn }, requestId: 'faults' };
  }

  /** An event of CloudFormation's, as Lambda delivers it: at least once, and again after an error. */
  private async deliver(name: string, event: CloudFormationCustomResourceEvent): Promise<void> {
    const { clock } = this.world;
    const record = this.ledger.ask(event, clock.now());
    const fault = event.ResourceType === 'AWS::CloudFormation::CustomResource' ? undefined : this.faults.at('delivery', clock.now(), event.RequestId);
    if (fault === 'dropped') {
      record.muted = true;
      return;
    }
    if (fault === 'duplicated') {
      const delay = this.random.pick([0, 1, 40, 90, 1200]) * 1000;
      this.late++;
      clock.at(clock.now() + delay, () => {
        this.late--;
        void this.work(async () => { await this.tryEvent(name, event); });
      });
    }
    await this.work(async () => {
      let waited = fault === 'delayed' ? this.random.pick([1, 20, 200]) * 1000 : 0;
      // Nothing answers in the second in which it is asked, and requests have whole seconds.
      await clock.sleep(1000 + waited);
      for (const pause of [...RETRIES_MS, undefined]) {
        if (await this.tryEvent(name, event) || pause === undefined || (waited += pause) > MAX_EVENT_AGE_MS) { return; }
        await clock.sleep(pause);
      }
    });
  }

  /** Whether there is no reason to try again. */
  private async tryEvent(name: string, event: CloudFormationCustomResourceEvent): Promise<boolean> {
    try {
      return !(await this.real.invoke(name, event)).error;
    } catch {
      return true; // The function is gone, with its stack.
    }
  }

  private async work(what: () => Promise<void>): Promise<void> {
    this.busy++;
    await this.world.clock.run(what).finally(() => { this.busy--; });
  }

  private async poll(...[operation, input, principal]: Parameters<Region['sagemaker']['call']>): Promise<any> {
    await this.troublePoll();
    return this.real.call(operation, input, principal);
  }

  private async troublePoll(): Promise<void> {
    const fault = this.faults.at('poll', this.world.clock.now());
    if (fault === 'slow') { await this.world.clock.sleep(this.faults.slowness); } else if (fault) { throw serviceError(fault); }
  }

  /** The state machine invokes a function. */
  private async invoke(name: string, payload: any): Promise<InvocationResult> {
    const fault = this.faults.at('invoke', this.world.clock.now(), this.requestOf(payload)?.event.RequestId);
    if (fault && fault !== 'unanswered') { throw serviceError(fault); }
    const result = await this.real.invoke(name, payload);
    if (fault) { throw serviceError('unavailable'); }
    return result;
  }

  private log(line: string): void {
    this.ledger.logs.push(line);
    this.ledger.story.push({ time: this.world.clock.now(), line });
  }

  /** In an environment that is warm where one is: what a handler keeps from one event to the next is kept here too. */
  private async run(fn: LambdaFunction, payload: any): Promise<InvocationResult> {
    const kind = fn.handler.split('.')[0] as FunctionKind;
    if (!FUNCTIONS.includes(kind)) { return answerAsSibling(payload, this.region).then(() => ({})); }
    const warm = this.environments.get(fn) ?? [];
    this.environments.set(fn, warm);
    const environment = warm.pop() ?? this.environment(fn, kind);
    environment.request = this.requestOf(payload);
    environment.invocation = new Invocation(fn, this.world.clock, environment.request !== undefined && this.awaits(environment.request.event));
    const result = await environment.invocation.result(() => environment.handler(payload), (line) => this.log(line));
    if (!environment.invocation.killed) { warm.push(environment); }
    return result;
  }

  /** The machine's events name the request that they belong to. None is behind what looks after a job. */
  protected requestOf(payload: any): RequestRecord | undefined {
    return this.ledger.requests.get(payload.RequestId ?? payload.address?.RequestId ?? payload.request?.RequestId);
  }

  private environment(fn: LambdaFunction, kind: FunctionKind): Environment {
    const environment = { fn, kind } as Environment;
    const client = (service: Service): any => ({ send: (command: any) => this.send(service, command, environment) });
    const deps = {
      sagemaker: client('sagemaker'),
      stepFunctions: client('states'),
      ssm: client('ssm'),
      objects: client('s3'),
      stored: client('s3'),
      account: { send: (command: any) => this.look(command, environment) },
      stacks: { // Struck by chances of its own, so that a seed's other faults stay as they are.
        send: async ({ input }: any) => (this.jitter.chance(0.1) ? Promise.reject(sdkError('throttled', 'DescribeStacks')) : stackOf(this.call(fn.roleArn), input)),
      },
      autoScaling: client('application-autoscaling'),
      alarms: client('monitoring'),
      waitMachineArn: (family: string) => fn.environment[waitMachineVariable(family)],
      clock: { now: () => this.world.clock.now() + this.skewMs, sleep: (ms: number) => environment.invocation.sleep(ms) },
      put: (url: string, body: string) => this.put(url, body, environment),
      log: (entry: object) => this.log(JSON.stringify(entry)),
      random: () => this.jitter.next(),
    };
    environment.handler = handlers(deps, this.family.bundled)[kind];
    return environment;
  }

  private async send(service: Service, command: any, environment: Environment): Promise<any> {
    const { kind, request, invocation } = environment;
    const operation: string = command.constructor.name.replace(/Command$/, '');
    // IAM is slow to tell of a role at the stack's beginning, and that is long over when a wait ends.
    const struck = this.faults.at(service, this.world.clock.now(), request?.event.RequestId);
    const fault = struck === 'denied' && kind !== 'start' && kind !== 'approve' ? 'throttled' : struck;
    const perform = () => this.perform(service, operation, onTheWire(command.input), environment);
    if (fault === undefined) { return perform(); }
    if (fault === 'slow') {
      await invocation.sleep(this.faults.slowness);
      return perform();
    }
    if ((fault === 'unanswered' || fault === 'killed') && this.random.chance(0.7)) { await perform().catch(() => {}); }
    return fault === 'killed' ? invocation.kill() : Promise.reject(sdkError(fault, `${service}:${operation}`));
  }

  protected async perform(service: Service, operation: string, input: any, { fn, request, invocation }: Environment): Promise<any> {
    const call = this.call(fn.roleArn);
    if (service === 's3') { return 'isAllowed' in input ? this.etagOf(input.address) : storedAnswer(call, operation, input); }
    try {
      this.region.iam.check(call, service, operation, input);
      const { stepFunctions: states, ssm, applicationAutoScaling, cloudwatch: monitoring } = this.region;
      const rooms = { states, ssm, monitoring, 'application-autoscaling': applicationAutoScaling };
      const output = await (service === 'sagemaker' ? this.real.call(operation, input, call.principal) : rooms[service].operations[operation](input, call));
      const { create, stop, delete: erase, nameMember = '' } = this.family.jobs?.operations ?? {};
      if (operation === stop || operation === erase) { noteStop(this, input[nameMember], fn.roleArn, operation); }
      if (operation === create) { this.started(input[nameMember], request!, invocation); }
      if (service === 'sagemaker') { this.ledger.called.push({ operation, input, roleArn: fn.roleArn, late: !invocation.wanted }); }
      if (operation === 'StartExecution') { request!.executions = [...states.executions.values()].filter((one) => one.input.includes(request!.event.RequestId)).length; }
      if (service === 'ssm' && !operation.startsWith('Get')) { request!.writes.push({ began: invocation.began, at: this.world.clock.now() }); }
      return output;
    } catch (error) {
      if (error instanceof AwsError) { throw Object.assign(error, { $metadata: { httpStatusCode: error.status } }); }
      throw error;
    }
  }

  /**
   * What a function looks at before a job starts. Struck by chances of its own, too, and however badly: nothing may come of it, so no strike is counted
   * but that of a function that is killed.
   */
  private async look(command: any, { fn, request, invocation }: Environment): Promise<unknown> {
    const { operation, input } = command;
    const fault = this.trouble.chance(this.faults.calm ? 0 : 0.25) ? this.trouble.pick(CALL_FAULTS) : undefined;
    if (fault === 'slow') { await invocation.sleep(this.trouble.pick([200, 2_000, 10_000])); }
    if (fault === 'killed' && this.faults.severity === 'harsh' && this.trouble.chance(0.1)) {
      this.faults.strike(fault, request?.event.RequestId);
      return invocation.kill();
    }
    if (fault !== undefined && fault !== 'slow' && fault !== 'killed') { throw sdkError(fault, `account:${operation}`); }
    // Nothing is in the buckets of this world.
    if (operation === 'GetObjectBeginning' || operation === 'LookBelow') { return 'unreadable'; }
    return accountAnswer(this.call(fn.roleArn), operation, input);
  }

  /** The bytes of two objects are the same if their addresses say so. */
  public etagOf(address: string): string | undefined {
    return this.readsObjects ? `"${address.replace('copy-of-', '')}"` : undefined;
  }

  protected started(jobName: string, { event }: RequestRecord, { wanted }: Invocation): void {
    const { StackId: stackId, RequestId: requestId, LogicalResourceId, ResourceProperties } = event;
    this.ledger.starts.push({
      jobName,
      stackId,
      requestId,
      operation: this.operation,
      ...contentOf(this, stackId, LogicalResourceId, ResourceProperties),
      late: !wanted,
      givenUp: !this.awaits(event),
    });
  }

  private async put(url: string, body: string, { request, invocation }: Environment): Promise<void> {
    const { clock } = this.world;
    const fault = this.faults.at('put', clock.now(), request!.event.RequestId);
    const deliver = () => {
      request!.answers.push({ body, at: clock.now(), taken: this.awaits(request!.event), began: invocation.began });
      if (!this.region.cloudformation.respond(tokenOf(url), body)) { throw new Error('CloudFormation refused the answer with status 403.'); }
    };
    if (fault === 'killed') {
      if (this.random.chance(0.5)) { deliver(); }
      return invocation.kill();
    }
    if (fault === 'answer refused') { throw new Error('CloudFormation refused the answer with status 503.'); }
    deliver();
    if (fault) { throw new Error('The connection was lost.'); }
  }
}
