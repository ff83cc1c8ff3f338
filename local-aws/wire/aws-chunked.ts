import { createHash } from 'crypto';
import { IncomingHttpHeaders } from 'http';
import { AwsError } from '../kernel';

export interface Chunk {
  readonly sha256: string;
  readonly signature?: string;
}

/** The longest line before a chunk: a size in hex digits, and a signature. */
const LONGEST_LINE = 1024;

/** Whether a body is framed: the SDKs do it to send a checksum after the bytes. */
export function isFramed(headers: IncomingHttpHeaders): boolean {
  return /\baws-chunked\b/.test(String(headers['content-encoding'] ?? '')) || /^STREAMING-/.test(String(headers['x-amz-content-sha256'] ?? ''));
}

/**
 * Takes a framed body piece by piece: `<hex length>[;chunk-signature=…]`, the bytes, and so on. A chunk without bytes and the trailers
 * end it.
 */
export class Unchunker {
  /** The chunks so far, with the last one, which is empty. */
  public readonly chunks: Chunk[] = [];
  private line = '';
  private signature?: string;
  private hash = createHash('sha256');
  /** Bytes of the chunk that are to come; -1 before its line, -2 after the end. */
  private left = -1;
  /** Line ends that must come before the next line. */
  private ends = '';
  private length = 0;

  constructor(private readonly headers: IncomingHttpHeaders) {}

  /** The bytes within a piece of the body. */
  public *take(piece: Buffer): Generator<Buffer> {
    for (let at = 0; at < piece.length && this.left !== -2;) {
      if (this.left > 0) {
        const bytes = piece.subarray(at, at + this.left);
        at += bytes.length;
        this.left -= bytes.length;
        this.length += bytes.length;
        this.hash.update(bytes);
        yield bytes;
        if (this.left === 0) { this.endChunk(); }
      } else if (this.ends !== '') {
        if (String.fromCharCode(piece[at++]) !== this.ends[0]) { throw incomplete(); }
        this.ends = this.ends.slice(1);
      } else {
        const character = String.fromCharCode(piece[at++]);
        this.line += character;
        if (this.line.endsWith('\r\n')) { this.begin(); }
        if (this.line.length > LONGEST_LINE) { throw incomplete(); }
      }
    }
  }

  /** Refuses a body that is not whole. */
  public end(): void {
    const expected = this.headers['x-amz-decoded-content-length'];
    if (this.left !== -2 || (expected !== undefined && Number(expected) !== this.length)) { throw incomplete(); }
  }

  private begin(): void {
    const [, hex, signature] = /^([0-9a-fA-F]{1,8})(?:;(?:chunk-signature=(\w+)|.*))?\r\n$/.exec(this.line) ?? [];
    if (hex === undefined) { throw incomplete(); }
    this.line = '';
    this.signature = signature;
    this.left = parseInt(hex, 16);
    if (this.left === 0) {
      this.endChunk();
      this.left = -2;
    }
  }

  private endChunk(): void {
    this.chunks.push({ sha256: this.hash.digest('hex'), signature: this.signature });
    this.hash = createHash('sha256');
    this.left = -1;
    this.ends = '\r\n';
  }
}

/** The bytes and the chunks of a framed body in memory. */
export function unchunk(headers: IncomingHttpHeaders, body: Buffer): { readonly bytes: Buffer; readonly chunks: readonly Chunk[] } {
  const unchunker = new Unchunker(headers);
  const bytes = Buffer.concat([...unchunker.take(body)]);
  unchunker.end();
  return { bytes, chunks: unchunker.chunks };
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
}
