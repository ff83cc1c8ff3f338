import { spawnSync } from 'child_process';
import { join } from 'path';
import * as fc from 'fast-check';
import { isTar, TarReader, TarTrouble, tarOf } from '../../../src/service/tar';
import { folder, run, scratch } from '../../harness/files';

type Files = Readonly<Record<string, string>>;

/** The files of an archive, read in pieces of this size. */
function read(archive: Buffer, piece = archive.length) {
  const files: Record<string, string> = {};
  const reader = new TarReader({ onFile: () => true, onContent: (name, content) => { files[name] = content.toString(); } });
  for (let at = 0; at < archive.length; at += piece) { reader.push(archive.subarray(at, at + piece)); }
  return { files, isEnded: reader.isEnded, isBetweenFiles: reader.isBetweenFiles };
}

/** What Debian's tar makes of a folder. */
function packed(files: Files, ...options: string[]): Buffer {
  const { stdout, stderr, status } = spawnSync('tar', ['-c', ...options, '-C', folder(files), ...Object.keys(files)]);
  if (status !== 0) { throw new Error(String(stderr)); }
  return stdout;
}

const part = fc.stringMatching(/^[a-zA-Z0-9=é_ -]{1,40}$/).filter((name) => name.trim() === name && !name.startsWith('-'));
const paths = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.map((one) => `d${one}`).join('/'));
const trees = fc.uniqueArray(fc.tuple(paths, fc.string({ maxLength: 2000 })), { minLength: 1, maxLength: 4, selector: ([path]) => path })
  .filter((files) => !files.some(([one]) => files.some(([other]) => other.startsWith(`${one}/`))))
  .map((files) => Object.fromEntries(files));

test('any files come back from what Debian\'s tar packs, in every format that takes their names', () => {
  fc.assert(fc.property(trees, fc.constantFrom('gnu', 'pax', 'oldgnu'), (files, format) => {
    expect(read(packed(files, `--format=${format}`))).toEqual({ files, isEnded: true, isBetweenFiles: true });
  }), { numRuns: 30 });
});

test('any files come back from an archive of our own, in pieces of any size, and Debian\'s tar unpacks it', () => {
  fc.assert(fc.property(trees, fc.integer({ min: 1, max: 2000 }), (files, piece) => {
    expect(read(tarOf(files), piece)).toEqual({ files, isEnded: true, isBetweenFiles: true });
  }));
  const files = { 'short.txt': 'one', [`${'long/'.repeat(40)}é.txt`]: 'two', 'empty': '' };
  const archive = join(folder({ 'archive.tar': tarOf(files) }), 'archive.tar');
  const unpacked = scratch();
  run('tar', '-xf', archive, '-C', unpacked);
  for (const [path, content] of Object.entries(files)) { expect(run('cat', join(unpacked, path))).toBe(content); }
});

test('a name with the prefix of ustar is whole', () => {
  const files = { [`${'folder/'.repeat(20)}file.txt`]: 'content' };
  expect(read(packed(files, '--format=ustar')).files).toEqual(files);
});

test('links, folders and pipes are no files', () => {
  const made = folder({ 'a.txt': 'content' });
  run('ln', '-s', 'a.txt', join(made, 'soft'));
  run('ln', join(made, 'a.txt'), join(made, 'hard'));
  run('mkfifo', join(made, 'pipe'));
  const { stdout } = spawnSync('tar', ['-c', '-C', made, '.']);
  expect(Object.values(read(stdout).files)).toEqual(['content']);
});

test('what is not wanted is passed over', () => {
  const names: string[] = [];
  const contents: string[] = [];
  const reader = new TarReader({
    onFile: (name) => names.push(name) > 1,
    onContent: (_name, content) => contents.push(content.toString()),
  });
  reader.push(tarOf({ a: 'x'.repeat(3000), b: 'wanted' }));
  expect([names, contents]).toEqual([['a', 'b'], ['wanted']]);
});

test('a file with holes is refused in a sentence', () => {
  const made = scratch();
  run('truncate', '-s', '1M', join(made, 'holes'));
  for (const format of ['gnu', 'pax']) {
    const { stdout } = spawnSync('tar', ['-c', '--sparse', `--format=${format}`, '-C', made, 'holes']);
    expect(() => read(stdout)).toThrow(/has a file with holes, which is not read: pack it with `tar` without `--sparse`/);
  }
});

test('a part of an archive is never told to be whole, and a damaged one is a sentence or has the same files', () => {
  const archive = tarOf({ 'a.txt': 'one'.repeat(200), [`${'long/'.repeat(40)}b`]: 'two', 'c': '' });
  const whole = read(archive);
  fc.assert(fc.property(fc.integer({ min: 0, max: archive.length - 1 }), (length) => {
    const cut = read(archive.subarray(0, length));
    if (cut.isEnded) { expect(cut).toEqual(whole); }
    for (const [name, content] of Object.entries(cut.files)) { expect(content).toBe(whole.files[name]); }
  }));
  // Of contents, a tar archive has no checksum: that of gzip counts.
  fc.assert(fc.property(fc.integer({ min: 0, max: 511 }), fc.integer({ min: 1, max: 255 }), (at, more) => {
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] + more) % 256;
    let files;
    try {
      ({ files } = read(changed));
    } catch (error) {
      expect(error).toBeInstanceOf(TarTrouble);
      return;
    }
    expect(files).toEqual(whole.files);
  }));
});

test('no bytes at all make it throw anything else, and few of them are an archive', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
    const given = Buffer.from(bytes);
    try {
      read(given);
    } catch (error) {
      expect(error).toBeInstanceOf(TarTrouble);
    }
    expect(isTar(given)).toBe(given.length >= 512 && given.subarray(0, 512).every((byte) => byte === 0));
  }));
});

test.each([
  ['a number that is none', '12 path'],
  ['a length beyond its end', '99 path=a\n'],
  ['no value', '7 path\n'],
  ['a size that is no number', '11 size=-1\n'],
])('an extended header with %s is damage', (_what, text) => {
  const archive = tarOf({ PaxHeader: text, a: '' });
  archive.write('x', 156);
  // Another type is another checksum.
  archive.write(`${archive.subarray(0, 512).reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0).toString(8).padStart(6, '0')}\0 `, 148);
  expect(() => read(archive)).toThrow('has a damaged extended header');
});
