import { gzipSync } from 'zlib';

const BLOCK_BYTES = 512;

/**
 * A tar archive of text files that is compressed with gzip. The same files make the same bytes.
 * Source: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar)
 */
export function tarGz(files: Readonly<Record<string, string>>, modified: Date): Buffer {
  const entries = Object.entries(files).flatMap(([name, text]) => {
    const data = Buffer.from(text);
    return [header(name, data.length, modified), data, Buffer.alloc((BLOCK_BYTES - data.length % BLOCK_BYTES) % BLOCK_BYTES)];
  });
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK_BYTES)]));
}

function header(name: string, length: number, modified: Date): Buffer {
  if (Buffer.byteLength(name) > 100) { throw new Error(`The name ${name} is too long for a tar archive: at most 100 bytes`); }
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(length, 11), 124);
  block.write(octal(Math.floor(modified.getTime() / 1000), 11), 136);
  // The checksum counts its own field as spaces.
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
