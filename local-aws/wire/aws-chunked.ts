import { AwsError } from '../kernel';
import { WireRequest } from './protocol';

/**
 * The bytes of an upload without `aws-chunked`: the SDKs frame a body this way to send its checksum after it:
 * `<hex length>[;chunk-signature=…]`, the bytes, and so on. A chunk without bytes and the trailers end it.
 */
export function unchunk({ headers, body }: WireRequest): Buffer {
  const framed = /\baws-chunked\b/.test(String(headers['content-encoding'] ?? '')) || /^STREAMING-/.test(String(headers['x-amz-content-sha256'] ?? ''));
  if (!framed) { return body; }
  const whole = Buffer.concat(chunksOf(body).map(({ bytes }) => bytes));
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== whole.length) { throw incomplete(); }
  return whole;
}

export interface Chunk {
  readonly bytes: Buffer;
  readonly signature?: string;
}

/** The chunks of a framed body, with the last one, which is empty. */
export function chunksOf(body: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; chunks.at(-1)?.bytes.length !== 0;) {
    const end = body.indexOf('\r\n', at);
    const [, hex, signature] = /^([0-9a-fA-F]{1,8})(?:;(?:chunk-signature=(\w+)|.*))?$/.exec(end < 0 ? '' : body.toString('latin1', at, end)) ?? [];
    const from = end + 2;
    const length = parseInt(hex ?? '', 16);
    if (hex === undefined || from + length > body.length) { throw incomplete(); }
    chunks.push({ bytes: body.subarray(from, from + length), signature });
    at = from + length + 2;
  }
  return chunks;
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
}
