import { createHash } from 'crypto';
import { IncomingHttpHeaders, IncomingMessage } from 'http';
import { isFramed, unchunk, Unchunker } from './aws-chunked';
import { KeptBody, WireRequest } from './protocol';
import { AwsError, Content, IN_MEMORY } from '../kernel';

/** A request that is no upload to S3 is read into memory, up to this. */
const LIMIT = 16 * 1024 * 1024;

export interface Body {
  readonly body: Buffer;
  readonly kept?: KeptBody;
  /** Why the body is not here. The rest of it was read and dropped, so that the client can read the refusal. */
  readonly failure?: AwsError;
}

/** Reads the body of a request. A large one goes to a file, if `fileFor` allows it after a look at the rest of the request. */
export async function readBody(incoming: IncomingMessage, fileFor: () => string | undefined): Promise<Body> {
  const pieces: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]();
  const begun: Buffer[] = [];
  let size = 0;
  const isWhole = async (limit: number) => {
    while (size <= limit) {
      const { done, value } = await pieces.next();
      if (done) { return true; }
      begun.push(value);
      size += value.length;
    }
    return false;
  };
  if (await isWhole(IN_MEMORY)) { return { body: Buffer.concat(begun) }; }
  const file = fileFor();
  if (file === undefined && await isWhole(LIMIT)) { return { body: Buffer.concat(begun) }; }
  try {
    if (file === undefined) { throw new AwsError('RequestEntityTooLarge', 'The request is too large', 413); }
    const all = async function* () {
      while (begun.length > 0) { yield begun.shift()!; }
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) { yield next.value; }
    };
    return { body: Buffer.alloc(0), kept: await keep(all(), incoming.headers, file) };
  } catch (error) {
    for (let next = await pieces.next(); !next.done;) { next = await pieces.next(); }
    if (!(error instanceof AwsError)) { throw error; }
    return { body: Buffer.alloc(0), failure: error };
  }
}

async function keep(pieces: AsyncIterable<Buffer>, headers: IncomingHttpHeaders, file: string): Promise<KeptBody> {
  const sha256 = createHash('sha256');
  const unchunker = isFramed(headers) ? new Unchunker(headers) : undefined;
  const content = await Content.fromStream((async function* () {
    for await (const piece of pieces) {
      sha256.update(piece);
      if (unchunker) { yield* unchunker.take(piece); } else { yield piece; }
    }
    unchunker?.end();
  })(), file);
  return { content, sha256: sha256.digest('hex'), chunks: unchunker?.chunks };
}

/** The bytes that a request uploads, wherever they are. */
export function uploaded({ headers, body, kept }: WireRequest): Content {
  return kept?.content ?? Content.of(isFramed(headers) ? unchunk(headers, body).bytes : body);
}
