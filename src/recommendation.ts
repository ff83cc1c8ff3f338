import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Aws, CustomResource, Duration, IResource, Resource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import {
  EndpointTypeName, RECOMMENDATION_RESOURCE_TYPE, RecommendationAttribute, RecommendationProperties, SCHEMA_VERSION,
} from './api/contract';
import { EndpointType } from './endpoint-type';
import { IInferenceRecommendationsJob } from './inference-recommendations-job';
import { IModelPackage } from './model-package';
import { Objective } from './objective';
import { PULL_ACTIONS } from './private/pull-actions';
import { JOB, Runtime, sagemakerArn } from './private/runtime';
import { RecommendationAttributes } from './recommendation-attributes';

/** Describing a job and choosing takes seconds; the rest is for retries. */
const TIMEOUT = Duration.minutes(15);

/**
 * One recommendation, chosen when the stack is deployed: every field is a token.
 *
 * Fields that a row does not have are empty strings; a metric that the service does not report may be `NaN`.
 */
export interface IRecommendation extends IResource {
  /** The kind of endpoint that is recommended. */
  readonly endpointType: EndpointType;
  /** The model package that was benchmarked, if that is known here. */
  readonly modelPackage?: IModelPackage;
  /**
   * Name of the job.
   * @attribute
   */
  readonly jobName: string;
  /**
   * Id of the recommendation: the job's name and eight digits.
   * @attribute
   */
  readonly recommendationId: string;
  /**
   * Instance type, e.g. `ml.c5.xlarge`.
   * @attribute
   */
  readonly instanceType: string;
  /**
   * Instances that the figures hold for.
   * @attribute
   */
  readonly initialInstanceCount: number;
  /**
   * Memory of a serverless endpoint in MB.
   * @attribute
   */
  readonly serverlessMemorySizeInMb: number;
  /**
   * Invocations that a serverless endpoint serves at a time.
   * @attribute
   */
  readonly serverlessMaxConcurrency: number;
  /**
   * Name of the endpoint that the job benchmarked; it is gone when the job is done.
   * @attribute
   */
  readonly benchmarkEndpointName: string;
  /**
   * Name of that endpoint's production variant.
   * @attribute
   */
  readonly benchmarkVariantName: string;
  /**
   * Inference specification of the model package that was benchmarked.
   * @attribute
   */
  readonly inferenceSpecificationName: string;
  /**
   * Compilation job that made the benchmarked model, if it was compiled.
   * @attribute
   */
  readonly compilationJobName: string;
  /**
   * Environment variables that the job tuned, as JSON text.
   * @attribute
   */
  readonly environment: string;
  /**
   * US dollars an hour, for all of `initialInstanceCount`.
   * @attribute
   */
  readonly costPerHour: string;
  /**
   * US dollars for one request.
   * @attribute
   */
  readonly costPerInference: string;
  /**
   * Requests a minute at most.
   * @attribute
   */
  readonly maxInvocations: string;
  /**
   * The model's latency at most invocations, in the unit that the service reports: AWS's own pages disagree whether that is ms or µs.
   * @attribute
   */
  readonly modelLatency: string;
  /**
   * CPU utilization in percent.
   * @attribute
   */
  readonly cpuUtilization: string;
  /**
   * Memory utilization in percent.
   * @attribute
   */
  readonly memoryUtilization: string;
  /**
   * Time to launch a serverless endpoint's compute resources.
   * @attribute
   */
  readonly modelSetupTime: string;
  /**
   * When the benchmark began, as an ISO time.
   * @attribute
   */
  readonly invocationStartTime: string;
  /**
   * When the benchmark ended, as an ISO time.
   * @attribute
   */
  readonly invocationEndTime: string;
}

/** How one of a job's recommendations is chosen. Changing any of it never runs the job again. */
export interface RecommendationOptions {
  /**
   * By what the best is chosen. Of equals, the one with the lower cost per inference wins, then the lower latency, the higher throughput,
   * the lower cost per hour, the lower id.
   *
   * @default Objective.lowestCostPerInference()
   */
  readonly objective?: Objective;
  /**
   * The kind of endpoint; recommendations of the other kind are passed over.
   *
   * @default EndpointType.REAL_TIME
   */
  readonly endpointType?: EndpointType;
}

/** Properties of a recommendation. */
export interface RecommendationProps extends RecommendationOptions {
  /** The job that recommends. */
  readonly job: IInferenceRecommendationsJob;
}

/**
 * The best of a job's recommendations by an objective.
 *
 * Source of the fields: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceRecommendation.html
 */
export class Recommendation extends Resource implements IRecommendation {
  /** A recommendation by its figures: one that was made elsewhere, or that you decide yourself. */
  public static fromRecommendationAttributes(scope: Construct, id: string, attributes: RecommendationAttributes): IRecommendation {
    class Import extends Resource implements IRecommendation {
      public readonly endpointType = attributes.endpointType ?? EndpointType.REAL_TIME;
      public readonly modelPackage = attributes.modelPackage;
      public readonly jobName = attributes.jobName ?? '';
      public readonly recommendationId = attributes.recommendationId ?? '';
      public readonly instanceType = attributes.instanceType?.value ?? '';
      public readonly initialInstanceCount = attributes.initialInstanceCount ?? 1;
      public readonly serverlessMemorySizeInMb = attributes.serverlessMemorySize?.toMebibytes() ?? 0;
      public readonly serverlessMaxConcurrency = attributes.serverlessMaxConcurrency ?? 0;
      public readonly benchmarkEndpointName = '';
      public readonly benchmarkVariantName = '';
      public readonly inferenceSpecificationName = attributes.inferenceSpecificationName ?? '';
      public readonly compilationJobName = attributes.compilationJobName ?? '';
      public readonly environment = Stack.of(scope).toJsonString(attributes.environment ?? {});
      public readonly costPerHour = '';
      public readonly costPerInference = '';
      public readonly maxInvocations = '';
      public readonly modelLatency = '';
      public readonly cpuUtilization = '';
      public readonly memoryUtilization = '';
      public readonly modelSetupTime = '';
      public readonly invocationStartTime = '';
      public readonly invocationEndTime = '';
    }
    const serverless = attributes.endpointType === EndpointType.SERVERLESS;
    if (serverless && !(attributes.serverlessMemorySize && attributes.serverlessMaxConcurrency)) {
      throw new Error('`serverlessMemorySize` and `serverlessMaxConcurrency` must be given for a serverless recommendation.');
    }
    if (!serverless && !attributes.instanceType) { throw new Error('`instanceType` must be given for a real-time recommendation.'); }
    return new Import(scope, id);
  }

  public readonly endpointType: EndpointType;
  public readonly modelPackage?: IModelPackage;
  public readonly jobName: string;
  public readonly recommendationId: string;
  public readonly instanceType: string;
  public readonly initialInstanceCount: number;
  public readonly serverlessMemorySizeInMb: number;
  public readonly serverlessMaxConcurrency: number;
  public readonly benchmarkEndpointName: string;
  public readonly benchmarkVariantName: string;
  public readonly inferenceSpecificationName: string;
  public readonly compilationJobName: string;
  public readonly environment: string;
  public readonly costPerHour: string;
  public readonly costPerInference: string;
  public readonly maxInvocations: string;
  public readonly modelLatency: string;
  public readonly cpuUtilization: string;
  public readonly memoryUtilization: string;
  public readonly modelSetupTime: string;
  public readonly invocationStartTime: string;
  public readonly invocationEndTime: string;
  private readonly job: IInferenceRecommendationsJob;

  constructor(scope: Construct, id: string, props: RecommendationProps) {
    super(scope, id);
    this.job = props.job;
    this.endpointType = props.endpointType ?? EndpointType.REAL_TIME;
    this.modelPackage = props.job.target?.modelPackage;
    if (Stack.of(this) !== Stack.of(props.job)) {
      throw new Error(`\`job\` must be in the recommendation's own stack, got one of ${Stack.of(props.job).node.path || 'another'}:`
        + ' add the recommendation beside the job and hand its fields to other stacks.');
    }
    const runtime = Runtime.of(this);
    if ((props.job as OwnJob)._isImported) {
      runtime.conclude.allowAlso('sagemaker:DescribeInferenceRecommendationsJob', sagemakerArn(JOB, props.job.jobName));
    }
    const properties: RecommendationProperties = {
      SchemaVersion: SCHEMA_VERSION,
      JobName: props.job.jobName,
      Objective: (props.objective ?? Objective.lowestCostPerInference()).toString(),
      EndpointType: this.endpointType satisfies EndpointTypeName,
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: RECOMMENDATION_RESOURCE_TYPE,
      serviceToken: runtime.conclude.functionArn,
      serviceTimeout: TIMEOUT,
      properties,
    });
    resource.node.addDependency(runtime.conclude.permissions);

    const text = (attribute: RecommendationAttribute) => resource.getAttString(attribute);
    const number = (attribute: RecommendationAttribute) => Token.asNumber(resource.getAtt(attribute));
    this.jobName = text('JobName');
    this.recommendationId = text('RecommendationId');
    this.instanceType = text('InstanceType');
    this.initialInstanceCount = number('InitialInstanceCount');
    this.serverlessMemorySizeInMb = number('ServerlessMemorySizeInMB');
    this.serverlessMaxConcurrency = number('ServerlessMaxConcurrency');
    this.benchmarkEndpointName = text('EndpointName');
    this.benchmarkVariantName = text('VariantName');
    this.inferenceSpecificationName = text('InferenceSpecificationName');
    this.compilationJobName = text('CompilationJobName');
    this.environment = text('Environment');
    this.costPerHour = text('CostPerHour');
    this.costPerInference = text('CostPerInference');
    this.maxInvocations = text('MaxInvocations');
    this.modelLatency = text('ModelLatency');
    this.cpuUtilization = text('CpuUtilization');
    this.memoryUtilization = text('MemoryUtilization');
    this.modelSetupTime = text('ModelSetupTime');
    this.invocationStartTime = text('InvocationStartTime');
    this.invocationEndTime = text('InvocationEndTime');
  }

  /**
   * Lets a model's role read what this recommendation may turn out to be: a compiled artifact, in an image of SageMaker Neo.
   *
   * @internal
   */
  public _grantReadCompiled(grantee: IGrantable): void {
    (this.job as OwnJob)._grantReadCompiled?.(grantee);
    Grant.addToPrincipal({ grantee, actions: PULL_ACTIONS, resourceArns: NEO_REPOSITORIES.map((name) => `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:*:repository/${name}`) });
  }
}

/** Images of compiled models, in accounts of AWS's own. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/neo-deployment-hosting-services-container-images.html */
const NEO_REPOSITORIES = ['sagemaker-inference-*', 'sagemaker-neo-*'];

/** What only a job of this library has. */
interface OwnJob extends IInferenceRecommendationsJob {
  readonly _isImported?: boolean;
  readonly _grantReadCompiled?: (grantee: IGrantable) => void;
}
