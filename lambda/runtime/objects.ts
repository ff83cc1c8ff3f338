import { isDenied } from './errors';
import { Config, signedCall } from './signed';

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

export interface ObjectsApi {
  send(command: HeadObject): Promise<string | undefined>;
}

/** @param isAllowed whether the function has a permission to read objects, which may be too new to count everywhere */
export function etagReader(objects: ObjectsApi, isAllowed: boolean): (address: string) => Promise<string | undefined> {
  return async (address) => {
    try {
      return await objects.send(new HeadObject({ address, isAllowed }));
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
export function s3Objects(config: Config, given = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL): ObjectsApi {
  return {
    async send({ input: { address, isAllowed } }) {
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
      if (!bucket) { return undefined; }
      const { statusCode, headers, body } = await signedCall(config, 's3', given, {
        method: 'HEAD', path: `/${bucket}/${key.split('/').map(escaped).join('/')}`, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      });
      // The connection is free again only once the answer is read to its end, be it empty.
      body?.resume?.();
      if (statusCode >= 500 || statusCode === 429 || (statusCode === DENIED && isAllowed)) { throw new NoAnswer(address, statusCode); }
      return statusCode === 200 ? headers.etag : undefined;
    },
  };
}

function escaped(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
