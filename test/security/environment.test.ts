import * as varied from '../../lambda/jobs/inference-recommendations/varied';
import { BenchmarkScript } from '../../local-aws/sagemaker';
import { MODEL_RESOURCE_TYPE } from '../../src/contract/model';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';
import { REPLICA_RESOURCE_TYPE } from '../../src/contract/replica';
import { Background } from '../harness/background';
import { packageRequest } from '../harness/model-package';
import { Registry } from '../harness/registry';
import { ROLE_ARN, serviceError, Stage } from '../harness/stage';
import { RESULTS_RESOURCE_TYPE } from '../harness/types';

/** The value of a variable that a container has and no job varies. */
const TOKEN = 'hf_0123456789abcdef';
const PATH = '/shop/best';
const NEO = 'neo-00011122-2333-4445-5566-677788899900';
const SERVERLESS = { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } };

const row = (threads: string, cost: number, endpoint: object = { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }, model: object = {}) => ({
  Metrics: { CostPerInference: cost, ModelLatency: 1 / cost, CostPerHour: cost, MaxInvocations: 100 },
  EndpointConfiguration: endpoint,
  ModelConfiguration: {
    ...model,
    EnvironmentParameters: Object.entries({ THREADS: threads, API_TOKEN: TOKEN }).map(([Key, Value]) => ({ Key, ValueType: 'String', Value })),
  },
});
const run: BenchmarkScript = () => ({
  durationSeconds: 600,
  recommendations: [
    row('2', 1), row('4', 2), row('8', 3, { InstanceType: 'ml.c5.9xlarge', InitialInstanceCount: 1 }, { InferenceSpecificationName: NEO, CompilationJobName: NEO }),
    row('16', 4, SERVERLESS),
  ],
  failedSteps: [{ failureReason: 'The container ran out of memory', EndpointConfiguration: { InstanceType: 'ml.c5.large' } }],
});
const CANDIDATES = [{ InstanceType: 'ml.c5.xlarge' }, SERVERLESS].map((endpoint) => ({
  ...endpoint, EnvironmentParameterRanges: { CategoricalParameterRanges: [{ Name: 'THREADS', Value: ['2', '4'] }] },
}));

/** A stack's life with one job: every kind of choice, the results, a copy elsewhere. */
async function chosenFrom(input: (stage: Stage) => Promise<object> | object, isImported = false): Promise<Stage> {
  const stage = await new Stage(run).setUp(packageRequest({ container: { Image: 'image', Environment: { API_TOKEN: TOKEN } } }));
  const Request = { RoleArn: ROLE_ARN, ...await input(stage) };
  const JobName = isImported ? 'theirs' : (await stage.send(stage.start('Create', stage.jobProperties({ Request })))).Data!.JobName;
  if (isImported) { await stage.sagemaker('CreateInferenceRecommendationsJob', { JobName, ...Request }); }
  await stage.send(stage.wait('Create', { Request: isImported ? {} : Request, IsImported: isImported ? 'true' : undefined, JobName }));
  await stage.pass(60);
  const tell = (type: string, id: string, properties: object) => stage.send(stage.event(type, id, 'Create', { SchemaVersion: '2', JobName, ...properties }));
  const best = { Family: 'InferenceRecommendations', EndpointType: 'RealTime', EnvironmentNames: ['THREADS', 'API_TOKEN'] };
  for (const [index, more] of [
    { Objective: 'LowestCostPerInference' },
    { Objective: 'LowestLatency' },
    { Objective: 'LowestCostPerInference', EndpointType: 'Serverless' },
    { Objective: 'LowestCostPerHour', Limits: { MaxModelLatency: '0.001' }, Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' } },
    { Objective: 'LowestCostPerHour', Limits: { MaxModelLatency: '0.001' } },
  ].entries()) {
    await tell(RECOMMENDATION_RESOURCE_TYPE, `JobBest${index}`, { ...best, ...more, ParameterPath: `${PATH}${index}` });
  }
  await tell(RESULTS_RESOURCE_TYPE, 'JobResults', {});
  await tell(REPLICA_RESOURCE_TYPE, 'Replica', { ParameterPath: `${PATH}1`, Region: 'eu-west-1' });
  return stage;
}

const LIVES: Readonly<Record<string, () => Promise<Stage>>> = {
  'an instance recommendation': () => chosenFrom(({ packageArn }) => ({ JobType: 'Default', InputConfig: { ModelPackageVersionArn: packageArn } })),
  'a load test that varies a variable': () => chosenFrom(({ packageArn }) => ({
    JobType: 'Advanced',
    InputConfig: {
      ModelPackageVersionArn: packageArn,
      JobDurationInSeconds: 7200,
      TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 }] },
      EndpointConfigurations: CANDIDATES,
    },
  })),
  'a job of a model': () => chosenFrom(async (stage) => {
    await stage.sagemaker('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image', Environment: { API_TOKEN: TOKEN } } });
    return {
      JobType: 'Default',
      InputConfig: {
        ModelName: 'm',
        ContainerConfig: {
          Domain: 'MACHINE_LEARNING',
          Task: 'OTHER',
          Framework: 'XGBOOST',
          FrameworkVersion: '1.7',
          NearestModelName: 'xgboost',
          PayloadConfig: { SamplePayloadUrl: 's3://bucket/payload.tar.gz', SupportedContentTypes: ['text/csv'] },
          SupportedInstanceTypes: ['ml.c5.xlarge'],
          DataInputConfig: '[[1,10]]',
        },
      },
    };
  }),
  'a job that something else started': () => chosenFrom(({ packageArn }) => ({ JobType: 'Default', InputConfig: { ModelPackageVersionArn: packageArn } }), true),
  'a job in the background': async () => {
    const background = await Background.made(run);
    await background.stage.pass(60);
    expect(background.changes).toHaveLength(1);
    await background.recommend('Update');
    return background.stage;
  },
  'a registry': async () => {
    const registry = await Registry.made([run({}, '', 1, {})]);
    await registry.benchmark(registry.stage.packageArn);
    expect(registry.of('Inference Recommendation Change')).toHaveLength(1);
    return registry.stage;
  },
};

/** All that is answered, logged or written, by its place. */
function said({ world, logs, answers, events, region }: Stage): Record<string, string> {
  const executions = [...region.stepFunctions.executions.values()];
  return {
    'parameters': JSON.stringify(world.allRegions().flatMap(({ ssm }) => [...ssm.parameters.values()])),
    'logs': logs.join('\n'),
    'answers': JSON.stringify(answers),
    'events': JSON.stringify(events),
    'tags': JSON.stringify([...region.sagemaker.state.tags]),
    'inputs and outputs of executions': JSON.stringify(executions.map(({ input, output }) => [input, output])),
    'histories of executions': JSON.stringify(executions.map(({ history }) => history)),
  };
}

const leaks = (stage: Stage) => Object.entries(said(stage)).filter(([, text]) => text.includes(TOKEN)).map(([place]) => place);

describe.each(Object.keys(LIVES))('what a container has besides is neither answered, logged nor written: %s', (name) => {
  afterEach(() => jest.restoreAllMocks());

  test('what the job varied is', async () => {
    const stage = await LIVES[name]();
    expect(leaks(stage)).toEqual([]);
    const { parameters, logs } = said(stage);
    for (const text of [parameters, logs]) { expect(text).toContain('THREADS'); }
  });

  test('without the rule, this test sees it', async () => {
    jest.spyOn(varied, 'variedNames').mockReturnValue(new Set(['THREADS', 'API_TOKEN']));
    expect(leaks(await LIVES[name]())).toEqual(expect.arrayContaining(['parameters', 'logs']));
  });
});

test('a variable that a load test declares is tuned, whatever it holds: its values are in the template already', async () => {
  const stage = await new Stage(run).setUp();
  const { recommendations } = run({}, '', 1, {});
  const job = {
    JobType: 'Advanced',
    InputConfig: { EndpointConfigurations: [{ EnvironmentParameterRanges: { CategoricalParameterRanges: [{ Name: 'API_TOKEN', Value: [TOKEN] }] } }] },
  } as any;
  expect([...varied.variedNames(job, recommendations)]).toEqual(['API_TOKEN']);
  expect(leaks(stage)).toEqual([]);
});

describe('a model that is refused', () => {
  const made = async (stage: Stage, more: object) => stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Create', {
    SchemaVersion: '2', InferenceSpecificationName: '', CompilationJobName: '', Environment: '{"THREADS":"eight"}', ExecutionRoleArn: ROLE_ARN, ...more,
  }));
  const refusal = (environment: string) => serviceError('ValidationException',
    `1 validation error detected: Value '${environment}' at 'primaryContainer.environment' failed to satisfy constraint`);

  test.each(['package', 'model'])('repeats only what the job varied of the environment of its %s', async (kind) => {
    const container = { Image: 'image', Environment: { API_TOKEN: TOKEN } };
    const stage = await new Stage(run).setUp(packageRequest({ container }));
    await stage.sagemaker('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: container });
    stage.fail('CreateModel', refusal(`{API_TOKEN=${TOKEN}, THREADS=eight}`));
    const { Status, Reason } = await made(stage, kind === 'model' ? { ModelName: 'm' } : { ModelPackageName: stage.packageArn });
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining('{API_TOKEN=…, THREADS=eight}')]);
    expect(leaks(stage)).toEqual([]);
  });
});
