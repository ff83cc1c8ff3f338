import { Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BenchmarkTarget, IModel, InferenceRecommendationsJobProps, InstanceType, Model, ModelProps, Recommendation, RecommendationOptions } from '../../../src';
import { ACCOUNT, arn, CONTAINER_CONFIG, deployed, idOf, idsOf, importedPackage, jobIn, newStack, ofType, only, permissionsOf, sorted } from '../../harness/constructs';
import { network, ownModel } from '../../harness/endpoints';

const MADE = 'Custom::InferenceRecommendationModel';
const RUNTIME_ROLE = 'InferenceRecommenderRuntimeModelRole';
const GIVEN = `arn:aws:iam::${ACCOUNT}:role/given`;

interface Options {
  readonly job?: Partial<InferenceRecommendationsJobProps>;
  readonly options?: RecommendationOptions;
}

/** The model of a recommendation of a job that benchmarked another model. */
function modelOf(stack: Stack, target: IModel, props: Partial<ModelProps> = {}, { job, options }: Options = {}): Model {
  const benchmark = jobIn(stack, { target: BenchmarkTarget.fromModel(target), containerConfig: CONTAINER_CONFIG, ...job });
  return new Model(stack, 'Best', { recommendation: benchmark.addRecommendation('Best', options), ...props });
}

const given = (stack: Stack) => Role.fromRoleArn(stack, 'Given', GIVEN);
const imported = (stack: Stack) => Model.fromModelName(stack, 'Served', 'served');

describe('a recommendation of a job that benchmarked a model of the app', () => {
  test('makes a model through the API, of that model and what the row says', () => {
    const stack = newStack();
    const target = ownModel(stack, 'Target');
    const model = modelOf(stack, target);
    const resources = deployed(stack);
    const row = idOf(resources, 'JobBest');
    expect(only(resources, MADE).Properties).toEqual({
      ServiceToken: expect.stringContaining('InferenceRecommenderRuntimeModelFunction'),
      ServiceTimeout: '1080',
      SchemaVersion: expect.any(String),
      ModelName: `${idOf(resources, 'Target')}.ModelName`,
      InferenceSpecificationName: `${row}.InferenceSpecificationName`,
      CompilationJobName: `${row}.CompilationJobName`,
      Environment: `${row}.Environment`,
    });
    expect(stack.resolve(model.modelName)).toEqual({ 'Fn::GetAtt': [idOf(resources, 'BestCustomResource'), 'ModelName'] });
  });

  test('has that model\'s role, and makes none', () => {
    const stack = newStack();
    const target = ownModel(stack, 'Target');
    expect(modelOf(stack, target).role).toBe(target.role);
    expect(idsOf(deployed(stack), 'AWS::IAM::Role').filter((id) => id.startsWith('Best'))).toEqual([]);
  });

  test('lets that role read what was compiled, unless nothing may be', () => {
    const reads = (options: RecommendationOptions) => {
      const stack = newStack();
      const compiledOutputBucket = Bucket.fromBucketName(stack, 'Compiled', 'compiled');
      modelOf(stack, ownModel(stack, 'Target'), {}, { job: { compiledOutputBucket }, options });
      const resources = deployed(stack);
      const permissions = permissionsOf(resources, idOf(resources, 'TargetRole'));
      return [permissions['s3:GetObject*']?.join(), permissions['ecr:BatchGetImage']?.join()];
    };
    expect(reads({})).toEqual([expect.stringContaining('arn:aws:s3:::compiled/'), expect.stringContaining('sagemaker-neo-*')]);
    expect(reads({ limits: { allowCompiledModels: false } })).toEqual([undefined, undefined]);
  });

  test('lets the model function describe that model and hand over its role, and no other', () => {
    const stack = newStack();
    modelOf(stack, ownModel(stack, 'Target'));
    const resources = deployed(stack);
    const own = arn('sagemaker', 'model/0a1b2c3d-*');
    const id = idOf(resources, 'Target');
    expect(sorted(permissionsOf(resources, idOf(resources, RUNTIME_ROLE)))).toMatchObject({
      'sagemaker:DescribeModel': [own, `${id}.ModelArn`, arn('sagemaker', `model/${id}.ModelName`)].sort(),
      'sagemaker:CreateModel': [own],
      'sagemaker:DeleteModel': [own],
      'sagemaker:AddTags': [own],
      'sagemaker:DescribeModelPackage': [arn('sagemaker', 'model-package/*')],
      'iam:PassRole': [expect.stringContaining(`role/${idOf(resources, 'TargetRole')} if `)],
    });
  });

  test('takes tags', () => {
    const stack = newStack();
    Tags.of(modelOf(stack, ownModel(stack, 'Target'))).add('team', 'ml');
    expect(only(deployed(stack), MADE).Properties.Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
  });

  test('takes over its network: none may be given', () => {
    const stack = newStack();
    const target = ownModel(stack, 'Target');
    expect(() => modelOf(stack, target, network(stack))).toThrow(/^`vpc` must not be set if the recommendation is of a model: the copy takes that model's network/);
    const other = newStack();
    expect(() => modelOf(other, ownModel(other, 'Target'), { enableNetworkIsolation: true })).toThrow(/^`enableNetworkIsolation` must not be set if /);
  });
});

describe('of an imported model', () => {
  test('it needs the role that this has, which then is passed on', () => {
    expect(() => { const stack = newStack(); modelOf(stack, imported(stack)); })
      .toThrow(/^`role` is required: the role of the imported model 'Shop\/Served' is unknown\. Pass its role\.$/);
    const stack = newStack();
    modelOf(stack, imported(stack), { role: given(stack) });
    const resources = deployed(stack);
    expect(only(resources, MADE).Properties).toMatchObject({ ModelName: 'served', ExecutionRoleArn: GIVEN });
    expect(permissionsOf(resources, idOf(resources, RUNTIME_ROLE))).toMatchObject({
      'sagemaker:DescribeModel': expect.arrayContaining([arn('sagemaker', 'model/served')]), 'iam:PassRole': [expect.stringContaining(`${GIVEN} if `)],
    });
  });

  test('a fixed recommendation that changes nothing is deployed as it is; one that does makes a copy', () => {
    const stack = newStack();
    const fixed = { instanceType: InstanceType.ML_C5_XLARGE, model: imported(stack) };
    const role = given(stack);
    const model = new Model(stack, 'Best', { recommendation: Recommendation.fromAttributes(stack, 'Fixed', fixed), role });
    expect(model.modelName).toBe('served');
    const tuned = Recommendation.fromAttributes(stack, 'Tuned', { ...fixed, environment: { THREADS: '4' } });
    new Model(stack, 'Copy', { recommendation: tuned, role });
    // Only the copy is made.
    expect(only(deployed(stack), MADE).Properties)
      .toMatchObject({ ModelName: 'served', InferenceSpecificationName: '', CompilationJobName: '', Environment: '{"THREADS":"4"}' });
  });

  test('a model package that is given is deployed instead', () => {
    const stack = newStack();
    modelOf(stack, imported(stack), { modelPackage: importedPackage(stack) });
    expect(only(deployed(stack), MADE).Properties).toMatchObject({ ModelPackageName: arn('sagemaker', 'model-package/models/1') });
    expect(only(deployed(stack), MADE).Properties).not.toHaveProperty('ModelName');
  });
});

describe('in another stack', () => {
  test('the benchmarked model is known by the recommendation\'s word, and not imported: an export in use could not change', () => {
    const stack = newStack();
    const target = ownModel(stack, 'Target');
    const best = jobIn(stack, { target: BenchmarkTarget.fromModel(target), containerConfig: CONTAINER_CONFIG }).addRecommendation('Best', { parameterPath: '/best' });
    const other = new Stack(stack.node.root as any, 'Other');
    new Model(other, 'Model', { recommendation: best, role: given(other) });
    const { Resources: resources } = Template.fromStack(other).toJSON();
    expect(JSON.stringify(resources)).not.toContain('Fn::ImportValue');
    expect(only(resources, MADE).Properties.ModelName).toEqual(
      { 'Fn::Select': [2, { 'Fn::Split': ['|', { Ref: expect.stringMatching(/^SsmParameterValuebestfields/) }] }] });
  });

  test('of a recommendation from Parameter Store, the model is given', () => {
    const stack = newStack();
    const read = Recommendation.fromSsmParameter(stack, 'Read', { parameterPath: '/best', model: imported(stack) });
    expect(read.modelPackage).toBeUndefined();
    new Model(stack, 'Model', { recommendation: read, role: given(stack) });
    const resources = deployed(stack);
    expect(only(resources, MADE).Properties).toMatchObject({ ModelName: 'served' });
    expect(only(resources, MADE).Properties).not.toHaveProperty('ModelPackageName');
  });
});

test('a recommendation knows the model that its job benchmarked', () => {
  const stack = newStack();
  const target = ownModel(stack, 'Target');
  const best = jobIn(stack, { target: BenchmarkTarget.fromModel(target), containerConfig: CONTAINER_CONFIG }).addRecommendation('Best');
  expect([best.model, best.modelPackage]).toEqual([target, undefined]);
  expect(ofType(deployed(stack), MADE)).toEqual([]);
});

test('what a recommendation was made into can be benchmarked in its turn, and made into another: nothing waits for itself', () => {
  const stack = newStack();
  const first = new Model(stack, 'First', { recommendation: jobIn(stack, {}, 'Chosen').addRecommendation('Best') });
  modelOf(stack, first);
  // This refuses cycles.
  Template.fromStack(stack);
  const resources = deployed(stack);
  const ownNames = arn('sagemaker', 'model/0a1b2c3d-*');
  for (const owner of ['Start', 'Model']) {
    expect(permissionsOf(resources, idOf(resources, `InferenceRecommenderRuntime${owner}Role`))['sagemaker:DescribeModel']).toContain(ownNames);
  }
  expect(permissionsOf(resources, idOf(resources, 'JobRole'))['sagemaker:DescribeModel']).toContain(`${idOf(resources, 'FirstCustomResource')}.ModelArn`);
});

test('two recommendations of a model are two models with its role, which may read what either needs', () => {
  const stack = newStack();
  const job = jobIn(stack, { target: BenchmarkTarget.fromModel(ownModel(stack, 'Target')), containerConfig: CONTAINER_CONFIG });
  for (const id of ['Cheapest', 'Fastest']) { new Model(stack, `${id}Model`, { recommendation: job.addRecommendation(id) }); }
  const resources = deployed(stack);
  expect(ofType(resources, MADE)).toHaveLength(2);
  const compiled = permissionsOf(resources, idOf(resources, 'TargetRole'))['ecr:BatchGetImage'].filter((image) => image.includes('sagemaker-neo-*'));
  expect(compiled).toHaveLength(1);
});
