import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { etagReader, GetStored, ListStored, s3Objects, storedObjects } from '../../../lambda/runtime/objects';
import { retrying } from '../../../lambda/runtime/retry';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { ACCOUNT, REGION } from '../../harness/place';

interface Asked {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** A client's configuration whose network answers with these statuses, and tells what it was asked. */
function network(region: string, statuses: readonly number[], more: object = {}) {
  const asked: Asked[] = [];
  const handle = async (request: Asked) => {
    asked.push(request);
    return { response: { statusCode: statuses[Math.min(asked.length, statuses.length) - 1], headers: { etag: '"e"' } } };
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  return { asked, config: new SageMakerClient({ region, credentials, requestHandler: { handle } as any, ...more }).config };
}

test.each([
  ['us-east-1', 's3.us-east-1.amazonaws.com', {}],
  ['cn-north-1', 's3.cn-north-1.amazonaws.com.cn', {}],
  ['us-iso-east-1', 's3.us-iso-east-1.c2s.ic.gov', {}],
  ['us-gov-west-1', 's3-fips.us-gov-west-1.amazonaws.com', { useFipsEndpoint: true }],
])('asks %s at %s, signed, for the head alone', async (region, hostname, more) => {
  const { asked, config } = network(region, [200], more);
  expect(await etagReader(s3Objects(config), false)('s3://models/a b/(c)+é.tar.gz')).toBe('"e"');
  expect(asked).toMatchObject([{ method: 'HEAD', protocol: 'https:', hostname, path: '/models/a%20b/%28c%29%2B%C3%A9.tar.gz' }]);
  expect(asked[0].headers).toMatchObject({ 'x-amz-security-token': 'token', 'authorization': expect.stringContaining(`/${region}/s3/aws4_request`) });
});

test.each([301, 400, 403, 404])('answers nothing where S3 says %d', async (status) => {
  await expect(etagReader(s3Objects(network(REGION, [status]).config), false)('s3://models/a')).resolves.toBeUndefined();
});

test('asks again after a denial, where there is a permission, until the retries end: a new permission takes a while to count', async () => {
  const clock = new VirtualClock();
  const read = (...statuses: number[]) => {
    const now = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms), left: () => Infinity };
    const objects = retrying(s3Objects(network(REGION, statuses).config), now);
    return clock.run(() => etagReader(objects, true)('s3://models/a'));
  };
  expect([await read(403, 403, 200), await read(403)]).toEqual(['"e"', undefined]);
});

test('a denial is believed at once where a list shows that there is no such key', async () => {
  const asked: any[] = [];
  const handle = async (request: any) => {
    asked.push(request);
    return { response: { statusCode: request.method === 'HEAD' ? 403 : 200, headers: {}, body: [Buffer.from('<ListBucketResult><Key>a.old</Key></ListBucketResult>')] } };
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const { config } = new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any });
  await expect(etagReader(s3Objects(config), true)('s3://models/a')).resolves.toBeUndefined();
  expect(asked).toMatchObject([{ method: 'HEAD' }, { method: 'GET', path: '/models', query: { prefix: 'a' } }]);
});

test.each(['models/a', 's3://models', 'models/', 'https://models.s3.amazonaws.com/a', ''])('asks nobody about %j, which is no object\'s address', async (address) => {
  const { asked, config } = network(REGION, [200]);
  await expect(etagReader(s3Objects(config), false)(address)).resolves.toBeUndefined();
  expect(asked).toEqual([]);
});

test.each([429, 500, 503])('asks again after %d: no answer is none', async (status) => {
  const clock = new VirtualClock();
  const { asked, config } = network(REGION, [status, 200]);
  const objects = retrying(s3Objects(config), { now: () => clock.now(), sleep: (ms) => clock.sleep(ms), left: () => Infinity });
  expect(await clock.run(() => etagReader(objects, false)('s3://models/a'))).toBe('"e"');
  expect(asked).toHaveLength(2);
});

describe('what is below a prefix', () => {
  const entry = (key: string, etag: string) => `<Contents><Key>${key}</Key><ETag>&quot;${etag}&quot;</ETag><Size>1</Size></Contents>`;
  const page = (entries: string, token = '') => (
    `<ListBucketResult><IsTruncated>${token !== ''}</IsTruncated>${token && `<NextContinuationToken>${token}</NextContinuationToken>`}${entries}</ListBucketResult>`);

  /** The ETag of a prefix, and what was asked for it. */
  async function read(answers: Array<[number, string]>, address = 's3://models/chat/', isAllowed = false) {
    const asked: any[] = [];
    const handle = async (request: any) => {
      asked.push(request);
      const [statusCode, body] = answers[Math.min(asked.length, answers.length) - 1];
      return { response: { statusCode, headers: {}, body: [Buffer.from(body)] } };
    };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const { config } = new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any });
    return { etag: await etagReader(s3Objects(config), isAllowed)(address), asked };
  }
  const one: Array<[number, string]> = [[200, page(entry('chat/a', '1') + entry('chat/b', '2'))]];

  test('is listed, page by page', async () => {
    const { etag, asked } = await read([[200, page(entry('chat/a', '1'), 'next+1')], [200, page(entry('chat/b', '2'))]]);
    expect(asked.map(({ method, path, query }) => [method, path, query.prefix, query['continuation-token']])).toEqual([
      ['GET', '/models', 'chat/', undefined], ['GET', '/models', 'chat/', 'next+1'],
    ]);
    expect(etag).toBe((await read(one)).etag);
    expect(etag).toMatch(/^prefix-[0-9a-f]{64}$/);
  });

  test('is another content if a file is another, comes, goes or is renamed, and the same below another prefix', async () => {
    const etags = await Promise.all([
      one,
      [[200, page(entry('chat/a', '1') + entry('chat/b', '3'))]],
      [[200, page(entry('chat/a', '1'))]],
      [[200, page(entry('chat/a', '1') + entry('chat/c', '2'))]],
    ].map(async (answers) => (await read(answers as Array<[number, string]>)).etag));
    expect(new Set(etags).size).toBe(4);
    expect((await read([[200, page(entry('copy/a', '1') + entry('copy/b', '2'))]], 's3://models/copy/')).etag).toBe(etags[0]);
  });

  test.each<[string, Array<[number, string]>]>([
    ['nothing is there', [[200, page('')]]],
    ['it may not be listed', [[403, '']]],
    ['there is no bucket', [[404, '']]],
    ['there is no end', [[200, page(entry('chat/a', '1'), 'more')]]],
  ])('is not known if %s', async (_what, answers) => {
    const { etag, asked } = await read(answers);
    expect(etag).toBeUndefined();
    expect(asked.length).toBeLessThanOrEqual(20);
  });

  test.each([403, 429, 500])('is asked for again after %d where there is a permission', async (status) => {
    const clock = new VirtualClock();
    let asks = 0;
    const handle = async () => ({ response: { statusCode: asks++ === 0 ? status : 200, headers: {}, body: [Buffer.from(one[0][1])] } });
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const { config } = new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any });
    const objects = retrying(s3Objects(config), { now: () => clock.now(), sleep: (ms) => clock.sleep(ms), left: () => Infinity });
    expect(await clock.run(() => etagReader(objects, true)('s3://models/chat/'))).toBe((await read(one)).etag);
  });
});

describe('on the local AWS', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws();
    aws.world.s3.createBucket('models', ACCOUNT, REGION);
    aws.world.s3.createBucket('theirs', '222222222222', REGION);
    for (const bucket of ['models', 'theirs']) { aws.world.s3.putObject(bucket, 'a (1)+é.tar.gz', Buffer.from('bytes')); }
  });
  afterAll(() => aws.close());

  test('a key with all kinds of characters is found, under its signature', async () => {
    const { config } = new SageMakerClient(aws.client());
    const etagOf = etagReader(s3Objects(config, aws.endpoint), false);
    expect(await etagOf('s3://models/a (1)+é.tar.gz')).toBe('"4b3a6218bb3e3a7303e8a171a60fcf92"');
    expect(await etagOf('s3://models/missing')).toBeUndefined();
    expect(await etagOf('s3://theirs/a (1)+é.tar.gz')).toBeUndefined();
  });

  test('a prefix with more files than a page has, all of which count', async () => {
    const { config } = new SageMakerClient(aws.client());
    const etagOf = etagReader(s3Objects(config, aws.endpoint), false);
    for (let file = 0; file < 1100; file++) { aws.world.s3.putObject('models', `many/é ${file}`, Buffer.from('bytes')); }
    const before = await etagOf('s3://models/many/');
    aws.world.s3.putObject('models', 'many/é 999', Buffer.from('other'));
    const after = await etagOf('s3://models/many/');
    expect([before, after]).toEqual([expect.stringMatching(/^prefix-/), expect.stringMatching(/^prefix-/)]);
    expect(after).not.toBe(before);
    expect(await etagOf('s3://models/none/')).toBeUndefined();
    expect(await etagOf('s3://theirs/')).toBeUndefined();
  });

  test('however often an object is asked for, the connections of the client are free again', async () => {
    const { config } = new SageMakerClient({ ...aws.client(), requestHandler: { httpsAgent: { maxSockets: 2 }, httpAgent: { maxSockets: 2 } } });
    const etagOf = etagReader(s3Objects(config, aws.endpoint), false);
    for (const key of ['a (1)+é.tar.gz', 'missing', 'a (1)+é.tar.gz', 'missing', 'missing']) {
      expect(await etagOf(`s3://models/${key}`)).toEqual(key === 'missing' ? undefined : expect.any(String));
    }
  });

  test('objects are listed with their sizes over all pages, and read', async () => {
    aws.world.s3.createBucket('results', ACCOUNT, REGION);
    const names = Array.from({ length: 1001 }, (_, at) => `job/${String(at).padStart(4, '0')} <&>.txt`);
    for (const name of names) { aws.world.s3.putObject('results', name, Buffer.from(name)); }
    aws.world.s3.putObject('results', 'other', Buffer.alloc(3));
    const { config } = new SageMakerClient(aws.client());
    const stored = storedObjects(config, aws.endpoint);
    const listed = await stored.send(new ListStored({ address: 's3://results/job/' }));
    expect(listed).toEqual(names.map((name) => ({ address: `s3://results/${name}`, bytes: name.length })));
    expect(await stored.send(new ListStored({ address: 's3://results/' }))).toContainEqual({ address: 's3://results/other', bytes: 3 });
    expect(await stored.send(new ListStored({ address: 's3://results/none/' }))).toEqual([]);
    expect(String(await stored.send(new GetStored({ address: listed[7].address, mostBytes: 100 })))).toBe(names[7]);
  });

  test.each([
    ['a missing object', 's3://models/missing', 'NoSuchKey'],
    ['a missing bucket', 's3://nobodys-bucket/a', 'NoSuchBucket'],
    ['somebody else\'s', 's3://theirs/a', 'AccessDenied'],
  ])('%s is an error with its name', async (_what, address, name) => {
    const { config } = new SageMakerClient(aws.client());
    const stored = storedObjects(config, aws.endpoint);
    await expect(stored.send(new GetStored({ address, mostBytes: 1 }))).rejects.toMatchObject({ name, message: expect.stringContaining(address) });
  });
});

test('of a larger object, no more than one piece too much is read', async () => {
  let read = 0;
  const body = { async *[Symbol.asyncIterator]() { for (; read < 100; read++) { yield Buffer.alloc(10); } } };
  const handle = async () => ({ response: { statusCode: 200, headers: {}, body } });
  const { config } = new SageMakerClient({ region: REGION, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, requestHandler: { handle } as any });
  const bytes = await storedObjects(config).send(new GetStored({ address: 's3://results/a', mostBytes: 35 }));
  expect([bytes.length, read]).toEqual([40, 3]);
});

test.each(['results/a', 's3://results', 'https://results.s3.amazonaws.com/a'])('%j is no address of an object', async (address) => {
  await expect(storedObjects(network(REGION, [200]).config).send(new GetStored({ address, mostBytes: 1 }))).rejects.toThrow(
    `${address} is no address in S3: expected s3://BUCKET/KEY`);
});
