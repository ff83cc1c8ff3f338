import { createHash } from 'crypto';
import { isDenied } from './errors';
import { Command } from './json-service';
import { bytesOf, Config, serviceError, signedCall, textOf } from './signed';
import { textIn } from './xml';

/** The server did not say whether the object is there. A denial may pass. */
class NoAnswer extends Error {
  public readonly $metadata: { readonly httpStatusCode?: number };

  constructor(address: string, status: number | undefined) {
    super(`S3 did not answer for ${address}.`);
    this.name = status === DENIED ? 'AccessDenied' : 'NoAnswer';
    this.$metadata = { httpStatusCode: status };
  }
}

const DENIED = 403;

/** The command of a `HEAD` request, which `retrying()` sends again if the answer says nothing. */
class HeadObject {
  constructor(public readonly input: { readonly address: string; readonly isAllowed: boolean }) {}
}

/** The command that lists all objects below a prefix, which is an address that ends with a slash. */
class ListPrefix extends HeadObject {}

export interface ObjectsApi {
  send(command: HeadObject | ListPrefix): Promise<string | undefined>;
}

/**
 * Reads the ETag of an object. That of a prefix is a hash of what is below it: keys, sizes and ETags.
 *
 * @param isAllowed whether the function has a permission to read objects, which may be too new to count everywhere
 */
export function etagReader(objects: ObjectsApi, isAllowed: boolean): (address: string) => Promise<string | undefined> {
  return async (address) => {
    try {
      return await objects.send(address.endsWith('/') ? new ListPrefix({ address, isAllowed }) : new HeadObject({ address, isAllowed }));
    } catch (error) {
      if (!isDenied(error)) { throw error; }
      return undefined;
    }
  };
}

/**
 * Reads ETags from S3.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function s3Objects(config: Config, given = s3Endpoint()): ObjectsApi {
  return {
    async send({ input: { address, isAllowed } }) {
      if (address.endsWith('/')) { return prefixEtag(config, given, address, isAllowed); }
      const place = placeIn(address);
      if (!place) { return undefined; }
      const { statusCode, headers, body } = await s3Call(config, given, place, { method: 'HEAD' });
      // The connection is free again only once the answer is read to its end, be it empty.
      body?.resume?.();
      if (statusCode === DENIED && isAllowed && await isMissing(config, given, place)) { return undefined; }
      if (statusCode >= 500 || statusCode === 429 || (statusCode === DENIED && isAllowed)) { throw new NoAnswer(address, statusCode); }
      return statusCode === 200 ? headers.etag : undefined;
    },
  };
}

/** So many objects of a prefix count at most, at a thousand a page. A model has some hundreds. */
const MOST_COUNTED_PAGES = 20;

/**
 * The hash of what is below a prefix. `undefined` if nothing is, or too much, or the function may not list it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
async function prefixEtag(config: Config, given: string | undefined, address: string, isAllowed: boolean): Promise<string | undefined> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address) ?? [];
  if (bucket === undefined) { return undefined; }
  const found: string[] = [];
  let isWhole = false;
  for await (const { statusCode, objects, next } of pagesBelow(config, given, { bucket, key: prefix }, MOST_COUNTED_PAGES)) {
    if (statusCode >= 500 || statusCode === 429 || (statusCode === DENIED && isAllowed)) { throw new NoAnswer(address, statusCode); }
    if (statusCode !== 200) { return undefined; }
    found.push(...objects.map((object) => [textIn(object, 'Key').slice(prefix.length), textIn(object, 'Size'), textIn(object, 'ETag')].join('\n')));
    isWhole = next === undefined;
  }
  return isWhole && found.length > 0 ? `prefix-${hashOf(found)}` : undefined;
}

function hashOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** One page of a list: the answer, what it says of each object, and the token of the next page, if there is one. */
interface ListPage {
  readonly statusCode: number;
  readonly xml: string;
  readonly objects: readonly string[];
  readonly next?: string;
}

/**
 * Lists one page of the objects whose keys begin with a key.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listPage(
  config: Config, given: string | undefined, place: Place, { token, most }: { readonly token?: string; readonly most?: number } = {},
): Promise<ListPage> {
  const query = { 'list-type': '2', ...most !== undefined && { 'max-keys': `${most}` }, 'prefix': place.key, ...token !== undefined && { 'continuation-token': token } };
  const { statusCode, body } = await s3Call(config, given, place, { method: 'GET', query });
  const xml = await textOf(body);
  return { statusCode, xml, objects: [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, object]) => object), next: textIn(xml, 'NextContinuationToken') || undefined };
}

/** The pages of that list, at most so many. A refusal is the last one. */
async function* pagesBelow(config: Config, given: string | undefined, place: Place, most: number): AsyncGenerator<ListPage> {
  let token: string | undefined;
  for (let page = 0; page < most; page++) {
    const found = await listPage(config, given, place, { token });
    yield found;
    if (found.next === undefined) { return; }
    token = found.next;
  }
}

export function s3Endpoint(): string | undefined {
  return process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
}

/** Where an object is. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

export function placeIn(address: string): Place | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  return bucket ? { bucket, key } : undefined;
}

/** Calls S3 for an object, or with a query for its bucket. */
export function s3Call(
  config: Config, given: string | undefined, { bucket, key }: Place, { method, headers, query }: Pick<S3Request, 'method'> & Partial<S3Request>,
) {
  return signedCall(config, 's3', given, {
    method,
    query,
    path: `/${bucket}${query ? '' : `/${key.split('/').map(escaped).join('/')}`}`,
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers },
  });
}

interface S3Request {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
}

/**
 * Whether there is certainly no object. Without the permission to list its key, S3 answers for a missing object as for one that may not be read.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (permissions), API_ListObjectsV2.html
 */
export async function isMissing(config: Config, given: string | undefined, place: Place): Promise<boolean> {
  const { statusCode, xml } = await listPage(config, given, place, { most: 1 });
  // Of all keys with this prefix, the shortest comes first.
  return statusCode === 200 && textIn(xml, 'Key') !== place.key;
}

function escaped(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** An object as a list has it. */
export interface StoredObject {
  readonly address: string;
  readonly bytes: number;
}

/** Lists the objects whose addresses begin with this one: the first thousands of them. */
export class ListStored extends Command<{ readonly address: string }, StoredObject[]> {
  public readonly operation = 'ListStored';
}

/** Reads a whole object. Of one with more bytes than that, only a beginning is read, which has more, too. */
export class GetStored extends Command<{ readonly address: string; readonly mostBytes: number }, Buffer> {
  public readonly operation = 'GetStored';
}

export interface StoredApi {
  send<Output>(command: Command<any, Output>): Promise<Output>;
}

const MOST_PAGES = 5;

/** Reads objects that a job has written. An error has the name that S3 gives it, such as `NoSuchKey` or `AccessDenied`. */
export function storedObjects(config: Config, given = s3Endpoint()): StoredApi {
  return {
    async send<Output>({ operation, input }: Command<any, Output>) {
      // A list may be of a whole bucket.
      const place = placeIn(operation === 'ListStored' ? `${input.address}*` : input.address);
      if (!place) { throw new Error(`${input.address} is no address in S3: expected s3://BUCKET/KEY`); }
      return await (operation === 'ListStored' ? listed(config, given, { ...place, key: place.key.slice(0, -1) }) : wholeOf(config, given, place, input.mostBytes)) as Output;
    },
  };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
async function wholeOf(config: Config, given: string | undefined, place: Place, mostBytes: number): Promise<Buffer> {
  const { statusCode, body } = await s3Call(config, given, place, { method: 'GET' });
  if (statusCode !== 200) { throw refusal(place, statusCode, await textOf(body)); }
  return bytesOf(upTo(body, mostBytes));
}

async function* upTo(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    yield chunk;
    bytes += chunk.length;
    if (bytes > mostBytes) { return; }
  }
}

async function listed(config: Config, given: string | undefined, place: Place): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const { statusCode, xml, objects } of pagesBelow(config, given, place, MOST_PAGES)) {
    if (statusCode !== 200) { throw refusal(place, statusCode, xml); }
    found.push(...objects.map((object) => ({ address: `s3://${place.bucket}/${textIn(object, 'Key')}`, bytes: Number(textIn(object, 'Size')) })));
  }
  return found;
}

function refusal({ bucket, key }: Place, statusCode: number, xml: string): Error {
  const name = textIn(xml, 'Code') || (statusCode === DENIED ? 'AccessDenied' : `Status${statusCode}`);
  return serviceError(name, `S3 refused s3://${bucket}/${key} with ${name} (status ${statusCode}).`, statusCode);
}
