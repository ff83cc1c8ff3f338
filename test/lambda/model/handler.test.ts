import { containerOf } from '../../../lambda/model/request';
import { modelName } from '../../../src/contract/job-name';
import { MODEL_RESOURCE_TYPE, ModelProperties } from '../../../src/contract/model';
import { ROLE_ARN, serviceError, Stage, STACK_ID } from '../../harness/stage';

const properties = (overrides: Partial<ModelProperties> = {}): ModelProperties => ({
  SchemaVersion: '1',
  ModelPackageName: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/group/1',
  InferenceSpecificationName: '',
  CompilationJobName: '',
  Environment: '{}',
  ExecutionRoleArn: ROLE_ARN,
  ...overrides,
});
const container = (Environment?: Record<string, string>): any => ({ Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz', Environment });
const compilation: any = { InferenceImage: 'neo-image', ModelArtifacts: { S3ModelArtifacts: 's3://bucket/compiled.tar.gz' } };

describe('containerOf: the row, whole', () => {
  const packaged = (Environment?: Record<string, string>): any => ({ InferenceSpecification: { Containers: [container(Environment)] } });

  test('a plain row is the package', () => {
    expect(containerOf(properties(), packaged({ OWN: '1' }), undefined)).toEqual({ ModelPackageName: properties().ModelPackageName });
  });

  test('a tuned environment goes over the package\'s own', () => {
    expect(containerOf(properties({ Environment: '{"THREADS":"4","OWN":"2"}' }), packaged({ OWN: '1', KEPT: 'x' }), undefined))
      .toEqual({ ModelPackageName: properties().ModelPackageName, Environment: { OWN: '2', KEPT: 'x', THREADS: '4' } });
  });

  test('an alternate specification is named, and its own environment is the one that is kept', () => {
    const described: any = {
      ...packaged({ OWN: '1' }),
      AdditionalInferenceSpecifications: [{ Name: 'gpu', Containers: [container({ GPU: '1' })] }],
    };
    expect(containerOf(properties({ InferenceSpecificationName: 'gpu', Environment: '{"THREADS":"4"}' }), described, undefined))
      .toEqual({ ModelPackageName: properties().ModelPackageName, InferenceSpecificationName: 'gpu', Environment: { GPU: '1', THREADS: '4' } });
  });

  test('a compiled row is the compiled artifact with the package\'s environment, and never names the package', () => {
    expect(containerOf(properties({ CompilationJobName: 'neo-1', InferenceSpecificationName: 'neo-1' }), packaged({ OWN: '1' }), compilation))
      .toEqual({ Image: 'neo-image', ModelDataUrl: 's3://bucket/compiled.tar.gz', Environment: { OWN: '1' } });
  });

  test.each([
    ['tuned', { Environment: '{"THREADS":"4"}' }, undefined],
    ['compiled', { CompilationJobName: 'neo-1' }, compilation],
  ])('a %s row of a package with several containers is refused', (_what, overrides, described) => {
    const several: any = { InferenceSpecification: { Containers: [container(), container()] } };
    expect(() => containerOf(properties(overrides), several, described)).toThrow('has 2 containers');
    expect(containerOf(properties(), several, undefined)).toEqual({ ModelPackageName: properties().ModelPackageName });
  });
});

describe('model', () => {
  const event = (stage: Stage, type: string, overrides: Partial<ModelProperties> = {}, rest = {}) => stage.event(
    MODEL_RESOURCE_TYPE, 'Model', type, properties({ ModelPackageName: stage.packageArn, ...overrides }), rest);
  const models = async (stage: Stage) => (await stage.sagemaker('ListModels', {})).Models.map(({ ModelName }: any) => ModelName);

  test('Create makes a model; the same request again finds it', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(event(stage, 'Create', { Environment: '{"THREADS":"4"}' }));
    expect(first).toMatchObject({ Status: 'SUCCESS', Data: { ModelName: first.PhysicalResourceId } });
    const again = await stage.send(event(stage, 'Create', { Environment: '{"THREADS":"4"}' }));
    expect(again.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect(stage.count('CreateModel')).toBe(1);
    const { PrimaryContainer } = await stage.sagemaker('DescribeModel', { ModelName: first.PhysicalResourceId });
    expect(PrimaryContainer.Environment).toEqual({ OWN: 'kept', THREADS: '4' });
  });

  test('the stack\'s tags are on the model, and come to one that an update keeps', async () => {
    const stage = await new Stage().setUp();
    stage.stackTags = [{ Key: 'team', Value: 'shop' }];
    const { PhysicalResourceId, Data } = await stage.send(event(stage, 'Create'));
    const tags = async () => (await stage.sagemaker('ListTags', { ResourceArn: Data!.ModelArn })).Tags;
    expect(await tags()).toContainEqual({ Key: 'team', Value: 'shop' });
    stage.stackTags = [{ Key: 'team', Value: 'web' }];
    await stage.send(event(stage, 'Update', {}, { PhysicalResourceId, OldResourceProperties: event(stage, 'Create').ResourceProperties }));
    expect(await tags()).toContainEqual({ Key: 'team', Value: 'web' });
  });

  test('another environment is another model; tags are not', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(event(stage, 'Create'));
    const old = { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: properties({ ModelPackageName: stage.packageArn }) };
    const tagged = await stage.send(event(stage, 'Update', { Tags: [{ Key: 'team', Value: 'ml' }] }, old));
    expect(tagged.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect((await stage.sagemaker('ListTags', { ResourceArn: first.Data!.ModelArn })).Tags).toEqual(expect.arrayContaining([{ Key: 'team', Value: 'ml' }]));
    const tuned = await stage.send(event(stage, 'Update', { Environment: '{"THREADS":"4"}' }, old));
    expect(tuned.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
    expect(await models(stage)).toHaveLength(2);
  });

  test('Delete removes the model, and succeeds for one that is gone', async () => {
    const stage = await new Stage().setUp();
    const { PhysicalResourceId } = await stage.send(event(stage, 'Create'));
    expect(await stage.send(event(stage, 'Delete', {}, { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await models(stage)).toEqual([]);
    expect(await stage.send(event(stage, 'Delete', {}, { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('Delete with an id that CloudFormation invented removes the model whose answer never came', async () => {
    const stage = await new Stage().setUp();
    await stage.send(event(stage, 'Create'));
    await stage.send(event(stage, 'Delete', {}, { PhysicalResourceId: 'shop-Model-1ABCDEFGHIJK' }));
    expect(await models(stage)).toEqual([]);
  });

  test('the rollback of an update whose answer was lost removes the model that it made', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(event(stage, 'Create'));
    const before = properties({ ModelPackageName: stage.packageArn });
    const after = properties({ ModelPackageName: stage.packageArn, Environment: '{"THREADS":"4"}' });
    await stage.send(event(stage, 'Update', { Environment: '{"THREADS":"4"}' }, { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: before }));
    await stage.send(event(stage, 'Update', {}, { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: after }));
    expect(await models(stage)).toEqual([first.PhysicalResourceId]);
  });

  test('a create whose answer was lost after it took effect finds its own model', async () => {
    const stage = await new Stage().setUp();
    stage.fail('CreateModel', serviceError('TimeoutError', 'timed out', undefined as any), 1, true);
    expect((await stage.send(event(stage, 'Create'))).Status).toBe('FAILED');
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await models(stage)).toHaveLength(1);
  });

  test('a recommendation of no package fails with how to name its model', async () => {
    const stage = await new Stage().setUp();
    const request = stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Create', properties({ ModelPackageName: '' }));
    expect(await stage.send(request)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^The recommendation names no model package: .*`model`/) });
  });

  test('a package that is not approved fails with the service\'s words', async () => {
    const stage = await new Stage().setUp({ ModelApprovalStatus: 'PendingManualApproval' });
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/approv/i) });
  });

  test('names hold the stack\'s prefix, which the function\'s permissions rest on', () => {
    expect(modelName(STACK_ID, 'Model', {})).toMatch(/^0a1b2c3d-[0-9a-f]{8}-[0-9a-f]{16}$/);
  });
});

describe('model of a benchmarked model', () => {
  const SOURCE = {
    ModelName: 'benchmarked',
    ExecutionRoleArn: ROLE_ARN,
    PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz', Environment: { OWN: '1', KEPT: 'x' }, ContainerHostname: 'main' },
    VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] },
    EnableNetworkIsolation: true,
  };
  const OTHER_ROLE = 'arn:aws:iam::111111111111:role/other';
  const TUNED = { Environment: '{"THREADS":"4","OWN":"2"}' };
  const COMPILED = { CompilationJobName: 'neo-1', InferenceSpecificationName: 'neo-1' };
  const sourced = async (source: Record<string, unknown> = {}) => {
    const stage = await new Stage().setUp();
    stage.region.iam.createRole('other', {
      Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }],
    });
    const { PrimaryContainer, ...rest } = SOURCE;
    await stage.sagemaker('CreateModel', { ...rest, ...'Containers' in source ? {} : { PrimaryContainer }, ...source });
    stage.region.sagemaker.state.compilationJobs.set('neo-1', { description: { CompilationJobName: 'neo-1', ...compilation } });
    return stage;
  };
  const event = (stage: Stage, type: string, overrides: Partial<ModelProperties> = {}, rest = {}) => stage.event(MODEL_RESOURCE_TYPE, 'Model', type, {
    SchemaVersion: '1', ModelName: 'benchmarked', InferenceSpecificationName: '', CompilationJobName: '', Environment: '{}', ...overrides,
  }, rest);
  const models = async (stage: Stage) => (await stage.sagemaker('ListModels', {})).Models.map(({ ModelName }: any) => ModelName).sort();
  /** The model that a row makes of the benchmarked one. */
  const copy = async (stage: Stage, overrides: Partial<ModelProperties>) => {
    const answer = await stage.send(event(stage, 'Create', overrides));
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ModelName: answer.PhysicalResourceId } });
    return stage.sagemaker('DescribeModel', { ModelName: answer.PhysicalResourceId });
  };

  test('of a plain row is that model itself, and none is made', async () => {
    const stage = await sourced();
    const answer = await stage.send(event(stage, 'Create'));
    const { ModelArn } = await stage.sagemaker('DescribeModel', { ModelName: 'benchmarked' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ModelName: 'benchmarked', ModelArn } });
    expect(answer.PhysicalResourceId).not.toBe('benchmarked');
    expect(await models(stage)).toEqual(['benchmarked']);
  });

  test('is never deleted nor tagged, whatever id a Delete comes with', async () => {
    const stage = await sourced();
    const { PhysicalResourceId } = await stage.send(event(stage, 'Create'));
    const tags = { Tags: [{ Key: 'team', Value: 'ml' }] };
    await stage.send(event(stage, 'Update', tags, { PhysicalResourceId, OldResourceProperties: event(stage, 'Create').ResourceProperties }));
    expect(stage.count('AddTags')).toBe(0);
    for (const id of [PhysicalResourceId, 'shop-Model-1ABCDEFGHIJK', 'benchmarked']) {
      expect(await stage.send(event(stage, 'Delete', tags, { PhysicalResourceId: id }))).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(await models(stage)).toEqual(['benchmarked']);
  });

  test('of a tuned row is a copy: role, network and isolation, the container\'s own variables, the tuned ones over them', async () => {
    const { ModelName: _name, PrimaryContainer, ...rest } = SOURCE;
    expect(await copy(await sourced(), TUNED)).toMatchObject({
      ...rest, PrimaryContainer: { ...PrimaryContainer, Environment: { OWN: '2', KEPT: 'x', THREADS: '4' } },
    });
  });

  test('of a tuned row has the role that is given', async () => {
    expect(await copy(await sourced(), { ...TUNED, ExecutionRoleArn: OTHER_ROLE })).toMatchObject({ ExecutionRoleArn: OTHER_ROLE });
  });

  test('with its one container in a list stays so', async () => {
    const { PrimaryContainer, Containers } = await copy(await sourced({ Containers: [SOURCE.PrimaryContainer] }), TUNED);
    expect(PrimaryContainer).toBeUndefined();
    expect(Containers).toEqual([expect.objectContaining({ Environment: { OWN: '2', KEPT: 'x', THREADS: '4' } })]);
  });

  test('of a compiled row has the compiled image and artifact in place of its own data', async () => {
    const ModelDataSource = { S3DataSource: { S3Uri: 's3://bucket/model/', S3DataType: 'S3Prefix', CompressionType: 'None' } };
    const { PrimaryContainer } = await copy(await sourced({ PrimaryContainer: { Image: 'image', ModelDataSource, Environment: { OWN: '1' } } }), COMPILED);
    expect(PrimaryContainer).toEqual({ Image: 'neo-image', ModelDataUrl: 's3://bucket/compiled.tar.gz', Environment: { OWN: '1' } });
  });

  test('of a package\'s container keeps the package\'s variables beneath the container\'s', async () => {
    const stage = await sourced();
    await stage.sagemaker('DeleteModel', { ModelName: 'benchmarked' });
    await stage.sagemaker('CreateModel', {
      ModelName: 'benchmarked', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { ModelPackageName: stage.packageArn, Environment: { MODEL: '1' } },
    });
    expect((await copy(stage, { Environment: '{"THREADS":"4"}' })).PrimaryContainer)
      .toEqual({ ModelPackageName: stage.packageArn, Environment: { OWN: 'kept', MODEL: '1', THREADS: '4' } });
    // Image and data never stand beside a package.
    expect((await copy(stage, COMPILED)).PrimaryContainer)
      .toEqual({ Image: 'neo-image', ModelDataUrl: 's3://bucket/compiled.tar.gz', Environment: { OWN: 'kept', MODEL: '1' } });
  });

  test.each([['tuned', TUNED], ['compiled', COMPILED]])('with several containers is refused for a %s row, and deployed for a plain one', async (_what, overrides) => {
    const stage = await sourced({ Containers: ['a', 'b'].map((ContainerHostname) => ({ Image: 'image', ContainerHostname })) });
    expect(await stage.send(event(stage, 'Create', overrides))).toMatchObject({
      Status: 'FAILED', Reason: expect.stringMatching(/^Model benchmarked has 2 containers and the recommendation changes one without naming it/),
    });
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Data: { ModelName: 'benchmarked' } });
    expect(await models(stage)).toEqual(['benchmarked']);
  });

  test('is followed from copy to plain and back, and no copy is left behind', async () => {
    const stage = await sourced();
    const plain = event(stage, 'Create').ResourceProperties;
    const tuned = event(stage, 'Create', TUNED).ResourceProperties;
    const first = await stage.send(event(stage, 'Create', TUNED));
    const second = await stage.send(event(stage, 'Update', {}, { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: tuned }));
    expect(second).toMatchObject({ Status: 'SUCCESS', Data: { ModelName: 'benchmarked' } });
    expect(second.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
    await stage.send(event(stage, 'Delete', TUNED, { PhysicalResourceId: first.PhysicalResourceId }));
    expect(await models(stage)).toEqual(['benchmarked']);
    const third = await stage.send(event(stage, 'Update', TUNED, { PhysicalResourceId: second.PhysicalResourceId, OldResourceProperties: plain }));
    await stage.send(event(stage, 'Delete', {}, { PhysicalResourceId: second.PhysicalResourceId }));
    expect(await models(stage)).toEqual([third.PhysicalResourceId, 'benchmarked'].sort());
  });

  test('that is gone fails with the service\'s words', async () => {
    const stage = await sourced();
    await stage.sagemaker('DeleteModel', { ModelName: 'benchmarked' });
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Could not find model') });
  });
});
