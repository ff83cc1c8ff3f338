import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import {
  ContainerImage, CrossStackReference, Endpoint, EndpointAutoScaling, EndpointConfig, EndpointType, IRecommendation, InstanceType,
  InstantRecommendation,
  InstantRecommendationProps, Model, ModelContainer, Objective, Recommendation, RecommendationReplica, RecommendedEndpoint, Variant, Wait,
} from '../../../src';
import { MODEL_RESOURCE_TYPE } from '../../../src/contract/model';
import { INSTANT_ATTRIBUTES } from '../../../src/contract/recommend';
import { arn, deployed, idOf, idsOf, jobIn, newStack, only, permissionsOf } from '../../harness/constructs';
import { recommendationJobIn } from '../../harness/generative';

const TYPE = 'Custom::InferenceRecommendation';
const RECOMMEND = 'InferenceRecommenderRuntimeRecommendRole';
const C5 = InstanceType.ML_C5_XLARGE;
const IMAGE = '763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.6.0-cpu-py312';

const modelIn = (stack: Stack) => new Model(stack, 'Model', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(IMAGE))] });
const instantIn = (stack: Stack, options: Partial<InstantRecommendationProps> = {}) => (
  new InstantRecommendation(stack, 'Instant', { model: Model.fromModelName(stack, 'Given', 'given'), ...options }));
const propertiesOf = (options: Partial<InstantRecommendationProps>) => {
  const stack = newStack();
  instantIn(stack, options);
  return only(deployed(stack), TYPE).Properties;
};

describe('what reaches the handler', () => {
  test('is the model\'s name, and the first of the list', () => {
    expect(propertiesOf({})).toEqual({
      ServiceToken: expect.stringContaining('InferenceRecommenderRuntimeRecommendFunction'),
      ServiceTimeout: '2880',
      SchemaVersion: expect.any(String),
      Family: 'DeploymentRecommendation',
      JobName: 'given',
      ModelName: 'given',
      Objective: 'FirstOfList',
      EndpointType: 'RealTime',
      InstanceCount: '1',
    });
  });

  test('has every option', () => {
    expect(propertiesOf({
      limits: {
        allowedInstanceTypes: [C5, InstanceType.ML_C5_2XLARGE],
        allowedInstanceFamilies: ['ml.m5'],
        refusedInstanceTypes: [InstanceType.ML_G5_XLARGE],
        refusedInstanceFamilies: ['ml.g6'],
        allowLocalStorage: false,
      },
      pinnedInstanceType: C5,
      instanceCount: 2,
      fallback: { instanceType: C5, environment: { WORKERS: '1' } },
      parameterPath: '/shop/instant',
    })).toMatchObject({
      Limits: {
        AllowedInstanceTypes: ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5'], RefusedInstanceTypes: ['ml.g5.xlarge', 'ml.g6'], AllowLocalStorage: 'false',
      },
      Pin: { InstanceType: 'ml.c5.xlarge' },
      InstanceCount: '2',
      Fallback: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: '2', Environment: { WORKERS: '1' } },
      ParameterPath: '/shop/instant',
    });
    expect(propertiesOf({ instanceCount: 2, fallback: { instanceType: C5, initialInstanceCount: 3 } }).Fallback.InitialInstanceCount).toBe('3');
  });

  test('changes with a model that is replaced, and has what its image says', () => {
    const stack = newStack();
    new InstantRecommendation(stack, 'Instant', { model: modelIn(stack) });
    const resources = deployed(stack);
    const name = `${idOf(resources, 'Model')}.ModelName`;
    expect(only(resources, TYPE).Properties).toMatchObject({ JobName: name, ModelName: name, Images: [{ Architecture: 'x86_64', Accelerator: 'cpu' }] });
  });

  test('is the same with and without jobs: it starts none', () => {
    const stack = newStack();
    stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
    instantIn(stack);
    expect(only(deployed(stack), TYPE).Properties).toMatchObject({ Family: 'DeploymentRecommendation' });
  });

  test('needs one function, and no part of a job', () => {
    const stack = newStack();
    instantIn(stack);
    expect(Object.values(deployed(stack)).map(({ Type }) => Type).sort()).toEqual([
      TYPE, 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup',
    ].sort());
  });
});

test('the function may read that model, and nothing else of SageMaker', () => {
  const stack = newStack();
  instantIn(stack);
  const resources = deployed(stack);
  const permissions = permissionsOf(resources, idOf(resources, RECOMMEND));
  expect(Object.entries(permissions).filter(([action]) => action.startsWith('sagemaker:'))).toEqual([['sagemaker:DescribeModel', [arn('sagemaker', 'model/given')]]]);
});

describe('of a model that is made from a recommendation of the same stack', () => {
  test.each<[string, (stack: Stack) => Model]>([
    ['a generative one', (stack) => new Model(stack, 'Model', { recommendation: recommendationJobIn(stack).addRecommendation('Best') })],
    ['one of a package', (stack) => new Model(stack, 'Model', { recommendation: jobIn(stack).addRecommendation('Best') })],
    ['another instant one', (stack) => new Model(stack, 'Copy', { recommendation: instantIn(stack, { model: modelIn(stack) }) })],
    ['none', modelIn],
  ])('%s, it waits for the model and for its own permission, and nothing waits for itself', (_what, make) => {
    const stack = newStack();
    const model = make(stack);
    new InstantRecommendation(stack, 'Second', { model, parameterPath: '/chat/instant' });
    // It finds each circle of the template.
    expect(() => Template.fromStack(stack)).not.toThrow();
    const resources = deployed(stack);
    const permissions = permissionsOf(resources, idOf(resources, RECOMMEND));
    expect(permissions['sagemaker:DescribeModel']).toEqual(expect.arrayContaining([expect.stringMatching(/:model\//)]));
    const second = Object.values(resources).find(({ Type, Properties }) => Type === TYPE && Properties.ParameterPath === '/chat/instant')!;
    const policies = idsOf(resources, 'AWS::IAM::Policy').filter((id) => id.startsWith('SecondPolicy'));
    expect(second.DependsOn ?? []).toEqual(expect.arrayContaining(policies));
  });
});

describe('read from Parameter Store', () => {
  const read = (model?: Model) => {
    const stack = newStack();
    const instant = InstantRecommendation.fromSsmParameter(stack, 'Instant', { parameterPath: '/chat/instant', model: model ?? modelIn(stack) });
    return { stack, instant };
  };

  test('it has every field, at each deploy, and no resource of its own', () => {
    const { stack, instant } = read();
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(instant.model as Model, instant)] });
    const { Parameters, Resources } = Template.fromStack(stack).toJSON();
    expect(Object.values<any>(Parameters).map(({ Default }) => Default)).toEqual(expect.arrayContaining(['/chat/instant/fields']));
    expect(Object.values<any>(Resources).map(({ Type }) => Type).filter((type) => /Custom|Lambda/.test(type))).toEqual([]);
    expect([instant.endpointType, instant.modelPackage, instant.parameterPath]).toEqual([EndpointType.REAL_TIME, undefined, '/chat/instant']);
  });

  test('a model of it is a copy of the given one with the recommended variables', () => {
    const { stack, instant } = read();
    new Model(stack, 'Served', { recommendation: instant });
    const [copy] = Object.values<any>(Template.fromStack(stack).findResources(MODEL_RESOURCE_TYPE));
    expect(JSON.stringify(copy.Properties)).toMatch(/chatinstantfields/);
    expect(JSON.stringify(copy.Properties)).toMatch(/"Fn::GetAtt":\["Model[0-9A-F]+","ModelName"\]/);
  });

  test('its path must be one', () => {
    expect(() => InstantRecommendation.fromSsmParameter(newStack(), 'Instant', { parameterPath: 'chat' })).toThrow('`parameterPath` must be a path');
  });
});

describe('its fields', () => {
  test('are attributes of the resource, all that the handler answers', () => {
    const stack = newStack();
    const instant = instantIn(stack);
    const [id] = idsOf(deployed(stack), TYPE);
    const fields = ['jobName', 'modelPackageArn', 'modelName', 'recommendationId', 'instanceType', 'initialInstanceCount', 'instanceCount',
      'inferenceSpecificationName', 'environment', 'fleetCostPerHour', 'source', 'summary'] as const;
    const attributes = fields.map((field) => stack.resolve(instant[field])['Fn::GetAtt']);
    expect(attributes.map(([logicalId]) => logicalId)).toEqual(fields.map(() => id));
    expect(attributes.map(([, attribute]) => attribute).sort()).toEqual(INSTANT_ATTRIBUTES.filter((name) => name !== 'TargetInLowerCase').sort());
    expect([instant.endpointType, instant.modelPackage, instant.parameterPath]).toEqual([EndpointType.REAL_TIME, undefined, undefined]);
  });

  test('are read from Parameter Store in another stack, or from an export', () => {
    for (const [crossStackReference, read] of [[undefined, /dynamic|ssm/i], [CrossStackReference.CDK, /ImportValue|ExportsOutput/]] as const) {
      const stack = newStack();
      const instant = instantIn(stack, { crossStackReference });
      const reader = new Stack(stack.node.root, 'Reader');
      new CfnModel(reader, 'Copy', { executionRoleArn: 'role', modelName: instant.instanceType });
      expect(JSON.stringify(Template.fromStack(reader).toJSON())).toMatch(read);
    }
  });

  test('are copied by a replica', () => {
    const stack = newStack({ env: { account: '111122223333', region: 'us-east-1' } });
    new RecommendationReplica(stack, 'Copy', { recommendation: instantIn(stack), region: 'eu-west-1' });
    const { Content } = only(deployed(stack), 'Custom::InferenceRecommendationReplica').Properties;
    expect(Content).toEqual(expect.arrayContaining([expect.stringMatching(/\.InstanceType$/), expect.stringMatching(/\.Environment$/)]));
  });

  test('are told in an output if there is a fallback, or if that is wanted', () => {
    const outputs = (options: Partial<InstantRecommendationProps>) => {
      const stack = newStack();
      instantIn(stack, options);
      return Object.keys(Template.fromStack(stack).toJSON().Outputs ?? {}).length;
    };
    const fallback = { instanceType: C5 };
    expect([{}, { fallback }, { fallback, explain: false }, { explain: true }].map(outputs)).toEqual([0, 1, 0, 1]);
  });
});

describe('deployed', () => {
  test('as a copy of the model with its variables, made by the function that reads that model alone', () => {
    const stack = newStack();
    const instant = new InstantRecommendation(stack, 'Instant', { model: modelIn(stack) });
    const served = new Model(stack, 'Served', { recommendation: instant });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served, instant)] });
    const resources = deployed(stack);
    const [id] = idsOf(resources, TYPE);
    const name = `${idOf(resources, 'Model')}.ModelName`;
    expect(only(resources, 'Custom::InferenceRecommendationModel').Properties).toMatchObject({
      ModelName: name, Environment: `${id}.Environment`, CompilationJobName: '', InferenceSpecificationName: `${id}.InferenceSpecificationName`,
    });
    expect(only(resources, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0]).toMatchObject({
      InstanceType: `${id}.InstanceType`, InitialInstanceCount: `${id}.InstanceCount`,
    });
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeModelRole'))).not.toHaveProperty('sagemaker:DescribeCompilationJob');
  });

  test('as an endpoint in one step, and with pinned figures of one\'s own no benchmark is made', () => {
    const stack = newStack();
    const { job, recommendation } = new RecommendedEndpoint(stack, 'Shop', { recommendation: new InstantRecommendation(stack, 'Instant', { model: modelIn(stack) }) });
    expect([job, recommendation]).toEqual([undefined, expect.any(InstantRecommendation)]);
    expect(only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0].InstanceType).toMatch(/^Instant\w+\.InstanceType$/);
  });

  test('with scaling, whose figures no benchmark found', () => {
    const stack = newStack();
    const instant = new InstantRecommendation(stack, 'Instant', { model: modelIn(stack) });
    const served = new Model(stack, 'Served', { recommendation: instant });
    const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served, instant)] });
    const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig });
    const scale = (options: object) => () => new EndpointAutoScaling(stack, 'Scaling', { endpoint, recommendation: instant, ...options });
    expect(scale({ minCapacity: 1, maxCapacity: 4 })).toThrow('`target` is required if there is no `recommendation` from a job.');
  });
});

describe('what is refused', () => {
  const none = 'an instant recommendation has no figures to compare, only the order of the service\'s list. Benchmark the model with an `InferenceRecommendationsJob` to choose by figures.';

  test.each<[object, string]>([
    [{ objective: Objective.lowestLatency() }, `\`objective\` must be left out: ${none}`],
    [{ targetLoad: { invocationsPerMinute: 100 }, instancePools: 2 }, `\`targetLoad\`, \`instancePools\` must be left out: ${none}`],
    [{ limits: { maxCostPerHour: 2 } }, `\`limits.maxCostPerHour\` must be left out: ${none}`],
    [{ limits: { allowedInstanceTypes: [] } }, '`limits.allowedInstanceTypes` must have at least 1 entry, got none: leave it out.'],
    [{ limits: { refusedInstanceFamilies: ['c5'] } }, 'An instance family must look like \'ml.c5\', got: \'c5\'. Did you mean \'ml.c5\'?'],
    [{ pinnedInstanceType: C5, limits: { refusedInstanceTypes: [C5] } }, '`pinnedInstanceType` must be an instance type that `limits` allow, got: \'ml.c5.xlarge\'. Change one of the two.'],
    [{ pinnedInstanceType: 'ml.c5.xlarge' }, '`pinnedInstanceType` must be of the class `InstanceType`'],
    [{ instanceCount: 0 }, '`instanceCount` must be at least 1, got: 0'],
    [{ parameterPath: 'shop' }, '`parameterPath` must be a path'],
    [{ fallback: {} }, '`fallback.instanceType` is required for a real-time recommendation.'],
    [{ fallback: { instanceType: C5, nextInstanceTypes: [InstanceType.ML_M5_LARGE] } }, '`fallback.nextInstanceTypes` must be left out: an instant recommendation has no instance pools.'],
    [{ model: 'given' }, '`model` must be a model, such as `Model.fromModelName()` returns, got: "given".'],
  ])('%j', (options, sentence) => {
    expect(() => instantIn(newStack(), options)).toThrow(sentence);
  });

  test('a type that the image does not run on is warned of', () => {
    const stack = newStack();
    new InstantRecommendation(stack, 'Instant', { model: modelIn(stack), pinnedInstanceType: InstanceType.of('ml.c7g.xlarge') });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('`pinnedInstanceType` does not fit the image'));
  });

  test('tokens pass', () => {
    const stack = newStack();
    const count = new CfnParameter(stack, 'Count', { type: 'Number', default: 1 }).valueAsNumber;
    expect(() => instantIn(stack, { instanceCount: count, limits: { allowedInstanceTypes: [InstanceType.of(new CfnParameter(stack, 'Type').valueAsString)] } })).not.toThrow();
  });
});

describe('a benchmark that starts from it', () => {

  test('has its type, number and variables as the fallback', () => {
    const stack = newStack();
    const instant = instantIn(stack, { instanceCount: 2 });
    const job = jobIn(stack, { wait: Wait.inBackground() });
    job.addRecommendation('Best', { startFrom: instant });
    const resources = deployed(stack);
    const id = idOf(resources, 'Instant');
    expect(resources[idOf(resources, 'JobBest')].Properties).toMatchObject({
      InBackground: 'true',
      Fallback: { InstanceType: `${id}.InstanceType`, InitialInstanceCount: `${id}.InstanceCount`, EnvironmentText: `${id}.Environment` },
    });
    expect(Object.keys(Template.fromStack(stack).toJSON().Outputs)).toEqual([expect.stringMatching(/^JobBestSummary/)]);
  });

  test('is deployed through the API, because the variables are known only then', () => {
    const stack = newStack();
    const best = jobIn(stack, { wait: Wait.inBackground() }).addRecommendation('Best', { startFrom: instantIn(stack), limits: { allowCompiledModels: false } });
    new Model(stack, 'Served', { recommendation: best });
    expect(idsOf(deployed(stack), 'Custom::InferenceRecommendationModel')).toHaveLength(1);
  });

  test('leaves its fields if no job runs', () => {
    const stack = newStack();
    stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
    const instant = instantIn(stack);
    const best = jobIn(stack).addRecommendation('Best', { startFrom: instant });
    const deployedOf = ({ instanceType, environment, instanceCount }: IRecommendation) => stack.resolve([instanceType, environment, instanceCount]);
    expect(deployedOf(best)).toEqual(deployedOf(instant));
    expect(stack.resolve(best.source)).toBe('Fixed');
  });

  test.each<[string, (stack: Stack) => object, string]>([
    ['a fallback', (stack) => ({ startFrom: instantIn(stack), fallback: { instanceType: C5 } }), '`fallback` and `startFrom` exclude each other, got both: leave one out.'],
    ['pools', (stack) => ({ startFrom: instantIn(stack), instancePools: 2 }), '`startFrom` must be left out if `instancePools` is 2: set `fallback`.'],
    ['a serverless endpoint', (stack) => ({ startFrom: instantIn(stack), endpointType: EndpointType.SERVERLESS }), '`startFrom` must be left out if `endpointType` is Serverless: set `fallback`.'],
    ['what was benchmarked', (stack) => ({ startFrom: Recommendation.fromAttributes(stack, 'Fixed', { instanceType: C5 }) }),
      '`startFrom` must be a recommendation without a benchmark, such as an `InstantRecommendation`, got: \'Shop/Fixed\'. Set `fallback`.'],
  ])('refuses %s beside it', (_what, options, sentence) => {
    const stack = newStack();
    expect(() => jobIn(stack).addRecommendation('Best', options(stack))).toThrow(sentence);
  });
});
