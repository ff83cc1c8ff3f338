import fc from 'fast-check';
import { GenerativeScript } from '../../../../local-aws/sagemaker';
import { INSTANT_ATTRIBUTES, RECOMMENDATION_RESOURCE_TYPE } from '../../../../src/contract/recommend';
import { isOneOf } from '../../../../src/service/limits';
import { Answer, ROLE_ARN, serviceError, Stage } from '../../../harness/stage';

type Instant = ReturnType<GenerativeScript['instant']>;
const SECOND = 1000;

const listed = (...instanceTypes: string[]): Instant => ({ status: 'COMPLETED', recommendations: instanceTypes.map((instanceType) => ({ instanceType })) });
const THREE = listed('ml.g5.xlarge', 'ml.m5.large', 'ml.c5.xlarge');

/** A stage with a model of which this is recommended. */
async function withModel(instant: Instant = THREE): Promise<Stage> {
  const stage = await new Stage(undefined, { instant: () => instant }).setUp();
  await stage.sagemaker('CreateModel', { ModelName: 'shop', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { ModelPackageName: stage.packageArn } });
  return stage;
}

function ask(stage: Stage, properties: object = {}, type = 'Create', overrides = {}): Promise<Answer> {
  return stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'Instant', type, {
    SchemaVersion: '1', Family: 'DeploymentRecommendation', JobName: 'shop', ModelName: 'shop', Objective: 'FirstOfList', EndpointType: 'RealTime', ...properties,
  }, overrides));
}

const FALLBACK = { InstanceType: 'ml.m5.xlarge', InitialInstanceCount: '2' };
const REMEDY = 'Set `fallback`, or benchmark the model with an `InferenceRecommendationsJob`.';

describe('what is recommended with a model', () => {
  test('is the first of the list, with its variables, and no figures', async () => {
    const stage = await withModel({
      status: 'COMPLETED', recommendations: [{ instanceType: 'ml.g5.12xlarge', environment: { OPTION_TENSOR_PARALLEL_DEGREE: '4' } }, { instanceType: 'ml.g6.12xlarge' }],
    });
    const { Status, Data, PhysicalResourceId } = await ask(stage);
    expect([Status, PhysicalResourceId, Object.keys(Data!).sort()]).toEqual(['SUCCESS', 'Instant', [...INSTANT_ATTRIBUTES].sort()]);
    expect(Data).toEqual({
      JobName: '',
      ModelPackageArn: '',
      ModelName: 'shop',
      TargetInLowerCase: 'shop',
      RecommendationId: expect.stringMatching(/^shop\//),
      InstanceType: 'ml.g5.12xlarge',
      InitialInstanceCount: '1',
      InstanceCount: '1',
      InferenceSpecificationName: '',
      Environment: '{"OPTION_TENSOR_PARALLEL_DEGREE":"4"}',
      FleetCostPerHour: '',
      Source: 'Instant',
      Summary: 'ml.g5.12xlarge × 1; runner-up ml.g6.12xlarge × 1; 0 rejected; recommended by SageMaker for model shop, without a benchmark',
    });
  });

  test('is waited for, in seconds, until it is there', async () => {
    const stage = await withModel();
    const begun = stage.clock.now();
    expect(await ask(stage)).toMatchObject({ Status: 'SUCCESS', Data: { InstanceType: 'ml.g5.xlarge' } });
    expect(stage.clock.now() - begun).toBeLessThan(20 * SECOND);
    expect(stage.count('DescribeModel')).toBeGreaterThan(1);
  });

  test('has as many instances as the app says', async () => {
    const stage = await withModel();
    const { Data } = await ask(stage, { InstanceCount: '3' });
    expect([Data!.InstanceCount, Data!.Summary]).toEqual(['3', expect.stringMatching(/^ml\.g5\.xlarge × 3; /)]);
  });

  test('is told with the reason against each other type, and published', async () => {
    const stage = await withModel();
    await ask(stage, { ParameterPath: '/shop/instant', Limits: { RefusedInstanceTypes: ['ml.g5'] } });
    const { recommendation: whole, explanation } = stage.parameters('/shop/instant');
    expect(JSON.parse(whole)).toMatchObject({ InstanceType: 'ml.m5.large', Source: 'Instant' });
    expect(JSON.parse(explanation)).toMatchObject({
      Ranking: [{ InstanceType: 'ml.m5.large', Metrics: { Place: 2 } }, { InstanceType: 'ml.c5.xlarge' }],
      Rejected: [{ InstanceType: 'ml.g5.xlarge', Reasons: ['ml.g5.xlarge is refused'] }],
    });
  });

  test('and not allowed is a failure with the nearest one, which tells of no payment', async () => {
    const { Status, Reason } = await ask(await withModel(listed('ml.g5.xlarge')), { Limits: { AllowedInstanceTypes: ['ml.c5'] } });
    expect([Status, Reason]).toEqual(['FAILED', expect.stringMatching(
      /^None of the 1 recommendations of model shop may be chosen\. The nearest is ml\.g5\.xlarge × 1 \(shop\/\w+\): it may be chosen with ml\.g5\.xlarge in `limits\.allowedInstanceTypes`\. ml\.g5\.xlarge × 1 \(shop\/\w+\): ml\.g5\.xlarge is not allowed\.$/,
    )]);
  });

  test('is pinned by its type, or refused if the service does not recommend that', async () => {
    expect(await ask(await withModel(), { Pin: { InstanceType: 'ml.c5.xlarge' } })).toMatchObject({ Data: { InstanceType: 'ml.c5.xlarge' } });
    expect(await ask(await withModel(), { Pin: { InstanceType: 'ml.p5.48xlarge' } })).toMatchObject({
      Status: 'FAILED', Reason: expect.stringContaining('it is not on the pinned ml.p5.48xlarge'),
    });
  });
});

describe('if nothing is recommended', () => {
  test.each<[Instant, string]>([
    [{ status: 'NOT_APPLICABLE' }, 'ended NOT_APPLICABLE: what SageMaker knows of the model is not enough to recommend an instance type.'],
    [{ status: 'FAILED' }, 'ended FAILED: the service gave no reason.'],
    [listed(), 'ended COMPLETED: its list of instance types is empty.'],
  ])('%j is told with the remedy, or the fallback is used', async (instant, words) => {
    const { Status, Reason } = await ask(await withModel(instant));
    expect([Status, Reason]).toEqual(['FAILED', `The recommendation for model shop ${words} ${REMEDY}`]);
    const { Data } = await ask(await withModel(instant), { Fallback: { ...FALLBACK, Environment: { WORKERS: '2' } } });
    expect(Data).toMatchObject({
      InstanceType: 'ml.m5.xlarge',
      InstanceCount: '2',
      Environment: '{"WORKERS":"2"}',
      ModelName: 'shop',
      JobName: '',
      Source: 'Fallback',
      Summary: `WARNING: the fallback is used. The recommendation for model shop ${words}`,
    });
  });

  test.each([
    ['is in progress', { RecommendationStatus: 'IN_PROGRESS' }],
    ['is not in the answer', undefined],
  ])('one that %s for ever is given up after a minute', async (_how, DeploymentRecommendation) => {
    const stage = await withModel();
    const describeModel = stage.region.sagemaker.call.bind(stage.region.sagemaker);
    jest.spyOn(stage.region.sagemaker, 'call').mockImplementation(async (operation, input) => (
      operation === 'DescribeModel' ? { ...await describeModel(operation, input) as object, DeploymentRecommendation } : describeModel(operation, input)));
    const begun = stage.clock.now();
    const words = 'The recommendation for model shop was still IN_PROGRESS after 60 seconds.';
    expect(await ask(stage)).toMatchObject({ Status: 'FAILED', Reason: `${words} ${REMEDY}` });
    expect((stage.clock.now() - begun) / SECOND).toBeLessThanOrEqual(60);
    expect(await ask(stage, { Fallback: FALLBACK })).toMatchObject({ Data: { Source: 'Fallback', Summary: `WARNING: the fallback is used. ${words}` } });
  });

  test('a model that is gone is told as such', async () => {
    const stage = await withModel();
    await stage.sagemaker('DeleteModel', { ModelName: 'shop' });
    expect(await ask(stage)).toMatchObject({ Status: 'FAILED', Reason: 'Model shop is gone: SageMaker no longer knows it, so it recommends nothing for it.' });
  });

  test('a status that this version does not know is told', async () => {
    const stage = await withModel({ status: 'PAUSED' } as never);
    expect(await ask(stage)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('The status of a deployment recommendation is unknown: got \'PAUSED\'') });
  });
});

test.each([
  ['throttled', serviceError('ThrottlingException', 'Rate exceeded')],
  ['denied while IAM propagates', serviceError('AccessDeniedException', 'not authorized to perform: sagemaker:DescribeModel')],
])('a call that is %s fails no deploy', async (_how, error) => {
  const stage = await withModel();
  stage.fail('DescribeModel', error, 5);
  expect(await ask(stage)).toMatchObject({ Status: 'SUCCESS', Data: { InstanceType: 'ml.g5.xlarge' } });
});

test('an update reads the new model, and a delete reads none', async () => {
  const stage = await withModel();
  await stage.sagemaker('CreateModel', { ModelName: 'shop2', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { ModelPackageName: stage.packageArn } });
  expect(await ask(stage, { JobName: 'shop2', ModelName: 'shop2' }, 'Update', { PhysicalResourceId: 'Instant' }))
    .toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Instant', Data: { ModelName: 'shop2' } });
  const before = stage.count('DescribeModel');
  expect(await ask(stage, {}, 'Delete', { PhysicalResourceId: 'Instant' })).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('DescribeModel')).toBe(before);
});

const TYPES = ['ml.g5.xlarge', 'ml.m5.large', 'ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.inf2.xlarge'];
const names = fc.subarray([...TYPES, 'ml.c5', 'ml.g5', 'ml.m5'], { minLength: 1 });

test('the choice is the first type of the list that the limits allow, whatever they are', async () => {
  await fc.assert(fc.asyncProperty(
    fc.shuffledSubarray(TYPES, { minLength: 1, maxLength: 3 }), fc.option(names, { nil: undefined }), fc.option(names, { nil: undefined }),
    async (types, AllowedInstanceTypes, RefusedInstanceTypes) => {
      const { Status, Data } = await ask(await withModel(listed(...types)), { Limits: { AllowedInstanceTypes, RefusedInstanceTypes } });
      const isAllowed = (type: string) => (
        (!AllowedInstanceTypes || isOneOf(AllowedInstanceTypes, type)) && !isOneOf(RefusedInstanceTypes ?? [], type));
      const expected = types.find(isAllowed);
      expect([Status, Data?.InstanceType]).toEqual(expected === undefined ? ['FAILED', undefined] : ['SUCCESS', expected]);
    },
  ), { numRuns: 40 });
});
