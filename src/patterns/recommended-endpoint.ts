import { IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IEndpointConfigRef, IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { NetworkOptions } from '../common/network-options';
import { warn } from '../common/warn';
import { AsyncInference } from '../hosting/async-inference';
import { DataCapture } from '../hosting/data-capture';
import { DeploymentConfig } from '../hosting/deployment-config';
import { Endpoint } from '../hosting/endpoint';
import { EndpointAutoScaling, EndpointAutoScalingOptions } from '../hosting/endpoint-autoscaling';
import { EndpointConfig } from '../hosting/endpoint-config';
import { Model } from '../hosting/model';
import { Variant } from '../hosting/variant';
import { HostingOptions } from '../hosting/variant-props';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import { ContainerConfigOptions } from '../jobs/container-config';
import { InferenceRecommendationsJob } from '../jobs/inference-recommendations-job';
import { JobType } from '../jobs/job-type';
import { IRecommendationJob, Recommendation } from '../recommendation/recommendation';
import { IRecommendation } from '../recommendation/recommendation-interface';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/**
 * Properties of a recommended endpoint. The VPC is the one that both the benchmarked endpoints and the model run in. A part of your own takes the
 * place of the one made here; what that is made of is then not asked for, and has no effect.
 */
export interface RecommendedEndpointProps extends RecommendationOptions, NetworkOptions {
  /**
   * The model package to benchmark and deploy. Changing it runs, and bills, a new job.
   *
   * @default - what your own `job` or `recommendation` says
   */
  readonly modelPackage?: IModelPackageRef;
  /**
   * What kind of job runs, and how. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * What the model package does not say of its container, or says differently. Changing it runs, and bills, a new job.
   *
   * @default - what the model package says
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * Your own reason to run the job again.
   *
   * @default - the job runs again only when what it benchmarks changes
   */
  readonly trigger?: string;
  /**
   * Your own job.
   *
   * @default - a new one
   */
  readonly job?: IRecommendationJob;
  /**
   * Your own recommendation, e.g. `Recommendation.fromAttributes()`. It leaves no job to make.
   *
   * @default - a new one of the job
   */
  readonly recommendation?: IRecommendation;
  /**
   * Your own model.
   *
   * @default - a new one of the recommendation
   */
  readonly model?: IModelRef;
  /**
   * Your own configuration.
   *
   * @default - a new one of the model, on what the recommendation says
   */
  readonly endpointConfig?: IEndpointConfigRef;
  /**
   * Settings of the variant.
   *
   * @default - the service's own
   */
  readonly hosting?: HostingOptions;
  /**
   * What is captured of the traffic.
   *
   * @default - nothing
   */
  readonly dataCapture?: DataCapture;
  /**
   * How the endpoint answers asynchronously; it then takes no other requests.
   *
   * @default - it answers at once
   */
  readonly asyncInference?: AsyncInference;
  /**
   * Key that encrypts the storage volumes of the instances.
   *
   * @default - a key of SageMaker's own
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Name of the endpoint. Changing it replaces the endpoint.
   *
   * @default - by CloudFormation
   */
  readonly endpointName?: string;
  /**
   * How an update of the endpoint goes.
   *
   * @default - all at once, blue/green
   */
  readonly deployment?: DeploymentConfig;
  /**
   * Alarms that end an update and take it back.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarmRef[];
  /**
   * How the endpoint scales; what is left open is what the recommendation says.
   *
   * @default - it does not scale
   */
  readonly autoScaling?: EndpointAutoScalingOptions;
}

/**
 * A model package in, an endpoint out: a job benchmarks the package, a recommendation is chosen, and a model, a configuration and an endpoint are
 * made of it. Each part can be reached, and replaced by one of your own.
 */
export class RecommendedEndpoint extends Construct {
  /** The job; none where your own recommendation or configuration stands in, unless it is given, too. */
  public readonly job?: IRecommendationJob;
  /** The recommendation; none where your own configuration stands in, unless it is given, too. */
  public readonly recommendation?: IRecommendation;
  /** The model; none where your own configuration stands in, unless it is given, too. */
  public readonly model?: IModelRef;
  /** The endpoint's configuration. */
  public readonly endpointConfig: IEndpointConfigRef;
  /** The endpoint. */
  public readonly endpoint: Endpoint;
  /** How the endpoint scales, if it does. */
  public readonly autoScaling?: EndpointAutoScaling;

  /**
   * @throws if there is nothing to benchmark, or a part is not what its own construct takes
   */
  constructor(scope: Construct, id: string, props: RecommendedEndpointProps) {
    super(scope, id);
    const { vpc, vpcSubnets, securityGroups, allowAllOutbound } = props;
    const network = { vpc, vpcSubnets, securityGroups, allowAllOutbound };
    this.advise(props);
    ({ job: this.job, recommendation: this.recommendation, model: this.model } = props);
    if (!props.endpointConfig) {
      if (!this.recommendation) {
        this.job ??= this.benchmark(props, network);
        this.recommendation = new Recommendation(this, 'Recommendation', { ...props, job: this.job });
      }
      this.model ??= new Model(this, 'Model', { ...network, recommendation: this.recommendation, modelPackage: props.modelPackage });
    }
    this.endpointConfig = props.endpointConfig ?? new EndpointConfig(this, 'Config', {
      variants: [Variant.fromRecommendation(this.model!, this.recommendation!, props.hosting)],
      dataCapture: props.dataCapture,
      asyncInference: props.asyncInference,
      encryptionKey: props.encryptionKey,
    });
    this.endpoint = new Endpoint(this, 'Endpoint', {
      endpointConfig: this.endpointConfig,
      endpointName: props.endpointName,
      deployment: props.deployment,
      rollbackAlarms: props.rollbackAlarms,
    });
    if (props.autoScaling) {
      this.autoScaling = new EndpointAutoScaling(this, 'AutoScaling', {
        endpoint: this.endpoint, recommendation: this.recommendation, ...props.autoScaling,
      });
    }
  }

  private benchmark(props: RecommendedEndpointProps, network: NetworkOptions): InferenceRecommendationsJob {
    if (!props.modelPackage) { throw new Error('`modelPackage` is required where there is no `job`, `recommendation` or `endpointConfig` of your own.'); }
    return new InferenceRecommendationsJob(this, 'Job', {
      ...network,
      target: BenchmarkTarget.fromModelPackage(props.modelPackage),
      jobType: props.jobType,
      containerConfig: props.containerConfig,
      trigger: props.trigger,
    });
  }

  private advise(props: RecommendedEndpointProps): void {
    const part = (['endpointConfig', 'recommendation', 'job'] as const).find((name) => props[name]);
    const idle = part ? (Object.keys(props) as Name[]).filter((name) => props[name] !== undefined && !isUsedBeside(part, name)) : [];
    if (idle.length > 0) {
      warn(this, 'unusedProps', `\`${idle.join('`, `')}\` ${idle.length > 1 ? 'have' : 'has'} no effect beside your own \`${part}\`: leave ${idle.length > 1 ? 'them' : 'it'} out.`);
    }
  }
}

type Name = keyof RecommendedEndpointProps;

const OF_JOB: readonly Name[] = ['jobType', 'containerConfig', 'trigger'];
const OF_MODEL: readonly Name[] = ['modelPackage', 'model', 'vpc', 'vpcSubnets', 'securityGroups', 'allowAllOutbound'];
const OF_CONFIG: readonly Name[] = ['endpointConfig', 'hosting', 'dataCapture', 'asyncInference', 'encryptionKey'];
const OF_ENDPOINT: readonly Name[] = ['recommendation', 'endpointName', 'deployment', 'rollbackAlarms', 'autoScaling'];

function isUsedBeside(part: 'job' | 'recommendation' | 'endpointConfig', name: Name): boolean {
  switch (part) {
    case 'job': return !OF_JOB.includes(name);
    case 'recommendation': return [...OF_MODEL, ...OF_CONFIG, ...OF_ENDPOINT].includes(name);
    case 'endpointConfig': return name === 'endpointConfig' || OF_ENDPOINT.includes(name);
  }
}
