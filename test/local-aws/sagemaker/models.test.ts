import { Bench, IMAGE } from './fixtures';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const arn = (resource: string) => `arn:aws:sagemaker:eu-west-1:111122223333:${resource}`;

describe('model package groups', () => {
  test('are described as they were made, by name and by ARN', async () => {
    await bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'models', ModelPackageGroupDescription: 'All of them' });
    const expected = { ModelPackageGroupName: 'models', ModelPackageGroupDescription: 'All of them', ModelPackageGroupStatus: 'Completed' };
    expect(await bench.call('DescribeModelPackageGroup', { ModelPackageGroupName: 'models' })).toMatchObject(expected);
    expect(await bench.call('DescribeModelPackageGroup', { ModelPackageGroupName: arn('model-package-group/models') })).toMatchObject(expected);
  });

  test('are made once', async () => {
    await bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    expect(await bench.refused('CreateModelPackageGroup', { ModelPackageGroupName: 'models' })).toMatchObject({ code: 'ValidationException' });
  });

  test('that are not there are refused', async () => {
    expect(await bench.refused('DescribeModelPackageGroup', { ModelPackageGroupName: 'models' })).toMatchObject({
      code: 'ValidationException', message: `ModelPackageGroup ${arn('model-package-group/models')} does not exist.`,
    });
  });

  test('go only once their versions are gone', async () => {
    const version = await bench.modelPackage();
    expect(await bench.refused('DeleteModelPackageGroup', { ModelPackageGroupName: 'models' })).toMatchObject({ code: 'ConflictException', status: 400 });
    await bench.call('DeleteModelPackage', { ModelPackageName: version });
    await bench.call('DeleteModelPackageGroup', { ModelPackageGroupName: 'models' });
    await bench.refused('DescribeModelPackageGroup', { ModelPackageGroupName: 'models' });
  });
});

describe('model packages', () => {
  test('are versions of a group, whose numbers are not used again', async () => {
    expect(await bench.modelPackage()).toBe(arn('model-package/models/1'));
    await bench.call('DeleteModelPackage', { ModelPackageName: arn('model-package/models/1') });
    expect(await bench.modelPackage()).toBe(arn('model-package/models/2'));
    await bench.refused('DescribeModelPackage', { ModelPackageName: 'models/1' });
    expect(await bench.call('DescribeModelPackage', { ModelPackageName: 'models/2' })).toMatchObject({
      ModelPackageVersion: 2, ModelPackageGroupName: 'models', ModelPackageStatus: 'Completed', Domain: 'MACHINE_LEARNING',
    });
  });

  test('wait for approval unless they are told otherwise', async () => {
    const version = await bench.modelPackage({ ModelApprovalStatus: undefined });
    expect(await bench.call('DescribeModelPackage', { ModelPackageName: version })).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval' });
    await bench.call('UpdateModelPackage', { ModelPackageArn: version, ModelApprovalStatus: 'Approved', ApprovalDescription: 'Good' });
    expect(await bench.call('DescribeModelPackage', { ModelPackageName: version }))
      .toMatchObject({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'Good' });
  });

  test('take no tags as versions', async () => {
    const message = 'Tags are not supported in Model Package versions. Please add them to the Model Package Group';
    const version = await bench.modelPackage();
    await expect(bench.modelPackage({ Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toMatchObject({ code: 'ValidationException', message });
    expect(await bench.refused('AddTags', { ResourceArn: version, Tags: [] })).toMatchObject({ code: 'ValidationException', message });
  });

  test('take tags when they stand alone', async () => {
    const { ModelPackageArn } = await bench.call('CreateModelPackage', { ModelPackageName: 'alone', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(ModelPackageArn).toBe(arn('model-package/alone'));
    expect(await bench.call('ListTags', { ResourceArn: ModelPackageArn })).toEqual({ Tags: [{ Key: 'a', Value: 'b' }] });
  });

  test('have a group or a name of their own', async () => {
    expect(await bench.refused('CreateModelPackage', {})).toMatchObject({ code: 'ValidationException' });
    expect(await bench.refused('CreateModelPackage', { ModelPackageName: 'a', ModelPackageGroupName: 'b' })).toMatchObject({ code: 'ValidationException' });
  });

  test('get further inference specifications', async () => {
    const version = await bench.modelPackage();
    const update = { ModelPackageArn: version, AdditionalInferenceSpecificationsToAdd: [{ Name: 'gpu', Containers: [{ Image: IMAGE }] }] };
    await bench.call('UpdateModelPackage', update);
    expect((await bench.call('DescribeModelPackage', { ModelPackageName: version })).AdditionalInferenceSpecifications).toHaveLength(1);
    await bench.refused('UpdateModelPackage', update);
  });
});

describe('models', () => {
  test.each(['PendingManualApproval', 'Rejected'])('cannot be made of a package that is %s', async (ModelApprovalStatus) => {
    const ModelPackageName = await bench.modelPackage({ ModelApprovalStatus });
    expect(await bench.refused('CreateModel', { ModelName: 'm', PrimaryContainer: { ModelPackageName } })).toMatchObject({ code: 'ValidationException' });
  });

  test.each<[string, object]>([
    ['an unknown package', { ModelPackageName: arn('model-package/models/9') }],
    ['an unknown specification', { ModelPackageName: arn('model-package/models/1'), InferenceSpecificationName: 'gpu' }],
    ['a package and an image', { ModelPackageName: arn('model-package/models/1'), Image: IMAGE }],
    ['a package and model data', { ModelPackageName: arn('model-package/models/1'), ModelDataUrl: 's3://bucket/model.tar.gz' }],
    ['nothing', {}],
  ])('cannot be made of %s', async (_what, PrimaryContainer) => {
    await bench.modelPackage();
    expect(await bench.refused('CreateModel', { ModelName: 'm', PrimaryContainer })).toMatchObject({ code: 'ValidationException' });
    expect(await bench.call('ListModels')).toEqual({ Models: [] });
  });

  test('are made of an approved package', async () => {
    const ModelPackageName = await bench.modelPackage();
    await bench.call('CreateModel', { ModelName: 'm', Containers: [{ ModelPackageName, Environment: { A: '1' } }] });
    expect(await bench.call('DescribeModel', { ModelName: 'm' })).toMatchObject({ ModelArn: arn('model/m'), Containers: [{ ModelPackageName }] });
  });

  test('have names that are taken while they are there', async () => {
    const model = { ModelName: 'm', PrimaryContainer: { Image: IMAGE } };
    await bench.call('CreateModel', model);
    expect(await bench.refused('CreateModel', model)).toMatchObject({ message: `Cannot create already existing model "${arn('model/m')}".` });
    await bench.call('DeleteModel', { ModelName: 'm' });
    expect(await bench.refused('DescribeModel', { ModelName: 'm' })).toMatchObject({
      code: 'ValidationException', message: `Could not find model "${arn('model/m')}".`,
    });
    await bench.call('CreateModel', model);
  });

  test('are listed by name, page by page', async () => {
    for (const ModelName of ['b', 'c', 'ab']) {
      await bench.call('CreateModel', { ModelName, PrimaryContainer: { Image: IMAGE } });
      await bench.minutes(1);
    }
    const first = await bench.call('ListModels', { NameContains: 'b', SortBy: 'Name', SortOrder: 'Ascending', MaxResults: 1 });
    expect(first.Models).toMatchObject([{ ModelName: 'ab' }]);
    const second = await bench.call('ListModels', { NameContains: 'b', SortBy: 'Name', SortOrder: 'Ascending', MaxResults: 1, NextToken: first.NextToken });
    expect(second).toEqual({ Models: [expect.objectContaining({ ModelName: 'b' })] });
    expect((await bench.call('ListModels')).Models).toMatchObject([{ ModelName: 'ab' }, { ModelName: 'c' }, { ModelName: 'b' }]);
    expect((await bench.call('ListModels', { CreationTimeAfter: Date.parse('2026-01-01T00:01:30Z') / 1000 })).Models).toHaveLength(1);
    expect(await bench.refused('ListModels', { NextToken: 'nonsense' })).toMatchObject({ code: 'ValidationException' });
  });
});

describe('tags', () => {
  test('are merged, listed and dropped', async () => {
    const { ModelArn: ResourceArn } = await bench.call('CreateModel', {
      ModelName: 'm', PrimaryContainer: { Image: IMAGE }, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }],
    });
    await bench.call('AddTags', { ResourceArn, Tags: [{ Key: 'b', Value: '2' }, { Key: 'c', Value: '2' }] });
    await bench.call('DeleteTags', { ResourceArn, TagKeys: ['a'] });
    expect(await bench.call('ListTags', { ResourceArn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }, { Key: 'c', Value: '2' }] });
  });

  test('belong to something that is there', async () => {
    expect(await bench.refused('ListTags', { ResourceArn: arn('model/m') })).toMatchObject({ code: 'ValidationException' });
  });
});
