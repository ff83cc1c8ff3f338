import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { parametersBelow } from './assembly';
import { callIn, Clients } from './clients';
import { FunctionKind, handlers, kindFor } from './handlers';
import { packageRequest } from './model-package';
import { ACCOUNT, REGION, ROLE_ARN, SCOPE, STACK_ID } from './place';
import { START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from './types';
import { Region, VirtualClock, World } from '../../local-aws';
import { BenchmarkScript, GenerativeScript, publishedBenchmarks } from '../../local-aws/sagemaker';
import { Execution } from '../../local-aws/step-functions';
import { EVENT_SOURCE } from '../../src/contract/events';
import { CopyRequest } from '../../src/contract/replica';
import { Approval, JobProperties, WaitProperties } from '../../src/contract/start';
import { INFERENCE_RECOMMENDER } from '../../src/jobs/family';
import { followMachineDefinition } from '../../src/runtime/follow-machine';
import { waitMachineDefinition } from '../../src/runtime/wait-machine';
import { Random } from '../faults/random';

export { ROLE_ARN, STACK_ID };
export const RESPONSE_URL = 'https://cloudformation.example/answer?X-Amz-Signature=secret';

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Record<string, string>;
}

type EventOverrides = Partial<Record<keyof CloudFormationCustomResourceEvent | 'PhysicalResourceId' | 'OldResourceProperties', any>>;

/**
 * The handlers and the synthesized state machine, in process, on a pure model of SageMaker and Step Functions under a virtual clock.
 * CloudFormation is played by the test: it sends events and reads answers.
 */
export class Stage {
  public readonly world: World;
  public readonly region: Region;
  public readonly answers: Answer[] = [];
  public readonly logs: string[] = [];
  public readonly invocations: Array<{ name: string; time: number }> = [];
  public packageArn = '';
  public machineArn = '';
  public followMachineArn = '';
  /** What the library put on the default bus: `detail-type` and `detail`. */
  public readonly events: Array<{ readonly type: string; readonly detail: any }> = [];
  /** What Lambda says instead of running a function, if it does. */
  public readonly broken = new Map<string, string>();
  public readonly clients = new Clients();
  /** The tags of the stack that the test plays. */
  public stackTags: Array<{ Key: string; Value: string }> = [];
  public stackStatus = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
  /** How far the functions' clock is off that of the services. */
  public skewMs = 0;
  private requests = 0;
  private readonly random = new Random(1);

  /** Without rates, so that a test may count calls. */
  constructor(benchmarks: BenchmarkScript = publishedBenchmarks, generative: Partial<GenerativeScript> = {}) {
    this.world = new World({
      rates: [],
      clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }),
      benchmarks,
      generative,
      lambdaRunner: {
        run: async (fn, payload) => {
          if (fn.functionName === 'listener') {
            const { 'detail-type': type, detail } = payload as any;
            this.events.push({ type, detail });
            return { payload: null };
          }
          this.invocations.push({ name: fn.functionName, time: this.clock.now() });
          const errorType = this.broken.get(fn.functionName);
          if (errorType) { return { error: { errorType, errorMessage: 'The function does not run.' } }; }
          try {
            return { payload: await this.invoke(fn.functionName as FunctionKind, payload) ?? null };
          } catch (error) {
            return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
          }
        },
      },
    });
    this.region = this.world.region(ACCOUNT, REGION);
  }

  public get clock(): VirtualClock {
    return this.world.clock;
  }

  /** But for those that look after jobs. */
  public get executions(): Execution[] {
    return [...this.region.stepFunctions.executions.values()].filter(({ input }) => JSON.parse(input).purpose !== 'watch');
  }

  /** Those that look after jobs. */
  public get watches(): Execution[] {
    return [...this.region.stepFunctions.executions.values()].filter(({ input }) => JSON.parse(input).purpose === 'watch');
  }

  public get calls(): Clients['calls'] {
    return this.clients.calls;
  }

  public get faults(): Clients['faults'] {
    return this.clients.faults;
  }

  /** A registered package, a role, the machine and its function. */
  public async setUp(packageProps: Record<string, unknown> = {}): Promise<this> {
    const { region } = this;
    const trust = (service: string) => ({
      Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    });
    region.iam.createRole('benchmark', trust('sagemaker.amazonaws.com'));
    const machineRole = region.iam.createRole('machine', trust('states.amazonaws.com'));
    machineRole.policies.set('all', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } as any);
    const functionRole = region.iam.createRole('function', trust('lambda.amazonaws.com'));
    const lambda = (functionName: string) => region.lambda.create({ functionName, zip: Buffer.alloc(0), handler: 'index.handler', roleArn: functionRole.arn });
    await this.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'group' });
    this.packageArn = (await this.sagemaker('CreateModelPackage', {
      ModelPackageGroupName: 'group',
      ModelApprovalStatus: 'Approved',
      ...packageRequest({ container: { Image: 'image', Environment: { OWN: 'kept' } } }),
      ...packageProps,
    })).ModelPackageArn;
    const machine = async (name: string, definition: object) => ((await region.stepFunctions.operations.CreateStateMachine({
      name, roleArn: machineRole.arn, definition: JSON.stringify(definition),
    }, callIn(region))) as any).stateMachineArn;
    this.machineArn = await machine('wait', waitMachineDefinition('aws', lambda('wait-end').arn, INFERENCE_RECOMMENDER));
    const [recommend, approve] = ['recommend', 'approve'].map((name) => lambda(name).arn);
    this.followMachineArn = await machine('follow', followMachineDefinition('aws', recommend, { ...INFERENCE_RECOMMENDER, hasApprovals: true }, approve));
    const listener = lambda('listener');
    await region.events.operations.PutRule({ Name: 'all', EventPattern: JSON.stringify({ source: [EVENT_SOURCE] }) }, callIn(region));
    await region.events.operations.PutTargets({ Rule: 'all', Targets: [{ Id: 'listener', Arn: listener.arn }] }, callIn(region));
    return this;
  }

  public sagemaker(operation: string, input: any): Promise<any> {
    return this.clock.run(() => this.region.sagemaker.call(operation, input));
  }

  /** Delivers an event to its handler. What it leaves to the state machine goes on when time does. */
  public deliver(event: CloudFormationCustomResourceEvent): Promise<void> {
    return this.clock.run(async () => { await this.handlers()[kindFor(event.ResourceType)](event); });
  }

  /** Starts the execution that a rule of a registry starts. EventBridge names it, and each delivery is another one. */
  public approve(approval: Omit<Approval, 'execution'>): Promise<void> {
    const { region } = this;
    return this.clock.run(async () => {
      const request = { stateMachineArn: this.followMachineArn, input: JSON.stringify(approval) };
      await region.stepFunctions.operations.StartExecution(request, callIn(region));
    });
  }

  /** Delivers what a rule of a replica sends. */
  public copy(request: CopyRequest): Promise<void> {
    return this.toTheEnd(this.clock.run(async () => { await this.handlers().replica(request); }));
  }

  /** Delivers an event, lets time pass until it is answered, and gives the answer. */
  public async send(event: CloudFormationCustomResourceEvent): Promise<Answer> {
    const before = this.answers.length;
    void this.deliver(event).catch((error) => this.answers.push({ ...event, Status: 'FAILED', Reason: `thrown: ${error}` } as any));
    return this.answerTo(event.RequestId, before);
  }

  /** Delivers an event and lets time pass until its handler has returned or thrown. */
  public async deliverToTheEnd(event: CloudFormationCustomResourceEvent): Promise<void> {
    return this.toTheEnd(this.deliver(event));
  }

  private async toTheEnd(work: Promise<void>): Promise<void> {
    let over = false;
    const handled = work.finally(() => { over = true; });
    handled.catch(() => {});
    while (!over) { await this.clock.step(); }
    return handled;
  }

  /** Lets time pass until a request is answered. */
  public async answerTo(requestId: string, before = 0): Promise<Answer> {
    for (;;) {
      await this.clock.settled();
      const found = this.answers.slice(before).find((answer) => answer.RequestId === requestId);
      if (found) { return found; }
      if (!await this.clock.step()) { throw new Error(`No answer to ${requestId}, and nothing left to happen.`); }
    }
  }

  public pass(minutes: number): Promise<void> {
    return this.clock.advance(minutes * 60_000);
  }

  public jobProperties(overrides: Partial<JobProperties> = {}): JobProperties {
    return {
      SchemaVersion: '1',
      ...SCOPE,
      Request: { JobType: 'Default', RoleArn: ROLE_ARN, JobDescription: 'test', InputConfig: { ModelPackageVersionArn: this.packageArn } },
      ...overrides,
    };
  }

  public start(type: 'Create' | 'Update' | 'Delete', properties: JobProperties = this.jobProperties(), overrides: EventOverrides = {}) {
    return this.event(START_RESOURCE_TYPE, 'Job', type, properties, overrides);
  }

  public wait(type: 'Create' | 'Update' | 'Delete', properties: Partial<WaitProperties>, overrides: EventOverrides = {}) {
    return this.event(WAIT_RESOURCE_TYPE, 'JobWait1', type, { ...this.jobProperties(), JobLogicalId: 'Job', Stage: '1', Stages: '2', ...properties }, overrides);
  }

  public event(
    ResourceType: string, LogicalResourceId: string, RequestType: string, properties: object, overrides: EventOverrides = {},
  ): CloudFormationCustomResourceEvent {
    return {
      RequestType,
      ResponseURL: `${RESPONSE_URL}&X-Amz-Date=${new Date(this.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')}`,
      StackId: STACK_ID,
      RequestId: `request-${++this.requests}`,
      ResourceType,
      LogicalResourceId,
      ServiceToken: 'arn:aws:lambda:us-east-1:111111111111:function:start',
      ResourceProperties: { ServiceToken: 'arn:aws:lambda:us-east-1:111111111111:function:start', ...(/Job|Recommendation$/.test(ResourceType) ? SCOPE : {}), ...properties },
      ...(RequestType === 'Update' ? { OldResourceProperties: {} } : {}),
      ...overrides,
    } as unknown as CloudFormationCustomResourceEvent;
  }

  public fail(operation: string, error: Error, times = 1, afterEffect = false): void {
    this.faults.push({ operation, error, times, afterEffect });
  }

  public count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  /** As a state machine does it. */
  protected invoke(kind: FunctionKind, payload: unknown): Promise<unknown> {
    return this.handlers()[kind](payload);
  }

  /** Cold ones: nothing is kept from one event to the next. */
  protected handlers() {
    return handlers(this.deps());
  }

  protected deps() {
    const { clients, region } = this;
    return {
      sagemaker: clients.sagemaker(region),
      ssm: clients.of(region, 'ssm'),
      // A role is of the account that its ARN names.
      ssmOf: async (name: string, roleArn?: string) => {
        this.calls.push({ operation: 'ssmOf', input: { region: name, roleArn } });
        clients.trip('ssmOf', false);
        return clients.of(this.world.region(roleArn?.split(':')[4] ?? region.account, name), 'ssm');
      },
      stepFunctions: clients.of(region, 'stepFunctions'),
      waitMachineArn: () => this.machineArn,
      objects: clients.objects(region),
      account: clients.account(region),
      stacks: clients.stacks(() => this.stackTags, () => this.stackStatus),
      autoScaling: clients.of(region, 'applicationAutoScaling'),
      alarms: clients.of(region, 'cloudwatch'),
      metrics: clients.of(region, 'cloudwatch'),
      clock: { now: () => this.clock.now() + this.skewMs, sleep: (ms: number) => this.clock.sleep(ms) },
      put: async (url: string, body: string) => {
        clients.trip('PutAnswer', false);
        if (!url.includes(RESPONSE_URL)) { throw new Error(`The answer went to ${url}`); }
        this.answers.push(JSON.parse(body));
        clients.trip('PutAnswer', true);
      },
      log: (entry: object) => { this.logs.push(JSON.stringify(entry)); },
      random: () => this.random.next(),
    };
  }

  /** Values of the parameters below a path, by the rest of their names. */
  public parameters(path: string, region = this.region): Record<string, string> {
    return parametersBelow(region, path);
  }
}

/** An error as the SDK throws it. */
export function serviceError(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
