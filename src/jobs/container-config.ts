import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';
import { MlDomain, MlFramework, MlTask } from '../model-package/machine-learning';
import { SamplePayload } from '../model-package/s3-source';

/**
 * Facts about the container that a job benchmarks. A value here replaces the model package's own value. A model has none of these values, so for
 * a model you must set domain, task and sample payload here, and should set the framework. Changing any of them runs, and bills, a new job.
 *
 * The job's constructor checks the values, and throws an error that names a value out of its bounds.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html
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
   * Requests that the benchmark sends.
   *
   * @default - the model package's
   */
  readonly samplePayload?: SamplePayload;
  /**
   * MIME types that the model accepts. The guide expects one.
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
   * Instance types that the service may benchmark.
   *
   * @default - the model package's
   */
  readonly supportedInstanceTypes?: InstanceType[];
  /**
   * The kind of endpoint to recommend. With one kind, the list has more recommendations of that kind. By default it has both kinds.
   *
   * @default - both
   */
  readonly supportedEndpointType?: EndpointType;
  /**
   * Name and shape of the model's inputs as JSON, up to 1,024 characters. SageMaker Neo needs it to compile the model.
   *
   * @default - the model package's
   */
  readonly dataInputConfig?: string;
  /**
   * MIME types of the model's responses.
   *
   * @default - the model package's
   */
  readonly supportedResponseMimeTypes?: string[];
}
