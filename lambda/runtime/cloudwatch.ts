import { jsonCall } from './json-service';
import type { Config } from './signed';

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
  const service = { service: 'monitoring', target: 'GraniteServiceVersion20100801', version: '1.0' } as const;
  return { send: ({ operation, input }) => jsonCall(config, service, given, operation, input) };
}
