import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import * as modelContract from '../../src/contract/model';
import * as recommend from '../../src/contract/recommend';
import * as replicaContract from '../../src/contract/replica';
import * as scalingContract from '../../src/contract/scaling';
import { INFERENCE_RECOMMENDER } from '../../src/jobs/family';
import { followMachineDefinition } from '../../src/runtime/follow-machine';
import { waitMachineDefinition } from '../../src/runtime/wait-machine';
import { FUNCTIONS, handlers } from '../harness/handlers';
import { SLOTS_PATH } from '../harness/registry';
import { INVOCATIONS, ScaledEndpoint, StackState } from '../harness/scaled-endpoint';
import { RESPONSE_URL, ROLE_ARN, serviceError, STACK_ID } from '../harness/stage';
import * as types from '../harness/types';

/** A sample payload may be given by a pre-signed URL. */
const PAYLOAD_URL = 'https://bucket.s3.amazonaws.com/payload?X-Amz-Security-Token=token&X-Amz-Signature=payload&as=payload.tar.gz';
const SECRETS = [RESPONSE_URL, new URL(RESPONSE_URL).search, 'X-Amz-Signature', 'X-Amz-Security-Token', new URL(PAYLOAD_URL).search];

const LAMBDA = join(__dirname, '..', '..', 'lambda');
const RESOURCE_TYPES = Object.entries({ ...modelContract, ...recommend, ...replicaContract, ...scalingContract, ...types }).filter(([name]) => name.endsWith('_RESOURCE_TYPE')).map(([, type]) => type as string);
const PATH = '/shop/best';


/** A stage that keeps every line and every error that a function can write to its log. */
class Overheard extends ScaledEndpoint {
  public readonly thrown: string[] = [];
  /** What the state machine was told, and tried again. */
  public readonly retried: string[] = [];

  constructor(...given: ConstructorParameters<typeof ScaledEndpoint>) {
    super(...given);
    const invoke = this.own.invoke.bind(this);
    this.own.invoke = (kind: string, payload: object) => invoke(kind, payload).catch((error: unknown) => {
      this.retried.push(said(error));
      throw error;
    });
  }

  /** All handlers, by their folders, on the stage's own services. */
  public get all(): Record<string, (event: any) => Promise<unknown>> {
    return handlers(this.own.deps());
  }

  public async tell(name: string, event: object): Promise<void> {
    let over = false;
    void this.clock.run(() => this.all[name](event)).catch((error) => this.thrown.push(said(error))).finally(() => { over = true; });
    while (!over) { await this.clock.step(); }
  }

  /** With what the stage keeps to itself: the services as its handlers are given them. */
  private get own(): any {
    return this;
  }

  public get words(): string[] {
    return [...this.logs, ...this.thrown, ...this.retried, ...this.answers.map(({ Reason }) => Reason ?? '')];
  }
}

function said(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message} ${error.stack} ${said(error.cause)}` : String(error);
}

function leaks(stage: Overheard): string[] {
  return stage.words.filter((line) => SECRETS.some((secret) => line.includes(secret)));
}

async function stageWithPayload(): Promise<Overheard> {
  return new Overheard(() => ({
    durationSeconds: 600,
    recommendations: [{
      Metrics: { CostPerHour: 0.2, CostPerInference: 1e-7, MaxInvocations: 100, ModelLatency: 5 },
      EndpointConfiguration: { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
      ModelConfiguration: {},
    }],
    failedSteps: [{ failureReason: 'Out of memory', EndpointConfiguration: { InstanceType: 'ml.c5.large' } }],
  })).setUp({ SamplePayloadUrl: PAYLOAD_URL }) as Promise<Overheard>;
}

/** A stack's life, as far as it goes: each resource comes, changes and goes. What fails is answered, or thrown. */
async function live(stage: Overheard): Promise<void> {
  const properties = stage.jobProperties({
    Request: {
      JobType: 'Default',
      RoleArn: ROLE_ARN,
      InputConfig: { ModelPackageVersionArn: stage.packageArn, ContainerConfig: { PayloadConfig: { SamplePayloadUrl: PAYLOAD_URL } } },
    },
  });
  const tell = (name: string, type: string, id: string, request: string, given: object, more: object = {}) =>
    stage.tell(name, stage.event(type, id, request, { SchemaVersion: '1', ...given }, { PhysicalResourceId: id, ...more } as any));
  await stage.tell('start', stage.start('Create', properties));
  const JobName = stage.answers[0]?.Data?.JobName ?? 'unknown';
  await stage.tell('start', stage.wait('Create', { ...properties, JobName }));
  await stage.pass(60);
  const best = { Family: 'InferenceRecommendations', JobName, Objective: 'LowestLatency', EndpointType: 'RealTime', ParameterPath: PATH };
  const model = {
    ModelPackageName: stage.packageArn, InferenceSpecificationName: '', CompilationJobName: '', Environment: '{"A":"1"}', ExecutionRoleArn: ROLE_ARN,
  };
  const replica = { ParameterPath: PATH, Region: 'eu-west-1' };
  const follow = { StateMachineArn: stage.machineArn, JobName, JobLogicalId: 'Job', Recommendations: [{ ...best, LogicalResourceId: 'JobBest' }] };
  const slots = { SlotsPath: SLOTS_PATH };
  await tell('approve', types.APPROVALS_RESOURCE_TYPE, 'Approvals', 'Create', slots);
  for (const packageArn of [stage.packageArn, '']) {
    await stage.tell('approve', {
      eventId: `of${packageArn.length}`,
      time: '2026-01-01T00:00:00Z',
      packageArn,
      execution: `execution${packageArn.length}`,
      registry: {
        ...slots,
        ...properties,
        Family: 'InferenceRecommendations',
        StackId: STACK_ID,
        LogicalResourceId: 'Registry',
        ModelPackageGroupName: 'group',
        Recommendations: [],
        StateMachineArn: stage.machineArn,
      },
    });
  }
  await tell('approve', types.APPROVALS_RESOURCE_TYPE, 'Approvals', 'Delete', slots);
  for (const request of ['Create', 'Update']) {
    await tell('recommend', recommend.RECOMMENDATION_RESOURCE_TYPE, 'JobBest', request, best);
    await tell('recommend', types.RESULTS_RESOURCE_TYPE, 'JobResults', request, { JobName });
    await tell('model', modelContract.MODEL_RESOURCE_TYPE, 'Model', request, model);
    await tell('replica', replicaContract.REPLICA_RESOURCE_TYPE, 'Replica', request, replica, { OldResourceProperties: { ...replica, Region: 'eu-west-2' } });
    await tell('start', types.FOLLOW_RESOURCE_TYPE, 'Follow', request, follow);
  }
  const scaling: StackState = {
    config: 'one', variants: { AllTraffic: 'ml.c5.xlarge' }, properties: { MinCapacity: '1', MaxCapacity: '4', TargetValue: '100', PredefinedMetricType: INVOCATIONS },
  };
  await stage.create(scaling);
  await stage.update({ ...scaling, config: 'two' });
  await stage.remove();
  await stage.pass(60);
  await stage.tell('start', stage.start('Update', { ...properties, Trigger: 'again' }, { PhysicalResourceId: JobName, OldResourceProperties: properties }));
  for (const [name, type, given] of [
    ['start', types.FOLLOW_RESOURCE_TYPE, follow], ['replica', replicaContract.REPLICA_RESOURCE_TYPE, replica], ['model', modelContract.MODEL_RESOURCE_TYPE, model],
    ['recommend', recommend.RECOMMENDATION_RESOURCE_TYPE, best], ['start', types.COMPILATIONS_RESOURCE_TYPE, { JobLogicalId: 'Job' }],
  ] as const) { await tell(name, type, 'Gone', 'Delete', given); }
  await stage.tell('start', stage.start('Delete', properties, { PhysicalResourceId: JobName }));
  await stage.pass(60);
}

test('every function is listened to', async () => {
  const folders = readdirSync(LAMBDA).filter((name) => existsSync(join(LAMBDA, name, 'handler.ts')));
  expect([...FUNCTIONS].sort()).toEqual(folders.sort());
});

test('a life that goes well says no signature', async () => {
  const stage = await stageWithPayload();
  await live(stage);
  expect(stage.thrown).toEqual([]);
  expect(stage.answers.filter(({ Status }) => Status === 'FAILED')).toEqual([]);
  expect(stage.answers.length).toBeGreaterThan(20);
  expect(stage.logs.length).toBeGreaterThan(stage.answers.length);
  expect(leaks(stage)).toEqual([]);
});

test('nor does one in which a call fails, whichever it is', async () => {
  const calm = await stageWithPayload();
  await live(calm);
  const operations = [...new Set(calm.calls.map(({ operation }) => operation))];
  const errors = [serviceError('AccessDeniedException', 'User is not authorized'), serviceError('ThrottlingException', 'Rate exceeded')];
  const heard = new Set<string>();
  for (const operation of operations) {
    for (const error of errors) {
      const stage = await stageWithPayload();
      stage.fail(operation, error, Infinity);
      await live(stage).catch((ended) => stage.thrown.push(said(ended)));
      expect({ operation, error: error.name, leaks: leaks(stage) }).toEqual({ operation, error: error.name, leaks: [] });
      if (stage.words.some((line) => line.includes(error.message))) { heard.add(operation); }
    }
  }
  expect(operations.filter((operation) => !heard.has(operation))).toEqual([]);
});

test('an answer that cannot be put says where to no more than what it is for', async () => {
  const stage = await stageWithPayload();
  // As undici says it of a URL that is none, and of one that it does not reach.
  stage.fail('PutAnswer', new TypeError(`Failed to parse URL from ${RESPONSE_URL}`, { cause: new Error(RESPONSE_URL) }), Infinity);
  await stage.tell('start', stage.start('Create'));
  await stage.tell('model', stage.event(modelContract.MODEL_RESOURCE_TYPE, 'Model', 'Delete', {}, { PhysicalResourceId: 'Model' }));
  expect(stage.thrown).toHaveLength(2);
  expect(stage.thrown.join()).toContain('CloudFormation did not take the answer for Job after 59 tries.');
  expect(leaks(stage)).toEqual([]);
});

test('a URL that is refused is named without its query', async () => {
  const stage = await stageWithPayload();
  const properties = stage.jobProperties();
  const Request = {
    ...properties.Request,
    InputConfig: { ModelPackageVersionArn: stage.packageArn, ContainerConfig: { PayloadConfig: { SamplePayloadUrl: PAYLOAD_URL.replace('&as=payload.tar.gz', '') } } },
  };
  await stage.tell('start', stage.start('Create', { ...properties, Request }));
  expect(stage.answers[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("got: 'https://bucket.s3.amazonaws.com/payload?…'") });
  stage.fail('CreateInferenceRecommendationsJob', serviceError('ValidationException', `Value "${PAYLOAD_URL}" is refused`));
  await stage.tell('start', stage.start('Create'));
  expect(stage.answers[1].Reason).toContain('"https://bucket.s3.amazonaws.com/payload?…"');
  expect(leaks(stage)).toEqual([]);
});

test('what a state machine says of its input is repeated without the URL\'s signature', async () => {
  const stage = await stageWithPayload();
  const address = { ...stage.start('Create'), PhysicalResourceId: 'Job' };
  const failure = { Error: 'States.ParameterPathFailure', Cause: `could not be found in the input '${JSON.stringify({ address })}'` };
  await stage.tell('wait-end', { family: 'InferenceRecommendations', purpose: 'wait', jobName: 'job', jobNames: ['job'], address, failure });
  expect(stage.answers[0].Reason).toContain('The state of job job could not be read: could not be found in the input');
  expect(leaks(stage)).toEqual([]);
});

test('what is not understood is not repeated', async () => {
  for (const name of FUNCTIONS.filter((one) => one !== 'wait-end')) {
    const stage = await stageWithPayload();
    for (const type of RESOURCE_TYPES) {
      for (const request of ['Create', 'Update', 'Delete']) {
        await stage.tell(name, stage.event(type, 'Odd', request, { Odd: RESPONSE_URL, Request: { Odd: PAYLOAD_URL } }, { PhysicalResourceId: 'Odd' }));
      }
    }
    expect(stage.logs.length).toBeGreaterThan(RESOURCE_TYPES.length * 3);
    expect({ name, leaks: leaks(stage) }).toEqual({ name, leaks: [] });
  }
});

test('nor is what a state machine ends with that is of no family, or no input of a wait at all', async () => {
  const stage = await stageWithPayload();
  const address = { ...stage.start('Create'), PhysicalResourceId: 'Odd' };
  for (const family of ['Odd', RESPONSE_URL, undefined]) {
    await stage.tell('wait-end', { family, purpose: 'wait', jobName: RESPONSE_URL, jobNames: [RESPONSE_URL], address, Odd: PAYLOAD_URL });
  }
  expect(stage.answers.map(({ Status, Reason }) => [Status, Reason])).toEqual(['Odd', 'https://cloudformation.example/answer?…', undefined].map((family) => (
    ['FAILED', `The family of jobs is unknown: got '${family}', expected one of InferenceRecommendations, AIRecommendation, AIBenchmark.`])));
  await stage.tell('wait-end', stage.event('Custom::Odd', 'Odd', 'Create', { Odd: RESPONSE_URL, Request: { Odd: PAYLOAD_URL } }));
  expect(stage.thrown).toHaveLength(1);
  expect(stage.logs).toHaveLength(3);
  expect(leaks(stage)).toEqual([]);
});

describe('a state machine hands the URL to its function and to nothing else', () => {
  const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:invoked';
  /** All of an execution's input, or the address in it. */
  const EXPOSES = /^\$(\$|\$\.Execution(\.Input.*)?|\.address.*)?$/;

  test.each<[string, any]>([['waits', waitMachineDefinition('aws', FUNCTION, INFERENCE_RECOMMENDER)], ['follows', followMachineDefinition('aws', FUNCTION, INFERENCE_RECOMMENDER, FUNCTION)]])('that %s', (_what, { States }) => {
    const tasks = Object.values<any>(States).filter(({ Type }) => Type === 'Task');
    const others = tasks.filter(({ Resource }) => Resource !== FUNCTION);
    expect(others.length).toBeGreaterThan(0);
    for (const task of others) {
      // Without parameters a task gets the whole input.
      expect(Object.keys(task.Parameters).length).toBeGreaterThan(0);
      expect(pathsIn(task.Parameters).filter((path) => EXPOSES.test(path))).toEqual([]);
    }
    for (const state of Object.values<any>(States).filter(({ Type }) => Type !== 'Task')) {
      expect(Object.keys(state)).not.toContain('CausePath');
      expect(pathsIn(state.Parameters ?? {}).filter((path) => EXPOSES.test(path))).toEqual([]);
    }
  });

  function pathsIn(value: unknown): string[] {
    if (typeof value === 'string') { return value.match(/\$[$\w.]*/g) ?? []; }
    return Object.values(value as object).flatMap(pathsIn);
  }
});

