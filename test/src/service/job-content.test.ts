import { readFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import {
  contentOf, countedRequest, countedTarget, MODEL_MEMBERS, NOT_COUNTED, PACKAGE_MEMBERS, TARGET_NAMES,
} from '../../../src/service/job-content';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { along, leavesOf, membersOf, Path } from '../../harness/sdk-shapes';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const HASH = '1b'.repeat(32);
/** A container of which everything is known. */
const CERTAIN = { Image: `repository@${DIGEST}`, ModelDataUrl: `s3://assets/${HASH}.tar.gz` };
const DOCUMENT = readFileSync(join(__dirname, '../../../docs/what-counts.md'), 'utf8');
/** The rows of the document's tables. */
const [FIRST, SECOND] = [...DOCUMENT.matchAll(/\n\| --- .*\n((?:\|.*\n)+)/g)].map(([, rows]) => (
  rows.trim().split('\n').map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()))));

describe('each member of AWS\'s shapes is in the document, as the code has it', () => {
  const input = Object.keys(JOB_SHAPES.RecommendationJobInputConfig.members!);
  const isIn = (list: readonly string[], member: string) => list.includes(member);
  const expected = [
    ...membersOf('CreateInferenceRecommendationsJobRequest').map((member) => (
      ['request', member, member === 'InputConfig' ? 'see `input`' : isIn(NOT_COUNTED.request, member) ? 'no' : 'yes'])),
    ...input.map((member) => ['input', member, isIn(NOT_COUNTED.input, member) ? 'no' : isIn(TARGET_NAMES, member) ? 'by what' : 'yes']),
    ...membersOf('DescribeModelPackageOutput').map((member) => ['package', member, isIn(PACKAGE_MEMBERS, member) ? 'yes' : 'no']),
    ...membersOf('DescribeModelOutput').map((member) => ['model', member, isIn(MODEL_MEMBERS, member) ? 'yes' : 'no']),
  ].map(([of, member, counts]) => `${of} \`${member}\` ${counts}`);

  test('the table has them all, and no other', () => {
    expect(FIRST.map(([of, member, counts]) => `${of} ${member} ${counts.replace(/by what .*/, 'by what')}`).sort()).toEqual(expected.sort());
  });

  test('the code names only members that there are', () => {
    expect(PACKAGE_MEMBERS.filter((member) => !membersOf('DescribeModelPackageOutput').includes(member))).toEqual([]);
    expect(MODEL_MEMBERS.filter((member) => !membersOf('DescribeModelOutput').includes(member))).toEqual([]);
    expect(NOT_COUNTED.input.filter((member) => !input.includes(member))).toEqual([]);
  });

  // What a value says of itself is what matters, so each is tried.
  const sample = (path: Path, variant: string) => {
    const name = path.at(-1)!;
    if (/Uri$|Url$/.test(name)) { return `s3://bucket/${variant}`; }
    return /Arn$/.test(name) ? `arn:aws:sagemaker:${variant}` : name === 'Image' ? `repository:${variant}` : variant;
  };
  const all = [
    ...PACKAGE_MEMBERS.flatMap((member) => leavesOf('DescribeModelPackageOutput', member).map((path) => [member, ...path])),
    ...MODEL_MEMBERS.flatMap((member) => leavesOf('DescribeModelOutput', member).map((path) => [member, ...path])),
    ...leavesOf('CreateInferenceRecommendationsJobRequest', 'InputConfig').map((path) => ['InputConfig', ...path])
      .filter(([, member]) => ![...NOT_COUNTED.input, ...TARGET_NAMES].includes(member as any)),
  ];

  /** What of a member's value is in the content, and whether it is certain beside a container that is. */
  function judged(path: Path): string {
    const [one, other] = ['one', 'other'].map((variant) => {
      const described = along(path, path.at(-1) === 'Environment' ? { NAME: variant } : sample(path, variant)) as Record<string, unknown>;
      const target = path[0] === 'InputConfig' ? described : countedTarget(described, [...PACKAGE_MEMBERS, ...MODEL_MEMBERS]);
      return contentOf([target, CERTAIN]);
    });
    return JSON.stringify(one.counted) === JSON.stringify(other.counted) ? 'no' : one.isCertain ? 'yes' : 'uncertain';
  }

  test('and so has the second table with what is below them', () => {
    expect(all.length).toBeGreaterThan(100);
    const found: Record<string, Set<string>> = { no: new Set(), yes: new Set(), uncertain: new Set() };
    for (const path of all) { found[judged(path)].add(path.at(-1) === '[]' ? path.at(-2)! : path.at(-1)!); }
    const rows = SECOND.flatMap(([members, how]) => [...members.matchAll(/`(\w+)`/g)].map(([, member]) => [member, /^no\b/.test(how) ? 'no' : 'uncertain'] as const));
    const listed = (kind: string) => rows.filter(([, one]) => one === kind).map(([member]) => member).sort();
    expect([...found.no].sort()).toEqual(listed('no'));
    expect([...found.uncertain].sort()).toEqual(listed('uncertain'));
    // A member that counts counts wherever it stands.
    expect([...found.yes].filter((member) => found.no.has(member) || found.uncertain.has(member))).toEqual([]);
  });
});

describe('a request', () => {
  const REQUEST = { JobType: 'Default', InputConfig: { RoleArn: 'x', ModelName: 'm', Tags: ['own'] } };

  test.each(NOT_COUNTED.request)('is the same whatever its %s', (member) => {
    expect(countedRequest({ ...REQUEST, [member]: 'other' })).toEqual(REQUEST);
  });

  test.each(NOT_COUNTED.input)('is the same whatever its input\'s %s', (member) => {
    expect(countedRequest({ ...REQUEST, InputConfig: { ...REQUEST.InputConfig, [member]: 'other' } })).toEqual(REQUEST);
  });

  test('keeps such members where they are not its own, and what is no object', () => {
    expect(countedRequest(REQUEST)).toEqual(REQUEST);
    expect(countedRequest({ JobType: 'Default' })).toEqual({ JobType: 'Default' });
    expect(countedRequest({ InputConfig: 'token' })).toEqual({ InputConfig: 'token' });
  });
});

test('a description of an additional specification does not count, and what is no object stays', () => {
  const described = { AdditionalInferenceSpecifications: [{ Name: 'a', Description: 'b' }, 'token'], Domain: 'D', ModelApprovalStatus: 'Approved' };
  expect(countedTarget(described, PACKAGE_MEMBERS)).toEqual({ AdditionalInferenceSpecifications: [{ Name: 'a' }, 'token'], Domain: 'D' });
});

describe('an image', () => {
  const of = (container: object) => contentOf([container]);

  test('is its digest, whatever repository and tag it has', () => {
    const images = [
      { Image: 'a:1', ImageDigest: DIGEST }, { Image: 'b:2', ImageDigest: DIGEST.toUpperCase() }, { Image: `c@${DIGEST}` }, { image: `c@${DIGEST}` },
    ];
    for (const image of images) { expect(of(image)).toEqual({ counted: [{ Image: DIGEST }], isCertain: true, unknown: [] }); }
  });

  test('is certain by a tag that is a hash, and by no other', () => {
    expect(of({ Image: `assets:${HASH}` }).isCertain).toBe(true);
    for (const tag of ['latest', HASH.slice(1), `${HASH}0`, `v-${HASH}`]) { expect(of({ Image: `assets:${tag}` }).isCertain).toBe(false); }
  });

  test('must be there', () => {
    expect(contentOf({ target: {} }).isCertain).toBe(false);
    expect(contentOf({ target: { SourceAlgorithmSpecification: { SourceAlgorithms: [{ ModelDataUrl: `s3://a/${HASH}.tar.gz` }] } } }).isCertain).toBe(false);
  });
});

describe('an object', () => {
  const container = (members: object) => ({ Image: CERTAIN.Image, ...members });
  const ETAGS = new Map([['s3://a/k', '"e"'], ['s3://b/l', 'e'], ['s3://a/missing', undefined]]);
  const of = (members: object) => contentOf(container(members), ETAGS);

  test.each(['ModelDataUrl', 'SamplePayloadUrl'])('of %s is its ETag, whatever its address', (member) => {
    const [one, other] = ['s3://a/k', 's3://b/l'].map((address) => of({ [member]: address }));
    expect(one).toEqual({ counted: { Image: DIGEST, [member]: { etag: 'e' } }, isCertain: true, unknown: [] });
    expect(other).toEqual(one);
  });

  test('that cannot be read is its address, and is asked for', () => {
    for (const address of ['s3://a/missing', 's3://a/other']) {
      expect(of({ ModelDataUrl: address })).toEqual({ counted: { Image: DIGEST, ModelDataUrl: address }, isCertain: false, unknown: [address] });
    }
  });

  test('that is named by its hash is not asked for', () => {
    expect(of({ ModelDataUrl: `s3://any/prefix/${HASH}.tar.gz` })).toEqual({ counted: { Image: DIGEST, ModelDataUrl: `${HASH}.tar.gz` }, isCertain: true, unknown: [] });
  });

  test.each([
    { ModelDataUrl: 's3://a/prefix/' },
    { ModelDataUrl: 's3://a/k', Mode: 'MultiModel' },
    { ModelDataSource: { S3DataSource: { S3Uri: 's3://a/k', S3DataType: 'S3Prefix' } } },
    { ModelDataSource: { S3DataSource: { S3Uri: 's3://a/k', S3DataType: 'S3Object', ManifestS3Uri: 's3://a/k' } } },
    { AdditionalS3DataSource: { S3Uri: 's3://a/k' } },
  ])('is more than one: %j', (members) => {
    expect(of(members)).toMatchObject({ isCertain: false, unknown: [] });
  });

  test('of a data source is one if its type says so; a recorded ETag says nothing', () => {
    const source = (S3Uri: string, ETag?: string) => of({ ModelDataSource: { S3DataSource: { S3Uri, S3DataType: 'S3Object', ETag } } });
    expect(source('s3://a/k', 'recorded')).toEqual(source('s3://b/l'));
    expect(source('s3://a/k')).toMatchObject({ isCertain: true });
    expect(source('s3://a/missing', 'recorded')).toMatchObject({ isCertain: false });
    expect(of({ ModelDataUrl: 's3://a/missing', ModelDataETag: 'recorded' })).toMatchObject({ isCertain: false });
  });
});

describe('the environment', () => {
  const of = (Environment: object) => contentOf({ ...CERTAIN, Environment });

  test('counts as it is, whatever its variables are called', () => {
    fc.assert(fc.property(
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('Image', 'ImageDigest', 'ETag', 'S3Uri', 'Description', 'image')), fc.stringMatching(/^[\w ./]*$/)),
      (variables) => { expect(of(variables)).toMatchObject({ counted: { Environment: variables }, isCertain: true }); },
    ));
  });

  test.each([
    [{ SAGEMAKER_SUBMIT_DIRECTORY: 's3://a/source.tar.gz' }, false],
    [{ SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' }, true],
    [{ ENDPOINT: 'https://example.com/model' }, false],
    [{ SECRET: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:hub' }, false],
    [{ HF_MODEL_ID: 'meta-llama/Llama-3.1-8B' }, false],
    [{ HF_MODEL_ID: '/opt/ml/model' }, true],
    [{ OPTION_MODEL_ID: 'org/model' }, false],
    [{ HF_TASK: 'text-generation', TIMES: '12:30' }, true],
  ])('of %j: certain %s', (variables, isCertain) => {
    expect(of(variables)).toMatchObject({ counted: { Environment: variables }, isCertain });
  });
});

test.each([['HF_MODEL_ID', ['org/a', 'org/b'], false], ['THREADS', ['1', '2'], true]])('the values that are tried for %s', (Name, Value, isCertain) => {
  expect(contentOf([CERTAIN, { CategoricalParameterRanges: [{ Name, Value }] }])).toMatchObject({ isCertain });
});

test.each(['AlgorithmName', 'EndpointName', 'ModelPackageName', 'HubContentArn'])('%s is a name, of which only its owner knows what is behind it', (member) => {
  const value = member === 'HubContentArn' ? 'arn:aws:sagemaker:us-east-1:aws:hub-content/x' : 'name';
  expect(contentOf([CERTAIN, { [member]: value }])).toMatchObject({ isCertain: false });
});

test('what is no plain object is left alone', () => {
  class Token { public readonly self = this; }
  const token = new Token();
  const time = new Date();
  expect(contentOf({ ...CERTAIN, token, time, none: undefined, empty: null }).counted).toMatchObject({ Token: token, Time: time, Empty: null });
});
