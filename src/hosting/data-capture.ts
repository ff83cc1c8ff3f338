import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { S3Destination } from './s3-destination';
import { checkProp } from '../common/check';

/**
 * Which side of an invocation is captured.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CaptureOption.html
 */
export class CaptureMode {
  /** What is sent to the endpoint. */
  public static readonly INPUT = CaptureMode.of('Input');
  /** What the endpoint answers. */
  public static readonly OUTPUT = CaptureMode.of('Output');
  /** Both, in one. */
  public static readonly INPUT_AND_OUTPUT = CaptureMode.of('InputAndOutput');

  /** A mode that this version of the library does not know. */
  public static of(mode: string): CaptureMode {
    return new CaptureMode(mode);
  }

  private constructor(
    /** The name as the service has it. */
    public readonly value: string,
  ) {}
}

/** What is captured of the traffic, and how it is kept. Changing any of it replaces the configuration. */
export interface DataCaptureOptions {
  /**
   * Beginning of the captured objects' keys, without a slash at its end. With `s3://` and the bucket, up to 512 characters. Changing it
   * replaces the configuration.
   *
   * @default - none: the whole bucket
   */
  readonly prefix?: string;
  /**
   * Share of the invocations that is captured, in percent: 0 to 100. Changing it replaces the configuration.
   *
   * @default 100
   */
  readonly samplingPercentage?: number;
  /**
   * What is captured: 1 to 32 entries. Changing it replaces the configuration.
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
   * Key that encrypts what is captured. Changing it replaces the configuration.
   *
   * @default - the bucket's own encryption
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Whether anything is captured. Changing it replaces the configuration.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/**
 * Capture of an endpoint's traffic, e.g. for SageMaker Model Monitor. Models' roles that this library makes may write to the bucket; a role
 * of your own needs `s3:PutObject` on it.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html
 */
export class DataCapture {
  /**
   * Writes what is captured to a bucket.
   *
   * @throws if a figure is out of its range
   */
  public static toBucket(bucket: IBucketRef, options: DataCaptureOptions = {}): DataCapture {
    return new DataCapture(new S3Destination('prefix', bucket, options.prefix), options);
  }

  private readonly config: CfnEndpointConfig.DataCaptureConfigProperty;

  private constructor(private readonly destination: S3Destination, private readonly options: DataCaptureOptions) {
    const modes = options.modes ?? [CaptureMode.INPUT, CaptureMode.OUTPUT];
    checkProp('samplingPercentage', 'SamplingPercentage', options.samplingPercentage);
    // Their number only: `of()` is for modes that the shapes do not know.
    checkProp('modes', 'CaptureOptionList', modes.map(() => ({ CaptureMode: CaptureMode.INPUT.value })));
    checkProp('csvContentTypes', 'CsvContentTypes', options.csvContentTypes);
    checkProp('jsonContentTypes', 'JsonContentTypes', options.jsonContentTypes);
    const types = options.csvContentTypes || options.jsonContentTypes;
    this.config = {
      enableCapture: options.enabled ?? true,
      initialSamplingPercentage: options.samplingPercentage ?? 100,
      destinationS3Uri: destination.uri,
      kmsKeyId: options.encryptionKey?.keyRef.keyArn,
      captureOptions: modes.map(({ value }) => ({ captureMode: value })),
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
