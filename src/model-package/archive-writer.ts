/* eslint-disable no-bitwise -- a checksum of bits */
import { constants, deflateRawSync } from 'zlib';
import { BLOCK_BYTES } from '../service/tar';

const CHUNK_BYTES = 1024 * 1024;

/** What the fields of a header hold at most: the bytes of a name, and eleven octal digits for a size. */
const MOST = { name: 100, size: 0o77777777777 };

/**
 * The header of a plain file in a tar archive. It has no owner, no time and no permissions of its own, so that the same files give the same bytes on every
 * machine. A name or size that the format has no field for is in an extended header before it.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export function tarHeader(path: string, size: number): Buffer {
  const name = Buffer.from(path);
  const records = [
    ...name.length > MOST.name || name.length !== path.length ? [record('path', path)] : [],
    ...size > MOST.size ? [record('size', `${size}`)] : [],
  ];
  const own = block(name.subarray(0, MOST.name), size > MOST.size ? 0 : size, '0');
  if (records.length === 0) { return own; }
  const extended = Buffer.concat(records);
  return Buffer.concat([block(Buffer.from('PaxHeader'), extended.length, 'x'), extended, tarPadding(extended.length), own]);
}

/** What fills a content of this size up to a whole block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
}

/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

function block(name: Buffer, size: number, type: '0' | 'x'): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  name.copy(header);
  const fields: ReadonlyArray<readonly [offset: number, text: string]> = [
    [100, '0000644\0'], [108, '0000000\0'], [116, '0000000\0'], [124, `${octal(size, 11)}\0`], [136, `${octal(0, 11)}\0`], [148, ' '.repeat(8)], [156, type],
    [257, 'ustar\x0000'], [329, '0000000\0'], [337, '0000000\0'],
  ];
  fields.forEach(([offset, text]) => header.write(text, offset, 'latin1'));
  // The sum of all bytes, with its own field as spaces.
  header.write(`${octal(header.reduce((sum, byte) => sum + byte, 0), 6)}\0 `, 148, 'latin1');
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** A record begins with its own length, which counts the digits of the length, too. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (`${length}`.length + rest.length !== length) { length = `${length}`.length + rest.length; }
  return Buffer.concat([Buffer.from(`${length}`), rest]);
}

/**
 * Compresses with gzip, piece by piece. Synthesis is synchronous, so it cannot use Node's streams, and an archive may be too large for one piece. Each
 * piece ends at a whole byte, so that all of them are one stream.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export class Gzip {
  private readonly pending = Buffer.alloc(CHUNK_BYTES);
  private filled = 0;
  private crc = 0xffffffff;
  private length = 0;

  constructor(private readonly write: (bytes: Buffer) => void) {
    // No name, no time, and no operating system.
    write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
  }

  public push(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) {
      const copied = bytes.copy(this.pending, this.filled, done);
      done += copied;
      this.filled += copied;
      if (this.filled === CHUNK_BYTES) { this.flush(); }
    }
  }

  public end(): void {
    this.flush();
    this.write(deflateRawSync(''));
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE((this.crc ^ 0xffffffff) >>> 0);
    trailer.writeUInt32LE(this.length % 2 ** 32, 4);
    this.write(trailer);
  }

  private flush(): void {
    const bytes = this.pending.subarray(0, this.filled);
    for (const byte of bytes) { this.crc = CRC[(this.crc ^ byte) & 0xff] ^ (this.crc >>> 8); }
    this.length += bytes.length;
    this.write(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }));
    this.filled = 0;
  }
}

/** Node has `crc32` since 20.15 only. */
const CRC = Int32Array.from({ length: 256 }, (_none, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) { value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1; }
  return value;
});
