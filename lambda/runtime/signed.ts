import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';

/** The configuration of a client of SageMaker. */
export type Config = Pick<SageMakerClient, 'config'>['config'];

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/**
 * Calls another service with the signer and the connections of a client of SageMaker: each service's own client would be half as much code again as
 * everything else.
 */
export async function signedCall(config: Config, service: string, given: string | undefined, { headers, ...request }: Request) {
  const region = await config.region();
  const url = given ? new URL(given) : new URL(config.endpointProvider({ Region: region, UseFIPS: await config.useFipsEndpoint() }).url);
  // The domain is that of the Region's partition.
  url.hostname = url.hostname.replace(/^api(-fips)?\.sagemaker(-fips)?\./, `${service}$1$2.`);
  const signer = new SignatureV4({ service, region, credentials: config.credentials, sha256: config.sha256, uriEscapePath: false });
  const signed = await signer.sign({
    ...request,
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    query: {},
    headers: { host: url.host, ...headers },
  });
  return (await config.requestHandler.handle(signed as Parameters<Config['requestHandler']['handle']>[0])).response;
}

/** The text of an answer. A character may be divided between two chunks. */
export async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) { chunks.push(chunk); }
  return Buffer.concat(chunks).toString();
}

/** An error of a service, as a client of its own would throw it. */
export function serviceError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
