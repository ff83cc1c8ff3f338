import { mkdtempSync, readdirSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join, resolve } from 'path';
import { FileSystem, SymlinkFollowMode } from 'aws-cdk-lib/core';
import type * as Tar from 'tar';

export interface Archive {
  readonly path: string;
  /** Hash of the files' names and contents, not of the compressed bytes, because these vary with the version of zlib. */
  readonly hash: string;
  /** Deletes the archive. Call it after the archive is copied. */
  readonly discard: () => void;
}

/** Packs a directory into a `.tar.gz`; returns `undefined` for anything else. It follows links. */
export function packDirectory(given: string): Archive | undefined {
  const directory = resolve(given);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) { return undefined; }
  const files = filesIn(directory);
  if (files.length === 0) {
    throw new Error(`\`samplePayload\` must have at least 1 file, got an empty directory: '${given}'.`);
  }
  // Loaded only here, so that an app without a directory to pack does not load it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const tar: typeof Tar = require('tar');
  const folder = mkdtempSync(join(tmpdir(), 'sample-payload-'));
  const path = join(folder, `${basename(directory)}.tar.gz`);
  tar.create({ sync: true, file: path, cwd: directory, gzip: true, portable: true, mtime: new Date(0), follow: true }, files);
  return {
    path,
    hash: FileSystem.fingerprint(directory, { follow: SymlinkFollowMode.ALWAYS }),
    discard: () => rmSync(folder, { recursive: true }),
  };
}

/** Paths relative to the directory, sorted, because the order must not depend on the file system. */
function filesIn(directory: string, prefix = ''): string[] {
  return readdirSync(join(directory, prefix)).sort().flatMap((name) => {
    const path = prefix ? `${prefix}/${name}` : name;
    const stats = statSync(join(directory, path));
    return stats.isDirectory() ? filesIn(directory, path) : stats.isFile() ? [path] : [];
  });
}
