import { createHash } from 'crypto';
import fs from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import { ModelData, SamplePayload } from '../../../src';
import { checkArchiveFile, packDirectory } from '../../../src/model-package/archive';
import { newStack, QUICK_START } from '../../harness/constructs';
import { folder, run, scratch, Tree } from '../../harness/files';

describe('a file that is named .tar.gz is known by its first bytes', () => {
  const MODEL = join(QUICK_START, 'model.tar.gz');
  const file = (content: Buffer | string) => join(folder({ 'model.tar.gz': content }), 'model.tar.gz');
  const tarOf = (tree: Tree, ...flags: string[]) => {
    const to = join(scratch(), 'made');
    run('tar', ...flags, '-cf', to, '-C', folder(tree), '.');
    return fs.readFileSync(to);
  };
  /** What does not get smaller. */
  const noise = Buffer.concat(Array.from({ length: 4000 }, (_, index) => createHash('sha256').update(`${index}`).digest()));

  test.each<[string, () => string]>([
    ['the quick start\'s', () => MODEL],
    ['a small one', () => file(tarOf({ a: '1' }, '-z'))],
    ['a big one, of which only the beginning is read', () => file(tarOf({ big: noise }, '-z'))],
    ['one in the old format', () => file(tarOf({ a: '1' }, '-z', '--format=v7'))],
    ['one that begins with an extended header', () => file(tarOf({ ['n'.repeat(200)]: '1' }, '-z', '--format=posix'))],
    ['one without files', () => file(gzipSync(Buffer.alloc(10_240)))],
    ['one in two members', () => {
      const whole = tarOf({ a: '1' });
      return file(Buffer.concat([gzipSync(whole.subarray(0, 100)), gzipSync(whole.subarray(100))]));
    }],
    ['one that packDirectory made', () => packDirectory('samplePayload', folder({ '@a': '1' }))!.path],
  ])('%s passes', (_what, make) => {
    expect(() => checkArchiveFile('modelData', make())).not.toThrow();
  });

  test.each<[string, () => string, string]>([
    ['text', () => file('not an archive\n'), 'is plain text'],
    ['text in other scripts', () => file('naïve 漢字\n'), 'is plain text'],
    ['a pointer of Git LFS', () => file('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      'is a pointer of Git LFS, and `git lfs pull` gets the file itself'],
    ['nothing', () => file(''), 'is empty'],
    ['a zip archive', () => file(Buffer.from('504b030414000000', 'hex')), 'is a zip archive'],
    ['a tar archive', () => file(tarOf({ a: '1' })), 'is not compressed'],
    ['a tar archive of bzip2', () => file(Buffer.from('BZh91AY&SY')), 'is compressed with bzip2'],
    ['a tar archive of xz', () => file(Buffer.from('fd377a585a000004', 'hex')), 'is compressed with xz'],
    ['a tar archive of zstd', () => file(Buffer.from('28b52ffd0458', 'hex')), 'is compressed with zstd'],
    ['weights', () => file(Buffer.from([0, 1, 2, 3])), 'is of another kind'],
    ['text that is compressed', () => file(gzipSync('x'.repeat(10_000))), 'is compressed with gzip, but is no tar archive'],
    ['a header of gzip', () => file(gzipSync('x').subarray(0, 10)), 'is cut off or damaged'],
    ['half an archive', () => file(fs.readFileSync(MODEL).subarray(0, 100)), 'is cut off or damaged'],
    ['an archive with other bytes in it', () => file(Buffer.concat([tarOf({ a: '1' }, '-z').subarray(0, 12), Buffer.from('garbage')])), 'is cut off or damaged'],
    ['a named pipe', () => {
      const path = join(scratch(), 'x.tar.gz');
      run('mkfifo', path);
      return path;
    }, 'is a named pipe'],
  ])('%s is refused as what it is', (_what, make, what) => {
    const path = make();
    const message = `must be a tar archive that is compressed with gzip, and '${path}' ${what}. Pack the files with \`tar -czf\`.`;
    expect(() => ModelData.fromAsset(path)._bind(newStack(), 'Data')).toThrow(`\`modelData\` ${message}`);
    expect(() => SamplePayload.fromAsset(path)._bind(newStack(), 'Data')).toThrow(`\`samplePayload\` ${message}`);
  });

  test('a directory is no model data, whatever its name', () => {
    const path = join(folder({ 'model.tar.gz/a': '1' }), 'model.tar.gz');
    expect(() => ModelData.fromAsset(path)._bind(newStack(), 'Data')).toThrow(`\`modelData\` must be a tar archive that is compressed with gzip, and '${path}' is a directory.`);
  });

  test('a file that may not be read is refused', () => {
    jest.spyOn(fs, 'openSync').mockImplementation(() => { throw Object.assign(new Error(), { code: 'EACCES' }); });
    expect(() => checkArchiveFile('modelData', MODEL)).toThrow(`and '${MODEL}' cannot be read (EACCES).`);
    jest.restoreAllMocks();
  });

  test('of a file, however big, the first bytes are read and no more', () => {
    const path = file(tarOf({ a: '1' }, '-z'));
    fs.truncateSync(path, 50 * 1024 ** 3);
    expect(() => checkArchiveFile('modelData', path)).not.toThrow();
  });
});
