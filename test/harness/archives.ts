import { readFileSync } from 'fs';
import { join } from 'path';
import { create } from 'tar';
import { folder, scratch, Tree } from './files';

/** A gzipped tar of files, as `tar -czf` makes it. */
export function archiveOf(files: Tree): Buffer {
  const file = join(scratch(), 'archive.tar.gz');
  create({ gzip: true, sync: true, cwd: folder(files), file, portable: true, mtime: new Date(0) }, Object.keys(files));
  return readFileSync(file);
}
