import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { kindOfGenerative, recommendationFacts, RecommendationFacts } from './facts';
import { RecommendationBase } from './recommendation-base';
import type { IGenerativeRecommendation } from './recommendation-interface';
import { EndpointType } from '../common/endpoint-type';

/**
 * The fields of a recommendation for a generative model. jsii moves its members to its subclasses.
 *
 * @internal
 */
export abstract class GenerativeRecommendationBase extends RecommendationBase implements IGenerativeRecommendation {
  public readonly endpointType = EndpointType.REAL_TIME;
  public abstract readonly modelPackage?: IModelPackageRef;
  // What is recommended is a package, never a model.
  public readonly model?: IModelRef;

  /** @attribute */
  public get copyCountPerInstance(): number { return this._source.number('CopyCountPerInstance'); }

  /** @attribute */
  public get copyCount(): number { return this._source.number('CopyCount'); }

  /** @attribute */
  public get acceleratorCount(): number { return this._source.number('AcceleratorCount'); }

  /** @attribute */
  public get minMemoryRequiredInMb(): number { return this._source.number('MinMemoryRequiredInMb'); }

  /** @attribute */
  public get costPerHour(): string { return this._source.text('CostPerHour'); }

  /** @attribute */
  public get costPerMillionInputTokens(): string { return this._source.text('CostPerMillionInputTokens'); }

  /** @attribute */
  public get costPerMillionOutputTokens(): string { return this._source.text('CostPerMillionOutputTokens'); }

  /** @attribute */
  public get timeToFirstToken(): string { return this._source.text('TimeToFirstToken'); }

  /** @attribute */
  public get interTokenLatency(): string { return this._source.text('InterTokenLatency'); }

  /** @attribute */
  public get outputTokenThroughput(): string { return this._source.text('OutputTokenThroughput'); }

  /** @attribute */
  public get requestThroughput(): string { return this._source.text('RequestThroughput'); }

  /** @attribute */
  public get benchmarkJobName(): string { return this._source.text('BenchmarkJobName'); }

  /** @attribute */
  public get performance(): string { return this._source.text('Performance'); }

  /**
   * Keeps the facts of the recommendation, with how its kind is hosted: by the specification of its package, which has the environment.
   *
   * @internal
   */
  protected _keep(facts: RecommendationFacts): void {
    recommendationFacts.keep(this, {
      ...kindOfGenerative(this),
      targetInLowerCase: () => this._targetInLowerCase,
      ...facts,
    });
  }
}
