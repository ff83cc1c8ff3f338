import { readdirSync } from 'fs';
import { join } from 'path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Model } from '../../../src';
import { ACCOUNT, deployed, idOf, idsOf, importedPackage, jobIn, newStack, ofType, only, Resource, Resources, SCRATCH } from '../../harness/constructs';

/** A ServiceToken that changes is refused, a log group or role of another id is replaced: these ids stay for ever. */
const FROZEN = {
  InferenceRecommenderRuntimeLogs53B5CA90: 'AWS::Logs::LogGroup',
  InferenceRecommenderRuntimeBenchmarkPolicy45479C32: 'AWS::IAM::ManagedPolicy',
  InferenceRecommenderRuntimeStartFunctionA13D3F5B: 'AWS::Lambda::Function',
  InferenceRecommenderRuntimeStartFunctionEventInvokeConfig74A2FCD9: 'AWS::Lambda::EventInvokeConfig',
  InferenceRecommenderRuntimeStartRole2F859ECC: 'AWS::IAM::Role',
  InferenceRecommenderRuntimeWaitEndFunctionC8936C05: 'AWS::Lambda::Function',
  InferenceRecommenderRuntimeWaitEndRole1E8DD0DB: 'AWS::IAM::Role',
  InferenceRecommenderRuntimeRecommendFunction58BC510A: 'AWS::Lambda::Function',
  InferenceRecommenderRuntimeRecommendRoleED71E575: 'AWS::IAM::Role',
  InferenceRecommenderRuntimeWait79F3E016: 'AWS::StepFunctions::StateMachine',
  InferenceRecommenderRuntimeWaitRole067F03A9: 'AWS::IAM::Role',
  InferenceRecommenderRuntimeWatchesFAEED264: 'Custom::InferenceRecommendationsJobWatches',
};
const FROZEN_OF_MODELS = {
  InferenceRecommenderRuntimeModelFunction0BDF006A: 'AWS::Lambda::Function',
  InferenceRecommenderRuntimeModelRole9F926845: 'AWS::IAM::Role',
};

function stackOfJobs(count: number): Stack {
  const stack = newStack();
  for (let n = 1; n <= count; n++) { jobIn(stack, {}, `Job${n}`).addRecommendation('Best'); }
  return stack;
}

function stackWithModel(): Stack {
  const stack = newStack();
  new Model(stack, 'Model', { recommendation: jobIn(stack).addRecommendation('Best') });
  return stack;
}

function runtimeOf(resources: Resources): Record<string, string> {
  return Object.fromEntries(Object.entries(resources).filter(([id]) => id.startsWith('InferenceRecommenderRuntime')).map(([id, { Type }]) => [id, Type]));
}

describe('the resources of a stack', () => {
  test('logical ids of the runtime are frozen', () => {
    expect(runtimeOf(deployed(stackOfJobs(1)))).toEqual(FROZEN);
  });

  test('so are those of the model function, which only a stack has that makes a model from a recommendation', () => {
    expect(runtimeOf(deployed(stackWithModel()))).toEqual({ ...FROZEN, ...FROZEN_OF_MODELS });
  });

  test('a model of a package needs no runtime at all', () => {
    const stack = newStack();
    new Model(stack, 'Model', { modelPackage: importedPackage(stack) });
    expect(runtimeOf(deployed(stack))).toEqual({});
  });

  test.each([1, 2, 5])('%i jobs share 12 resources; each has 6 of its own: a role with its policy, a start, two stages, a recommendation', (jobs) => {
    const resources = deployed(stackOfJobs(jobs));
    expect(Object.keys(runtimeOf(resources))).toHaveLength(12);
    expect(Object.keys(resources)).toHaveLength(12 + 6 * jobs);
    for (let n = 1; n <= jobs; n++) {
      const types = Object.entries(resources).filter(([id]) => id.startsWith(`Job${n}`)).map(([, { Type }]) => Type);
      expect(types.sort()).toEqual([
        'AWS::IAM::Policy', 'AWS::IAM::Role', 'Custom::InferenceRecommendation', 'Custom::InferenceRecommendationsJob',
        'Custom::InferenceRecommendationsJobWait', 'Custom::InferenceRecommendationsJobWait',
      ]);
    }
  });

  test('a second recommendation of a job is one more resource', () => {
    const stack = newStack();
    const job = jobIn(stack);
    job.addRecommendation('Cheapest');
    job.addRecommendation('Fastest');
    expect(Object.keys(deployed(stack))).toHaveLength(12 + 7);
  });

  test('each stack of an app has a runtime of its own, a nested one too', () => {
    const parent = new Stack(new App({ outdir: join(SCRATCH, 'nested'), context: { 'aws:cdk:disable-asset-staging': true } }), 'Parent');
    const nested = new NestedStack(parent, 'Nested');
    jobIn(parent);
    jobIn(nested);
    expect(runtimeOf(deployed(nested))).toEqual(FROZEN);
    expect(runtimeOf(deployed(parent))).toEqual(FROZEN);
  });
});

describe('the functions', () => {
  const resources = deployed(stackWithModel());
  const functions = idsOf(resources, 'AWS::Lambda::Function').map((id): [string, Resource] => [id, resources[id]]);

  test.each(functions)('%s runs on Node 24, logs to the group that all share, and has its permissions in its role, which it waits for', (id, { Properties, DependsOn }) => {
    const role = idOf(resources, `InferenceRecommenderRuntime${/Runtime(\w+)Function/.exec(id)![1]}Role`);
    expect(Properties.Runtime).toBe('nodejs24.x');
    expect(Properties.LoggingConfig).toEqual({ LogGroup: idOf(resources, 'InferenceRecommenderRuntimeLogs') });
    expect(Properties.Role).toBe(`arn:aws:iam::${ACCOUNT}:role/${role}`);
    expect(resources[role].Properties.Policies.map(({ PolicyName }: any) => PolicyName)).toEqual(['Policy']);
    expect(DependsOn).toBeUndefined();
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('only the start function is told of the state machine', () => {
    expect(functions.flatMap(([id, { Properties }]) => (Properties.Environment ? [[id, Properties.Environment.Variables]] : []))).toEqual([
      ['InferenceRecommenderRuntimeStartFunctionA13D3F5B', { InferenceRecommendations_WAIT_MACHINE_ARN: expect.stringMatching(/:stateMachine:InferenceRecommenderRuntimeWait79F3E016$/) }],
    ]);
  });

  test('their log group keeps its lines for 90 days and goes with the stack', () => {
    expect(only(resources, 'AWS::Logs::LogGroup')).toMatchObject({ Properties: { RetentionInDays: 90 }, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

test('an event for the start function that comes after a quarter of an hour is dropped: nobody would wait for its job', () => {
  expect(only(deployed(stackOfJobs(1)), 'AWS::Lambda::EventInvokeConfig').Properties)
    .toMatchObject({ FunctionName: 'InferenceRecommenderRuntimeStartFunctionA13D3F5B', MaximumEventAgeInSeconds: 900 });
});

describe('the state machine', () => {
  const resources = deployed(stackOfJobs(1));
  const machine = only(resources, 'AWS::StepFunctions::StateMachine');
  const definition = JSON.parse(machine.Properties.DefinitionString);

  test('is a standard one with a role of its own, which has its permissions in itself', () => {
    expect(machine.Properties).not.toHaveProperty('StateMachineType');
    expect(machine.Properties.RoleArn).toMatch(/:role\/InferenceRecommenderRuntimeWaitRole067F03A9$/);
    expect(resources.InferenceRecommenderRuntimeWaitRole067F03A9.Properties.Policies).toHaveLength(1);
  });

  test('polls and looks at its stack through the SDK integrations of its partition, and ends waits through the function', () => {
    const tasks = Object.values<any>(definition.States).filter(({ Type }) => Type === 'Task').map(({ Resource: task }) => task);
    expect(new Set(tasks)).toEqual(new Set([
      'arn:aws:states:::aws-sdk:sagemaker:listInferenceRecommendationsJobs',
      'arn:aws:states:::aws-sdk:sagemaker:describeInferenceRecommendationsJob',
      'arn:aws:lambda:us-east-1:111111111111:function:InferenceRecommenderRuntimeWaitEndFunctionC8936C05',
      'arn:aws:states:::aws-sdk:cloudformation:describeStacks',
      'arn:aws:states:::aws-sdk:cloudformation:describeStackResource',
      'arn:aws:states:::events:putEvents',
    ]));
  });

  test('has no more in its loop than Task, Choice and Wait', () => {
    const { StartAt, States } = definition;
    const { Choices } = States[States[StartAt].Next];
    const loop = [StartAt, States[StartAt].Next, Choices[Choices.length - 1].Next];
    expect(loop.map((name) => States[name].Type)).toEqual(['Task', 'Choice', 'Wait']);
    expect(States[loop[2]].Next).toBe(StartAt);
  });
});

test('a custom resource is answered by the function that its handler is in', () => {
  const resources = deployed(stackWithModel());
  const tokens = Object.values(resources).filter(({ Type }) => Type.startsWith('Custom::'))
    .map(({ Type, Properties }) => [Type, /Runtime(\w+)Function/.exec(Properties.ServiceToken)![1]]);
  expect(Object.fromEntries(tokens)).toEqual({
    'Custom::InferenceRecommendationsJob': 'Start',
    'Custom::InferenceRecommendationsJobWait': 'Start',
    'Custom::InferenceRecommendationsJobWatches': 'Start',
    'Custom::InferenceRecommendation': 'Recommend',
    'Custom::InferenceRecommendationModel': 'Model',
  });
});

test('every custom resource carries the schema\'s version and says how long it may take', () => {
  const custom = Object.values(deployed(stackWithModel())).filter(({ Type }) => Type.startsWith('Custom::'));
  expect(custom).toHaveLength(6);
  for (const { Type, Properties } of custom) {
    const others: Record<string, string> = {
      'Custom::InferenceRecommendationsJob': '3600',
      'Custom::InferenceRecommendationsJobWait': '3600',
      'Custom::InferenceRecommendation': '2880',
      'Custom::InferenceRecommendationsJobWatches': '2880',
    };
    expect(Properties).toMatchObject({ SchemaVersion: expect.any(String), ServiceTimeout: others[Type] ?? '1080' });
  }
});

test('all functions are uploaded at once, as they stand in the package: bundled beforehand, with their licences, and the prices beside them', () => {
  const stack = newStack({ stages: true });
  jobIn(stack);
  const resources = deployed(stack);
  const outdir = (stack.node.root as App).outdir;
  const assets = readdirSync(outdir).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
  expect(assets).toHaveLength(1);
  const files = readdirSync(join(outdir, assets[0]));
  expect(files).toEqual(expect.arrayContaining(['NOTICE', 'prices.json', 'start.mjs', 'wait-end.mjs', 'recommend.mjs']));
  const functions = ofType(resources, 'AWS::Lambda::Function').map(({ Properties }: any) => Properties);
  expect(functions.map(({ Handler }: any) => Handler).sort()).toEqual(['recommend.handler', 'start.handler', 'wait-end.handler']);
  expect(new Set(functions.map(({ Code }: any) => JSON.stringify(Code))).size).toBe(1);
});
