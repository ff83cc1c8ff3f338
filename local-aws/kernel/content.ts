import { createHash } from 'crypto';
import { createReadStream, readFileSync, rmSync, writeFileSync } from 'fs';
import { open } from 'fs/promises';

/** What is larger than this is kept in a file. */
export const IN_MEMORY = 1024 * 1024;

/** Bytes in memory, or in a file of their own. */
export type Piece = { readonly length: number } & ({ readonly bytes: Buffer } | { readonly file: string });

/** The bytes of an upload: in memory if they are few, otherwise in files, so that an archive of any size is read and written piece by piece. */
export class Content {
  public static of(bytes: Buffer): Content {
    return new Content([{ length: bytes.length, bytes }], createHash('md5').update(bytes).digest('hex'));
  }

  /** What a stream brings, in a file of that name. */
  public static async fromStream(chunks: AsyncIterable<Buffer>, file: string): Promise<Content> {
    const md5 = createHash('md5');
    let length = 0;
    const handle = await open(file, 'w');
    try {
      for await (const chunk of chunks) {
        md5.update(chunk);
        length += chunk.length;
        await handle.write(chunk);
      }
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return new Content([{ length, file }], md5.digest('hex'));
  }

  /** One after the other. The files change hands. */
  public static join(contents: readonly Content[]): Content {
    const md5s = Buffer.concat(contents.map(({ md5 }) => Buffer.from(md5, 'hex')));
    contents.forEach((content) => { content.isOwned = true; });
    return new Content(contents.flatMap(({ pieces }) => pieces), createHash('md5').update(md5s).digest('hex'));
  }

  public readonly length: number;
  /** Whether an object or a part has it. What nobody has is dropped after the request. */
  public isOwned = false;
  private readers = 0;
  private isDropped = false;

  constructor(readonly pieces: readonly Piece[], readonly md5: string) {
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** Its bytes once more, as a content of its own. */
  public async copy(newFile: () => string, { from, to } = { from: 0, to: this.length }): Promise<Content> {
    if (to - from > IN_MEMORY) { return Content.fromStream(this.stream(from, to), newFile()); }
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(from, to)) { chunks.push(chunk); }
    return Content.of(Buffer.concat(chunks));
  }

  /** Itself if it is small or in files; otherwise the same bytes in a file. */
  public settled(newFile: () => string): Content {
    const [piece] = this.pieces;
    if (this.length <= IN_MEMORY || this.pieces.length > 1 || !('bytes' in piece)) { return this; }
    const file = newFile();
    writeFileSync(file, piece.bytes);
    return new Content([{ length: this.length, file }], this.md5);
  }

  /** All of it in memory: for what is needed as a whole, such as a function's code. */
  public bytes(): Buffer {
    return Buffer.concat(this.pieces.map((piece) => ('bytes' in piece ? piece.bytes : readFileSync(piece.file))));
  }

  /** The bytes from a position up to another one, piece by piece. */
  public async *stream(from = 0, to = this.length): AsyncGenerator<Buffer> {
    this.readers++;
    try {
      let at = 0;
      for (const piece of this.pieces) {
        const [start, end] = [Math.max(from - at, 0), Math.min(to - at, piece.length)];
        at += piece.length;
        if (start >= end) { continue; }
        if ('bytes' in piece) { yield piece.bytes.subarray(start, end); } else { yield* createReadStream(piece.file, { start, end: end - 1 }); }
      }
    } finally {
      this.readers--;
      if (this.isDropped) { this.drop(); }
    }
  }

  /** Deletes its files, once nobody reads them any more. */
  public drop(): void {
    this.isDropped = true;
    if (this.readers > 0) { return; }
    for (const piece of this.pieces) {
      if ('file' in piece) { rmSync(piece.file, { force: true }); }
    }
  }
}
