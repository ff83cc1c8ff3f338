import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';
import { isTransient } from './errors';

/** The configuration of a client of SageMaker. */
export type Config = Pick<SageMakerClient, 'config'>['config'];

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/**
 * Calls another service with the signer and the connections of a client of SageMaker: each service's own client would be half as much code again as
 * everything else.
 */
export async function signedCall(config: Config, service: string, given: string | undefined, { headers, query = {}, ...request }: Request) {
  const own = await config.region();
  const url = given ? new URL(given) : new URL(config.endpointProvider({ Region: own, UseFIPS: await config.useFipsEndpoint() }).url);
  // The domain is that of the Region's partition.
  url.hostname = url.hostname.replace(/^api(-fips)?\.sagemaker(-fips)?\./, `${service}$1$2.`);
  const [hostname, region] = given ? [url.hostname, own] : placeOf(service, url.hostname, own);
  url.hostname = hostname;
  const signer = new SignatureV4({ service, region, credentials: config.credentials, sha256: config.sha256, uriEscapePath: false });
  const signed = await signer.sign({
    ...request,
    protocol: url.protocol,
    hostname,
    port: url.port ? Number(url.port) : undefined,
    query,
    headers: { host: url.host, ...headers },
  });
  try {
    return (await config.requestHandler.handle(signed as Parameters<Config['requestHandler']['handle']>[0])).response;
  } catch (error) {
    throw unanswered(error);
  }
}

/** As a client of the SDK marks it: there is no whole answer, so another try may succeed. */
function unanswered(error: unknown): Error {
  return Object.assign(error as Error, { $metadata: {} });
}

/**
 * Where a service has other names than `<service>.<Region>`, and the Region for which the request is signed.
 * Source: https://docs.aws.amazon.com/general/latest/gr/iam-service.html, https://docs.aws.amazon.com/general/latest/gr/step-functions.html (endpoints)
 */
function placeOf(service: string, hostname: string, region: string): readonly [hostname: string, region: string] {
  if (service === 'states' && region === 'us-gov-west-1') { return [hostname.replace('-fips', ''), region]; }
  // IAM has one endpoint in a partition.
  if (service !== 'iam') { return [hostname, region]; }
  if (region.startsWith('us-gov-')) { return ['iam.us-gov.amazonaws.com', 'us-gov-west-1']; }
  if (hostname.endsWith('.amazonaws.com')) { return [hostname.replace(`.${region}`, ''), 'us-east-1']; }
  return region.startsWith('cn-') ? [hostname.replace(region, 'cn-north-1'), 'cn-north-1'] : [hostname, region];
}

const TRIES = 3;
const FIRST_PAUSE_MS = 100;

/**
 * Tries a call as often as a client of the SDK does, with pauses that grow by chance.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (standard mode)
 */
export async function tried<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES || !isTransient(error)) { throw error; }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * FIRST_PAUSE_MS * 2 ** tries));
    }
  }
}

/** The bytes of an answer. */
export async function bytesOf(body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body ?? []) { chunks.push(chunk); }
  } catch (error) {
    throw unanswered(error);
  }
  return Buffer.concat(chunks);
}

/** The text of an answer. A character may be divided between two chunks. */
export async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  return (await bytesOf(body)).toString();
}

/** An error of a service, as a client of its own would throw it. */
export function serviceError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
