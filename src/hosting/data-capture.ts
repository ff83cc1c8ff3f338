import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { S3Destination } from './s3-destination';
import { checkProp, enumValue } from '../common/check';

/**
 * The side of an invocation that is captured: the request, the response or both.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureOption.html
 * @example
 * const requestsOnly = DataCapture.toBucket(bucket, { modes: [CaptureMode.INPUT] });
 */
export class CaptureMode {
  /** The request to the endpoint. */
  public static readonly INPUT = CaptureMode.of('Input');
  /** The response of the endpoint. */
  public static readonly OUTPUT = CaptureMode.of('Output');
  /** Both, as one entry. */
  public static readonly INPUT_AND_OUTPUT = CaptureMode.of('InputAndOutput');

  /**
   * A mode that has no constant in this version of the library.
   *
   * @param mode the value that the service's API uses
   */
  public static of(mode: string): CaptureMode {
    return new CaptureMode(mode);
  }

  private constructor(
    /** The value that the service's API uses. */
    public readonly value: string,
  ) {}
}

/** Options of data capture. Changing any of them replaces the configuration. */
export interface DataCaptureOptions {
  /**
   * Prefix of the captured objects' keys; a slash at its end is ignored. With `s3://` and the bucket, up to 512 characters. Changing it
   * replaces the configuration.
   *
   * @default - no prefix: captured data goes to the top level of the bucket
   */
  readonly prefix?: string;
  /**
   * Percentage of the invocations that are captured: 0 to 100. Changing it replaces the configuration.
   *
   * @default 100
   */
  readonly samplingPercentage?: number;
  /**
   * Sides of an invocation that are captured: 1 to 32 entries. Changing them replaces the configuration.
   *
   * @default - input and output
   */
  readonly modes?: CaptureMode[];
  /**
   * Content types that are kept as CSV text instead of base64: 1 to 10, e.g. `text/csv`. Changing them replaces the configuration.
   *
   * @default - none
   */
  readonly csvContentTypes?: string[];
  /**
   * Content types that are kept as JSON text instead of base64: 1 to 10, e.g. `application/json`. Changing them replaces the configuration.
   *
   * @default - none
   */
  readonly jsonContentTypes?: string[];
  /**
   * Key that encrypts the captured data. Changing it replaces the configuration.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Whether capture is on. Changing it replaces the configuration.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/**
 * Capture of an endpoint's requests and responses, e.g. for SageMaker Model Monitor.
 *
 * The model roles that this library creates may write to the bucket. A role of your own needs `s3:PutObject` on it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
 * @example
 * new EndpointConfig(this, 'CapturedConfig', {
 *   variants: [Variant.onInstances(model, { instanceType: InstanceType.of('ml.c5.xlarge') })],
 *   dataCapture: DataCapture.toBucket(bucket, { prefix: 'captured', samplingPercentage: 20 }),
 * });
 */
export class DataCapture {
  /**
   * Writes the captured data to a bucket.
   *
   * @param bucket the bucket of the captured data
   * @param options prefix, sampling, modes, content types and encryption
   * @returns the options for `EndpointConfig`
   * @throws if `samplingPercentage` is out of its range, a list has too many or too few entries, or the prefix is too long
   */
  public static toBucket(bucket: IBucketRef, options: DataCaptureOptions = {}): DataCapture {
    return new DataCapture(new S3Destination('prefix', bucket, options.prefix), options);
  }

  private readonly config: CfnEndpointConfig.DataCaptureConfigProperty;

  private constructor(private readonly destination: S3Destination, private readonly options: DataCaptureOptions) {
    const modes = options.modes ?? [CaptureMode.INPUT, CaptureMode.OUTPUT];
    checkProp('samplingPercentage', 'SamplingPercentage', options.samplingPercentage);
    // Checks only the number of modes, because `of()` allows modes that the shapes do not have.
    checkProp('modes', 'CaptureOptionList', modes.map(() => ({ CaptureMode: CaptureMode.INPUT.value })));
    checkProp('csvContentTypes', 'CsvContentTypes', options.csvContentTypes);
    checkProp('jsonContentTypes', 'JsonContentTypes', options.jsonContentTypes);
    const types = options.csvContentTypes || options.jsonContentTypes;
    this.config = {
      enableCapture: options.enabled ?? true,
      initialSamplingPercentage: options.samplingPercentage ?? 100,
      destinationS3Uri: destination.uri,
      kmsKeyId: options.encryptionKey?.keyRef.keyArn,
      captureOptions: modes.map((mode) => ({ captureMode: enumValue('modes', mode, 'CaptureMode') })),
      captureContentTypeHeader: types && { csvContentTypes: options.csvContentTypes, jsonContentTypes: options.jsonContentTypes },
    };
  }

  /** @internal */
  public _render(): CfnEndpointConfig.DataCaptureConfigProperty {
    return this.config;
  }

  /** @internal */
  public _grantUse(grantee: IGrantable): void {
    this.destination.grantWrite(grantee, this.options.encryptionKey);
  }
}
