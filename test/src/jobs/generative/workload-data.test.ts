import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { RequestTemplate, WorkloadDataset } from '../../../../src';
import { atDeploy, deployed, idOf, late, newStack, permissionsOf, SCRATCH } from '../../../harness/constructs';
import { bucket } from '../../../harness/endpoints';
import { folder } from '../../../harness/files';

function granted(stack: Stack, data: WorkloadDataset) {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  data._bind(stack, 'Data').grantRead(role);
  const resources = deployed(stack);
  return permissionsOf(resources, idOf(resources, 'Role'));
}

const urlOf = (stack: Stack, data: WorkloadDataset) => atDeploy(stack, data._bind(stack, 'Data').url);

describe('a dataset', () => {
  test('is all objects under its prefix', () => {
    const stack = newStack();
    expect(urlOf(stack, WorkloadDataset.fromBucketPrefix(bucket(stack), 'traffic/may/'))).toBe('s3://data/traffic/may/');
  });

  test('may be read there, and nowhere else in the bucket', () => {
    const stack = newStack();
    expect(granted(stack, WorkloadDataset.fromBucketPrefix(bucket(stack), 'traffic/'))).toEqual({
      's3:GetObject': ['arn:aws:s3:::data/traffic/*'], 's3:ListBucket': ['arn:aws:s3:::data'],
    });
  });

  test('may be decrypted with the bucket\'s key', () => {
    const stack = newStack();
    const encrypted = new Bucket(stack, 'Encrypted', { encryptionKey: new Key(stack, 'Key') });
    expect(granted(stack, WorkloadDataset.fromBucketPrefix(encrypted, 'traffic/'))).toHaveProperty('kms:Decrypt');
  });

  test('of a URI is the same', () => {
    const stack = newStack();
    expect(granted(stack, WorkloadDataset.fromS3Uri('s3://data/traffic/'))).toEqual({
      's3:GetObject': ['arn:aws:s3:::data/traffic/*'], 's3:ListBucket': ['arn:aws:s3:::data'],
    });
  });

  test.each(['s3://data/', 's3://data/a/'])('%s with a token keeps the token', (start) => {
    const stack = newStack();
    expect(urlOf(stack, WorkloadDataset.fromS3Uri(`${start}${late.text('late')}/`))).toBe(`${start}late/`);
    expect(WorkloadDataset.fromS3Uri(`${start}${late.text('late')}`)).toBeDefined();
  });

  test.each(['', '/', 'traffic', 'traffic//', 'traffic/a.jsonl'])('no prefix: %j', (prefix) => {
    expect(() => WorkloadDataset.fromBucketPrefix(bucket(newStack()), prefix))
      .toThrow(`\`dataset\` must be a prefix that ends with one '/', e.g. 'traffic/', got: '${prefix}'.`);
  });

  test.each(['s3://data', 's3://data/', 'data/traffic/', 'https://data/traffic/'])('no URI: %j', (uri) => {
    expect(() => WorkloadDataset.fromS3Uri(uri)).toThrow(/^`dataset` must be the whole URI of an object in S3/);
  });

  test.each(['s3://data/traffic', 's3://data/traffic//', 's3://data/a.jsonl'])('the URI of no prefix: %j', (uri) => {
    expect(() => WorkloadDataset.fromS3Uri(uri)).toThrow(`\`dataset\` must be a prefix that ends with one '/', e.g. 'traffic/', got: '${uri}'.`);
  });
});

describe('a template', () => {
  test('is one object, and nothing else may be read', () => {
    const stack = newStack();
    expect(granted(stack, RequestTemplate.fromBucket(bucket(stack), 'templates/generate.jinja'))).toEqual({
      's3:GetObject': ['arn:aws:s3:::data/templates/generate.jinja'], 's3:ListBucket': ['arn:aws:s3:::data'],
    });
  });

  test('of a file is uploaded, by a name that changes with it', () => {
    const [one, other] = ['{{ text }}', '{{ texts }}'].map((text) => {
      const stack = newStack();
      const data = RequestTemplate.fromAsset(join(folder({ 'request.jinja': text }), 'request.jinja'));
      const { url } = data._bind(stack, 'Data');
      return { url: atDeploy(stack, url) };
    });
    expect(one.url).toMatch(/^s3:\/\/cdk-hnb659fds-assets-\d+-[\w-]+\/[0-9a-f]{64}\.jinja$/);
    expect(other.url).not.toBe(one.url);
  });

  test('of a file may be read alone', () => {
    const stack = newStack();
    const path = join(folder({ 'request.jinja': '{{ text }}' }), 'request.jinja');
    const { 's3:GetObject': objects, ...rest } = granted(stack, RequestTemplate.fromAsset(path));
    expect(objects).toEqual([expect.stringMatching(/\/[0-9a-f]{64}\.jinja$/)]);
    expect(Object.keys(rest)).toEqual(['s3:ListBucket']);
  });

  test.each<[string, () => RequestTemplate, RegExp]>([
    ['a prefix', () => RequestTemplate.fromBucket(bucket(newStack()), 'templates/'), /^`template` must be one file whose name is known at synth/],
    ['an empty key', () => RequestTemplate.fromBucket(bucket(newStack()), ''), /^`template` must be one file/],
    ['a late name', () => RequestTemplate.fromBucket(bucket(newStack()), `templates/${late.text('x')}`), /^`template` must be one file/],
    ['a name with a space', () => RequestTemplate.fromS3Uri('s3://data/my template.jinja'), /^`template` must be one file/],
    ['no URI', () => RequestTemplate.fromS3Uri('generate.jinja'), /^`template` must be the whole URI of an object/],
    ['no file', () => RequestTemplate.fromAsset(join(SCRATCH, 'no.jinja')), /^`template` must be a file that exists, got: '.*no\.jinja'\.$/],
  ])('of %s is refused', (_what, make, sentence) => {
    expect(make).toThrow(sentence);
  });

  test('of a directory is refused', () => {
    expect(() => RequestTemplate.fromAsset(__dirname)._bind(newStack(), 'Data')).toThrow(/^`template` must be one file, got the directory '/);
  });
});
