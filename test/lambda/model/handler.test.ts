import { modelName } from '../../../src/contract/job-name';
import { MODEL_RESOURCE_TYPE, ModelProperties } from '../../../src/contract/model';
import { COMPILATION, modelProperties as properties } from '../../harness/model';
import { ROLE_ARN, serviceError, Stage, STACK_ID } from '../../harness/stage';

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

  test.each(['ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'])('a Create that comes once more makes no model while the stack is %s, and finds the one that is there', async (status) => {
    const stage = await new Stage().setUp();
    const first = await stage.send(event(stage, 'Create'));
    stage.stackStatus = status;
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first.PhysicalResourceId });
    await stage.send(event(stage, 'Delete', {}, { PhysicalResourceId: first.PhysicalResourceId }));
    const late = await stage.send(event(stage, 'Create'));
    expect(late).toMatchObject({ Status: 'FAILED', Reason: `The stack is ${status}: CloudFormation no longer waits for this Create, so it makes nothing.` });
    expect(await models(stage)).toEqual([]);
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
    stage.region.sagemaker.state.compilationJobs.set('neo-1', { description: { CompilationJobName: 'neo-1', ...COMPILATION } });
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

describe('model of containers of one\'s own', () => {
  const S3DataSource = { S3Uri: 's3://models/w/', S3DataType: 'S3Prefix', CompressionType: 'None' };
  const made = async (overrides: Partial<ModelProperties>) => {
    const stage = await new Stage().setUp();
    const answer = await stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Create', { ...properties({ ModelPackageName: undefined }), ...overrides }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    return stage.sagemaker('DescribeModel', { ModelName: answer.PhysicalResourceId });
  };

  test('is what the containers say, with CloudFormation\'s text in the API\'s types', async () => {
    // Variables of the user's own may have the names of members.
    const Environment = { AcceptEula: 'true', ModelAccessConfig: 'false' };
    const source = (AcceptEula: unknown) => ({ ...S3DataSource, ETag: '"a"', ModelAccessConfig: { AcceptEula } });
    const given = (AcceptEula: unknown) => ({
      Image: 'image',
      Environment,
      ModelDataSource: { S3DataSource: source(AcceptEula) },
      AdditionalModelDataSources: [{ ChannelName: 'draft', S3DataSource: source(AcceptEula) }],
    });
    const { PrimaryContainer, ...rest } = await made({ Containers: [given('true')], EnableNetworkIsolation: 'true' });
    expect(PrimaryContainer).toEqual(given(true));
    expect(rest).toMatchObject({ EnableNetworkIsolation: true, ExecutionRoleArn: ROLE_ARN });
  });

  test('is a pipeline of several', async () => {
    const Containers = [{ Image: 'a', ModelDataSource: { S3DataSource } }, { Image: 'b' }];
    expect(await made({ Containers, InferenceExecutionConfig: { Mode: 'Direct' } })).toMatchObject({ Containers, InferenceExecutionConfig: { Mode: 'Direct' } });
    expect((await made({ Containers: [Containers[1]], InferenceExecutionConfig: { Mode: 'Serial' } })).Containers).toEqual([{ Image: 'b' }]);
  });
});

describe('model of a package of AWS Marketplace', () => {
  test('is isolated, also if only the deploy knows where the package comes from', async () => {
    const stage = await new Stage().setUp();
    const ModelPackageName = 'arn:aws:sagemaker:us-east-1:865070037744:model-package/gpt2-cpu-b73b575105d336b680d151277ebe4ee0';
    const { PhysicalResourceId } = await stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Create', properties({ ModelPackageName, OwnEnvironment: { A: '1' } })));
    expect(await stage.sagemaker('DescribeModel', { ModelName: PhysicalResourceId }))
      .toMatchObject({ EnableNetworkIsolation: true, PrimaryContainer: { ModelPackageName, Environment: { A: '1' } } });
  });
});

describe('model of a compiled row that has no compilation job', () => {
  const NEO = 'neo-00011122-2333-4445-5566-677788899900';
  const create = async (stage: Stage, row: Partial<ModelProperties>) => stage.send(stage.event(MODEL_RESOURCE_TYPE, 'Model', 'Create',
    properties({ ModelPackageName: stage.packageArn, InferenceSpecificationName: NEO, ...row })));

  test('is the artifact of the compilation job with the specification\'s name', async () => {
    const stage = await new Stage().setUp();
    stage.region.sagemaker.state.compilationJobs.set(NEO, { description: { ...COMPILATION, CompilationJobName: NEO } });
    const { PhysicalResourceId } = await create(stage, { OwnEnvironment: { MINE: '1' } });
    expect((await stage.sagemaker('DescribeModel', { ModelName: PhysicalResourceId })).PrimaryContainer)
      .toEqual({ Image: 'neo-image', ModelDataUrl: 's3://bucket/compiled.tar.gz', Environment: { OWN: 'kept', MINE: '1' } });
  });

  test('fails with a remedy if there is none', async () => {
    const stage = await new Stage().setUp();
    expect(await create(stage, {})).toMatchObject({
      Status: 'FAILED', Reason: expect.stringMatching(new RegExp(`'${NEO}', which ${stage.packageArn} does not have, .*\`limits.allowCompiledModels\` false`)),
    });
  });
});
