import { Bench, IMAGE, ROLE } from './fixtures';
import { packageRequest } from '../../harness/model-package';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const URL = 's3://models/model.tar.gz';
const source = (changes: object = {}) => ({ S3DataSource: { S3Uri: 's3://models/w/', S3DataType: 'S3Prefix', CompressionType: 'None', ...changes } });
const channel = (ChannelName: string) => ({ ChannelName, ...source() });
const MARKETPLACE = 'arn:aws:sagemaker:eu-west-1:985815980388:model-package/gpt2-cpu-b73b575105d336b680d151277ebe4ee0';

const REFUSED: Array<[string, object, RegExp]> = [
  ['a URL of a local file', { ModelDataUrl: 'file:///home/me/model.tar.gz' }, /odelDataUrl/],
  ['a path', { ModelDataUrl: './model.tar.gz' }, /odelDataUrl/],
  ['a URL of no archive', { ModelDataUrl: 's3://models/w/model.pt' }, /ModelDataUrl must be the path of a single gzip compressed tar archive/],
  ['a URL of a prefix', { ModelDataUrl: 's3://models/w/' }, /ModelDataUrl must be the path of a single gzip compressed tar archive/],
  ['a bucket', { ModelDataUrl: 's3://models.tar.gz' }, /ModelDataUrl must have a bucket and a key/],
  ['a URL beside a source', { ModelDataUrl: URL, ModelDataSource: source() }, /either ModelDataUrl or ModelDataSource, not both/],
  ['an empty source', { ModelDataSource: {} }, /ModelDataSource must have an S3DataSource/],
  ['a prefix without a slash', { ModelDataSource: source({ S3Uri: 's3://models/w' }) }, /S3Uri must end with a forward slash/],
  ['an object with a slash', { ModelDataSource: source({ S3DataType: 'S3Object' }) }, /S3Uri must be the path of one object/],
  ['a source in a bucket as a whole', { ModelDataSource: source({ S3Uri: 's3://models/' }) }, /S3Uri must have a bucket and a key/],
  ['a source without compression', { ModelDataSource: source({ CompressionType: undefined }) }, /ompressionType/],
  ['a manifest\'s ETag alone', { ModelDataSource: source({ ManifestEtag: 'a' }) }, /ManifestEtag needs a ManifestS3Uri/],
  ['the same channel twice', { ModelDataSource: source(), AdditionalModelDataSources: [channel('a'), channel('a')] }, /different ChannelNames/],
  ['additional data without its slash', { AdditionalModelDataSources: [{ ChannelName: 'a', ...source({ S3Uri: 's3://m/w' }) }] }, /AdditionalModelDataSources\.1\.S3DataSource\.S3Uri must end/],
];

const TAKEN: Array<[string, object]> = [
  ['an archive', { ModelDataUrl: URL }],
  ['no data', {}],
  ['a prefix', { ModelDataSource: source({ ModelAccessConfig: { AcceptEula: true }, HubAccessConfig: { HubContentArn: 'arn:aws:sagemaker:eu-west-1:aws:hub-content/a/Model/b/1' } }) }],
  ['an object', { ModelDataSource: source({ S3Uri: 's3://models/model.safetensors', S3DataType: 'S3Object', ETag: '"a"' }) }],
  ['additional data', { ModelDataSource: source(), AdditionalModelDataSources: [channel('a'), channel('b')] }],
];

describe('a model', () => {
  test.each(REFUSED)('is refused with %s', async (_what, data, message) => {
    for (const containers of [{ PrimaryContainer: { Image: IMAGE, ...data } }, { Containers: [{ Image: IMAGE }, { Image: IMAGE, ...data }] }]) {
      const error = await bench.refused('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, ...containers });
      expect(error).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(message) });
    }
  });

  test.each(TAKEN)('is made with %s, and described so', async (_what, data) => {
    const PrimaryContainer = { Image: IMAGE, ...data };
    await bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer });
    expect((await bench.call('DescribeModel', { ModelName: 'm' })).PrimaryContainer).toEqual(PrimaryContainer);
  });

  test('of many models has a prefix as its URL, and no source', async () => {
    const of = (data: object) => ({ ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, Mode: 'MultiModel', ...data } });
    expect(await bench.refused('CreateModel', of({ ModelDataSource: source() }))).toMatchObject({ message: expect.stringContaining('MultiModel') });
    await bench.call('CreateModel', of({ ModelDataUrl: 's3://models/w/' }));
  });
});

test.each(REFUSED)('a package is refused with %s', async (_what, data, message) => {
  const refused = expect.objectContaining({ code: 'ValidationException', message: expect.stringMatching(message) });
  await expect(bench.modelPackage(packageRequest({ container: { Image: IMAGE, ModelDataUrl: undefined, ...data } }))).rejects.toEqual(refused);
  const additional = [{ Name: 'gpu', Containers: [{ Image: IMAGE, ...data }] }];
  await expect(bench.modelPackage({ AdditionalInferenceSpecifications: additional })).rejects.toEqual(refused);
  const ModelPackageArn = await bench.modelPackage();
  expect(await bench.refused('UpdateModelPackage', { ModelPackageArn, AdditionalInferenceSpecificationsToAdd: additional })).toEqual(refused);
});

describe('a package of AWS Marketplace', () => {
  const model = (more: object = {}) => ({ ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { ModelPackageName: MARKETPLACE }, ...more });

  test('is described as to a buyer, in its own Region', async () => {
    const { InferenceSpecification, ...description } = await bench.call('DescribeModelPackage', { ModelPackageName: MARKETPLACE });
    expect(description).toMatchObject({ ModelPackageArn: MARKETPLACE, ModelPackageStatus: 'Completed' });
    const { Containers: [container] } = InferenceSpecification;
    expect(Object.keys(container).sort()).toEqual(['Image', 'ImageDigest', 'ProductId']);
    const elsewhere = MARKETPLACE.replace('eu-west-1', 'eu-west-2');
    expect(await bench.refused('DescribeModelPackage', { ModelPackageName: elsewhere })).toMatchObject({ code: 'ValidationException' });
  });

  test.each([{}, { EnableNetworkIsolation: false }])('makes no model with %j', async (more) => {
    expect(await bench.refused('CreateModel', model(more))).toMatchObject({ message: expect.stringContaining('EnableNetworkIsolation must be true') });
  });

  test('makes an isolated model', async () => {
    await bench.call('CreateModel', model({ EnableNetworkIsolation: true }));
    expect(await bench.call('DescribeModel', { ModelName: 'm' })).toMatchObject({ EnableNetworkIsolation: true });
  });

  test('cannot be changed or deleted by a buyer', async () => {
    expect(await bench.refused('UpdateModelPackage', { ModelPackageArn: MARKETPLACE, ApprovalDescription: 'mine' })).toMatchObject({ code: 'AccessDeniedException' });
    expect(await bench.refused('DeleteModelPackage', { ModelPackageName: MARKETPLACE })).toMatchObject({ code: 'AccessDeniedException' });
  });
});
