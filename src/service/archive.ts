import { constants, gunzipSync } from 'zlib';
import { BLOCK_BYTES, headerAt, isEmpty, isTar, REGULAR } from './tar';

/** The most bytes of an archive that are read to see what it is. They inflate to the first block at least, and to 17 MB at most. */
export const HEAD_BYTES = 16 * 1024;

const MAGIC: ReadonlyArray<readonly [hex: string, what: string]> = [
  ['504b0304', 'is a zip archive'],
  ['425a68', 'is compressed with bzip2'],
  ['fd377a585a00', 'is compressed with xz'],
  ['28b52ffd', 'is compressed with zstd'],
  [Buffer.from('version https://git-lfs').toString('hex'), 'is a pointer of Git LFS, and `git lfs pull` gets the file itself'],
];

/**
 * Why a file is no tar archive that is compressed with gzip, by its first bytes. `undefined` if it is one.
 *
 * @param head the first `HEAD_BYTES`, or all of a smaller file
 * @param size of the whole
 */
export function archiveTrouble(head: Buffer, size: number): string | undefined {
  if (size === 0) { return 'is empty'; }
  if (head.toString('hex', 0, 3) !== '1f8b08') {
    const known = MAGIC.find(([hex]) => head.toString('hex').startsWith(hex));
    if (known) { return known[1]; }
    return isTar(head) ? 'is not compressed' : /[\0-\x08\x0e-\x1f]/.test(head.toString('latin1')) ? 'is of another kind' : 'is plain text';
  }
  const data = inflated(head, size);
  if (!data) { return 'is cut off or damaged'; }
  return isTar(data) ? undefined : 'is compressed with gzip, but is no tar archive';
}

/** What the beginning of an archive tells of its content. */
export interface ArchiveContent {
  /** The regular files whose headers are in the beginning, with their sizes. */
  readonly files: ReadonlyArray<{ readonly name: string; readonly bytes: number }>;
  /** Whether no further file can follow. */
  readonly isWhole: boolean;
}

/** The files that the beginning of an archive tells. A function that starts jobs has this in place of the whole `TarReader`, which is larger. */
export function archiveContent(head: Buffer, size: number): ArchiveContent {
  const data = inflated(head, size) ?? Buffer.alloc(0);
  const files: Array<{ name: string; bytes: number }> = [];
  let at = 0;
  for (let header = headerAt(data, at); header; header = headerAt(data, at)) {
    if (REGULAR.includes(header.type)) { files.push({ name: header.name, bytes: header.bytes }); }
    at += Math.ceil(header.bytes / BLOCK_BYTES + 1) * BLOCK_BYTES;
  }
  return { files, isWhole: isEmpty(data, at) || (head.length >= size && at >= data.length) };
}

/** As much as can be inflated. Of a longer file, only the beginning is there. */
function inflated(head: Buffer, size: number): Buffer | undefined {
  try {
    return gunzipSync(head, size > head.length ? { finishFlush: constants.Z_SYNC_FLUSH } : {});
  } catch {
    return undefined;
  }
}
