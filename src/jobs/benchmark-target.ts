import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { TargetFacts } from '../service/job-rules';
import { IModel } from '../hosting/model';
import { IModelPackage } from '../model-package/model-package';
import type { RuntimeFunction } from '../runtime/runtime-function';

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

  /** A model. It names no domain, task, framework or payload, so the job's `containerConfig` must. */
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

  /**
   * What is known of the target at synth: all of a package of this app, nothing of an imported one. A model says none of it.
   *
   * @internal
   */
  public _facts(): TargetFacts | undefined {
    if (this.model) { return {}; }
    return (this.modelPackage as PackageWithFacts)._facts;
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
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModelPackage'], resourceArns: [this.modelPackage.modelPackageArn] });
      this.modelPackage.grantReadArtifacts(grantee);
    }
    if (this.model) {
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModel'], resourceArns: [this.model.modelArn] });
    }
  }
}

/** What a shared policy names a package by: a package of this app by its group. */
export function permissionArn(modelPackage: IModelPackage): string {
  return (modelPackage as PackageWithFacts)._versionsArn ?? modelPackage.modelPackageArn;
}

/** What a shared policy names a model by: what the stack's own functions make, by the names that they give. They make it after the policy. */
export function permissionArnOfModel(model: IModel, user: IConstruct): string {
  const ownNamesArn = Stack.of(model) === Stack.of(user) ? (model as ModelWithNames)._ownNamesArn : undefined;
  return ownNamesArn ?? model.modelArn;
}

interface ModelWithNames extends IModel {
  readonly _ownNamesArn?: string;
}

/** A package of this app knows what it is made of; an imported one does not. */
interface PackageWithFacts extends IModelPackage {
  readonly _facts?: TargetFacts;
  readonly _versionsArn?: string;
}
