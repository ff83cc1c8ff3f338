import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';

/** Options of routing by prefix. Changing any of them replaces the configuration. */
export interface PrefixRoutingOptions {
  /** Length of the prefix that is compared: 1,024 to 65,536 bytes of the body, or characters of the messages for an API like OpenAI's. */
  readonly prefixLength: number;
  /** Requests in flight on the instance of the prefix, from which on another instance gets the request: 1 to 1,024. */
  readonly concurrencyThreshold: number;
}

/** Reserved capacity that a variant's instances start in. Changing any of it replaces the configuration. */
export interface CapacityReservation {
  /** ARN of the reservation: a training plan, for example. Changing it replaces the configuration. */
  readonly reservationArn: string;
  /**
   * Whether instances start only in the reservation, and fail to start where it is full. Changing it replaces the configuration.
   *
   * @default true - the only preference that the service has
   */
  readonly reservedOnly?: boolean;
}

/** The place that gets a dump of a container's memory if it crashes. Changing any of it replaces the configuration. */
export interface CoreDump {
  /** Bucket that gets the dumps. Changing it replaces the configuration. */
  readonly bucket: IBucketRef;
  /**
   * Prefix of the dumps' keys. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly prefix?: string;
  /**
   * Key that encrypts the dumps. Changing it replaces the configuration.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKeyRef;
}
