import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ServiceTime } from './service-time';

const CLIENTS = {
  sagemaker: SageMakerClient,
  cloudFormation: CloudFormationClient,
  cloudWatch: CloudWatchClient,
  logs: CloudWatchLogsClient,
  iam: IAMClient,
  s3: S3Client,
  quotas: ServiceQuotasClient,
  pricing: PricingClient,
  ssm: SSMClient,
  autoScaling: ApplicationAutoScalingClient,
} as const;

/** The services of an account in a Region, by the user's own credentials. The verbs only read. */
export type Account = { readonly [service in keyof typeof CLIENTS]: InstanceType<(typeof CLIENTS)[service]> } & {
  /** The Region that `--region`, the environment or the profile names. */
  readonly region: () => Promise<string>;
  readonly time: ServiceTime;
};

/**
 * Clients as the AWS SDK makes them: credentials, Region and endpoints come from where the user's other tools have them. So the same command reads AWS,
 * and a local AWS where a rehearsal leads it.
 */
export function accountOf({ region, profile }: { readonly region?: string; readonly profile?: string }): Account {
  const made = new Map<string, unknown>();
  const time = new ServiceTime();
  const services = {} as { [service in keyof typeof CLIENTS]: unknown };
  for (const [service, Client] of Object.entries(CLIENTS)) {
    // A verb pays only for the clients that it uses.
    Object.defineProperty(services, service, {
      get: () => {
        // A bucket of the local AWS is no name of a host.
        const config = { region, profile, maxAttempts: 5, followRegionRedirects: true, forcePathStyle: true };
        if (!made.has(service)) {
          const client = new (Client as new (given: object) => Parameters<ServiceTime['hear']>[0])(config);
          time.hear(client);
          made.set(service, client);
        }
        return made.get(service);
      },
    });
  }
  return Object.assign(services, { time, region: () => (services as unknown as Account).sagemaker.config.region() }) as unknown as Account;
}
