import { mkdtempSync, readdirSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { FileSystem, IgnoreMode } from 'aws-cdk-lib/core';
import type * as Tar from 'tar';

export interface Archive {
  readonly path: string;
  /** From the files' names and contents, not from the compressed bytes: those vary with the version of zlib. */
  readonly hash: string;
}

/** Packs a directory into a `.tar.gz`; `undefined` for anything that is no directory. */
export function packDirectory(directory: string): Archive | undefined {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) { return undefined; }
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(directory, '/').length))
    .sort();
  if (files.length === 0) {
    throw new Error(`\`samplePayload\` must have at least 1 file, got an empty directory: '${directory}'.`);
  }
  // Loaded only here: an app without a directory to pack does not pay for it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const tar: typeof Tar = require('tar');
  const path = join(mkdtempSync(join(tmpdir(), 'sample-payload-')), `${basename(directory)}.tar.gz`);
  tar.create({ sync: true, file: path, cwd: directory, gzip: true, portable: true, mtime: new Date(0), follow: true }, files);
  return { path, hash: FileSystem.fingerprint(directory, { ignoreMode: IgnoreMode.GLOB }) };
}
