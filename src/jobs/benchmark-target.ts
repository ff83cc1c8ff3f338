import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { modelNameOf, ownModelNames } from '../common/refs';
import { grantReadArtifacts, packageFacts, permissionArn } from '../model-package/facts';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { TargetFacts } from '../service/job-rules';

/**
 * What a job benchmarks.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobInputConfig.html
 */
export class BenchmarkTarget {
  /** A model package or package version. */
  public static fromModelPackage(modelPackage: IModelPackageRef): BenchmarkTarget {
    return new BenchmarkTarget(modelPackage, undefined);
  }

  /** A model. It names no domain, task, framework or payload, so the job's `containerConfig` must. */
  public static fromModel(model: IModelRef): BenchmarkTarget {
    return new BenchmarkTarget(undefined, model);
  }

  private constructor(
    /** The model package, if that is what is benchmarked. */
    public readonly modelPackage: IModelPackageRef | undefined,
    /** The model, if that is what is benchmarked. */
    public readonly model: IModelRef | undefined,
  ) {}

  /**
   * The member of InputConfig that names the target.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.modelPackage
      ? { ModelPackageVersionArn: this.modelPackage.modelPackageRef.modelPackageArn }
      : { ModelName: modelNameOf(this.model!) };
  }

  /**
   * What is known of the target at synth: all of a package of this app, nothing of an imported one. A model says none of it.
   *
   * @internal
   */
  public _facts(): TargetFacts | undefined {
    return this.model ? {} : packageFacts.of(this.modelPackage)?.target;
  }

  /**
   * Lets the start function see when the target was made.
   *
   * @internal
   */
  public _allowDescribe(start: RuntimeFunction): void {
    if (this.modelPackage) { start.allowAlso('sagemaker:DescribeModelPackage', permissionArn(this.modelPackage)); }
    if (this.model) { start.allowAlso('sagemaker:DescribeModel', permissionArnOfModel(this.model, start)); }
  }

  /**
   * Lets a job's role read the target and what it is made of.
   *
   * @internal
   */
  public _grantBenchmark(grantee: IGrantable): void {
    if (this.modelPackage) {
      const resourceArns = [this.modelPackage.modelPackageRef.modelPackageArn];
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModelPackage'], resourceArns });
      grantReadArtifacts(this.modelPackage, grantee);
    }
    if (this.model) {
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModel'], resourceArns: [this.model.modelRef.modelArn] });
    }
  }
}

/**
 * What a shared policy names a model by. The stack's own functions make their models after the policy, so the policy has the pattern of the names that
 * they give.
 */
export function permissionArnOfModel(model: IModelRef, user: IConstruct): string {
  const namesArn = Stack.of(model) === Stack.of(user) ? ownModelNames.of(model) : undefined;
  return namesArn ?? model.modelRef.modelArn;
}
