import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { AsyncInference } from './async-inference';
import { ClarifyExplainer } from './clarify-explainer';
import { DataCapture } from './data-capture';
import { MetricsConfig } from './metrics-config';
import { Variant } from './variant';
import { NetworkOptions } from '../common/network-options';

/**
 * Properties of an endpoint configuration. Changing any of them except `allowAllOutbound` replaces it. The VPC is only for inference
 * components: a model has its own.
 */
export interface EndpointConfigProps extends NetworkOptions {
  /** Production variants: 1 to 10, with different names. Changing them replaces the configuration. */
  readonly variants: Variant[];
  /**
   * A shadow variant: it gets copies of the requests, and its responses are not returned. At most 1, together with exactly 1 production variant.
   * Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly shadowVariants?: Variant[];
  /**
   * Key that encrypts the storage volumes of the instances. An instance type with local storage takes no key. The principal that deploys the
   * stack needs `kms:CreateGrant` on the key. Changing it replaces the configuration.
   *
   * @default - a key that SageMaker owns
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Capture of requests and responses. Changing it replaces the configuration.
   *
   * @default - nothing is captured
   */
  readonly dataCapture?: DataCapture;
  /**
   * Asynchronous inference; the endpoint then takes asynchronous requests only. Changing it replaces the configuration.
   *
   * @default - real-time inference
   */
  readonly asyncInference?: AsyncInference;
  /**
   * Explanations beside the model's responses. Changing it replaces the configuration.
   *
   * @default - none
   */
  readonly explainer?: ClarifyExplainer;
  /**
   * Metrics that the endpoint publishes besides those of each endpoint. Changing them replaces the configuration.
   *
   * @default - the service's defaults
   */
  readonly metricsConfig?: MetricsConfig;
  /**
   * Whether the containers of inference components may not make network calls; a model has its own setting. Changing it replaces the
   * configuration.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;
  /**
   * The role that the service assumes for inference components and in the VPC; a model has its own role. Changing it replaces the
   * configuration.
   *
   * @default - a new role if there is a variant for inference components or a `vpc`, else none
   */
  readonly role?: IRoleRef;
}
