/** What is wrong with an archive. It ends a sentence that begins with its name. */
export class TarTrouble extends Error {}

/** Who reads an archive, file by file. */
export interface TarListener {
  /** A regular file begins. @returns whether its content is wanted */
  onFile(name: string, bytes: number): boolean;
  onContent?(name: string, content: Buffer): void;
}

export const BLOCK_BYTES = 512;
/** The extended header of one file is a name and a few numbers. */
const MOST_HEADER_BYTES = 1024 * 1024;
/** Types of a regular file: `0`, none in old archives, `7`. */
export const REGULAR = ['0', '', '7'];
/** Links, devices, folders and pipes: their size says nothing of what follows. */
const WITHOUT_CONTENT = ['1', '2', '3', '4', '5', '6'];
const SPARSE = 'has a file with holes, which is not read: pack it with `tar` without `--sparse`';

/**
 * Reads a tar archive in pieces of any size: old archives, ustar, pax and GNU's long names.
 * Sources: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export class TarReader {
  private readonly header = Buffer.alloc(BLOCK_BYTES);
  private filled = 0;
  /** Bytes of the present file that are still to come, with those that fill its last block. */
  private left = 0;
  private content?: Buffer[];
  private whenRead?: (content: Buffer) => void;
  private bytes = 0;
  private at = 0;
  private isOver = false;
  private extended: Extended = {};
  private common: Extended = {};

  constructor(private readonly listener: TarListener) {}

  /** Whether the archive says that no further file follows. */
  public get isEnded(): boolean { return this.isOver; }

  /** Whether the last file has been read to its end. */
  public get isBetweenFiles(): boolean { return this.isOver || (this.left === 0 && this.filled === 0); }

  /** @throws TarTrouble where the archive is damaged */
  public push(chunk: Buffer): void {
    for (let from = 0; from < chunk.length && !this.isOver;) {
      const wanted = this.left > 0 ? this.left : BLOCK_BYTES - this.filled;
      const part = chunk.subarray(from, from + wanted);
      from += part.length;
      this.at += part.length;
      if (this.left > 0) {
        this.content?.push(part);
        this.left -= part.length;
        if (this.left === 0) { this.endFile(); }
      } else {
        part.copy(this.header, this.filled);
        this.filled += part.length;
        if (this.filled === BLOCK_BYTES) { this.begin(); }
      }
    }
  }

  private begin(): void {
    this.filled = 0;
    if (isEmpty(this.header, 0)) { this.isOver = true; return; }
    const header = headerAt(this.header, 0);
    if (!header) { throw new TarTrouble(`has no tar header at byte ${this.at - BLOCK_BYTES}, so it is damaged`); }
    switch (header.type) {
      case 'x': return this.read(header.bytes, (content) => { this.extended = { ...this.extended, ...extendedOf(content) }; });
      case 'g': return this.read(header.bytes, (content) => { this.common = { ...this.common, ...extendedOf(content) }; });
      case 'L': return this.read(header.bytes, (content) => { this.extended = { ...this.extended, path: textAt(content, 0, content.length) }; });
      case 'K': return this.skip(header.bytes);
      case 'S': throw new TarTrouble(SPARSE);
      default: return this.beginFile(header);
    }
  }

  private beginFile({ type, name, bytes: ownBytes }: Header): void {
    const { path = name, size: bytes = ownBytes, isSparse } = { ...this.common, ...this.extended };
    this.extended = {};
    if (isSparse) { throw new TarTrouble(SPARSE); }
    if (WITHOUT_CONTENT.includes(type)) { return; }
    const isWanted = REGULAR.includes(type) && !path.endsWith('/') && this.listener.onFile(path, bytes);
    if (!isWanted) { return this.skip(bytes); }
    this.expect(bytes, (content) => this.listener.onContent?.(path, content));
  }

  private read(bytes: number, whenRead: (content: Buffer) => void): void {
    if (bytes > MOST_HEADER_BYTES) { throw new TarTrouble(`has a header of ${bytes} bytes, so it is damaged`); }
    this.expect(bytes, whenRead);
  }

  private expect(bytes: number, whenRead: (content: Buffer) => void): void {
    this.content = [];
    this.whenRead = whenRead;
    this.skip(bytes);
  }

  private skip(bytes: number): void {
    this.bytes = bytes;
    this.left = filled(bytes);
    if (this.left === 0) { this.endFile(); }
  }

  private endFile(): void {
    const { content, whenRead } = this;
    this.content = undefined;
    this.whenRead = undefined;
    whenRead?.(Buffer.concat(content ?? []).subarray(0, this.bytes));
  }
}

/** Bytes with those that fill the last block. */
function filled(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Whether the first block is a header. An archive without files begins with an empty block. */
export function isTar(head: Buffer): boolean {
  return isEmpty(head, 0) || Boolean(headerAt(head, 0));
}

/** A tar archive of regular files. The same files give the same bytes. */
export function tarOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, given]) => {
    const content = Buffer.from(given as string);
    const extended = withLength(Buffer.from(` path=${path}\n`));
    const isLong = Buffer.byteLength(path) > 100;
    return [
      ...isLong ? [block('PaxHeader', 'x', extended.length), filledUp(extended)] : [],
      block(path, '0', content.length),
      filledUp(content),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]);
}

/** The length of a record counts its own digits. */
function withLength(record: Buffer): Buffer {
  let length = record.length + 1;
  while (`${length}`.length + record.length > length) { length++; }
  return Buffer.concat([Buffer.from(`${length}`), record]);
}

function block(path: string, type: string, bytes: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  Buffer.from(path).copy(header, 0, 0, 100);
  const octal = (value: number, at: number, digits: number) => header.write(`${value.toString(8).padStart(digits, '0')}\0`, at);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(bytes, 124, 11);
  octal(0, 136, 11);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(`${sumOf(header, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function filledUp(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc(filled(content.length) - content.length)]);
}

export interface Header {
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
}

/** What an extended header says in place of the file's own. */
interface Extended {
  readonly path?: string;
  readonly size?: number;
  readonly isSparse?: boolean;
}

/** The header at a place, if there is a whole one. Old archives have no magic, but each header has its checksum. */
export function headerAt(data: Buffer, at: number): Header | undefined {
  if (at + BLOCK_BYTES > data.length || numberAt(data, at + 148, 8) !== sumOf(data, at)) { return undefined; }
  // GNU has other things in the place of the prefix.
  const prefix = data[at + 262] === 0 ? textAt(data, at + 345, 155) : '';
  return { type: textAt(data, at + 156, 1), name: prefix + (prefix && '/') + textAt(data, at, 100), bytes: numberAt(data, at + 124, 12) };
}

/** A header's checksum counts its own eight bytes as spaces. */
function sumOf(data: Buffer, at: number): number {
  return data.subarray(at, at + BLOCK_BYTES).reduce((sum, byte, place) => sum + (place > 147 && place < 156 ? 0x20 : byte), 0);
}

export function isEmpty(data: Buffer, at: number): boolean {
  return at + BLOCK_BYTES <= data.length && data.subarray(at, at + BLOCK_BYTES).every((byte) => byte === 0);
}

/** An octal number, or for a large file a binary one whose first bit is set. */
function numberAt(data: Buffer, at: number, length: number): number {
  return (data[at] > 0x7f ? parseInt(data.toString('hex', at + 4, at + length), 16) : parseInt(textAt(data, at, length), 8)) || 0;
}

/** Records of a pax header: `LENGTH KEY=VALUE` with a newline, where the length counts all of it. */
function extendedOf(content: Buffer): Extended {
  const found: { path?: string; size?: number; isSparse?: boolean } = {};
  for (let at = 0; at < content.length;) {
    const digits = /^\d{1,8} /.exec(content.toString('latin1', at, at + 9))?.[0];
    const length = Number(digits);
    const record = digits ? content.toString('utf8', at + digits.length, at + length) : '';
    const equals = record.indexOf('=');
    if (!digits || equals < 1 || at + length > content.length || !record.endsWith('\n')) { throw new TarTrouble('has a damaged extended header'); }
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1, -1)];
    if (key === 'path') { found.path = value; }
    if (key === 'size') { found.size = sizeOf(value); }
    if (key.startsWith('GNU.sparse.')) { found.isSparse = true; }
    at += length;
  }
  return found;
}

function sizeOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) { throw new TarTrouble('has a damaged extended header'); }
  return Number(text);
}

function textAt(data: Buffer, at: number, length: number): string {
  return data.toString('utf8', at, at + length).split('\0')[0];
}
