import { createHash } from 'crypto';
import * as fc from 'fast-check';
import { issuedIn, form, raw, RawRequest } from './raw';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { WireRequest } from '../../../local-aws/wire/protocol';
import { readSignature } from '../../../local-aws/wire/signature';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function request(method: string, url: string, headers: Record<string, string> = {}, body = ''): WireRequest {
  const [path, query = ''] = url.split('?');
  return { method, path, query: new URLSearchParams(query), headers, body: Buffer.from(body) };
}

function s3(method: string, url: string, signed: string, signature: string, more: Record<string, string> = {}, body = ''): WireRequest {
  return request(method, url, {
    'host': 'examplebucket.s3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    'authorization': `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`,
    ...more,
  }, body);
}

const CHUNKED = ['content-encoding', 'content-length', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-decoded-content-length', 'x-amz-storage-class'].join(';');
const chunk = (size: number, signature: string) => `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}\r\n`;

/** The worked examples of AWS's documentation, with the signatures that are printed there. */
const PUBLISHED: Readonly<Record<string, WireRequest>> = {
  'an object': s3('GET', '/test.txt', 'host;range;x-amz-content-sha256;x-amz-date', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41', { range: 'bytes=0-9' }),
  'an upload': s3('PUT', '/test%24file.text', 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class', '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd', {
    'date': 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  }, 'Welcome to Amazon S3.'),
  'a sub-resource': s3('GET', '/?lifecycle', 'host;x-amz-content-sha256;x-amz-date', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'),
  'a listing': s3('GET', '/?max-keys=2&prefix=J', 'host;x-amz-content-sha256;x-amz-date', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'),
  'a pre-signed URL': request('GET', '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z'
    + '&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404', { host: 'examplebucket.s3.amazonaws.com' }),
  'chunks': s3('PUT', '/examplebucket/chunkObject.txt', CHUNKED, '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9', {
    'host': 's3.amazonaws.com',
    'content-encoding': 'aws-chunked',
    'content-length': '66824',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  }, chunk(65536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648') + chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497')
    + chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9')),
  'a pre-signed URL of version 2': request('GET', '/johnsmith/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620', { host: 's3.amazonaws.com' }),
};

test.each(Object.entries(PUBLISHED))("AWS's example of %s fits its secret, and no other", (_what, published) => {
  const signature = readSignature(published)!;
  expect([signature.accessKeyId, signature.service]).toEqual(['AKIAIOSFODNN7EXAMPLE', 's3']);
  expect([signature.matches(SECRET), signature.matches(`${SECRET}x`), signature.matches('')]).toEqual([true, false, false]);
});

test("AWS's example of a query to IAM", () => {
  const published = request('GET', '/?Action=ListUsers&Version=2010-05-08', {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'host': 'iam.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    'authorization': 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, '
      + 'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  });
  expect(readSignature(published)!.matches('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')).toBe(true);
});

describe('what is changed after it was signed does not fit', () => {
  const changed = (published: WireRequest): Record<string, WireRequest> => ({
    'the method': { ...published, method: 'DELETE' },
    'the path': { ...published, path: `${published.path}x` },
    'the host': { ...published, headers: { ...published.headers, host: 'localhost' } },
    'a signed header': { ...published, headers: { ...published.headers, 'range': 'bytes=0-99', 'x-amz-storage-class': 'STANDARD' } },
    'a query': { ...published, query: new URLSearchParams([...published.query, ['acl', '']]) },
    'the body': { ...published, body: Buffer.from(String(published.body).replace(/W|a(?=\r\n)/, 'b')) },
    'the order of chunks': { ...published, body: Buffer.from(String(published.body).replace(/^(10000;.*?\r\n.*?\r\n)(400;.*?\r\n.*?\r\n)/s, '$2$1')) },
    'a chunk less': { ...published, body: Buffer.from(String(published.body).replace(/^10000;.*?\r\n.*?\r\n/s, '')) },
  });
  const cases: Array<[string, keyof typeof PUBLISHED]> = [
    ...['the method', 'the path', 'the host', 'a query'].flatMap((part): Array<[string, string]> => [[part, 'an object'], [part, 'a pre-signed URL'], [part, 'chunks']]),
    ...['the method', 'the path', 'a query'].map((part): [string, string] => [part, 'a pre-signed URL of version 2']),
    ['a signed header', 'an object'], ['a signed header', 'an upload'], ['the body', 'an upload'], ['the body', 'chunks'], ['the order of chunks', 'chunks'], ['a chunk less', 'chunks'],
  ];
  test.each(cases)('%s of %s', (part, what) => {
    let fits: boolean | undefined;
    try {
      fits = readSignature(changed(PUBLISHED[what])[part])?.matches(SECRET);
    } catch (error) {
      expect(error).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 });
    }
    expect(fits ?? false).toBe(false);
  });
});

describe('at the door', () => {
  let aws: LocalAws;
  let recorded = 0;
  beforeAll(async () => {
    aws = await startLocalAws();
    aws.world.watch(() => { recorded++; });
  });
  afterAll(() => aws.close());

  const BUCKET = '/cdk-hnb659fds-assets-111111111111-us-east-1';
  const KNOWN: Readonly<Record<string, RawRequest>> = {
    json: { service: 'ssm', headers: { 'x-amz-target': 'AmazonSSM.DescribeParameters' }, body: '{}' },
    query: { service: 'sts', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
    s3: { service: 's3', method: 'GET', path: `${BUCKET}?list-type=2` },
    lambda: { service: 'lambda', method: 'GET', path: '/2015-03-31/functions' },
  };
  const FORMS: Readonly<Record<string, (code: string) => RegExp>> = {
    json: (code) => new RegExp(`"__type":"${code}"`),
    query: (code) => new RegExp(`<ErrorResponse.*<Code>${code}</Code>`, 's'),
    s3: (code) => new RegExp(`<Error><Code>${code}</Code>`),
    lambda: () => /"message":/,
  };

  test.each(Object.keys(KNOWN))("a wrong secret, a token of another key and a key of another run are refused in %s's own form, and recorded nowhere", async (protocol) => {
    const role = 'arn:aws:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-us-east-1';
    const assume = async () => issuedIn((await form(aws, 'sts', { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: role, RoleSessionName: 'session' })).body);
    const [one, other] = [await assume(), await assume()];
    const before = recorded;
    const wrong: Array<[string, RawRequest['credentials']]> = [
      ['SignatureDoesNotMatch', { accessKeyId: '111111111111', secretAccessKey: 'local' }],
      ['SignatureDoesNotMatch', { accessKeyId: 'ASIA0123456789ABCDEF', secretAccessKey: 'of-another-run', sessionToken: 'local-1' }],
      ['SignatureDoesNotMatch', { ...one, secretAccessKey: aws.world.secret }],
      ['SignatureDoesNotMatch', { ...one, secretAccessKey: other.secretAccessKey }],
      ['InvalidClientTokenId', { ...one, sessionToken: other.sessionToken }],
      ['InvalidClientTokenId', { ...one, sessionToken: undefined }],
      ['InvalidClientTokenId', { ...aws.client().credentials, sessionToken: one.sessionToken }],
    ];
    for (const [code, credentials] of wrong) {
      expect(await raw(aws, { ...KNOWN[protocol], credentials })).toMatchObject({ status: 403, body: expect.stringMatching(FORMS[protocol](code)) });
    }
    expect(recorded).toBe(before);
    expect((await raw(aws, KNOWN[protocol])).status).toBe(200);
  });

  test.each(Object.keys(KNOWN))('a header that is not signed is refused in %s: the host, and what begins with x-amz-', async (protocol) => {
    const headers = { ...KNOWN[protocol].headers, 'x-amz-date': '20260101T000000Z' };
    const scope = `111111111111/20260101/us-east-1/${KNOWN[protocol].service}/aws4_request`;
    for (const signed of ['x-amz-date', 'host']) {
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signed}, Signature=${EMPTY}`;
      expect(await raw(aws, { ...KNOWN[protocol], headers: { ...headers, authorization } })).toMatchObject({ status: 403, body: expect.stringMatching(/must be a ('|&apos;)SignedHeader/) });
    }
  });

  test('keys of any characters come back, however a client writes them', async () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => Buffer.from(text).toString() === text);
    await fc.assert(fc.asyncProperty(key, fc.constantFrom(encodeURIComponent, encodeURI), async (name, written) => {
      const path = `${BUCKET}/k${written(name).replace(/[?#]/g, encodeURIComponent)}`;
      expect((await raw(aws, { service: 's3', method: 'PUT', path, body: name })).status).toBe(200);
      expect(aws.world.s3.getObject(BUCKET.slice(1), `k${name}`).toString()).toBe(name);
    }), { numRuns: 50 });
  });
});
