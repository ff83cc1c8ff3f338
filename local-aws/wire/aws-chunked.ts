import { AwsError } from '../kernel';
import { WireRequest } from './protocol';

/**
 * The bytes of an upload without `aws-chunked`: the SDKs frame a body this way to send its checksum after it:
 * `<hex length>[;chunk-signature=…]`, the bytes, and so on. A chunk without bytes and the trailers end it.
 */
export function unchunk({ headers, body }: WireRequest): Buffer {
  const framed = /\baws-chunked\b/.test(String(headers['content-encoding'] ?? '')) || /^STREAMING-/.test(String(headers['x-amz-content-sha256'] ?? ''));
  if (!framed) { return body; }
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const [, hex] = /^([0-9a-fA-F]{1,8})(?:;.*)?$/.exec(end < 0 ? '' : body.toString('latin1', at, end)) ?? [];
    const from = end + 2;
    const length = parseInt(hex ?? '', 16);
    if (hex === undefined || from + length > body.length) { throw incomplete(); }
    if (length === 0) { break; }
    chunks.push(body.subarray(from, from + length));
    at = from + length + 2;
  }
  const whole = Buffer.concat(chunks);
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== whole.length) { throw incomplete(); }
  return whole;
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
}
