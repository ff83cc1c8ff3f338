import fs from 'fs';
import { createServer, Server } from 'net';
import { join } from 'path';
import fc from 'fast-check';
import { SamplePayload } from '../../../src';
import { packDirectory } from '../../../src/model-package/archive';
import { newStack, SCRATCH } from '../../harness/constructs';
import { folder, run, scratch, Tree } from '../../harness/files';

/** Everything below a directory. Whatever is no file has no content. */
function treeOf(directory: string, prefix = ''): Tree {
  return Object.fromEntries(fs.readdirSync(join(directory, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix + entry.name;
    return entry.isDirectory() ? Object.entries(treeOf(directory, `${path}/`)) : [[path, entry.isFile() ? fs.readFileSync(join(directory, path), 'utf8') : `${entry}`]];
  }));
}

/** Packs a directory and unpacks the archive with the system's own command. */
function unpacked(directory: string): Tree {
  const { path, discard } = packDirectory('samplePayload', directory)!;
  const to = scratch();
  run('tar', '-xzf', path, '-C', to);
  discard();
  return treeOf(to);
}

function packed(directory: string): { readonly bytes: Buffer; readonly hash: string } {
  const { path, hash, discard } = packDirectory('samplePayload', directory)!;
  const bytes = fs.readFileSync(path);
  discard();
  return { bytes, hash };
}

const refusal = (directory: string, file: string, rest: string) => `\`samplePayload\` must be a directory of readable files, and '${file}' in '${directory}' ${rest}`;

/** Names that mean something to one program or another. */
const HOSTILE = ['', '@', '-', '--', 'c:', 'C:\\', '\\', '..', './', '~', '.', ' ', '*', '#', 'PaxHeader', '\n', '\t', '"', '\'', '%00', 'é', 'e\u0301', '\u{1F600}'];
const name = fc.tuple(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', size: 'medium' }), fc.constantFrom(...HOSTILE, '.tar', '/'), fc.integer({ min: 0, max: 240 }))
  .map(([head, middle, tail, more]) => (head + middle + tail).replace(/[/\0]/g, '') + 'x'.repeat(more % 7 === 0 ? more : 0))
  .filter((text) => text !== '' && text !== '.' && text !== '..' && Buffer.byteLength(text) <= 255);
const trees = fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.string()), { minLength: 1, maxLength: 8 }).map((files) => {
  const tree: Record<string, string> = {};
  for (const [segments, content] of files) {
    const path = segments.join('/');
    const conflicts = Object.keys(tree).some((other) => other.normalize() === path.normalize() || other.startsWith(`${path}/`) || path.startsWith(`${other}/`));
    if (!conflicts) { tree[path] = content; }
  }
  return tree;
});

describe('a packed directory', () => {
  test('holds every file by its name and with its content, whatever the name is', () => {
    fc.assert(fc.property(trees, (tree) => {
      const directory = folder(tree);
      expect(unpacked(directory)).toEqual(tree);
      fs.rmSync(directory, { recursive: true });
    }), { numRuns: 60 });
  });

  test('holds an archive whose name begins with @ as itself', () => {
    const inner = join(scratch(), 'inner.tar');
    run('tar', '-cf', inner, '-C', folder({ 'secret.csv': '1' }), 'secret.csv');
    const tree = { '@data.tar': fs.readFileSync(inner, 'utf8'), '@none.tar': 'text', '@': '', 'more/@data.tar': '' };
    expect(unpacked(folder(tree))).toEqual(tree);
  });

  test('holds hidden and empty files, and no empty directory', () => {
    const directory = folder({ '.DS_Store': 'a', '.hidden/b': '', 'c': '' });
    fs.mkdirSync(join(directory, 'empty'));
    expect(unpacked(directory)).toEqual({ '.DS_Store': 'a', '.hidden/b': '', 'c': '' });
  });

  test('holds a copy for each link inside of it, and for each hard link', () => {
    const directory = folder({ 'a.csv': '1', 'more/b.csv': '2' });
    fs.symlinkSync('a.csv', join(directory, 'relative'));
    fs.symlinkSync(join(directory, 'a.csv'), join(directory, 'absolute'));
    fs.symlinkSync('relative', join(directory, 'chain'));
    fs.symlinkSync('more', join(directory, 'linked'));
    fs.symlinkSync('../a.csv', join(directory, 'more/up'));
    fs.linkSync(join(directory, 'a.csv'), join(directory, 'hard'));
    expect(unpacked(directory)).toEqual({
      'a.csv': '1', 'more/b.csv': '2', 'relative': '1', 'absolute': '1', 'chain': '1', 'linked/b.csv': '2', 'linked/up': '1', 'more/up': '1', 'hard': '1',
    });
  });

  test('may be a link itself', () => {
    const link = join(scratch(), 'link');
    fs.symlinkSync(folder({ 'a.csv': '1' }), link);
    expect(unpacked(link)).toEqual({ 'a.csv': '1' });
  });

  test('has the same bytes whatever the permissions, times and hard links of its files are', () => {
    const files = { 'a.csv': '1', 'b.csv': '1', 'more/c.csv': '3' };
    const first = folder(files);
    for (const [mode, linked] of [[0o600, false], [0o777, false], [0o644, true]] as const) {
      const other = folder(files);
      Object.keys(files).forEach((path) => fs.chmodSync(join(other, path), mode));
      fs.utimesSync(join(other, 'a.csv'), new Date(0), new Date('2001-02-03'));
      if (linked) {
        fs.rmSync(join(other, 'b.csv'));
        fs.linkSync(join(other, 'a.csv'), join(other, 'b.csv'));
      }
      expect(packed(other)).toEqual(packed(first));
    }
  });

  // The CDK's fingerprint of a text does not see them.
  test('of which the ends of lines change is another one', () => {
    expect(packed(folder({ 'a.csv': '1\r\n' })).hash).not.toBe(packed(folder({ 'a.csv': '1\n' })).hash);
  });
});

describe('a directory is refused in a sentence that names the prop and the file', () => {
  const OUTSIDE = folder({ 'secret.csv': 's', 'sub/other.csv': 'o' });
  const leaves = 'is a link that leaves the directory. Put a copy of the file in its place.';

  test.each<[string, (directory: string) => void, string, string]>([
    ['an absolute link that leaves it', (directory) => fs.symlinkSync(join(OUTSIDE, 'secret.csv'), join(directory, 'x')), 'x', leaves],
    ['a relative one', (directory) => fs.symlinkSync(`../${OUTSIDE.split('/').pop()}/secret.csv`, join(directory, 'x')), 'x', leaves],
    ['a linked directory', (directory) => fs.symlinkSync(OUTSIDE, join(directory, 'x')), 'x', leaves],
    ['a link to what holds it', (directory) => fs.symlinkSync('../..', join(directory, 'more/x')), 'more/x', leaves],
    ['a link beside it with a name that begins alike', (directory) => {
      fs.mkdirSync(`${directory}-beside`);
      fs.symlinkSync(`${directory}-beside`, join(directory, 'x'));
    }, 'x', leaves],
    ['a chain of links of which the last leaves it', (directory) => {
      fs.symlinkSync(join(OUTSIDE, 'sub/other.csv'), join(directory, 'more/z'));
      fs.symlinkSync('more/z', join(directory, 'b'));
    }, 'b', leaves],
    ['links in a circle', (directory) => {
      fs.symlinkSync('c', join(directory, 'b'));
      fs.symlinkSync('b', join(directory, 'c'));
    }, 'b', 'is a link that leads in a circle. Remove the link.'],
    ['a link to itself', (directory) => fs.symlinkSync('x', join(directory, 'x')), 'x', 'is a link that leads in a circle. Remove the link.'],
    ['a link to its own parent', (directory) => fs.symlinkSync('.', join(directory, 'x')), 'x', 'is a link that leads back to a directory above it. Remove the link.'],
    ['a link to a directory further up', (directory) => fs.symlinkSync('..', join(directory, 'more/x')), 'more/x',
      'is a link that leads back to a directory above it. Remove the link.'],
    ['two directories that link to each other', (directory) => {
      fs.mkdirSync(join(directory, 'other'));
      fs.symlinkSync('../other', join(directory, 'more/x'));
      fs.symlinkSync('../more', join(directory, 'other/y'));
    }, 'more/x/y', 'is a link that leads back to a directory above it. Remove the link.'],
    ['a link to nothing', (directory) => fs.symlinkSync('nowhere', join(directory, 'x')), 'x', 'is a link to nothing. Remove the link.'],
    ['a named pipe', (directory) => run('mkfifo', join(directory, 'x')), 'x', 'is a named pipe. Remove it from the directory.'],
    ['a link to a device', (directory) => fs.symlinkSync('/dev/null', join(directory, 'x')), 'x', leaves],
    ['a name of other bytes', (directory) => fs.writeFileSync(Buffer.concat([Buffer.from(`${directory}/x`), Buffer.from([0xff])]), ''), 'x\uFFFD',
      'has a name that is not UTF-8. Rename it.'],
  ])('%s', (_what, make, file, rest) => {
    const directory = folder({ 'a.csv': '1', 'more/b.csv': '2' });
    make(directory);
    expect(() => packDirectory('samplePayload', directory)).toThrow(refusal(directory, file, rest));
  });

  test('a link to itself in its place', () => {
    const link = join(scratch(), 'link');
    fs.symlinkSync('link', link);
    expect(() => SamplePayload.fromAsset(link)._bind(newStack(), 'Data')).toThrow(refusal(link, '.', 'is a link that leads in a circle. Remove the link.'));
  });

  test('a socket', async () => {
    const directory = folder({ 'a.csv': '1' });
    const server = await new Promise<Server>((listening) => {
      const made = createServer().listen(join(directory, 'x'), () => listening(made));
    });
    try {
      expect(() => packDirectory('samplePayload', directory)).toThrow(refusal(directory, 'x', 'is a socket. Remove it from the directory.'));
    } finally {
      server.close();
    }
  });

  // The tests may run as a user who may read everything, so the file system is told to refuse.
  test.each<['openSync' | 'readdirSync' | 'realpathSync', string]>([
    ['openSync', 'more/b.csv'], ['readdirSync', 'more'], ['realpathSync', 'more/b.csv'],
  ])('what %s may not read', (call, path) => {
    const directory = folder({ 'a.csv': '1', 'more/b.csv': '2' });
    const real = fs[call] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, call as 'openSync').mockImplementation(((given: string, ...args: unknown[]) => {
      if (given === join(directory, path)) { throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }); }
      return real(given, ...args);
    }) as any);
    expect(() => packDirectory('samplePayload', directory)).toThrow(refusal(directory, path, 'cannot be read (EACCES). Let the user who synthesizes the app read it.'));
  });

  test.each<[string, (file: string) => void]>([
    ['grows', (file) => fs.appendFileSync(file, '2')],
    ['shrinks', (file) => fs.truncateSync(file)],
    ['vanishes', (file) => fs.rmSync(file)],
    ['is replaced', (file) => {
      fs.writeFileSync(`${file}.new`, '2');
      fs.renameSync(`${file}.new`, file);
    }],
  ])('a file that %s while it is packed', (_what, change) => {
    const directory = folder({ 'a.csv': '1', 'b.csv': '1' });
    const real = fs.readSync as (...args: unknown[]) => number;
    let isChanged = false;
    jest.spyOn(fs, 'readSync').mockImplementation(((...args: unknown[]) => {
      if (!isChanged) {
        isChanged = true;
        change(join(directory, 'b.csv'));
      }
      return real(...args);
    }) as any);
    expect(() => packDirectory('samplePayload', directory)).toThrow(refusal(directory, 'b.csv', 'changed while it was packed. Synthesize the app again when nothing writes to it.'));
    expect(fs.readdirSync(SCRATCH).filter((entry) => entry.startsWith('sample-payload-'))).toEqual([]);
  });

  afterEach(() => jest.restoreAllMocks());
});
