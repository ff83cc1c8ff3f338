import { request } from 'http';
import { LocalAws } from '../../../local-aws';
import { sign4 } from '../../../local-aws/wire/signature';

export interface RawCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RawRequest {
  /** What the credential scope names. @default - the request carries no signature */
  readonly service?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Signs with this key and the run's secret. @default '111111111111' */
  readonly accessKeyId?: string;
  /** Signs with these instead. */
  readonly credentials?: RawCredentials;
  readonly region?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A running local AWS, as far as a client of it needs one. */
type Aws = Pick<LocalAws, 'endpoint' | 'client'>;

/** A request as no client would let one write it, but signed as a client signs. */
export function raw(aws: Aws, options: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(aws.endpoint);
  const { method = 'POST', path = '/', body = '' } = options;
  const headers = { host, 'content-length': String(Buffer.byteLength(body)), ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: { ...headers, ...signed(aws, options, headers) } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The headers of a signature over the host, the body and each `x-amz-` header. A header that the request has already stays as it is. */
function signed(aws: Aws, options: RawRequest, headers: Readonly<Record<string, string>>): Record<string, string> {
  const { service, method = 'POST', path = '/', body = '', region = 'us-east-1', accessKeyId } = options;
  if (!service) { return {}; }
  const { accessKeyId: key, secretAccessKey, sessionToken }: RawCredentials = options.credentials ?? aws.client({ account: accessKeyId }).credentials;
  const time = headers['x-amz-date'] ?? '20260101T000000Z';
  const more = { 'x-amz-date': time, ...sessionToken !== undefined && { 'x-amz-security-token': sessionToken } };
  const all: Record<string, string> = { ...more, ...headers };
  const signedHeaders = Object.keys(all).filter((name) => name === 'host' || name.startsWith('x-amz-')).sort();
  const [, way, query = ''] = /^([^?]*)\??(.*)$/s.exec(path)!;
  const Signature = sign4(
    secretAccessKey,
    { method, path: way, query: new URLSearchParams(query), headers: all, body: Buffer.from(body) },
    { accessKeyId: key, region, service, time, signedHeaders },
  );
  const scope = `${key}/${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${Signature}`;
  return { ...more, authorization, ...headers };
}

export function json(aws: Aws, service: string, target: string, body: unknown, options: RawRequest = {}): Promise<RawAnswer> {
  return raw(aws, { service, headers: { 'x-amz-target': target }, body: JSON.stringify(body), ...options });
}

export function form(aws: Aws, service: string, fields: Record<string, string>, options: RawRequest = {}): Promise<RawAnswer> {
  return raw(aws, { service, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString(), ...options });
}

/** The credentials in an answer of AssumeRole. */
export function issuedIn(xml: string): RawCredentials {
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1] ?? '');
  return { accessKeyId, secretAccessKey, sessionToken };
}
