import { EventField, OnEventOptions, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IModelPackageGroupRef, IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { Aws, CfnResource, Duration, ITaggableV2, Lazy, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RegistryJobs } from './registry-jobs';
import { checkRange } from '../common/check';
import { networkOf } from '../common/network';
import { NetworkOptions } from '../common/network-options';
import { grantableRole } from '../common/refs';
import { renderTags } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { BENCHMARK_SKIPPED, JOB_STATE_CHANGE } from '../contract/events';
import { jobResourceType, RegistryBenchmark } from '../contract/start';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import { ContainerConfigOptions } from '../jobs/container-config';
import { INFERENCE_RECOMMENDER } from '../jobs/family';
import { checkJobRequest } from '../jobs/job-check';
import { renderJobRequest } from '../jobs/job-request';
import { jobRole } from '../jobs/job-role';
import { JobType } from '../jobs/job-type';
import { logicalIdOf, LONGEST } from '../jobs/wait-chain';
import { versionsArn } from '../model-package/facts';
import { ModelPackage } from '../model-package/model-package';
import { groupNameOf } from '../model-package/model-package-group';
import { recommendationsOf } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';
import { eventRule, FunctionTarget } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';

/**
 * Properties of a registry's benchmark: a `fallback` is required, which serves until the first version is benchmarked. The recommendation is written
 * below `parameterPath`, and the newest result below `<parameterPath>/pending`. Changing any of them starts no job: the next approval, or renewal, does.
 */
export interface ModelRegistryBenchmarkProps extends RecommendationOptions, NetworkOptions {
  /** The group whose approved versions are benchmarked. It must be of this account and Region. */
  readonly modelPackageGroup: IModelPackageGroupRef;
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
  readonly role?: IRoleRef;
  /**
   * The version that the fallback is deployed of until another is benchmarked.
   *
   * @default - none: a model of the recommendation can be deployed once a version was benchmarked
   */
  readonly initialModelPackage?: IModelPackageRef;
  /**
   * Whether a result becomes the recommendation by itself. Otherwise it waits at `<parameterPath>/pending`, and the recommendation stays what it was.
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
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(INFERENCE_RECOMMENDER.name, ''));
  private readonly resource: CfnResource;

  /**
   * @throws if a figure is out of its range, or what is known of the job's request is not what the service takes
   */
  constructor(scope: Construct, id: string, props: ModelRegistryBenchmarkProps) {
    super(scope, id);
    checkRange('renewEvery', props.renewEvery?.toDays(), 1, MOST_DAYS);
    checkRange('maxJobsPerMonth', props.maxJobsPerMonth, 1, Number.MAX_SAFE_INTEGER);
    const modelPackageGroupName = groupNameOf(props.modelPackageGroup);
    const network = networkOf(this, props);
    const target = BenchmarkTarget.fromModelPackage(
      ModelPackage.fromModelPackageArn(this, 'AnyVersion', versionsArn(props.modelPackageGroup)));
    const rendered = renderJobRequest(this, { ...props, target }, (props.jobType ?? JobType.instanceRecommendation())._bind(), network);
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : jobRole(this, rendered);
    this.grantPrincipal = this.role.grantPrincipal;
    const { roleArn } = (props.role ?? this.role).roleRef;
    const request = { ...rendered.request, RoleArn: roleArn };
    checkJobRequest(this, request, rendered.facts);
    const runtime = Runtime.of(this);
    const start = runtime.start(INFERENCE_RECOMMENDER);
    start.allowPassRole(roleArn);
    target._allowDescribe(start);
    start.allowOnAny('sagemaker:ListModelPackages');
    const jobs = new RegistryJobs(this, 'Jobs', props.initialModelPackage?.modelPackageRef.modelPackageArn, props);
    this.recommendation = jobs.recommendation;
    this.resource = start.provide(this, 'Resource', jobResourceType(INFERENCE_RECOMMENDER.name, 'Registry'), { SchemaVersion: SCHEMA_VERSION }, LONGEST);
    // Jobs that run when the stack goes are stopped before their role and their recommendation go.
    this.resource.node.addDependency(props.role ?? this.role, this.recommendation);
    const [record] = recommendationsOf(jobs);
    // Without jobs, nothing is benchmarked.
    if (!record?.followed) { return; }
    const registry: RegistryBenchmark = {
      Family: INFERENCE_RECOMMENDER.name,
      StackId: Aws.STACK_ID,
      LogicalResourceId: logicalIdOf(this.resource),
      ModelPackageGroupName: modelPackageGroupName,
      Request: request,
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
      Recommendations: [{ ...record.followed(), Adopts: props.adoptsResults ? 'true' : undefined }],
      MaxJobsPerMonth: props.maxJobsPerMonth === undefined ? undefined : String(props.maxJobsPerMonth),
      StateMachineArn: runtime.followMachineArn(INFERENCE_RECOMMENDER),
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
    const { ModelPackageGroupName: groupName } = registry;
    const target = (input: Record<string, unknown>) => new FunctionTarget(functionArn, RuleTargetInput.fromObject({
      registry, eventId: EventField.eventId, time: EventField.time, ...input,
    }));
    const approved = new Rule(this, 'Approved', {
      description: `Benchmarks each approved version of ${groupName}`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: {
          ModelPackageGroupName: [groupName],
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
        description: `Benchmarks the newest approved version of ${groupName} once more`,
        schedule: Schedule.rate(props.renewEvery),
        targets: [target({})],
      });
      renewal.node.addDependency(this.resource);
    }
  }
}

/** A hundred years. */
const MOST_DAYS = 36_500;
