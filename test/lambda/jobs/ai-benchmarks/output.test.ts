import { archiveAmong, benchmarkOutput, troubleOf } from '../../../../lambda/jobs/ai-benchmarks/output';
import { serviceError } from '../../../../lambda/runtime/signed';
import { benchmarkFigure, BenchmarkRun } from '../../../../src/service/aiperf';
import { benchmarkArchive } from '../../../harness/benchmark-archive';

const RUN: BenchmarkRun = {
  file: 'profile_export_aiperf.json',
  version: '0.8.0',
  models: ['m'],
  requests: 30,
  errors: 0,
  isCancelled: false,
  metrics: [{ name: 'time_to_first_token', unit: 'ms', stats: { avg: 12, p99: 34 } }],
};
const PLACE = { location: 's3://results/chat/', jobName: 'chat-1' };
const ADDRESS = 's3://results/chat/bmk-prod-x-1234/output/output.tar.gz';

/** S3 with these objects. It tells what it was asked. */
function s3(objects: Readonly<Record<string, Buffer | Error>>) {
  const asked: object[] = [];
  const send = async (command: any): Promise<any> => {
    asked.push({ [command.operation]: command.input });
    if (command.operation === 'ListStored') {
      if (objects.list instanceof Error) { throw objects.list; }
      return Object.entries(objects).filter(([address]) => address.startsWith(command.input.address))
        .map(([address, { length = 0 }]: any) => ({ address, bytes: length }));
    }
    const found = objects[command.input.address];
    if (found instanceof Error) { throw found; }
    return found;
  };
  return { asked, send };
}

test('the figures are read from the archive below the location', async () => {
  const objects = s3({ 's3://results/chat/manifest.json': Buffer.from('{}'), [ADDRESS]: benchmarkArchive([RUN]) });
  const output = await benchmarkOutput(objects, PLACE);
  expect(output).toMatchObject({ address: ADDRESS, runs: [{ requests: 30 }] });
  expect('runs' in output && benchmarkFigure(output.runs[0], 'ttft', 'p99')).toEqual({ metric: 'time_to_first_token', stat: 'p99', value: 34, unit: 'ms' });
  expect(objects.asked).toEqual([{ ListStored: { address: 's3://results/chat/' } }, { GetStored: { address: ADDRESS, mostBytes: 67_108_864 } }]);
});

test('a location without a slash at its end has no other job\'s objects', async () => {
  const objects = s3({ 's3://results/chat-2/x/output/output.tar.gz': benchmarkArchive([RUN]) });
  expect(await benchmarkOutput(objects, { ...PLACE, location: 's3://results/chat' })).toEqual({
    trouble: 'The job chat-1 has no output.tar.gz at s3://results/chat: it has ended without results, or they were deleted',
  });
});

test.each([
  ['a broken archive', { [ADDRESS]: benchmarkArchive([RUN]).subarray(0, -3) },
    `${ADDRESS} must be a tar archive that is compressed with gzip, and is cut off or damaged: download it again from the output location of an AI benchmark job`],
  ['one that is deleted meanwhile', { [ADDRESS]: serviceError('NoSuchKey', 'x', 404) },
    'The results of the job chat-1 are no longer at s3://results/chat/: they were deleted, or moved'],
  ['no bucket', { list: serviceError('NoSuchBucket', 'x', 404) }, 'The results of the job chat-1 are no longer at s3://results/chat/: they were deleted, or moved'],
])('%s is a sentence', async (_what, objects, trouble) => {
  expect(await benchmarkOutput(s3(objects as any), PLACE)).toEqual({ trouble });
});

test.each(['https://results.s3.amazonaws.com/chat/', 's3:///chat', ''])('the location %j is a sentence, and nobody is asked', async (location) => {
  const objects = s3({});
  expect(await benchmarkOutput(objects, { ...PLACE, location })).toEqual({ trouble: `The output location of the job chat-1 is ${location}, expected s3://BUCKET/PREFIX/` });
  expect(objects.asked).toEqual([]);
});

test.each([serviceError('AccessDenied', 'no', 403), serviceError('SlowDown', 'later', 503), new TypeError('a mistake')])('%s stays an error, for whom it may pass', async (error) => {
  await expect(benchmarkOutput(s3({ list: error }), PLACE)).rejects.toBe(error);
  await expect(benchmarkOutput(s3({ [ADDRESS]: error }), PLACE)).rejects.toBe(error);
});

describe('an error of S3', () => {
  test.each<[string, number, RegExp]>([
    ['AccessDenied', 403, /^The results may not be read: AccessDenied: no; allow it to list the bucket .*KMS key$/],
    ['InvalidObjectState', 403, /^The results cannot be read: InvalidObjectState: no; restore the archive from its storage class$/],
    ['KMS.DisabledException', 400, /^The results cannot be read: KMS\.DisabledException: no; enable the KMS key/],
    ['PermanentRedirect', 301, /^The results cannot be read: PermanentRedirect: no; the bucket is in another Region/],
    ['Status404', 404, /^The results cannot be read: Status404: no$/],
  ])('%s is a refusal, with its name in a sentence', (name, status, sentence) => {
    expect(troubleOf(serviceError(name, 'no.', status))).toMatch(sentence);
  });

  test('is named once', () => {
    expect(troubleOf(serviceError('NoSuchUpload', 'S3 refused s3://b/k with NoSuchUpload (status 404).', 404))).toBe('The results cannot be read: S3 refused s3://b/k with NoSuchUpload (status 404)');
  });

  test.each([serviceError('SlowDown', 'later', 503), serviceError('TooManyRequests', 'later', 429), serviceError('ExpiredToken', 'old', 400), new TypeError('a mistake'), undefined, 'a text'])(
    '%s is no refusal', (error) => { expect(troubleOf(error)).toBeUndefined(); });
});

describe('an archive that is larger than a reader\'s limits', () => {
  const read = (archive: Buffer, limits: object) => benchmarkOutput(s3({ [ADDRESS]: archive }), PLACE, { archive: 1e6, kept: 1e6, remedy: 'do it by hand', ...limits });
  const archive = benchmarkArchive([RUN, { ...RUN, file: 'b/profile_export_aiperf.json' }]);

  test('is not asked for', async () => {
    const objects = s3({ [ADDRESS]: archive });
    expect(await benchmarkOutput(objects, PLACE, { archive: 100, kept: 1e6, remedy: 'do it by hand' })).toEqual({
      trouble: `${ADDRESS} has ${archive.length} bytes, and at most 100 are read: do it by hand`,
    });
    expect(objects.asked).toEqual([{ ListStored: { address: 's3://results/chat/' } }]);
  });

  test('once it is read is left, too', async () => {
    expect(await read(archive, { kept: 700 })).toEqual({ trouble: `${ADDRESS} has exports of more than 700 bytes in all: do it by hand` });
  });

  test('is read by one with others', async () => {
    expect(await read(archive, {})).toMatchObject({ address: ADDRESS, runs: [{}, {}] });
  });
});

describe('of several archives', () => {
  const among = (...keys: string[]) => archiveAmong(PLACE, keys.map((key) => ({ address: `s3://results/chat/${key}`, bytes: 1 })));

  test('the one that is directly below the location is the job\'s', () => {
    expect(among('x/output/output.tar.gz', 'output/output.tar.gz')).toMatchObject({ address: 's3://results/chat/output/output.tar.gz' });
  });

  test('the one in a folder with the job\'s name is the job\'s', () => {
    expect(among('bmk-chat-10-a/output/output.tar.gz', 'bmk-chat-1-b/output/output.tar.gz')).toMatchObject({ address: 's3://results/chat/bmk-chat-1-b/output/output.tar.gz' });
  });

  test('none is taken where it is not clear', () => {
    expect(among('a/output/output.tar.gz', 'b/output/output.tar.gz', 'c/model.tar.gz')).toEqual({
      trouble: 's3://results/chat/ has 2 archives output.tar.gz, and it is not clear which one is of the job chat-1: give each job an output location of its own',
    });
  });
});
