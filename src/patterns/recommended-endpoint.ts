import { IEndpointConfigRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { RecommendationDashboard } from './recommendation-dashboard';
import { RecommendationDashboardOptions } from './recommendation-dashboard-props';
import { RecommendedEndpointProps } from './recommended-endpoint-props';
import { EndpointType } from '../common/endpoint-type';
import { InstanceType } from '../common/instance-type';
import { NetworkOptions } from '../common/network-options';
import { warn } from '../common/warn';
import { Endpoint } from '../hosting/endpoint';
import { EndpointAutoScaling } from '../hosting/endpoint-autoscaling';
import { EndpointConfig } from '../hosting/endpoint-config';
import { InferenceComponent } from '../hosting/inference-component';
import { Model } from '../hosting/model';
import { Variant } from '../hosting/variant';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import { InferenceRecommendationsJob } from '../jobs/inference-recommendations-job';
import { unreadableRemedies } from '../model-package/facts';
import { hostedAs } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { IRecommendation, IRecommendationJob } from '../recommendation/recommendation-interface';

/**
 * An endpoint for a model package, made in one step. A job benchmarks the package, and the best recommendation is deployed with a model, an endpoint
 * configuration and an endpoint. You can use each part, and replace it with one of your own.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender.html
 * @example
 * new RecommendedEndpoint(this, 'Served', {
 *   modelPackage,
 *   objective: Objective.lowestLatency(),
 *   autoScaling: { minCapacity: 2, maxInvocationsPerMinute: 200_000 },
 * });
 */
export class RecommendedEndpoint extends Construct {
  /** The job; undefined if you pass your own recommendation or endpoint configuration and no job. */
  public readonly job?: IRecommendationJob;
  /** The recommendation; undefined if you pass your own endpoint configuration and no recommendation. */
  public readonly recommendation?: IRecommendation;
  /** The model; undefined if you pass your own endpoint configuration and no model. */
  public readonly model?: IModelRef;
  /** The endpoint configuration. */
  public readonly endpointConfig: IEndpointConfigRef;
  /** The endpoint. */
  public readonly endpoint: Endpoint;
  /** The inference component; undefined if you set no `inferenceComponent`. */
  public readonly inferenceComponent?: InferenceComponent;
  /** The auto scaling of the endpoint; undefined if you set no `autoScaling`. */
  public readonly autoScaling?: EndpointAutoScaling;

  /**
   * Makes the parts that you do not pass. Each property without an effect is named in a warning.
   *
   * @param scope where to add the endpoint, usually `this`
   * @param id construct id, unique in the scope
   * @param props the model package or parts of your own, the rules of the choice, and settings of the endpoint
   * @throws if there is nothing to benchmark, or a part's own construct refuses its properties
   */
  constructor(scope: Construct, id: string, props: RecommendedEndpointProps) {
    super(scope, id);
    const { vpc, vpcSubnets, securityGroups, allowAllOutbound } = props;
    const network = { vpc, vpcSubnets, securityGroups, allowAllOutbound };
    this.advise(props);
    unreadableRemedies.set(this, '`job` and `model` of your own, each with a `role`, should be passed for this model package');
    ({ job: this.job, recommendation: this.recommendation, model: this.model } = props);
    if (!props.endpointConfig) {
      if (!this.recommendation) {
        this.job ??= this.benchmark(props, network);
        this.recommendation = new Recommendation(this, 'Recommendation', { ...props, job: this.job });
      }
      this.model ??= new Model(this, 'Model', {
        // Components take the network of the configuration, and not of a model.
        ...props.inferenceComponent ? {} : network,
        recommendation: this.recommendation,
        modelPackage: props.modelPackage,
        environment: props.environment,
      });
    }
    this.endpointConfig = props.endpointConfig ?? new EndpointConfig(this, 'Config', {
      variants: [this.variant(props)],
      ...props.inferenceComponent ? network : {},
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
    if (props.inferenceComponent && !props.endpointConfig) {
      const { managedInstanceScaling: _scaling, ...copies } = props.inferenceComponent;
      this.inferenceComponent = new InferenceComponent(this, 'Component', {
        endpoint: this.endpoint, model: this.model, recommendation: this.recommendation, ...copies,
      });
    }
    if (props.autoScaling) {
      this.autoScaling = new EndpointAutoScaling(this, 'AutoScaling', {
        endpoint: this.endpoint, recommendation: this.recommendation, ...props.autoScaling,
      });
    }
  }

  /**
   * Adds a dashboard of the endpoint, beside what its recommendation promises.
   *
   * @param id construct id of the dashboard, unique in this construct
   * @param options settings of the dashboard and its alarms
   * @returns the dashboard
   * @throws if there is no recommendation, because you passed your own endpoint configuration and no recommendation
   */
  public addDashboard(id: string = 'Dashboard', options: RecommendationDashboardOptions = {}): RecommendationDashboard {
    const { recommendation, endpoint } = this;
    if (!recommendation) { throw new Error('`recommendation` is required for a dashboard: pass the one that your `endpointConfig` was made of.'); }
    return new RecommendationDashboard(this, id, { recommendation, endpoint, ...options });
  }

  private variant({ inferenceComponent, hosting }: RecommendedEndpointProps): Variant {
    const recommendation = this.recommendation!;
    if (!inferenceComponent) { return Variant.fromRecommendation(this.model!, recommendation, hosting); }
    const { managedInstanceScaling } = inferenceComponent;
    if (recommendation.endpointType !== EndpointType.REAL_TIME) {
      throw new Error('`inferenceComponent` needs a real-time recommendation: set its `endpointType` to REAL_TIME, or leave `inferenceComponent` out.');
    }
    if (hostedAs(recommendation).pools) {
      throw new Error('`inferenceComponent` and `instancePools` exclude each other, because a component has one instance type here: leave one out.');
    }
    const [lost] = (['maxConcurrency', 'provisionedConcurrency'] as const).filter((prop) => hosting?.[prop] !== undefined);
    if (lost) { throw new Error(`\`${lost}\` is only for serverless variants, but \`inferenceComponent\` is set: remove it.`); }
    const instanceType = InstanceType.of(recommendation.instanceType);
    return Variant.forInferenceComponents({ ...hosting, instanceType, initialInstanceCount: recommendation.instanceCount, managedInstanceScaling });
  }

  private benchmark(props: RecommendedEndpointProps, network: NetworkOptions): InferenceRecommendationsJob {
    if (!props.modelPackage) { throw new Error('`modelPackage` is required if you pass no `job`, `recommendation` or `endpointConfig` of your own.'); }
    // Without it, the service divides its benchmarks between both kinds. The candidates of a load test say it themselves.
    const isServerless = props.endpointType === EndpointType.SERVERLESS && props.jobType?._bind().jobType !== 'Advanced';
    return new InferenceRecommendationsJob(this, 'Job', {
      ...network,
      target: BenchmarkTarget.fromModelPackage(props.modelPackage),
      jobType: props.jobType,
      containerConfig: isServerless ? { supportedEndpointType: EndpointType.SERVERLESS, ...props.containerConfig } : props.containerConfig,
      trigger: props.trigger,
      preflight: props.preflight,
      maxCost: props.maxCost,
    });
  }

  private advise(props: RecommendedEndpointProps): void {
    const part = (['endpointConfig', 'recommendation', 'job', 'model'] as const).find((name) => props[name]);
    const isIdle = (name: Name) => part !== undefined && (!isUsedBeside(part, name) || isIdleBesideModel(props, name));
    const idle = (Object.keys(props) as Name[]).filter((name) => props[name] !== undefined && isIdle(name));
    if (idle.length > 0) {
      warn(this, 'unusedProps', `\`${idle.join('`, `')}\` ${idle.length > 1 ? 'have' : 'has'} no effect beside your own \`${part}\`: leave ${idle.length > 1 ? 'them' : 'it'} out.`);
    }
  }
}

type Name = keyof RecommendedEndpointProps;

const OF_JOB: readonly Name[] = ['jobType', 'containerConfig', 'trigger', 'preflight', 'maxCost'];
const OF_MODEL: readonly Name[] = ['modelPackage', 'model', 'environment', 'vpc', 'vpcSubnets', 'securityGroups', 'allowAllOutbound'];
const OF_CONFIG: readonly Name[] = ['endpointConfig', 'hosting', 'inferenceComponent', 'dataCapture', 'asyncInference', 'encryptionKey'];
const OF_ENDPOINT: readonly Name[] = ['recommendation', 'endpointName', 'deployment', 'rollbackAlarms', 'autoScaling'];

/** Variables of a model of one's own are its own props. */
function isIdleBesideModel({ model }: RecommendedEndpointProps, name: Name): boolean {
  return model !== undefined && name === 'environment';
}

function isUsedBeside(part: 'job' | 'recommendation' | 'endpointConfig' | 'model', name: Name): boolean {
  switch (part) {
    case 'model': return true;
    case 'job': return !OF_JOB.includes(name);
    case 'recommendation': return [...OF_MODEL, ...OF_CONFIG, ...OF_ENDPOINT].includes(name);
    case 'endpointConfig': return name === 'endpointConfig' || OF_ENDPOINT.includes(name);
  }
}
