import * as fc from 'fast-check';
import { BenchmarkScript, InferenceRecommendation } from '../../../../local-aws/sagemaker';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../../src/contract/recommend';
import { packageRequest } from '../../../harness/model-package';
import { ROLE_ARN, serviceError, Stage } from '../../../harness/stage';

const NEO = 'neo-00011122-2333-4445-5566-677788899900';

const row = (ModelConfiguration: object, InstanceType = 'ml.c5.xlarge'): InferenceRecommendation => ({
  Metrics: { CostPerInference: 1, ModelLatency: 1, CostPerHour: 1, MaxInvocations: 100 },
  EndpointConfiguration: { InstanceType, InitialInstanceCount: 1 },
  ModelConfiguration: { ...ModelConfiguration },
});
const tuned = (environment: Record<string, string>, InferenceSpecificationName?: string) => row({
  InferenceSpecificationName, EnvironmentParameters: Object.entries(environment).map(([Key, Value]) => ({ Key, ValueType: 'String', Value })),
});

interface Life {
  readonly rows: InferenceRecommendation[];
  /** Names of the package's additional specifications, with their environments. */
  readonly specifications?: Record<string, Record<string, string>>;
  /** Names of specifications that the job asks for. */
  readonly asked?: string[];
  readonly environment?: Record<string, string>;
  readonly allowCompiled?: boolean;
  readonly fails?: Error;
  readonly ofModel?: boolean;
}

/** What is chosen of a completed job's rows. */
async function chosen({ rows, specifications = {}, asked, environment, allowCompiled = false, fails, ofModel }: Life) {
  // The first row is the best one.
  const recommendations = rows.map((one, index) => ({ ...one, Metrics: { ...one.Metrics, CostPerInference: index + 1 } }));
  const run: BenchmarkScript = () => ({ durationSeconds: 600, recommendations });
  const additional = Object.entries(specifications).map(([Name, Environment]) => ({ Name, Containers: [{ Image: 'image', Environment }] }));
  const stage = await new Stage(run).setUp({
    ...packageRequest({ container: { Environment: environment } }), AdditionalInferenceSpecifications: additional.length > 0 ? additional : undefined,
  });
  if (ofModel) {
    await stage.sagemaker('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image', Environment: environment } });
  }
  const candidates = asked?.map((InferenceSpecificationName) => ({ InstanceType: 'ml.c5.xlarge', InferenceSpecificationName }));
  await stage.sagemaker('CreateInferenceRecommendationsJob', {
    JobName: 'job',
    RoleArn: ROLE_ARN,
    JobType: candidates ? 'Advanced' : 'Default',
    InputConfig: {
      ...ofModel ? {
        ModelName: 'm',
        ContainerConfig: {
          Domain: 'MACHINE_LEARNING',
          Task: 'OTHER',
          Framework: 'XGBOOST',
          PayloadConfig: { SamplePayloadUrl: 's3://bucket/payload.tar.gz', SupportedContentTypes: ['text/csv'] },
        },
      } : { ModelPackageVersionArn: stage.packageArn },
      ...candidates && {
        JobDurationInSeconds: 7200,
        TrafficPattern: { TrafficType: 'PHASES', Phases: [{ InitialNumberOfUsers: 1, SpawnRate: 1, DurationInSeconds: 120 }] },
        EndpointConfigurations: candidates,
      },
    },
  });
  await stage.pass(200);
  if (fails) { stage.fail(ofModel ? 'DescribeModel' : 'DescribeModelPackage', fails, 100); }
  const answer = await stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'Best', 'Create', {
    SchemaVersion: '2',
    Family: 'InferenceRecommendations',
    JobName: 'job',
    Objective: 'LowestCostPerInference',
    EndpointType: 'RealTime',
    Limits: allowCompiled ? undefined : { AllowCompiledModels: 'false' },
  }));
  return { stage, answer };
}

const COMPILED = { Status: 'FAILED', Reason: expect.stringMatching(/compiled \(job\/\w+\): it is a compiled model/) };

describe('a compiled model is known', () => {
  test.each<[string, Life]>([
    ['by its compilation job', { rows: [row({ InferenceSpecificationName: NEO, CompilationJobName: NEO })] }],
    ['by its compilation job, though the package lists the specification', { rows: [row({ InferenceSpecificationName: 'cpu', CompilationJobName: NEO })], specifications: { cpu: {} } }],
    ['by a specification that neither the package nor the job lists', { rows: [row({ InferenceSpecificationName: NEO })] }],
    ['by such a one beside those that the package lists', { rows: [row({ InferenceSpecificationName: NEO })], specifications: { cpu: {}, gpu: {} } }],
    ['by such a one of a load test', { rows: [row({ InferenceSpecificationName: NEO })], specifications: { gpu: {} }, asked: ['gpu'] }],
    ['by such a one of a model', { rows: [row({ InferenceSpecificationName: NEO })], ofModel: true }],
    ['by such a one, if the package is gone', { rows: [row({ InferenceSpecificationName: 'gpu' })], specifications: { gpu: {} }, fails: serviceError('ValidationException', 'ModelPackage x does not exist.') }],
  ])('%s', async (_what, life) => {
    expect((await chosen(life)).answer).toMatchObject(COMPILED);
    expect((await chosen({ ...life, allowCompiled: true })).answer.Status).toBe('SUCCESS');
  });

  test.each<[string, Life]>([
    ['the package\'s own specification', { rows: [row({})] }],
    ['a specification that the package lists', { rows: [row({ InferenceSpecificationName: 'gpu' })], specifications: { gpu: {} } }],
    ['a specification that the job asks for', { rows: [row({ InferenceSpecificationName: 'gpu' })], specifications: { gpu: {} }, asked: ['gpu'] }],
    ['an empty name', { rows: [row({ InferenceSpecificationName: '', CompilationJobName: '' })] }],
  ])('and %s is none', async (_what, life) => {
    expect((await chosen(life)).answer).toMatchObject({ Status: 'SUCCESS' });
  });

  test('without a look at the package, if no row needs one', async () => {
    const { stage } = await chosen({ rows: [row({}), row({ InferenceSpecificationName: NEO, CompilationJobName: NEO })] });
    expect(stage.count('DescribeModelPackage')).toBe(0);
  });
});

describe('what a job tuned is what it changed of the container\'s environment', () => {
  const TOKEN = 'hf_0123456789abcdef';
  const environmentOf = async (life: Life) => JSON.parse((await chosen({ allowCompiled: true, ...life })).answer.Data!.Environment);

  test.each<[string, Life, object]>([
    ['a variable that all rows changed alike', { rows: [tuned({ THREADS: '4' })], environment: { THREADS: '1', API_TOKEN: TOKEN } }, { THREADS: '4' }],
    ['a variable that the container lacks', { rows: [tuned({ THREADS: '4' }), row({}, 'ml.m5.large')], environment: { API_TOKEN: TOKEN } }, { THREADS: '4' }],
    ['a variable of a model', { rows: [tuned({ THREADS: '4' })], environment: { THREADS: '1', API_TOKEN: TOKEN }, ofModel: true }, { THREADS: '4' }],
    ['a variable of an alternate specification', {
      rows: [tuned({ THREADS: '4', API_TOKEN: TOKEN }, 'gpu')], environment: { API_TOKEN: 'another' }, specifications: { gpu: { THREADS: '2', API_TOKEN: TOKEN } },
    }, { THREADS: '4' }],
  ])('%s', async (_what, life, expected) => {
    expect(await environmentOf(life)).toEqual(expected);
  });

  test('and nothing that a container has: neither of one nor of two specifications', async () => {
    const life: Life = {
      rows: [tuned({ API_TOKEN: TOKEN }), tuned({ API_TOKEN: 'b'.repeat(20) }, 'gpu')],
      environment: { API_TOKEN: TOKEN },
      specifications: { gpu: { API_TOKEN: 'b'.repeat(20) } },
    };
    const { stage, answer } = await chosen({ ...life, allowCompiled: true });
    expect(answer.Data!.Environment).toBe('{}');
    expect(stage.logs.join()).not.toContain(TOKEN);
  });

  test('whatever the values are', async () => {
    const values = fc.constantFrom('1', '2', '3');
    const environment = fc.dictionary(fc.constantFrom('A', 'B', 'C'), values, { maxKeys: 3 });
    await fc.assert(fc.asyncProperty(environment, fc.array(environment, { minLength: 1, maxLength: 3 }), async (own, changes) => {
      const rows = changes.map((one) => tuned({ ...own, ...one }));
      const read = await environmentOf({ rows, environment: own });
      const [{ ModelConfiguration: { EnvironmentParameters = [] } }] = rows;
      for (const { Key, Value } of EnvironmentParameters) {
        // The best row's container has each of its variables: tuned, or as its own.
        const isAlikeAndNew = own[Key] === undefined && changes.every((one) => one[Key] === Value);
        if (!isAlikeAndNew) { expect({ ...own, ...read }[Key]).toBe(Value); }
      }
      for (const name of Object.keys(own)) {
        if (changes.every((one) => one[name] === undefined || one[name] === own[name])) { expect(read).not.toHaveProperty([name]); }
      }
    }), { numRuns: 25 });
  });
});
