import { constants, gunzipSync } from 'zlib';

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

/**
 * The files that the beginning of an archive tells.
 * Source: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar)
 */
export function archiveContent(head: Buffer, size: number): ArchiveContent {
  const data = inflated(head, size) ?? Buffer.alloc(0);
  const files: Array<{ name: string; bytes: number }> = [];
  let at = 0;
  while (isHeader(data, at)) {
    const length = lengthAt(data, at);
    if (REGULAR.includes(data[at + 156])) { files.push({ name: textAt(data, at, 100), bytes: length }); }
    at += BLOCK_BYTES + Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return { files, isWhole: isEmpty(data, at) || (head.length >= size && at >= data.length) };
}

const BLOCK_BYTES = 512;
/** Types of a regular file: `0`, none in old archives, `7`. */
const REGULAR = [0x30, 0, 0x37];

/** As much as can be inflated. Of a longer file, only the beginning is there. */
function inflated(head: Buffer, size: number): Buffer | undefined {
  try {
    return gunzipSync(head, size > head.length ? { finishFlush: constants.Z_SYNC_FLUSH } : {});
  } catch {
    return undefined;
  }
}

/** Whether the first block is a header. An archive without files begins with an empty block. */
function isTar(head: Buffer): boolean {
  return isEmpty(head, 0) || isHeader(head, 0);
}

/** Old archives have no magic, but each header has its checksum, which counts its own eight bytes as spaces. */
function isHeader(data: Buffer, at: number): boolean {
  if (at + BLOCK_BYTES > data.length || isEmpty(data, at)) { return false; }
  const sum = (from: number, to: number) => data.subarray(at + from, at + to).reduce((total, byte) => total + byte, 0);
  return parseInt(data.toString('latin1', at + 148, at + 156).replace(/^[\0 ]+/, ''), 8) === sum(0, 148) + 8 * 0x20 + sum(156, BLOCK_BYTES);
}

function isEmpty(data: Buffer, at: number): boolean {
  return at + BLOCK_BYTES <= data.length && data.subarray(at, at + BLOCK_BYTES).every((byte) => byte === 0);
}

/** An octal number, or for a large file a binary one whose first bit is set. */
function lengthAt(data: Buffer, at: number): number {
  const field = data.subarray(at + 124, at + 136);
  if (field[0] >= 0x80) { return field.subarray(4).reduce((total, byte) => total * 256 + byte, 0); }
  return parseInt(textAt(data, at + 124, 12).trim(), 8) || 0;
}

function textAt(data: Buffer, at: number, length: number): string {
  return data.toString('latin1', at, at + length).split('\0')[0];
}
