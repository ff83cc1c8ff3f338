import { containerOf } from '../../lambda/model/request';
import { MODEL_RESOURCE_TYPE, ModelProperties } from '../../src/api/contract';
import { modelName } from '../../src/api/job-name';
import { ROLE_ARN, serviceError, Stage, STACK_ID } from '../harness/stage';

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

  test('another environment is another model; tags are not', async () => {
    const stage = await new Stage().setUp();
    const first = await stage.send(event(stage, 'Create'));
    const old = { PhysicalResourceId: first.PhysicalResourceId, OldResourceProperties: properties({ ModelPackageName: stage.packageArn }) };
    const tagged = await stage.send(event(stage, 'Update', { Tags: [{ Key: 'team', Value: 'ml' }] }, old));
    expect(tagged.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect((await stage.sagemaker('ListTags', { ResourceArn: first.Data!.ModelArn })).Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
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

  test('a package that is not approved fails with the service\'s words', async () => {
    const stage = await new Stage().setUp({ ModelApprovalStatus: 'PendingManualApproval' });
    expect(await stage.send(event(stage, 'Create'))).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/approv/i) });
  });

  test('names hold the stack\'s prefix, which the function\'s permissions rest on', () => {
    expect(modelName(STACK_ID, 'Model', {})).toMatch(/^0a1b2c3d-[0-9a-f]{8}-[0-9a-f]{16}$/);
  });
});
