import { chmodSync, readdirSync, readFileSync, statSync, utimesSync } from 'fs';
import { join } from 'path';
import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { list } from 'tar';
import { ContainerImage, ModelData, SamplePayload } from '../../../src';
import { arn, atDeploy, deployed, idOf, late, newStack, only, packageIn, permissionsOf, QUICK_START, SCRATCH } from '../../harness/constructs';
import { folder } from '../../harness/files';

const MODEL = join(QUICK_START, 'model.tar.gz');
const PAYLOAD = join(QUICK_START, 'payload');
const ASSETS = 's3://cdk-hnb659fds-assets-111111111111-us-east-1';

function urlOf(source: ModelData | SamplePayload, stack = newStack()): string {
  return atDeploy(stack, source._bind(stack, 'Source').url);
}

/** The archive that is uploaded, once the app is synthesized. */
function uploaded(source: SamplePayload): { path: string; files: string[]; hash: string } {
  const stack = newStack({ stages: true });
  const hash = /([0-9a-f]{64})\.tar\.gz$/.exec(urlOf(source, stack))![1];
  const { directory } = (stack.node.root as App).synth();
  const [path] = readdirSync(directory).filter((name) => name.startsWith(`asset.${hash}`)).map((name) => join(directory, name));
  const files: string[] = [];
  list({ file: path, sync: true, onReadEntry: (entry) => { files.push(entry.path); } });
  return { path, files, hash };
}

function reader(stack: Stack, source: ModelData | SamplePayload): Record<string, string[]> {
  source._bind(stack, 'Source').grantRead(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'Reader'));
}

describe('an asset', () => {
  test.each<[string, ModelData | SamplePayload]>([
    ['model data', ModelData.fromAsset(MODEL)],
    ['a payload from an archive', SamplePayload.fromAsset(MODEL)],
    ['a payload from a directory', SamplePayload.fromAsset(PAYLOAD)],
  ])('%s has a key that ends in .tar.gz, as the service wants it', (_what, source) => {
    expect(urlOf(source)).toMatch(new RegExp(`^${ASSETS}/[0-9a-f]{64}\\.tar\\.gz$`));
  });

  test.each<[string, ModelData | SamplePayload]>([
    ['an archive', ModelData.fromAsset(MODEL)],
    ['a directory', SamplePayload.fromAsset(PAYLOAD)],
  ])('of %s may be read by its own key, and its bucket listed', (_what, source) => {
    const stack = newStack();
    const objectArn = urlOf(source, stack).replace('s3://', 'arn:aws:s3:::');
    expect(reader(stack, source)).toEqual({ 's3:GetObject': [objectArn], 's3:ListBucket': [objectArn.replace(/\/.*/, '')] });
  });

  test('is uploaded, as the file that it is, to where the template names it', () => {
    const stack = newStack({ stages: true });
    const key = urlOf(SamplePayload.fromAsset(PAYLOAD), stack).split('/').pop()!;
    const { directory } = (stack.node.root as App).synth();
    const manifest = JSON.parse(readFileSync(join(directory, `${stack.artifactId}.assets.json`), 'utf8'));
    const [asset] = Object.values<any>(manifest.files).filter(({ destinations }) => Object.values<any>(destinations)[0].objectKey === key);
    expect(asset.source.packaging).toBe('file');
    expect(statSync(join(directory, asset.source.path)).isFile()).toBe(true);
  });

  test('used twice in a scope is uploaded once', () => {
    const stack = newStack();
    const source = ModelData.fromAsset(MODEL);
    expect(source._bind(stack, 'A')).toBe(source._bind(stack, 'B'));
  });

  test('is found again in a second stack', () => {
    const source = SamplePayload.fromAsset(PAYLOAD);
    expect(urlOf(source)).toBe(urlOf(source));
  });
});

describe('a directory', () => {
  test('becomes one archive of its files, by their paths in it', () => {
    const { files } = uploaded(SamplePayload.fromAsset(folder({ 'b.csv': '2', 'a.csv': '1', 'more/c.csv': '3' })));
    expect(files).toEqual(['a.csv', 'b.csv', 'more/c.csv']);
  });

  test('gives the same archive from every copy, whenever and as whatever it was written', () => {
    const files = { 'a.csv': '1', 'more/b.csv': '2' };
    const [first, second] = [folder(files), folder(files)];
    utimesSync(join(second, 'a.csv'), new Date(0), new Date('2001-02-03'));
    utimesSync(join(second, 'more'), new Date(0), new Date('2001-02-03'));
    chmodSync(join(second, 'a.csv'), 0o664);
    const [one, other] = [first, second].map((path) => uploaded(SamplePayload.fromAsset(path)));
    expect(other.hash).toBe(one.hash);
    expect(readFileSync(other.path).equals(readFileSync(one.path))).toBe(true);
  });

  test.each<[string, Record<string, string>]>([
    ['content', { 'a.csv': '1 ' }], ['name', { 'b.csv': '1' }], ['place', { 'more/a.csv': '1' }], ['number', { 'a.csv': '1', 'b.csv': '1' }],
  ])('of which a file\'s %s changes is another payload', (_what, changed) => {
    expect(urlOf(SamplePayload.fromAsset(folder(changed)))).not.toBe(urlOf(SamplePayload.fromAsset(folder({ 'a.csv': '1' }))));
  });

  test('may end in a slash', () => {
    expect(uploaded(SamplePayload.fromAsset(`${folder({ 'a.csv': '1' })}/`)).files).toEqual(['a.csv']);
  });

  // The prefix that is cut from each path is './', and the joined paths have none.
  test.each(['.', './'])('may be %s, the folder that the app runs in', (path) => {
    const before = process.cwd();
    process.chdir(folder({ 'row-1.csv': '1' }));
    try {
      expect(uploaded(SamplePayload.fromAsset(path)).files).toEqual(['row-1.csv']);
    } finally {
      process.chdir(before);
    }
  });

  test('without a file is refused', () => {
    const path = folder({});
    expect(() => urlOf(SamplePayload.fromAsset(path))).toThrow(`\`samplePayload\` must have at least 1 file, got an empty directory: '${path}'.`);
  });

  // The archive is copied into the assembly, and the first copy stays for ever.
  test('leaves nothing behind in the folder for temporary files', () => {
    const left = () => readdirSync(SCRATCH).filter((name) => name.startsWith('sample-payload-'));
    const before = left();
    uploaded(SamplePayload.fromAsset(PAYLOAD));
    expect(left()).toEqual(before);
  });

  test('is no model data: that is one archive', () => {
    expect(() => ModelData.fromAsset(PAYLOAD)).toThrow(/^`modelData` must be a \.tar\.gz archive, got: '.+payload'\. .*tar -czf/);
  });
});

describe('an object of a bucket', () => {
  test('may be read by its key; the bucket may be listed; the bucket\'s key may decrypt', () => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Data', { encryptionKey: new Key(stack, 'Key') });
    const permissions = reader(stack, ModelData.fromBucket(bucket, 'models/a.tar.gz'));
    const [name] = permissions['s3:ListBucket'];
    expect(permissions).toEqual({
      's3:GetObject': [`${name}/models/a.tar.gz`],
      's3:ListBucket': [expect.stringMatching(/^arn:aws:s3:::data[0-9a-f]{8}$/)],
      'kms:Decrypt': [expect.stringContaining(arn('kms', 'key/Key'))],
    });
  });

  test.each<[string, ModelData | SamplePayload]>([
    ['model data', ModelData.fromBucket(Bucket.fromBucketName(newStack(), 'Data', 'data'), 'a.tar.gz')],
    ['a payload', SamplePayload.fromBucket(Bucket.fromBucketName(newStack(), 'Data', 'data'), 'a.tar.gz')],
  ])('%s is where the bucket has it', (_what, source) => {
    expect(urlOf(source)).toBe('s3://data/a.tar.gz');
  });
});

describe('model data that is more than one archive', () => {
  const bucket = () => Bucket.fromBucketName(newStack(), 'Data', 'data');
  const rendered = (modelData: ModelData) => {
    const stack = newStack();
    packageIn(stack, { containers: [{ image: ContainerImage.fromRegistry('image'), modelData }] });
    return only(deployed(stack), 'AWS::SageMaker::ModelPackage').Properties.InferenceSpecification.Containers;
  };

  test.each<[string, ModelData, object]>([
    ['all objects under a prefix', ModelData.fromBucketPrefix(bucket(), 'weights/'),
      { S3Uri: 's3://data/weights/', S3DataType: 'S3Prefix', CompressionType: 'None' }],
    ['an archive under a prefix', ModelData.fromBucketPrefix(bucket(), 'weights/', { compressed: true }),
      { S3Uri: 's3://data/weights/', S3DataType: 'S3Prefix', CompressionType: 'Gzip' }],
    ['an object as it stands', ModelData.fromBucketObject(bucket(), 'model.pt'),
      { S3Uri: 's3://data/model.pt', S3DataType: 'S3Object', CompressionType: 'None' }],
    ['an archive of any name', ModelData.fromBucketObject(bucket(), 'model.tgz', { compressed: true }),
      { S3Uri: 's3://data/model.tgz', S3DataType: 'S3Object', CompressionType: 'Gzip' }],
    ['a model with a license', ModelData.fromBucketPrefix(bucket(), 'weights/', { acceptEula: true }),
      { S3Uri: 's3://data/weights/', S3DataType: 'S3Prefix', CompressionType: 'None', ModelAccessConfig: { AcceptEula: true } }],
  ])('is told to the service as what it is: %s', (_what, data, source) => {
    expect(rendered(data)).toEqual([{ Image: 'image', ModelDataSource: { S3DataSource: source } }]);
  });

  test.each<[string, ModelData, string]>([
    ['all objects under its prefix', ModelData.fromBucketPrefix(bucket(), 'weights/'), 'weights/*'],
    ['its one object', ModelData.fromBucketObject(bucket(), 'model.pt'), 'model.pt'],
  ])('is read as %s', (_what, data, readable) => {
    expect(reader(newStack(), data)).toEqual({ 's3:GetObject': [`arn:aws:s3:::data/${readable}`], 's3:ListBucket': ['arn:aws:s3:::data'] });
  });

  test.each(['weights', '', '/', 'weights//'])('has a prefix that is a name and one slash, unlike \'%s\'', (prefix) => {
    expect(() => ModelData.fromBucketPrefix(bucket(), prefix)).toThrow(`\`prefix\` must be a name that ends with one '/', e.g. 'models/', got: '${prefix}'.`);
  });

  test('may have a prefix that only the deploy knows', () => {
    expect(urlOf(ModelData.fromBucketPrefix(bucket(), late.text('weights')))).toBe('s3://data/weights');
  });
});

describe('a whole URI', () => {
  const sourceOf = (data: ModelData) => data._bind(newStack(), 'Source').source;

  test.each<[string, ModelData, object | undefined, string]>([
    ['an archive', ModelData.fromS3Uri('s3://data/a/model.tar.gz'), undefined, 'a/model.tar.gz'],
    ['an archive with a license', ModelData.fromS3Uri('s3://data/a/model.tar.gz', { acceptEula: true }),
      { s3DataType: 'S3Object', compressionType: 'Gzip', acceptEula: true }, 'a/model.tar.gz'],
    ['an archive that the service copies as it is', ModelData.fromS3Uri('s3://data/a/model.tar.gz', { compressed: false }),
      { s3DataType: 'S3Object', compressionType: 'None' }, 'a/model.tar.gz'],
    ['a prefix', ModelData.fromS3Uri('s3://data/a/'), { s3DataType: 'S3Prefix', compressionType: 'None' }, 'a/*'],
    ['a prefix of a bucket that only the deploy knows', ModelData.fromS3Uri(`s3://${late.text('data')}/a/`),
      { s3DataType: 'S3Prefix', compressionType: 'None' }, 'a/*'],
    ['a file', ModelData.fromS3Uri('s3://data/a/model.gguf'), { s3DataType: 'S3Object', compressionType: 'None' }, 'a/model.gguf'],
    ['what only the deploy knows', ModelData.fromS3Uri(late.text('s3://data/a/model.tar.gz')), undefined, 'a/model.tar.gz'],
    ['what only the deploy knows, as a prefix', ModelData.fromS3Uri(late.text('s3://data/a/'), { compressed: false }),
      { s3DataType: 'S3Prefix', compressionType: 'None' }, 'a/*'],
    ['what only the deploy knows, with a license', ModelData.fromS3Uri(`s3://data/${late.text('a/b.tar.gz')}`, { acceptEula: true }),
      { s3DataType: 'S3Object', compressionType: 'Gzip', acceptEula: true }, 'a/b.tar.gz'],
  ])('of %s is told to the service as what it is, and may be read', (_what, data, source, readable) => {
    expect(sourceOf(data)).toEqual(source);
    expect(reader(newStack(), data)).toEqual({ 's3:GetObject': [`arn:aws:s3:::data/${readable}`], 's3:ListBucket': ['arn:aws:s3:::data'] });
  });

  test.each<[string, (stack: Stack) => string, string]>([
    ['a parameter of the stack', (stack) => new CfnParameter(stack, 'Uri', { default: 's3://data/model.tar.gz' }).valueAsString, 's3://data/model.tar.gz'],
    ['an attribute of another resource',
      (stack) => new CfnResource(stack, 'Training', { type: 'Custom::Training' }).getAtt('Artifacts').toString(), 'Training.Artifacts'],
  ])('may be %s', (_what, uri, deployedUri) => {
    const stack = newStack();
    const given = uri(stack);
    packageIn(stack, {
      containers: [{ image: ContainerImage.fromRegistry('image'), modelData: ModelData.fromS3Uri(given) }],
      samplePayload: SamplePayload.fromS3Uri(given),
    });
    const { InferenceSpecification, SamplePayloadUrl } = only(deployed(stack), 'AWS::SageMaker::ModelPackage').Properties;
    expect([InferenceSpecification.Containers[0].ModelDataUrl, SamplePayloadUrl]).toEqual(Array(2).fill(deployedUri));
  });

  test('of a payload is one archive', () => {
    expect(urlOf(SamplePayload.fromS3Uri('s3://data/payload.tar.gz'))).toBe('s3://data/payload.tar.gz');
    expect(reader(newStack(), SamplePayload.fromS3Uri(late.text('s3://data/payload.tar.gz'))))
      .toEqual({ 's3:GetObject': ['arn:aws:s3:::data/payload.tar.gz'], 's3:ListBucket': ['arn:aws:s3:::data'] });
  });

  test.each<[string, () => unknown, string]>([
    ['a payload that is no archive', () => SamplePayload.fromS3Uri('s3://data/payload.zip'), '`samplePayload` must be a .tar.gz archive, got: \'s3://data/payload.zip\'.'],
    ['a payload in a folder that only the deploy knows, that is no archive', () => SamplePayload.fromS3Uri(`${late.text('s3://data')}/payload.csv`), '`samplePayload` must be a .tar.gz archive'],
    ['a prefix without its slash', () => ModelData.fromS3Uri('s3://data/models/llama'), '`modelData` must end with \'/\' if it is a prefix'],
    ['a prefix without its slash, that has a point', () => ModelData.fromS3Uri('s3://data/models/llama-3.1-8b'), '`modelData` must end with \'/\''],
  ])('%s is refused', (_what, make, sentence) => {
    expect(make).toThrow(sentence);
  });
});

describe('anything but a .tar.gz is refused with the prop, the value and the remedy', () => {
  const bucket = () => Bucket.fromBucketName(newStack(), 'Data', 'data');

  test.each<[string, string, () => unknown]>([
    ['modelData', 'model.zip', () => ModelData.fromAsset('model.zip')],
    ['modelData', 'model.tar', () => ModelData.fromBucket(bucket(), 'model.tar')],
    ['samplePayload', 'payload.tgz', () => SamplePayload.fromBucket(bucket(), 'payload.tgz')],
    ['samplePayload', `${QUICK_START}/app.ts`, () => urlOf(SamplePayload.fromAsset(`${QUICK_START}/app.ts`))],
  ])('%s: %s', (prop, value, make) => {
    expect(make).toThrow(`\`${prop}\` must be a .tar.gz archive, got: '${value}'. Pack the files with \`tar -czf\`.`);
  });

  test.each<[string, () => unknown]>([
    ['an archive', () => urlOf(ModelData.fromAsset('nowhere.tar.gz'))],
    ['a directory', () => urlOf(SamplePayload.fromAsset('nowhere'))],
  ])('%s that is not there is refused by its name', (_what, make) => {
    expect(make).toThrow(/nowhere/);
  });

  // What is no directory is taken for an archive, so the remedy is one that cannot help.
  test('a payload that is not there is not told to be packed', () => {
    expect(() => urlOf(SamplePayload.fromAsset('nowhere'))).not.toThrow(/Pack the files/);
  });

  test('a key that only the deploy knows passes', () => {
    expect(urlOf(ModelData.fromBucket(bucket(), late.text('model.zip')))).toBe('s3://data/model.zip');
  });
});
