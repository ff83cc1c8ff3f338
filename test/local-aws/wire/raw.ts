import { request } from 'http';
import { LocalAws } from '../../../local-aws';

export interface RawRequest {
  /** What the credential scope names. @default - the request carries no credentials */
  readonly service?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly accessKeyId?: string;
  readonly region?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request as no client would let one write it. */
export function raw(aws: Pick<LocalAws, 'endpoint'>, options: RawRequest): Promise<RawAnswer> {
  const { service, method = 'POST', path = '/', headers = {}, body = '', accessKeyId = '111111111111', region = 'us-east-1' } = options;
  const authorization = service && { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, Signature=0` };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(aws.endpoint);
    const outgoing = request({ hostname, port, method, path, headers: { 'content-length': Buffer.byteLength(body), ...authorization, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function json(aws: Pick<LocalAws, 'endpoint'>, service: string, target: string, body: unknown, options: RawRequest = {}): Promise<RawAnswer> {
  return raw(aws, { service, headers: { 'x-amz-target': target }, body: JSON.stringify(body), ...options });
}

export function form(aws: Pick<LocalAws, 'endpoint'>, service: string, fields: Record<string, string>, options: RawRequest = {}): Promise<RawAnswer> {
  return raw(aws, { service, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString(), ...options });
}
