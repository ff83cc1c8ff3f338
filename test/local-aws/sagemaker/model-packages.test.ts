import { Bench, IMAGE } from './fixtures';
import { ResourceProvider, UpdateRequest } from '../../../local-aws/kernel/resource-provider';
import { resources } from '../../../local-aws/sagemaker/resources';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const arn = (resource: string) => `arn:aws:sagemaker:eu-west-1:111122223333:${resource}`;
const GROUP = arn('model-package-group/models');
const SPECIFICATION = { Containers: [{ Image: IMAGE }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] };

function policy(Resource: unknown = [GROUP, arn('model-package/models/*')], rest: object = {}): object {
  const statement = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'sagemaker:DescribeModelPackage', Resource, ...rest };
  return { Version: '2012-10-17', Statement: [statement] };
}

/** Lets a provider work on a resource, from what it was to what it is. */
function deploy(noun: string, properties: object, old?: object, physicalId = ''): Promise<any> {
  const request: UpdateRequest = {
    region: bench.region,
    stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/app/1',
    stackName: 'app',
    logicalId: noun,
    type: `AWS::SageMaker::${noun}`,
    properties,
    oldProperties: old ?? {},
    physicalId,
    tags: {},
    generatedName: () => 'app',
  };
  const provider: ResourceProvider = resources[request.type];
  return bench.world.clock.run<unknown>(() => (old ? provider.update(request) : provider.create(request)));
}

describe('the policy of a group', () => {
  const name = { ModelPackageGroupName: 'models' };
  const put = (document: unknown) => ({ ...name, ResourcePolicy: typeof document === 'string' ? document : JSON.stringify(document) });

  test('is put, read and deleted', async () => {
    await bench.call('CreateModelPackageGroup', name);
    expect(await bench.call('PutModelPackageGroupPolicy', put(policy()))).toEqual({ ModelPackageGroupArn: GROUP });
    expect(JSON.parse((await bench.call('GetModelPackageGroupPolicy', name)).ResourcePolicy)).toEqual(policy());
    await bench.call('DeleteModelPackageGroupPolicy', name);
    for (const operation of ['GetModelPackageGroupPolicy', 'DeleteModelPackageGroupPolicy']) {
      expect((await bench.refused(operation, name)).message).toContain('Cannot find resource policy');
    }
  });

  test.each<[string, unknown]>([
    ['that is no JSON', 'nonsense'],
    ['without statements', { Statement: [] }],
    ['for nobody', policy(GROUP, { Principal: undefined })],
    ['about another group', policy(arn('model-package-group/others'))],
    ['about the versions of a group whose name begins alike', policy([arn('model-package/models-2/1')])],
  ])('%s is refused, and the one before it stays', async (_what, document) => {
    await bench.call('CreateModelPackageGroup', name);
    await bench.call('PutModelPackageGroupPolicy', put(policy()));
    expect(await bench.refused('PutModelPackageGroupPolicy', put(document))).toMatchObject({ code: 'ValidationException' });
    expect(JSON.parse((await bench.call('GetModelPackageGroupPolicy', name)).ResourcePolicy)).toEqual(policy());
  });

  test('is set by CloudFormation with the group, changed in place, and deleted when it leaves the template', async () => {
    const own = (document?: object) => ({ ...name, ModelPackageGroupPolicy: document });
    const { physicalId } = await deploy('ModelPackageGroup', own(policy()));
    const kept = async () => JSON.parse((await bench.call('GetModelPackageGroupPolicy', name)).ResourcePolicy);
    expect(await kept()).toEqual(policy());
    await deploy('ModelPackageGroup', own(policy(GROUP)), own(policy()), physicalId);
    expect(await kept()).toEqual(policy(GROUP));
    await deploy('ModelPackageGroup', name, own(policy(GROUP)), physicalId);
    await bench.refused('GetModelPackageGroupPolicy', name);
    await deploy('ModelPackageGroup', name, name, physicalId);
  });

  test('that is refused takes the group that was made for it along', async () => {
    await expect(deploy('ModelPackageGroup', { ...name, ModelPackageGroupPolicy: policy('*') })).rejects.toThrow('must be about');
    await bench.refused('DescribeModelPackageGroup', name);
  });
});

describe('a version made by CloudFormation', () => {
  const properties = { ModelPackageGroupName: 'models', InferenceSpecification: SPECIFICATION };
  const describe_ = async () => bench.call('DescribeModelPackage', { ModelPackageName: 'models/1' });
  beforeEach(() => bench.call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' }));

  test('loses the approval\'s reason at first, and has it after an update', async () => {
    const first = { ...properties, ModelApprovalStatus: 'Approved', ApprovalDescription: 'Good' };
    const { physicalId } = await deploy('ModelPackage', first);
    expect(await describe_()).not.toHaveProperty('ApprovalDescription');
    await deploy('ModelPackage', { ...first, ApprovalDescription: 'Better' }, first, physicalId);
    expect(await describe_()).toMatchObject({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'Better' });
  });

  test.each<[string, object | undefined, object | undefined]>([
    ['changed', { a: '2', c: '3' }, { a: '2', c: '3' }], ['dropped', undefined, undefined],
  ])('has its metadata %s in place', async (_what, CustomerMetadataProperties, expected) => {
    const first = { ...properties, CustomerMetadataProperties: { a: '1', b: '1' } };
    const { physicalId } = await deploy('ModelPackage', first);
    await deploy('ModelPackage', { ...properties, CustomerMetadataProperties }, first, physicalId);
    expect((await describe_()).CustomerMetadataProperties).toEqual(expected);
  });

  test('does not hear of a change of its additional specifications, which are for a new one', async () => {
    const first = { ...properties, AdditionalInferenceSpecifications: [{ Name: 'gpu', Containers: [{ Image: IMAGE }] }] };
    const { physicalId } = await deploy('ModelPackage', first);
    await deploy('ModelPackage', { ...properties, AdditionalInferenceSpecifications: [{ Name: 'cpu', Containers: [{ Image: IMAGE }] }] }, first, physicalId);
    expect((await describe_()).AdditionalInferenceSpecifications).toEqual(first.AdditionalInferenceSpecifications);
  });
});

test.each(['SupportedTransformInstanceTypes', 'SupportedRealtimeInferenceInstanceTypes'])('a package by name must have %s', async (member) => {
  const types = { SupportedTransformInstanceTypes: ['ml.m5.xlarge'], SupportedRealtimeInferenceInstanceTypes: ['ml.m5.xlarge'] };
  const InferenceSpecification = { ...SPECIFICATION, ...types };
  expect(await bench.refused('CreateModelPackage', { ModelPackageName: 'alone', InferenceSpecification: { ...InferenceSpecification, [member]: undefined } }))
    .toMatchObject({ message: expect.stringContaining(member) });
  await bench.call('CreateModelPackage', { ModelPackageName: 'alone', InferenceSpecification });
});
