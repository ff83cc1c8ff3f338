import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModel, CfnModelPackage, IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { checkIsA } from '../common/check';
import { modelArns, modelNameOf, permissionArnsOfModel } from '../common/refs';
import { grantReadArtifacts, packageArns, packageFacts, permissionArns } from '../model-package/facts';
import { grantReadModel } from '../model-package/model-reading';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { MODEL_MEMBERS, PACKAGE_MEMBERS } from '../service/job-content';
import { TargetFacts } from '../service/job-rules';

/**
 * The model package or the model that a job benchmarks.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobInputConfig.html
 * @example
 * new InferenceRecommendationsJob(this, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
 */
export class BenchmarkTarget {
  /**
   * Benchmarks a model package or a package version.
   *
   * @param modelPackage the package, of this app or imported
   */
  public static fromModelPackage(modelPackage: IModelPackageRef): BenchmarkTarget {
    checkIsA('modelPackage', modelPackage, 'modelPackageRef', 'a model package, such as `ModelPackage.fromModelPackageArn()` returns');
    return new BenchmarkTarget(modelPackage, undefined);
  }

  /**
   * Benchmarks a model. A model has no domain, task, framework or payload, so the job's `containerConfig` must have them.
   *
   * @param model the model, of this app or imported
   */
  public static fromModel(model: IModelRef): BenchmarkTarget {
    checkIsA('model', model, 'modelRef', 'a model, such as `Model.fromModelName()` returns');
    return new BenchmarkTarget(undefined, model);
  }

  private constructor(
    /** The model package, if the job benchmarks one. */
    public readonly modelPackage: IModelPackageRef | undefined,
    /** The model, if the job benchmarks one. */
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
   * The facts that are known at synth: all of a package of this app, none of an imported package. A model has none of these facts.
   *
   * @internal
   */
  public _facts(): TargetFacts | undefined {
    return this.model ? {} : packageFacts.of(this.modelPackage)?.target;
  }

  /**
   * The members that count, if the target's template is one of this app.
   *
   * @internal
   */
  public _content(): Readonly<Record<string, unknown>> {
    const target = this.modelPackage ?? this.model!;
    const resource: any = [target, target.node.defaultChild].find((one) => CfnModelPackage.isCfnModelPackage(one) || CfnModel.isCfnModel(one)) ?? {};
    return Object.fromEntries([...PACKAGE_MEMBERS, ...MODEL_MEMBERS].map((name) => [name, resource[name[0].toLowerCase() + name.slice(1)]]));
  }

  /**
   * Lets a function read the target: the start function what it contains, the recommend function what its rows change.
   *
   * @internal
   */
  public _allowDescribe(reader: RuntimeFunction): void {
    // Reason: reads what the benchmarked package contains: jobs are told apart by it, and recommendations change its environment.
    if (this.modelPackage) { reader.allow(['sagemaker:DescribeModelPackage'], ...permissionArns(this.modelPackage)); }
    // Reason: reads what the benchmarked model contains: jobs are told apart by it, and recommendations change its environment.
    if (this.model) { reader.allow(['sagemaker:DescribeModel'], ...permissionArnsOfModel(this.model, reader)); }
  }

  /**
   * Lets a job's role read the target and its artifacts.
   *
   * @internal
   */
  public _grantBenchmark(grantee: IGrantable): void {
    if (this.modelPackage) {
      // Reason: the job reads the package that it benchmarks.
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModelPackage'], resourceArns: [...packageArns(this.modelPackage)] });
      grantReadArtifacts(this.modelPackage, grantee);
    }
    if (this.model) {
      // Reason: the job reads the model that it benchmarks.
      Grant.addToPrincipal({ grantee, actions: ['sagemaker:DescribeModel'], resourceArns: [...modelArns(this.model)] });
      grantReadModel(this.model, grantee);
    }
  }
}
