import { LocalAws, startLocalAws } from '../../../local-aws';
import { raw, RawRequest } from '../wire/raw';

const ASSETS = 'cdk-hnb659fds-assets-111111111111-us-east-1';

let aws: LocalAws;
beforeEach(async () => { aws = await startLocalAws(); });
afterEach(() => aws.close());

const s3 = (method: string, path: string, options: RawRequest = {}) => raw(aws, { service: 's3', method, path, ...options });

test('the assets bucket is there from the beginning, encrypted, in its own Region', async () => {
  expect((await s3('GET', `/${ASSETS}?encryption`)).body).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
  expect((await s3('GET', `/${ASSETS}?location`)).body).toMatch(/<LocationConstraint [^>]*><\/LocationConstraint>/);
  expect((await s3('GET', '/cdk-hnb659fds-assets-111111111111-eu-west-1?location')).body).toContain('>eu-west-1</LocationConstraint>');
});

test('an object comes back as it went in, by either style of address', async () => {
  const { headers: { etag } } = await s3('PUT', `/${ASSETS}/a%20b/c%2Bd`, { body: 'hello', headers: { 'content-type': 'text/plain' } });
  expect(await s3('GET', `/${ASSETS}/a%20b/c%2Bd?x-id=GetObject`)).toMatchObject({ status: 200, body: 'hello', headers: { etag, 'content-type': 'text/plain' } });
  expect(await s3('GET', '/a%20b/c%2Bd', { headers: { host: `${ASSETS}.localhost:${new URL(aws.endpoint).port}` } })).toMatchObject({ body: 'hello' });
  expect(await s3('HEAD', `/${ASSETS}/a%20b/c%2Bd`)).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } });
  expect(aws.world.s3.getObject(ASSETS, 'a b/c+d').toString()).toBe('hello');
});

test('the chunks of an upload with a trailing checksum are put together', async () => {
  const body = '4;chunk-signature=00\r\nab\r\n\r\n2\r\ncd\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
  await s3('PUT', `/${ASSETS}/k`, { body, headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '6' } });
  expect(aws.world.s3.getObject(ASSETS, 'k').toString()).toBe('ab\r\ncd');
});

test.each(['5\r\nab', 'zz\r\n', '', '2\r\nab\r\n0\r\n\r\n'])('an upload whose chunks are broken (%j) is refused, and nothing is kept', async (body) => {
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '3' };
  expect(await s3('PUT', `/${ASSETS}/k`, { body, headers })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>IncompleteBody</Code>') });
  expect((await s3('GET', `/${ASSETS}/k`)).status).toBe(404);
});

test('listing goes by prefix, in order, page by page', async () => {
  for (const key of ['p/c', 'p/a', 'q', 'p/b']) { await s3('PUT', `/${ASSETS}/${key}`, { body: key }); }
  const first = await s3('GET', `/${ASSETS}?list-type=2&prefix=p%2F&max-keys=2`);
  expect([...first.body.matchAll(/<Key>([^<]*)/g)].map(([, key]) => key)).toEqual(['p/a', 'p/b']);
  expect(first.body).toContain('<IsTruncated>true</IsTruncated>');
  const [, token] = /<NextContinuationToken>([^<]*)/.exec(first.body)!;
  const second = await s3('GET', `/${ASSETS}?list-type=2&prefix=p%2F&max-keys=2&continuation-token=${encodeURIComponent(token)}`);
  expect([...second.body.matchAll(/<Key>([^<]*)/g)].map(([, key]) => key)).toEqual(['p/c']);
});

test('a bucket that is not there, and a key that is not there', async () => {
  expect(await s3('GET', '/no-such-bucket/k')).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchBucket</Code>') });
  expect(await s3('GET', `/${ASSETS}/k`)).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchKey</Code>') });
});

test('another account, and another owner than expected, is denied', async () => {
  expect(await s3('GET', `/${ASSETS}?list-type=2`, { accessKeyId: '222222222222' })).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') });
  expect((await s3('PUT', `/${ASSETS}/k`, { body: 'x', headers: { 'x-amz-expected-bucket-owner': '222222222222' } })).status).toBe(403);
});

test('buckets are created once and deleted empty', async () => {
  expect((await s3('PUT', '/mine')).status).toBe(200);
  expect(await s3('PUT', '/mine')).toMatchObject({ status: 409, body: expect.stringContaining('BucketAlreadyOwnedByYou') });
  expect(await s3('PUT', '/mine', { accessKeyId: '222222222222' })).toMatchObject({ status: 409, body: expect.stringContaining('BucketAlreadyExists') });
  await s3('PUT', '/mine/k', { body: 'x' });
  expect(await s3('DELETE', '/mine')).toMatchObject({ status: 409, body: expect.stringContaining('BucketNotEmpty') });
  expect((await s3('DELETE', '/mine/k')).status).toBe(204);
  expect((await s3('DELETE', '/mine')).status).toBe(204);
  expect((await s3('HEAD', '/mine')).status).toBe(404);
});

test.each([
  ['GET', `/${ASSETS}?acl`, {}, 'GET bucket?acl'],
  ['PUT', `/${ASSETS}/k?tagging`, {}, 'PUT key?tagging'],
  ['GET', `/${ASSETS}/k?versionId=3`, {}, 'GET key?versionId'],
  ['GET', `/${ASSETS}?list-type=2&strange=1`, {}, 'ListObjectsV2: strange'],
  ['PUT', `/${ASSETS}/k`, { 'x-amz-tagging': 'a=b' }, 'the header x-amz-tagging of PutObject'],
  ['PUT', `/${ASSETS}/k`, { 'x-amz-acl': 'public-read' }, 'the header x-amz-acl of PutObject'],
  ['PUT', `/${ASSETS}/k`, { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 'the header if-modified-since of PutObject'],
  ['PUT', `/${ASSETS}/k`, { 'if-none-match': '"abc"' }, 'If-None-Match'],
  ['PUT', '/mine', { 'x-amz-bucket-object-lock-enabled': 'true' }, 'the header x-amz-bucket-object-lock-enabled of CreateBucket'],
])('%s %s %j is refused by name', async (method, path, headers, name) => {
  const { status, body } = await s3(method, path, { headers: headers as Record<string, string> });
  expect({ status, body }).toMatchObject({ status: 501, body: expect.stringContaining('<Code>NotImplemented</Code>') });
  expect(body).toContain(name);
});

test('an account lists its buckets, and a bucket its folders, page by page', async () => {
  await s3('PUT', '/mine');
  await s3('PUT', '/theirs', { accessKeyId: '222222222222' });
  expect((await s3('GET', '/')).body.match(/<Name>[^<]*/g)).toEqual(['<Name>mine']);
  for (const key of ['a/1', 'a/2', 'b', 'c/1', 'c/2/3']) { await s3('PUT', `/mine/${key}`, { body: 'x' }); }
  const list = async (query: string) => (await s3('GET', `/mine?list-type=2&${query}`)).body;
  const entries = (body: string) => [...body.matchAll(/<(?:Key|Prefix)>([^<]+)</g)].map(([, entry]) => entry);
  expect(entries(await list('delimiter=%2F'))).toEqual(expect.arrayContaining(['a/', 'b', 'c/']));
  expect(entries(await list('delimiter=%2F'))).toHaveLength(3);
  const pages: string[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const body = await list(`delimiter=%2F&max-keys=1${token && `&continuation-token=${encodeURIComponent(token)}`}`);
    pages.push(...entries(body));
    token = /<NextContinuationToken>([^<]+)/.exec(body)?.[1];
  }
  expect(pages).toEqual(['a/', 'b', 'c/']);
});
