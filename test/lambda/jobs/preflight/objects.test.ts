import { gzipSync } from 'zlib';
import { objectOf, prefixOf } from '../../../../lambda/jobs/preflight/objects';
import { INVOKE_BODY_BYTES } from '../../../../src/service/limits';
import { archiveOf } from '../../../harness/archives';

const PAYLOAD = { kind: 'payload', address: 's3://data/payload.tar.gz' } as const;
const ARTIFACT = { kind: 'artifact', address: 's3://data/model.tar.gz' } as const;
const MOST = INVOKE_BODY_BYTES.inGuide;
const whole = (head: Buffer) => ({ head, size: head.length });
const PASSED = { findings: [], notes: [] };

describe('a place that a job reads or writes', () => {
  const [model, output] = [{ what: 'model', address: 's3://models/chat/', isRead: true }, { what: 'output', address: 's3://results/', isRead: false }];

  test('with objects is well, and so is one that is only written', () => {
    expect([prefixOf(model, 'objects'), prefixOf(output, 'objects'), prefixOf(output, 'empty')]).toEqual([PASSED, PASSED, PASSED]);
  });

  test('without any object, or whose bucket is not there, fails', () => {
    expect(prefixOf(model, 'empty').findings).toEqual(['There is no object below the address of the model, s3://models/chat/: upload it, or correct the address']);
    expect(prefixOf(output, 'no bucket').findings).toEqual(['The bucket of the output s3://results/ does not exist: correct the address']);
  });

  test('that may not be listed is a note', () => {
    expect(prefixOf(model, 'unreadable')).toEqual({ findings: [], notes: [expect.stringContaining('s3://models/chat/ was not looked at')] });
  });
});


/** An archive whose first header says that a file is so large. */
function claiming(size: number) {
  const header = Buffer.alloc(512);
  header.write('request.csv');
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('0', 156);
  header.write('ustar', 257);
  header.fill(' ', 148, 156);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return { head: gzipSync(header), size: 1_000_000 };
}

test.each([
  [PAYLOAD, 'missing', 'The sample payload s3://data/payload.tar.gz does not exist: upload it, or correct its address'],
  [ARTIFACT, 'missing', 'The model artifact s3://data/model.tar.gz does not exist: upload it, or correct its address'],
  [PAYLOAD, 'no bucket', 'The bucket of the sample payload s3://data/payload.tar.gz does not exist: correct the address'],
] as const)('%j that is %s fails', (object, looked, sentence) => {
  expect(objectOf(object, looked, MOST)).toEqual({ findings: [sentence], notes: [] });
});

test('what may not be read is a note', () => {
  expect(objectOf(PAYLOAD, 'unreadable', MOST)).toEqual({ findings: [], notes: [expect.stringContaining('was not looked at')] });
});

test.each([
  ['an empty object', Buffer.alloc(0), /must be a tar archive that is compressed with gzip, and is empty: pack the files with `tar -czf payload\.tar\.gz`/],
  ['a text', Buffer.from('1,2,3\n'), /and is plain text: pack/],
  ['a zip', Buffer.from('504b0304ff', 'hex'), /and is a zip archive: pack/],
  ['a gzipped text', gzipSync('1,2,3'), /and is compressed with gzip, but is no tar archive: pack/],
  ['an archive without a file', gzipSync(Buffer.alloc(1024)), /has no file: .* one request in each/],
])('a payload that is %s fails', (_what, bytes, sentence) => {
  expect(objectOf(PAYLOAD, whole(bytes), MOST)).toEqual({ findings: [expect.stringMatching(sentence)], notes: [] });
});

test('an artifact may be an archive without a file, and of any size', () => {
  expect(objectOf(ARTIFACT, whole(gzipSync(Buffer.alloc(1024))), MOST)).toEqual(PASSED);
  expect(objectOf(ARTIFACT, claiming(2 ** 31), MOST)).toEqual(PASSED);
});

test('archives pass', () => {
  expect(objectOf(PAYLOAD, whole(archiveOf({ 'a.csv': '1,2' })), MOST)).toEqual(PASSED);
  expect(objectOf(PAYLOAD, claiming(INVOKE_BODY_BYTES.inModel), MOST)).toEqual(PASSED);
});

describe('a file that is larger than a request may be', () => {
  test('fails above every limit that AWS has written', () => {
    expect(objectOf(PAYLOAD, claiming(MOST + 1), MOST).findings)
      .toEqual([`The file 'request.csv' in the sample payload s3://data/payload.tar.gz has ${MOST + 1} bytes, and a request may have at most ${MOST}: use smaller requests`]);
  });

  test('is a note between the two limits of real-time endpoints', () => {
    for (const size of [INVOKE_BODY_BYTES.inModel + 1, MOST]) {
      expect(objectOf(PAYLOAD, claiming(size), MOST)).toEqual({ findings: [], notes: [expect.stringContaining('two limits')] });
    }
  });

  test('fails above that of serverless endpoints where there are no others', () => {
    const { serverless } = INVOKE_BODY_BYTES;
    expect([serverless, serverless + 1].map((size) => objectOf(PAYLOAD, claiming(size), serverless).findings.length)).toEqual([0, 1]);
  });
});
