import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';
import { isDenied } from './errors';

type Config = Pick<SageMakerClient, 'config'>['config'];

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
 * Reads ETags from S3 with the signer that a client of another service has: S3's own client would be half as much code again as everything else.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function s3Objects(config: Config, given = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL): ObjectsApi {
  return {
    async send({ input: { address, isAllowed } }) {
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
      if (!bucket) { return undefined; }
      const region = await config.region();
      const url = given ? new URL(given) : new URL(config.endpointProvider({ Region: region, UseFIPS: await config.useFipsEndpoint() }).url);
      // The domain is that of the Region's partition.
      url.hostname = url.hostname.replace(/^api(-fips)?\.sagemaker(-fips)?\./, 's3$1$2.');
      const signer = new SignatureV4({ service: 's3', region, credentials: config.credentials, sha256: config.sha256, uriEscapePath: false });
      const request = await signer.sign({
        method: 'HEAD',
        protocol: url.protocol,
        hostname: url.hostname,
        port: url.port ? Number(url.port) : undefined,
        path: `/${bucket}/${key.split('/').map(escaped).join('/')}`,
        query: {},
        headers: { 'host': url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      });
      const { response: { statusCode, headers, body } } = await config.requestHandler.handle(request as Parameters<Config['requestHandler']['handle']>[0]);
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
