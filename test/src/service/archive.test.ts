import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { gzipSync } from 'zlib';
import fc from 'fast-check';
import { archiveContent, archiveTrouble } from '../../../src/service/archive';
import { archiveOf } from '../../harness/archives';
import { folder } from '../../harness/files';

const whole = (bytes: Buffer) => archiveContent(bytes, bytes.length);
const trouble = (bytes: Buffer, size = bytes.length) => archiveTrouble(bytes, size);
/** Bytes that no compression makes smaller. */
const noise = (length: number) => Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, (_, at) => createHash('sha256').update(`${at}`).digest())).subarray(0, length);

describe('the content of an archive', () => {
  test('is its files with their sizes', () => {
    expect(whole(archiveOf({ 'a.csv': '1,2', 'b/c.csv': '3,4,5' }))).toEqual({ files: [{ name: 'a.csv', bytes: 3 }, { name: 'b/c.csv', bytes: 5 }], isWhole: true });
  });

  test.each(['v7', 'gnu', 'ustar', 'pax'])('is read of what tar writes in the format %s', (format) => {
    const { stdout } = spawnSync('tar', ['-cz', `--format=${format}`, '-C', folder({ 'a.csv': '1,2' }), 'a.csv']);
    expect([trouble(stdout), whole(stdout)]).toEqual([undefined, { files: [{ name: 'a.csv', bytes: 3 }], isWhole: true }]);
  });

  test('is no file where there is only a folder, or nothing at all', () => {
    const { stdout } = spawnSync('tar', ['-cz', '-C', folder({ 'empty/.keep': '' }), '--exclude=.keep', 'empty']);
    expect([whole(stdout), whole(gzipSync(Buffer.alloc(10_240)))]).toEqual(Array(2).fill({ files: [], isWhole: true }));
  });

  test('has a large file by its header alone', () => {
    const archive = archiveOf({ 'large.bin': noise(300_000), 'small.csv': '1' });
    expect(archiveContent(archive.subarray(0, 16_384), archive.length)).toEqual({ files: [{ name: 'large.bin', bytes: 300_000 }], isWhole: false });
  });
});

test.each([
  ['nothing', Buffer.alloc(0), 'is empty'],
  ['a text', Buffer.from('1,2,3\n'), 'is plain text'],
  ['a zip', Buffer.from('504b0304', 'hex'), 'is a zip archive'],
  ['the first bytes of gzip, and then something else', Buffer.concat([Buffer.from('1f8b08', 'hex'), Buffer.from('no gzip at all')]), 'is cut off or damaged'],
  ['a gzipped text', gzipSync('line of text\n'.repeat(1000)), 'is compressed with gzip, but is no tar archive'],
])('of %s, the trouble is told', (_what, bytes, expected) => {
  expect(trouble(bytes)).toBe(expected);
});

test('whatever part of at least a block is read of an archive, it is never told to be none, and never to have other files', () => {
  const archive = archiveOf(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.bin`, noise(1 + at * 97)])));
  const all = whole(archive).files;
  expect(all).toHaveLength(20);
  fc.assert(fc.property(fc.integer({ min: 600, max: archive.length }), (count) => {
    const head = archive.subarray(0, count);
    expect(trouble(head, archive.length)).toBeUndefined();
    const { files, isWhole } = archiveContent(head, archive.length);
    expect(files).toEqual(all.slice(0, files.length));
    expect(isWhole && files.length < all.length).toBe(false);
  }));
});

test('no bytes at all make it throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, isZipped) => {
    const given = isZipped ? gzipSync(bytes) : Buffer.from(bytes);
    expect([typeof trouble(given), whole(given).files]).toEqual([expect.any(String), expect.any(Array)]);
  }));
});
