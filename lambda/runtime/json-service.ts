import { Config, serviceError, signedCall, textOf, tried } from './signed';

/** A request, with the type of its answer. */
export abstract class Command<Input extends object, Output> {
  public abstract readonly operation: string;
  declare public readonly answer?: Output;

  constructor(public readonly input: Input) {}
}

/** A service that speaks one of AWS's JSON protocols. */
export interface JsonService {
  /** The name in its signatures and in its endpoints. */
  readonly service: string;
  /** The prefix of its targets. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/**
 * Calls an operation of a JSON service. A time in an answer is a number of seconds.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function jsonCall(
  config: Config, { service, target, version }: JsonService, given: string | undefined, operation: string, input: object,
): Promise<any> {
  return tried(async () => {
    const { statusCode, headers, body } = await signedCall(config, service, given, {
      method: 'POST',
      path: '/',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` },
      body: JSON.stringify(input),
    });
    const text = await textOf(body);
    if (statusCode < 300) { return text === '' ? {} : JSON.parse(text); }
    const told = /^\{/.test(text) ? JSON.parse(text) : {};
    // CloudWatch tells clients of its older protocol the code in a header.
    const code = `${headers['x-amzn-query-error'] ?? told.__type ?? ''}`.split(';')[0].split('#').pop();
    throw serviceError(code || `Status${statusCode}`, told.message ?? told.Message ?? `${service} answered ${operation} with status ${statusCode}.`, statusCode);
  });
}
