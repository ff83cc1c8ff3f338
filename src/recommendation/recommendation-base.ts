import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Resource } from 'aws-cdk-lib/core';
import type { FieldSource } from './cross-stack-field';
import { kindOfInference, RecommendationFacts, recommendationFacts } from './facts';
import type { IInferenceRecommendation, IRecommendation } from './recommendation-interface';
import type { EndpointType } from '../common/endpoint-type';
import { VARIANT_INSTANCE_COUNT } from '../contract/pools';

/**
 * The fields of every recommendation. jsii moves its members to its subclasses.
 *
 * @internal
 */
export abstract class RecommendationBase extends Resource implements IRecommendation {
  public abstract readonly endpointType: EndpointType;
  public abstract readonly modelPackage?: IModelPackageRef;
  public abstract readonly model?: IModelRef;
  /** @internal */
  protected abstract readonly _source: FieldSource;

  /** Path in Parameter Store below which the recommendation is published; undefined if it is not. */
  public get parameterPath(): string | undefined { return undefined; }

  /** @attribute */
  public get jobName(): string { return this._source.text('JobName'); }

  /** @attribute */
  public get modelPackageArn(): string { return this._source.text('ModelPackageArn'); }

  /** @attribute */
  public get modelName(): string { return this._source.text('ModelName'); }

  /**
   * The ARN or name of what was benchmarked, in lower case.
   *
   * @internal
   */
  public get _targetInLowerCase(): string { return this._source.text('TargetInLowerCase'); }

  /** @attribute */
  public get recommendationId(): string { return this._source.text('RecommendationId'); }

  /** @attribute */
  public get instanceType(): string { return this._source.text('InstanceType'); }

  /** @attribute */
  public get initialInstanceCount(): number { return this._source.number('InitialInstanceCount'); }

  /** @attribute */
  public get instanceCount(): number { return this._source.number('InstanceCount'); }

  /** @attribute */
  public get inferenceSpecificationName(): string { return this._source.text('InferenceSpecificationName'); }

  /** @attribute */
  public get environment(): string { return this._source.text('Environment'); }

  /** @attribute */
  public get fleetCostPerHour(): string { return this._source.text('FleetCostPerHour'); }

  /** @attribute */
  public get source(): string { return this._source.text('Source'); }

  /** @attribute */
  public get summary(): string { return this._source.text('Summary'); }
}

/**
 * The fields of what SageMaker Inference Recommender benchmarked.
 *
 * @internal
 */
export abstract class InferenceRecommendationBase extends RecommendationBase implements IInferenceRecommendation {
  public abstract readonly nextBest: IInferenceRecommendation[];

  /** @attribute */
  public get variantInstanceCount(): number {
    return this.nextBest.length > 0 ? this._source.number(VARIANT_INSTANCE_COUNT) : this.instanceCount;
  }

  /** @attribute */
  public get serverlessMemorySizeInMb(): number { return this._source.number('ServerlessMemorySizeInMB'); }

  /** @attribute */
  public get serverlessMaxConcurrency(): number { return this._source.number('ServerlessMaxConcurrency'); }

  /** @attribute */
  public get benchmarkEndpointName(): string { return this._source.text('EndpointName'); }

  /** @attribute */
  public get benchmarkVariantName(): string { return this._source.text('VariantName'); }

  /** @attribute */
  public get compilationJobName(): string { return this._source.text('CompilationJobName'); }

  /** @attribute */
  public get costPerHour(): string { return this._source.text('CostPerHour'); }

  /** @attribute */
  public get costPerInference(): string { return this._source.text('CostPerInference'); }

  /** @attribute */
  public get maxInvocations(): string { return this._source.text('MaxInvocations'); }

  /** @attribute */
  public get modelLatency(): string { return this._source.text('ModelLatency'); }

  /** @attribute */
  public get cpuUtilization(): string { return this._source.text('CpuUtilization'); }

  /** @attribute */
  public get memoryUtilization(): string { return this._source.text('MemoryUtilization'); }

  /** @attribute */
  public get modelSetupTime(): string { return this._source.text('ModelSetupTime'); }

  /** @attribute */
  public get invocationStartTime(): string { return this._source.text('InvocationStartTime'); }

  /** @attribute */
  public get invocationEndTime(): string { return this._source.text('InvocationEndTime'); }

  /**
   * Keeps the facts of the recommendation, with how its kind is hosted and what it promises.
   *
   * @internal
   */
  public _keep(facts: RecommendationFacts): void {
    recommendationFacts.keep(this, { ...kindOfInference(this), ...facts });
  }
}
