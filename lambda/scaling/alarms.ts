import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';

type Config = Pick<SageMakerClient, 'config'>['config'];

/** An alarm, in CloudWatch's own form: also members that this library does not know. */
export type Alarm = Readonly<Record<string, unknown>> & { readonly AlarmName: string };

/** Lists metric alarms, a page at a time. */
export class DescribeAlarms {
  public readonly operation = 'DescribeAlarms';

  constructor(public readonly input: { readonly ActionPrefix: string; readonly NextToken?: string }) {}
}

/** Creates an alarm, or replaces the whole configuration of one. Its state stays as it is. */
export class PutMetricAlarm {
  public readonly operation = 'PutMetricAlarm';

  constructor(public readonly input: Alarm) {}
}

export class DeleteAlarms {
  public readonly operation = 'DeleteAlarms';

  constructor(public readonly input: { readonly AlarmNames: readonly string[] }) {}
}

export interface AlarmsApi {
  send(command: DescribeAlarms | PutMetricAlarm | DeleteAlarms): Promise<{ readonly MetricAlarms?: readonly Alarm[]; readonly NextToken?: string }>;
}

/** What DescribeAlarms tells of an alarm and PutMetricAlarm does not take. */
const TOLD = [
  'AlarmArn', 'AlarmConfigurationUpdatedTimestamp', 'StateValue', 'StateReason', 'StateReasonData', 'StateUpdatedTimestamp', 'StateTransitionedTimestamp',
  'EvaluationState',
];
const ACTIONS = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];

/** Leads all alarms that name one of the old policies to the new one. */
export async function repoint(oldArns: readonly string[], newArn: string, alarms: AlarmsApi): Promise<string[]> {
  const found = new Map<string, Alarm>();
  for (const ActionPrefix of oldArns.filter((arn) => arn !== newArn)) {
    let NextToken: string | undefined;
    do {
      const page = await alarms.send(new DescribeAlarms({ ActionPrefix, NextToken }));
      for (const alarm of page.MetricAlarms ?? []) { found.set(alarm.AlarmName, alarm); }
      ({ NextToken } = page);
    } while (NextToken !== undefined);
  }
  for (const alarm of found.values()) { await alarms.send(new PutMetricAlarm(leading(alarm, oldArns, newArn))); }
  return [...found.keys()];
}

function leading(alarm: Alarm, oldArns: readonly string[], newArn: string): Alarm {
  const members = Object.entries(alarm).filter(([name, value]) => !TOLD.includes(name) && value !== undefined && value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, ACTIONS.includes(name) && Array.isArray(value)
    ? [...new Set(value.map((action) => (oldArns.includes(action) ? newArn : action)))] : value])) as Alarm;
}

/** An error of CloudWatch, as the SDK throws it. */
class CloudWatchError extends Error {
  public readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

/**
 * CloudWatch by its JSON protocol, with the signer and the connections of another service's client: a client of its own would drop what it does not
 * know of an alarm, and an alarm is replaced as a whole.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
 */
export function cloudWatchAlarms(config: Config, given = process.env.AWS_ENDPOINT_URL_CLOUDWATCH ?? process.env.AWS_ENDPOINT_URL): AlarmsApi {
  return {
    async send({ operation, input }) {
      const region = await config.region();
      const url = given ? new URL(given) : new URL(config.endpointProvider({ Region: region, UseFIPS: await config.useFipsEndpoint() }).url);
      // The domain is that of the Region's partition.
      url.hostname = url.hostname.replace(/^api(-fips)?\.sagemaker(-fips)?\./, 'monitoring$1$2.');
      const signer = new SignatureV4({ service: 'monitoring', region, credentials: config.credentials, sha256: config.sha256 });
      const request = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        port: url.port ? Number(url.port) : undefined,
        path: '/',
        query: {},
        headers: { 'host': url.host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `GraniteServiceVersion20100801.${operation}` },
        body: JSON.stringify(input),
      });
      const { response: { statusCode, headers, body } } = await config.requestHandler.handle(request as Parameters<Config['requestHandler']['handle']>[0]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body ?? []) { chunks.push(chunk); }
      const text = Buffer.concat(chunks).toString('utf8');
      if (statusCode < 300) { return text === '' ? {} : JSON.parse(text); }
      const told = /^\{/.test(text) ? JSON.parse(text) : {};
      const code = String(headers['x-amzn-query-error'] ?? told.__type ?? '').split(';')[0].split('#').pop();
      throw new CloudWatchError(code || `Status${statusCode}`, told.message ?? told.Message ?? `CloudWatch answered ${operation} with status ${statusCode}.`, statusCode);
    },
  };
}
