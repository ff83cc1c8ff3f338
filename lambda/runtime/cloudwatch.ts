import { Config, serviceError, signedCall, textOf } from './signed';

/** A request to CloudWatch, in its own form. */
export interface CloudWatchCommand {
  readonly operation: string;
  readonly input: object;
}

export interface CloudWatchApi {
  send(command: CloudWatchCommand): Promise<any>;
}

/**
 * CloudWatch by its JSON protocol. A client of its own would drop what it does not know of an alarm, and an alarm is replaced as a whole.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
 */
export function cloudWatch(config: Config, given = process.env.AWS_ENDPOINT_URL_CLOUDWATCH ?? process.env.AWS_ENDPOINT_URL): CloudWatchApi {
  return {
    async send({ operation, input }) {
      const { statusCode, headers, body } = await signedCall(config, 'monitoring', given, {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `GraniteServiceVersion20100801.${operation}` },
        body: JSON.stringify(input),
      });
      const text = await textOf(body);
      if (statusCode < 300) { return text === '' ? {} : JSON.parse(text); }
      const told = /^\{/.test(text) ? JSON.parse(text) : {};
      const code = String(headers['x-amzn-query-error'] ?? told.__type ?? '').split(';')[0].split('#').pop();
      throw serviceError(code || `Status${statusCode}`, told.message ?? told.Message ?? `CloudWatch answered ${operation} with status ${statusCode}.`, statusCode);
    },
  };
}
