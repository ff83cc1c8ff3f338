import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';
import { prune } from '../common/render';
import { MlDomain, MlFramework, MlTask } from '../model-package/machine-learning';
import { SamplePayload } from '../model-package/s3-source';

/**
 * What a job is told of the container that it benchmarks. What is set here goes before what the model package says; a target by model has
 * nothing of its own, so domain, task, framework and sample payload must stand here. Changing any of it runs, and bills, a new job.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html
 */
export interface ContainerConfigOptions {
  /**
   * Machine learning domain.
   *
   * @default - the model package's
   */
  readonly domain?: MlDomain;
  /**
   * Machine learning task.
   *
   * @default - the model package's
   */
  readonly task?: MlTask;
  /**
   * Framework of the container.
   *
   * @default - the model package's
   */
  readonly framework?: MlFramework;
  /**
   * Version of the framework: 3 to 10 characters, e.g. `1.3-1`.
   *
   * @default - the model package's
   */
  readonly frameworkVersion?: string;
  /**
   * What the benchmark sends.
   *
   * @default - the model package's
   */
  readonly samplePayload?: SamplePayload;
  /**
   * MIME types that the model takes; the guide expects one.
   *
   * @default - the model package's
   */
  readonly supportedContentTypes?: string[];
  /**
   * A pre-trained model that this one resembles, e.g. `resnet50`.
   *
   * @default - the model package's
   */
  readonly nearestModelName?: string;
  /**
   * Instance types that the service may try.
   *
   * @default - the model package's
   */
  readonly supportedInstanceTypes?: InstanceType[];
  /**
   * The kind of endpoint to recommend. One kind gives a longer list of it; by default the results are a list of both kinds.
   *
   * @default - both
   */
  readonly supportedEndpointType?: EndpointType;
  /**
   * Name and shape of the model's inputs as JSON, up to 1,024 characters; SageMaker Neo needs it to compile the model.
   *
   * @default - the model package's
   */
  readonly dataInputConfig?: string;
  /**
   * MIME types that the model answers.
   *
   * @default - the model package's
   */
  readonly supportedResponseMimeTypes?: string[];
}

/** ContainerConfig as the API has it, and what the job's role must be able to read. */
export function renderContainerConfig(
  scope: Construct, options: ContainerConfigOptions | undefined,
): { config?: Record<string, unknown>; grantRead: (grantee: IGrantable) => void } {
  if (!options) { return { grantRead: () => {} }; }
  const payload = options.samplePayload?._bind(scope, 'SamplePayload');
  return {
    config: prune({
      Domain: options.domain?.value,
      Task: options.task?.value,
      Framework: options.framework?.value,
      FrameworkVersion: options.frameworkVersion,
      PayloadConfig: prune({ SamplePayloadUrl: payload?.url, SupportedContentTypes: options.supportedContentTypes }),
      NearestModelName: options.nearestModelName,
      SupportedInstanceTypes: options.supportedInstanceTypes?.map((type) => type.value),
      SupportedEndpointType: options.supportedEndpointType,
      DataInputConfig: options.dataInputConfig,
      SupportedResponseMIMETypes: options.supportedResponseMimeTypes,
    }),
    grantRead: (grantee) => payload?.grantRead(grantee),
  };
}
