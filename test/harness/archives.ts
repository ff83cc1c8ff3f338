import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { create } from 'tar';

/** A gzipped tar of files, as `tar -czf` makes it: the same files give the same bytes. */
export function archiveOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'files', path)), { recursive: true });
      writeFileSync(join(folder, 'files', path), content);
    }
    const file = join(folder, 'archive.tar.gz');
    create({ gzip: true, sync: true, cwd: join(folder, 'files'), file, portable: true, mtime: new Date(0) }, Object.keys(files));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
