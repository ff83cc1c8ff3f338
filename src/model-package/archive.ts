import { createHash } from 'crypto';
import {
  closeSync, lstatSync, mkdtempSync, openSync, readdirSync, readSync, realpathSync, rmSync, Stats, statSync, writeSync,
} from 'fs';
import { tmpdir } from 'os';
import { basename, isAbsolute, join, relative, resolve, sep } from 'path';
import { Gzip, TAR_END, tarHeader, tarPadding } from './archive-writer';
import { archiveTrouble, HEAD_BYTES } from '../service/archive';

const CHUNK_BYTES = 1024 * 1024;

/** The prop that names a local file or directory. */
export type ArchiveProp = 'samplePayload' | 'modelData';

export interface Archive {
  readonly path: string;
  /** Hash of the files' names and contents, not of the compressed bytes, because these vary with the version of zlib. */
  readonly hash: string;
  /** Deletes the archive. Call it after the archive is copied. */
  readonly discard: () => void;
}

/**
 * Packs a directory into a `.tar.gz`; returns `undefined` for anything else. A link inside of the directory becomes a copy of what it leads to,
 * because the service reads plain files.
 *
 * @throws if the directory has no file, or anything that is no readable file of its own
 */
export function packDirectory(prop: ArchiveProp, given: string): Archive | undefined {
  const directory = resolve(given);
  const source = { prop, given, directory };
  if (!attempt(source, '.', () => statSync(directory, { throwIfNoEntry: false }))?.isDirectory()) { return undefined; }
  const files = filesIn(source, '', [attempt(source, '.', () => realpathSync(directory))]);
  if (files.size === 0) { throw new Error(`\`${prop}\` must have at least 1 file, got an empty directory: '${given}'.`); }
  const folder = mkdtempSync(join(tmpdir(), 'sample-payload-'));
  const discard = () => rmSync(folder, { recursive: true });
  try {
    const path = join(folder, `${basename(directory)}.tar.gz`);
    const hash = hashOf(source, files);
    pack(source, files, path);
    return { path, hash, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

interface Source {
  readonly prop: ArchiveProp;
  /** The directory as the user gave it. */
  readonly given: string;
  readonly directory: string;
}

/** Files by their paths relative to the directory, sorted, because the order must not depend on the file system. `ways` has the real directories above. */
function filesIn(source: Source, prefix: string, ways: readonly string[]): Map<string, Stats> {
  const names = attempt(source, prefix || '.', () => readdirSync(join(source.directory, prefix)).sort());
  return new Map(names.flatMap((name) => {
    const path = prefix ? `${prefix}/${name}` : name;
    const real = attempt(source, path, () => realpathSync(join(source.directory, path)));
    const way = relative(ways[0], real);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
      refuse(source, path, 'is a link that leaves the directory', 'Put a copy of the file in its place.');
    }
    const stats = attempt(source, path, () => statSync(real));
    if (!stats.isDirectory()) {
      if (!stats.isFile()) { refuse(source, path, `is ${kindOf(stats)}`, 'Remove it from the directory.'); }
      return [[path, stats] as const];
    }
    if (ways.includes(real)) { refuse(source, path, 'is a link that leads back to a directory above it', 'Remove the link.'); }
    return [...filesIn(source, path, [...ways, real])];
  }));
}

/** Of the bytes as they are: the CDK's own fingerprint does not tell the ends of lines apart. */
function hashOf(source: Source, files: ReadonlyMap<string, Stats>): string {
  const hash = createHash('sha256');
  for (const [path, { size }] of files) {
    hash.update(`${path}\0${size}\0`);
    attempt(source, path, () => read(join(source.directory, path), (chunk) => hash.update(chunk)));
  }
  return hash.digest('hex');
}

function read(path: string, onChunk: (chunk: Buffer) => void): void {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let bytes; (bytes = readSync(file, buffer, 0, CHUNK_BYTES, null)) > 0;) { onChunk(buffer.subarray(0, bytes)); }
  } finally {
    closeSync(file);
  }
}

/** The same files give the same bytes on every machine with the same version of zlib. */
function pack(source: Source, files: ReadonlyMap<string, Stats>, to: string): void {
  const archive = openSync(to, 'w');
  try {
    const gzip = new Gzip((bytes) => { for (let done = 0; done < bytes.length;) { done += writeSync(archive, bytes, done); } });
    for (const [path, stats] of files) {
      gzip.push(tarHeader(path, stats.size));
      let size = 0;
      attempt(source, path, () => read(join(source.directory, path), (chunk) => {
        size += chunk.length;
        gzip.push(chunk);
      }));
      const now = attempt(source, path, () => statSync(join(source.directory, path)));
      const isSame = size === stats.size && now.size === stats.size && now.mtimeMs === stats.mtimeMs && now.ino === stats.ino;
      if (!isSame) { refuse(source, path, ...CHANGED); }
      gzip.push(tarPadding(size));
    }
    gzip.push(TAR_END);
    gzip.end();
  } finally {
    closeSync(archive);
  }
}

/** What is wrong, and its remedy. */
type Trouble = readonly [what: string, remedy: string];
const CHANGED: Trouble = ['changed while it was packed', 'Synthesize the app again when nothing writes to it.'];

/** Does something with a file, and says in a sentence what the file system refuses. */
function attempt<T>(source: Source, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    return refuse(source, path, ...troubleWith(join(source.directory, path), error as NodeJS.ErrnoException));
  }
}

function troubleWith(path: string, { code, message }: NodeJS.ErrnoException): Trouble {
  if (code === 'ELOOP') { return ['is a link that leads in a circle', 'Remove the link.']; }
  if (code !== 'ENOENT') { return [`cannot be read (${code ?? message})`, 'Let the user who synthesizes the app read it.']; }
  if (lstatSync(path, { throwIfNoEntry: false })) { return ['is a link to nothing', 'Remove the link.']; }
  // Node puts this character where a name has other bytes.
  return path.includes('\uFFFD') ? ['has a name that is not UTF-8', 'Rename it.'] : CHANGED;
}

function refuse({ prop, given }: Source, path: string, trouble: string, remedy: string): never {
  throw new Error(`\`${prop}\` must be a directory of readable files, and '${path}' in '${given}' ${trouble}. ${remedy}`);
}

/**
 * Checks by its first bytes that a file is a tar archive that is compressed with gzip.
 *
 * @throws if it is not, or cannot be read
 */
export function checkArchiveFile(prop: ArchiveProp, path: string): void {
  const trouble = troubleOf(path);
  if (trouble !== undefined) {
    throw new Error(`\`${prop}\` must be a tar archive that is compressed with gzip, and '${path}' ${trouble}. Pack the files with \`tar -czf\`.`);
  }
}

function troubleOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    // A named pipe would block until somebody writes to it.
    return stats.isFile() ? archiveTrouble(headOf(path), stats.size) : `is ${kindOf(stats)}`;
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
}

function headOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function kindOf(stats: Stats): string {
  return stats.isDirectory() ? 'a directory' : stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device';
}
