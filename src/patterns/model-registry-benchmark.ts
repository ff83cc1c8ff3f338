import { EventField, OnEventOptions, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { Aws, CfnResource, Duration, ITaggableV2, Lazy, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { REGISTRY_RESOURCE_TYPE, RegistryBenchmark, SCHEMA_VERSION, START_RESOURCE_TYPE } from '../contract/contract';
import { BENCHMARK_SKIPPED, JOB_STATE_CHANGE } from '../contract/events';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import { ContainerConfigOptions } from '../jobs/container-config';
import { JobType } from '../jobs/job-type';
import { IModelPackage, ModelPackage } from '../model-package/model-package';
import { IModelPackageGroup } from '../model-package/model-package-group';
import { NetworkOptions } from '../common/network-options';
import { versionsArn } from '../common/arns';
import { checkRange } from '../common/check';
import { eventRule } from '../runtime/event-rule';
import { FunctionTarget } from '../runtime/function-target';
import { checkJobRequest } from '../jobs/job-check';
import { renderJobRequest } from '../jobs/job-request';
import { logicalIdOf, LONGEST } from '../jobs/wait-chain';
import { jobRole } from '../jobs/job-role';
import { networkOf } from '../common/network';
import { RegistryJobs } from './registry-jobs';
import { Runtime } from '../runtime/runtime';
import { renderTags } from '../common/tags';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/**
 * Properties of a registry's benchmark: a `fallback` is required, which serves until the first version is benchmarked. The recommendation is written
 * below `parameterPath`, and the newest result below `<parameterPath>/candidate`. Changing any of them starts no job: the next approval, or renewal, does.
 */
export interface ModelRegistryBenchmarkProps extends RecommendationOptions, NetworkOptions {
  /** The group whose approved versions are benchmarked. It must be of this account and Region. */
  readonly modelPackageGroup: IModelPackageGroup;
  /**
   * What kind of job runs, and how.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * What the versions do not say of their container, or say differently.
   *
   * @default - what each version says
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * The role that the service does the jobs with.
   *
   * @default - a role that may describe the group's versions; what they are made of must be granted to it, e.g. `bucket.grantRead(benchmark)`
   */
  readonly role?: IRole;
  /**
   * The version that the fallback is deployed of until another is benchmarked.
   *
   * @default - none: a model of the recommendation can be deployed once a version was benchmarked
   */
  readonly initialModelPackage?: IModelPackage;
  /**
   * Whether a result becomes the recommendation by itself. Otherwise it waits at `<parameterPath>/candidate`, and the recommendation stays what it was.
   *
   * @default false
   */
  readonly adoptsResults?: boolean;
  /**
   * How often the newest approved version is benchmarked once more: in whole days, at least 1.
   *
   * @default - never
   */
  readonly renewEvery?: Duration;
  /**
   * Jobs at most in a calendar month (UTC), failed ones included: at least 1. Approvals at the very same moment may pass it together.
   *
   * @default - no limit
   */
  readonly maxJobsPerMonth?: number;
}

/**
 * Benchmarks each version of a group when it is approved, in the background. When what is recommended changes, an event goes out; nothing is rolled
 * over by itself: endpoints follow at the next deploy of their stacks, which must be others than this one's.
 *
 * Results go by when they were asked for: what was approved earlier and takes longer does not come before a later one's result.
 *
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export class ModelRegistryBenchmark extends Resource implements ITaggableV2, IGrantable {
  /**
   * The recommendation. Other stacks read it anew at each of their deploys. In its own stack, it is what stood in Parameter Store when its own options
   * last changed: the fallback at first, whatever was benchmarked since. So deploy from it in another stack.
   */
  public readonly recommendation: Recommendation;
  /** The role that the service does the jobs with. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the jobs. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, START_RESOURCE_TYPE);
  private readonly resource: CfnResource;

  /**
   * @throws if a figure is out of its range, or what is known of the job's request is not what the service takes
   */
  constructor(scope: Construct, id: string, props: ModelRegistryBenchmarkProps) {
    super(scope, id);
    checkRange('renewEvery', props.renewEvery?.toDays(), 1, MOST_DAYS);
    checkRange('maxJobsPerMonth', props.maxJobsPerMonth, 1, Number.MAX_SAFE_INTEGER);
    const { modelPackageGroupName } = props.modelPackageGroup;
    const network = networkOf(this, props);
    const target = BenchmarkTarget.fromModelPackage(
      ModelPackage.fromModelPackageArn(this, 'AnyVersion', versionsArn(props.modelPackageGroup)));
    const rendered = renderJobRequest(this, { ...props, target }, (props.jobType ?? JobType.instanceRecommendation())._bind(), network);
    this.role = props.role ?? jobRole(this, rendered);
    this.grantPrincipal = this.role.grantPrincipal;
    const request = { ...rendered.request, RoleArn: this.role.roleArn };
    checkJobRequest(this, request, rendered.facts);
    const { start, followMachineArn } = Runtime.of(this);
    start.allowPassRole(this.role.roleArn);
    target._allowDescribe(start);
    start.allowOnAny('sagemaker:ListModelPackages');
    const jobs = new RegistryJobs(this, 'Jobs', { initialPackageArn: props.initialModelPackage?.modelPackageArn });
    this.recommendation = jobs.addRecommendation('Recommendation', props);
    this.resource = start.provide(this, 'Resource', REGISTRY_RESOURCE_TYPE, { SchemaVersion: SCHEMA_VERSION }, LONGEST);
    // Jobs that run when the stack goes are stopped before their role and their recommendation go.
    this.resource.node.addDependency(this.role, this.recommendation);
    // Without jobs, nothing is benchmarked.
    if (!jobs.followed) { return; }
    const registry: RegistryBenchmark = {
      StackId: Aws.STACK_ID,
      LogicalResourceId: logicalIdOf(this.resource),
      ModelPackageGroupName: modelPackageGroupName,
      Request: request,
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
      Recommendations: [{ ...jobs.followed, Adopts: props.adoptsResults ? 'true' : undefined }],
      MaxJobsPerMonth: props.maxJobsPerMonth === undefined ? undefined : String(props.maxJobsPerMonth),
      StateMachineArn: followMachineArn,
    };
    this.listen(registry, start.functionArn, props);
  }

  /**
   * A rule for when a version was benchmarked and the result is to be deployed otherwise than the recommendation says. Where results are not adopted,
   * it comes with each new result that differs, so that whoever declined one is asked again. The detail is that of `Recommendation.onChange()`:
   * `Current` is the result, and `Previous` the recommendation.
   */
  public onRecommendationChange(id: string, options: OnEventOptions = {}): Rule {
    return this.recommendation.onChange(id, options);
  }

  /** A rule for each change of a job's status. The detail is that of `InferenceRecommendationsJob.onStateChange()`. */
  public onStateChange(id: string, options: OnEventOptions = {}): Rule {
    return eventRule(this, id, JOB_STATE_CHANGE, { LogicalResourceId: [logicalIdOf(this.resource)] }, options);
  }

  /** A rule for when a version was not benchmarked. The detail: `StackId`, `LogicalResourceId`, `ModelPackageArn`, `Reason`. */
  public onSkipped(id: string, options: OnEventOptions = {}): Rule {
    return eventRule(this, id, BENCHMARK_SKIPPED, { LogicalResourceId: [logicalIdOf(this.resource)] }, options);
  }

  private listen(registry: RegistryBenchmark, functionArn: string, props: ModelRegistryBenchmarkProps): void {
    const { modelPackageGroupName } = props.modelPackageGroup;
    const target = (input: Record<string, unknown>) => new FunctionTarget(functionArn, RuleTargetInput.fromObject({
      registry, eventId: EventField.eventId, time: EventField.time, ...input,
    }));
    const approved = new Rule(this, 'Approved', {
      description: `Benchmarks each approved version of ${modelPackageGroupName}`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: {
          ModelPackageGroupName: [modelPackageGroupName],
          ModelApprovalStatus: ['Approved'],
          // Not what else changes of an approved version; one that is approved from the beginning has no such list.
          UpdatedModelPackageFields: ['ModelApprovalStatus', { exists: false }],
        },
      },
      targets: [target({ packageArn: EventField.fromPath('$.detail.ModelPackageArn') })],
    });
    // They go first: what an approval started in between, nobody would stop.
    approved.node.addDependency(this.resource);
    if (props.renewEvery) {
      const renewal = new Rule(this, 'Renewal', {
        description: `Benchmarks the newest approved version of ${modelPackageGroupName} once more`,
        schedule: Schedule.rate(props.renewEvery),
        targets: [target({})],
      });
      renewal.node.addDependency(this.resource);
    }
  }
}

/** A hundred years. */
const MOST_DAYS = 36_500;
