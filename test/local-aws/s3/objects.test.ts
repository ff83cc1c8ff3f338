import { createHash } from 'crypto';
import { check, integer, property, stringMatching, tuple, uniqueArray } from 'fast-check';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { raw, RawRequest } from '../wire/raw';

const ASSETS = 'cdk-hnb659fds-assets-111111111111-us-east-1';
const FIVE_MIB = 5 * 1024 * 1024;

let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws(); });
afterAll(() => aws.close());

const s3 = (method: string, path: string, options: RawRequest = {}) => raw(aws, { service: 's3', method, path, ...options });
const key = (name: string) => `/${ASSETS}/${name}`;
const stored = (name: string) => aws.world.s3.getObject(ASSETS, name);
const element = (body: string, name: string) => new RegExp(`<${name}>([^<]*)`).exec(body)?.[1].replace(/&quot;/g, '"');

describe('what an upload says of its object comes back', () => {
  test('with the object, and with its head', async () => {
    const headers = {
      'content-type': 'text/csv', 'content-encoding': 'gzip', 'content-language': 'en', 'cache-control': 'max-age=60', 'content-disposition': 'attachment', 'x-amz-meta-model': 'v 1',
    };
    await s3('PUT', key('facts'), { body: 'x', headers });
    expect(await s3('GET', key('facts'))).toMatchObject({ status: 200, headers });
    expect(await s3('HEAD', key('facts'))).toMatchObject({ status: 200, headers });
  });

  test('without the framing of the way', async () => {
    const body = '2\r\nab\r\n0\r\n\r\n';
    await s3('PUT', key('framed'), { body, headers: { 'content-encoding': 'gzip,aws-chunked', 'x-amz-decoded-content-length': '2' } });
    const { headers, body: got } = await s3('GET', key('framed'));
    expect([headers['content-encoding'], got]).toEqual(['gzip', 'ab']);
  });

  test('a copy of an object onto itself must change something', async () => {
    await s3('PUT', key('self'), { body: 'bytes' });
    const source = { 'x-amz-copy-source': `${ASSETS}/self` };
    expect(await s3('PUT', key('self'), { headers: source })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidRequest</Code>') });
    expect(await s3('PUT', key('self'), { headers: { ...source, 'x-amz-metadata-directive': 'REPLACE', 'content-type': 'text/html' } })).toMatchObject({ status: 200 });
    expect(await s3('GET', key('self'))).toMatchObject({ body: 'bytes', headers: { 'content-type': 'text/html' } });
  });

  test('a copy has it, or gets its own', async () => {
    await s3('PUT', key('a%20b'), { body: 'bytes', headers: { 'content-type': 'text/plain', 'x-amz-meta-a': '1' } });
    const source = { 'x-amz-copy-source': `${ASSETS}/a%20b` };
    expect(await s3('PUT', key('copy'), { headers: source })).toMatchObject({ status: 200, body: expect.stringContaining('<CopyObjectResult') });
    expect(await s3('GET', key('copy'))).toMatchObject({ body: 'bytes', headers: { 'content-type': 'text/plain', 'x-amz-meta-a': '1' } });
    await s3('PUT', key('copy'), { headers: { ...source, 'x-amz-metadata-directive': 'REPLACE', 'content-type': 'text/html' } });
    expect((await s3('HEAD', key('copy'))).headers).toMatchObject({ 'content-type': 'text/html' });
    expect((await s3('HEAD', key('copy'))).headers['x-amz-meta-a']).toBeUndefined();
  });
});

test('a range is a part, however it is written', async () => {
  const text = 'abcdefghij';
  await s3('PUT', key('range'), { body: text });
  const range = (value: string) => s3('GET', key('range'), { headers: { range: value } });
  expect(await range('bytes=2-4')).toMatchObject({ status: 206, body: 'cde', headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3' } });
  expect(await range('bytes=7-')).toMatchObject({ status: 206, body: 'hij' });
  expect(await range('bytes=-4')).toMatchObject({ status: 206, body: 'ghij' });
  expect(await range('bytes=8-99')).toMatchObject({ status: 206, body: 'ij', headers: { 'content-range': 'bytes 8-9/10' } });
  expect(await range('bytes=10-')).toMatchObject({ status: 416, body: expect.stringContaining('InvalidRange') });
  expect(await range('bytes=4-2')).toMatchObject({ status: 200, body: text });
  expect(await range('bytes=0-1,3-4')).toMatchObject({ status: 501, body: expect.stringContaining('only one range') });
});

test('conditions of reads and writes', async () => {
  const first = await s3('PUT', key('once'), { body: 'x', headers: { 'if-none-match': '*' } });
  expect(first.status).toBe(200);
  expect(await s3('PUT', key('once'), { body: 'y', headers: { 'if-none-match': '*' } })).toMatchObject({ status: 412, body: expect.stringContaining('PreconditionFailed') });
  expect((await s3('PUT', key('once'), { body: 'y', headers: { 'if-match': '"other"' } })).status).toBe(412);
  expect((await s3('PUT', key('never'), { body: 'y', headers: { 'if-match': '"other"' } })).status).toBe(404);
  const etag = String(first.headers.etag);
  expect((await s3('GET', key('once'), { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect((await s3('GET', key('once'), { headers: { 'if-match': etag } })).body).toBe('x');
  expect((await s3('GET', key('once'), { headers: { 'if-match': '"other"' } })).status).toBe(412);
  expect((await s3('PUT', key('once'), { body: 'y', headers: { 'if-match': etag } })).status).toBe(200);
  expect(await s3('PUT', key('digest'), { body: 'y', headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' } })).toMatchObject({ status: 400, body: expect.stringContaining('BadDigest') });
});

describe('an upload in parts', () => {
  const begin = async (name: string, headers: Record<string, string> = {}) => element((await s3('POST', `${key(name)}?uploads`, { headers })).body, 'UploadId')!;
  const part = (name: string, id: string, number: number, body: string | Buffer, headers: Record<string, string> = {}) =>
    s3('PUT', `${key(name)}?partNumber=${number}&uploadId=${id}`, { body, headers });
  const complete = (name: string, id: string, parts: ReadonlyArray<readonly [number, string]>) => s3('POST', `${key(name)}?uploadId=${id}`, {
    body: `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts
      .map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag.replace(/"/g, '&quot;')}</ETag></Part>`).join('')}</CompleteMultipartUpload>`,
  });

  test('is one object once it is complete, with what its beginning said', async () => {
    const id = await begin('parts', { 'content-type': 'text/plain', 'x-amz-meta-a': 'b' });
    const last = await part('parts', id, 2, 'end');
    const first = await part('parts', id, 1, Buffer.alloc(FIVE_MIB, 'a'));
    const listed = await s3('GET', `${key('parts')}?uploadId=${id}`);
    expect([...listed.body.matchAll(/<PartNumber>(\d+)/g)].map(([, number]) => number)).toEqual(['1', '2']);
    expect((await s3('GET', `/${ASSETS}?uploads`)).body).toContain(id);
    expect((await s3('GET', key('parts'))).status).toBe(404);
    const done = await complete('parts', id, [[1, String(first.headers.etag)], [2, String(last.headers.etag)]]);
    expect(element(done.body, 'ETag')).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(stored('parts').equals(Buffer.concat([Buffer.alloc(FIVE_MIB, 'a'), Buffer.from('end')]))).toBe(true);
    expect(await s3('GET', key('parts'), { headers: { range: `bytes=${FIVE_MIB - 1}-` } })).toMatchObject({ body: 'aend', headers: { 'content-type': 'text/plain', 'x-amz-meta-a': 'b' } });
    expect(await complete('parts', id, [])).toMatchObject({ status: 404, body: expect.stringContaining('NoSuchUpload') });
  });

  test('copies parts of other objects', async () => {
    await s3('PUT', key('source'), { body: 'abcdef' });
    const id = await begin('pieced');
    const headers = { 'x-amz-copy-source': `/${ASSETS}/source`, 'x-amz-copy-source-range': 'bytes=1-3' };
    const { body } = await part('pieced', id, 1, '', headers);
    await complete('pieced', id, [[1, element(body, 'ETag')!]]);
    expect(stored('pieced').toString()).toBe('bcd');
  });

  test('that is given up leaves nothing', async () => {
    const id = await begin('given-up');
    await part('given-up', id, 1, 'x');
    expect((await s3('DELETE', `${key('given-up')}?uploadId=${id}`)).status).toBe(204);
    expect((await part('given-up', id, 2, 'x')).status).toBe(404);
    expect((await s3('GET', key('given-up'))).status).toBe(404);
  });

  test('is refused as S3 refuses it', async () => {
    const id = await begin('refused');
    const etag = async (number: number, body: string) => String((await part('refused', id, number, body)).headers.etag);
    const [one, two] = [await etag(1, 'small'), await etag(2, 'end')];
    expect((await complete('refused', id, [[1, one], [2, two]])).body).toContain('EntityTooSmall');
    expect((await complete('refused', id, [[2, two], [1, one]])).body).toContain('InvalidPartOrder');
    expect((await complete('refused', id, [[1, two]])).body).toContain('InvalidPart');
    expect((await complete('refused', id, [])).body).toContain('MalformedXML');
    expect((await s3('POST', `${key('refused')}?uploadId=${id}`, { body: '<Other/>' })).body).toContain('MalformedXML');
    expect((await part('refused', id, 10_001, 'x')).body).toContain('Part number must be an integer between 1 and 10000');
    expect((await part('refused', id, 0, 'x')).status).toBe(400);
  });
});

describe('an upload that is too large for the memory', () => {
  const LARGE = Buffer.alloc(17 * 1024 * 1024, 'large ');
  const STATED = { 'x-amz-content-sha256': createHash('sha256').update(LARGE).digest('hex') };

  test('comes back as it went in', async () => {
    expect((await s3('PUT', key('large'), { body: LARGE, headers: STATED })).status).toBe(200);
    expect(stored('large').equals(LARGE)).toBe(true);
    expect((await s3('GET', key('large'), { headers: { range: 'bytes=17825789-' } })).body).toBe(LARGE.subarray(17825789).toString());
    expect((await s3('HEAD', key('large'))).headers['content-length']).toBe(String(LARGE.length));
  });

  test('is put together if it is framed', async () => {
    const body = Buffer.concat([Buffer.from(`${LARGE.length.toString(16)}\r\n`), LARGE, Buffer.from('\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]);
    await s3('PUT', key('framed-large'), { body, headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': String(LARGE.length) } });
    expect(stored('framed-large').equals(LARGE)).toBe(true);
  });

  test('is not kept if it is of nobody, changed on the way, or for another service', async () => {
    expect((await s3('PUT', key('nobody'), { body: LARGE, headers: STATED, credentials: { accessKeyId: '111111111111', secretAccessKey: 'other' } })).status).toBeGreaterThanOrEqual(400);
    expect((await s3('PUT', key('nobody'), { body: LARGE, headers: { 'x-amz-content-sha256': 'a'.repeat(64) } })).status).toBe(403);
    expect((await s3('PUT', key('nobody'), { body: LARGE, headers: { ...STATED, origin: 'http://localhost:1' } })).status).toBe(403);
    expect((await raw(aws, { service: 'ssm', headers: { 'x-amz-target': 'AmazonSSM.PutParameter' }, body: LARGE })).status).toBe(413);
    expect((await s3('GET', key('nobody'))).status).toBe(404);
  });
});

test('any keys are listed page by page, with what they have in common up to a delimiter', async () => {
  await s3('PUT', '/listed');
  const names = uniqueArray(stringMatching(/^[ab/]{1,4}$/), { maxLength: 12 });
  await check(property(tuple(names, integer({ min: 1, max: 4 })), ([keys, most]) => {
    const bucket = aws.world.s3.find('listed')!;
    bucket.objects.clear();
    keys.forEach((name) => aws.world.s3.putObject('listed', name, Buffer.from('x')));
    const call = { region: aws.world.region('111111111111', 'us-east-1'), principal: { account: '111111111111', arn: 'a' }, requestId: 'r' };
    const seen: string[] = [];
    for (let token: string | undefined, more = true; more;) {
      const page: any = aws.world.s3.operations.ListObjectsV2({ Bucket: 'listed', Delimiter: '/', MaxKeys: String(most), ContinuationToken: token }, call);
      seen.push(...page.Contents.map(({ Key }: any) => Key), ...page.CommonPrefixes.map(({ Prefix }: any) => Prefix));
      [token, more] = [page.NextContinuationToken, page.IsTruncated];
    }
    expect(seen.sort()).toEqual([...new Set(keys.map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name)))].sort());
  }));
});

test('all lists of a bucket, and all of its objects deleted at once', async () => {
  await s3('PUT', '/emptied');
  for (const name of ['a', 'b/c']) { await s3('PUT', `/emptied/${name}`, { body: name }); }
  expect((await s3('GET', '/emptied')).body).toMatch(/<ListBucketResult.*<Key>a<.*<Key>b\/c</);
  expect((await s3('GET', '/emptied?versions')).body).toMatch(/<ListVersionsResult.*<VersionId>null</);
  expect((await s3('GET', '/')).body).toContain('<Name>emptied</Name>');
  const { body } = await s3('POST', '/emptied?delete', { body: '<Delete><Object><Key>a</Key></Object><Object><Key>b/c</Key></Object></Delete>' });
  expect(body).toMatch(/<Deleted><Key>a</);
  expect((await s3('DELETE', '/emptied')).status).toBe(204);
});

test.each([
  ['us-east-1', 'eu-west-1', 'eu-west-1'], ['eu-west-1', 'eu-west-1', 'eu-west-1'], ['us-east-1', undefined, 'us-east-1'],
  ['eu-west-1', undefined, 'IllegalLocationConstraintException'], ['eu-west-1', 'us-west-2', 'IllegalLocationConstraintException'],
  ['us-east-1', 'us-east-1', 'InvalidLocationConstraint'], ['us-east-1', 'nowhere', 'InvalidLocationConstraint'],
])('a bucket created in %s for %s: %s', async (region, constraint, expected) => {
  const name = `bucket-${region}-${constraint ?? 'none'}`;
  const body = constraint && `<CreateBucketConfiguration><LocationConstraint>${constraint}</LocationConstraint></CreateBucketConfiguration>`;
  const answer = await s3('PUT', `/${name}`, { region, body });
  expect(answer.status === 200 ? aws.world.s3.find(name)!.region : element(answer.body, 'Code')).toBe(expected);
});
