import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IModel } from './model';
import { IModelPackage } from './model-package';

/**
 * What a job benchmarks.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobInputConfig.html
 */
export class BenchmarkTarget {
  /** A model package or package version. */
  public static fromModelPackage(modelPackage: IModelPackage): BenchmarkTarget {
    return new BenchmarkTarget(modelPackage, undefined);
  }

  /** A model. It names no domain, framework or payload, so the job's container configuration must. */
  public static fromModel(model: IModel): BenchmarkTarget {
    return new BenchmarkTarget(undefined, model);
  }

  private constructor(
    /** The model package, if that is what is benchmarked. */
    public readonly modelPackage: IModelPackage | undefined,
    /** The model, if that is what is benchmarked. */
    public readonly model: IModel | undefined,
  ) {}

  /**
   * The member of InputConfig that names the target.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.modelPackage
      ? { ModelPackageVersionArn: this.modelPackage.modelPackageArn }
      : { ModelName: this.model!.modelName };
  }

  /** @internal */
  public _grantReadArtifacts(grantee: IGrantable): void {
    this.modelPackage?.grantReadArtifacts(grantee);
  }
}
