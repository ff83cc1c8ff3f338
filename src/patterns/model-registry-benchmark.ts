import { EventField, OnEventOptions, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IModelPackageGroupRef, IModelPackageRef, ModelPackageReference } from 'aws-cdk-lib/aws-sagemaker';
import { Aws, CfnResource, Duration, ITaggableV2, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RegistryJobs } from './registry-jobs';
import { checkRange } from '../common/check';
import { registryPaths } from '../common/names';
import { networkOf } from '../common/network';
import { NetworkOptions } from '../common/network-options';
import { grantableRole } from '../common/refs';
import { renderTags } from '../common/render';
import { scopeProperties } from '../common/scope';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { BENCHMARK_SKIPPED, JOB_STATE_CHANGE } from '../contract/events';
import { digest } from '../contract/job-name';
import { Approval, ApprovalsProperties, jobResourceType, RegistryBenchmark } from '../contract/start';
import { BenchmarkTarget } from '../jobs/benchmark-target';
import { ContainerConfigOptions } from '../jobs/container-config';
import { INFERENCE_RECOMMENDER } from '../jobs/family';
import { PreflightOptions } from '../jobs/inference-recommendations-job-props';
import { checkJobRequest } from '../jobs/job-check';
import { renderJobRequest } from '../jobs/job-request';
import { jobRole } from '../jobs/job-role';
import { JobType } from '../jobs/job-type';
import { allowArchives, allowChecks, checkProperties } from '../jobs/preflight';
import { logicalIdOf, LONGEST } from '../jobs/wait-chain';
import { groupNameOf, packageFacts, versionsArns } from '../model-package/facts';
import { useGroup } from '../model-package/group-uses';
import { recommendationsOf } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';
import { eventRule, MachineTarget } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';

/**
 * Properties of a registry's benchmark. A `fallback` is required: it is deployed until the first version is benchmarked. The recommendation is
 * published below `parameterPath`, and the newest result below `<parameterPath>/pending`. A changed property starts no job: the next
 * approval or renewal does.
 */
export interface ModelRegistryBenchmarkProps extends RecommendationOptions, NetworkOptions {
  /**
   * Group whose approved versions are benchmarked. It must be of this account and Region. A version that a stack approves, because a generative recommendation
   * chose it (`PackageApproval.byThisStack()`), is not benchmarked, and raises the event of `onSkipped()`. If somebody approves it
   * anew more than 5 minutes later, it is benchmarked.
   */
  readonly modelPackageGroup: IModelPackageGroupRef;
  /**
   * The type of the jobs, with its options.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * Facts about the container that the versions lack, or that replace the versions' own.
   *
   * @default - each version's own values
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * The role that the service assumes for the jobs.
   *
   * @default - a new role that may describe the group's versions. You must grant it their artifacts, e.g. `bucket.grantRead(benchmark)`
   */
  readonly role?: IRoleRef;
  /**
   * The version that is deployed with the fallback until the first version is benchmarked.
   *
   * @default - none: a `Model` of the recommendation can be deployed only after a version was benchmarked
   */
  readonly initialModelPackage?: IModelPackageRef;
  /**
   * Whether a new result becomes the recommendation. If not, it stays a pending result at `<parameterPath>/pending`, and the recommendation does not
   * change.
   *
   * @default false
   */
  readonly adoptsResults?: boolean;
  /**
   * Interval at which the newest approved version is benchmarked again: 1 to 36,500 whole days.
   *
   * @default - never
   */
  readonly renewEvery?: Duration;
  /**
   * Most jobs in a calendar month (UTC), failed jobs included: at least 1. It holds for approvals at the same moment, too. An approval that finds no room
   * raises the event of `onSkipped()`. A job that is asked for within ten minutes of the end of a month waits until the next month has begun.
   *
   * @default - no limit
   */
  readonly maxJobsPerMonth?: number;
  /**
   * What is looked at right before a job starts. A job that would certainly fail is not started, and raises the event of `onSkipped()`. The versions'
   * artifacts are looked at only where the function may read them, which it may not by itself.
   *
   * @default - all checks but the simulation of permissions
   */
  readonly preflight?: PreflightOptions;
  /**
   * The highest cost of one job in US dollars: above 0. A job whose estimate is higher is not started, and raises the event of `onSkipped()`. The estimate
   * is that of `InferenceRecommendationsJob`, so each version, or `containerConfig` or `jobType`, must list the instance types.
   *
   * @default - no limit
   */
  readonly maxCost?: number;
}

/**
 * A benchmark of each version of a model package group, in the background, when the version is approved.
 *
 * If the result would change the deployment, the library puts an event. It updates no endpoint: endpoints change at the next deploy of their stacks,
 * which must not be this stack.
 *
 * Results are ordered by request time, not by completion. The result of an older version that takes longer never replaces a newer one's.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 * @example
 * const benchmark = new ModelRegistryBenchmark(this, 'Benchmark', {
 *   modelPackageGroup,
 *   fallback: { instanceType: InstanceType.of('ml.m5.large') },
 *   parameterPath: '/shop/recommendation',
 *   renewEvery: Duration.days(30),
 *   maxJobsPerMonth: 10,
 * });
 * modelBucket.grantRead(benchmark);
 * benchmark.onRecommendationChange('Changed', { target: new targets.SnsTopic(topic) });
 */
export class ModelRegistryBenchmark extends Resource implements ITaggableV2, IGrantable {
  /**
   * The recommendation. Deploy it in another stack, which reads it at each of its deploys. In its own stack, CloudFormation reads it only when its
   * own options change. Until then that stack deploys the fallback, even after a version was benchmarked.
   */
  public readonly recommendation: Recommendation;
  /** The role that the service assumes for the jobs. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the jobs. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(INFERENCE_RECOMMENDER.name, ''));
  private readonly resource: CfnResource;

  /**
   * Starts no job when the stack is deployed: the next approval does.
   *
   * @param scope where to add the benchmark, usually `this`
   * @param id construct id, unique in the scope
   * @param props the group, the rules of the choice, and the inputs of the jobs
   * @throws if a figure is out of its range, `fallback` is missing, or the service would refuse the job's request
   */
  constructor(scope: Construct, id: string, props: ModelRegistryBenchmarkProps) {
    super(scope, id);
    checkRange('renewEvery', props.renewEvery?.toDays(), 1, MOST_DAYS);
    checkRange('maxJobsPerMonth', props.maxJobsPerMonth, 1, Number.MAX_SAFE_INTEGER);
    const modelPackageGroupName = groupNameOf(props.modelPackageGroup);
    useGroup(this, props.modelPackageGroup, 'benchmarks');
    const network = networkOf(this, props);
    const claims = scopeProperties(this, 'stack');
    const target = BenchmarkTarget.fromModelPackage(new AnyVersion(this, 'AnyVersion', props.modelPackageGroup));
    const rendered = renderJobRequest(this, { ...props, target }, (props.jobType ?? JobType.instanceRecommendation())._bind(), network);
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : jobRole(this, rendered, claims);
    this.grantPrincipal = this.role.grantPrincipal;
    const { roleArn } = (props.role ?? this.role).roleRef;
    const request = { ...rendered.request, RoleArn: roleArn };
    checkJobRequest(this, request, rendered.facts);
    const checks = checkProperties(this, props, rendered);
    const runtime = Runtime.of(this);
    runtime.allowJobs(INFERENCE_RECOMMENDER, claims);
    const start = runtime.start(INFERENCE_RECOMMENDER);
    const jobs = new RegistryJobs(this, 'Jobs', props.initialModelPackage?.modelPackageRef.modelPackageArn, claims.Namespace, props);
    this.recommendation = jobs.recommendation;
    this.resource = start.provide(this, 'Resource', jobResourceType(INFERENCE_RECOMMENDER.name, 'Registry'), { SchemaVersion: SCHEMA_VERSION, ...claims }, LONGEST);
    // When the stack is deleted, running jobs are stopped before their role and their recommendation are deleted.
    this.resource.node.addDependency(props.role ?? this.role, this.recommendation);
    runtime.watch(INFERENCE_RECOMMENDER, this.resource);
    const [record] = recommendationsOf(jobs);
    if (!record?.followed) { return; }
    const { approve, machineArn, role, policy } = runtime.approvals(INFERENCE_RECOMMENDER);
    approve.allowPassRole(roleArn);
    allowChecks(approve, checks, roleArn);
    allowArchives(approve, checks, rendered);
    [approve, runtime.recommend(INFERENCE_RECOMMENDER)].forEach((reader) => target._allowDescribe(reader));
    // Reason: finds the newest approved version of the group.
    approve.allowOnAny('sagemaker:ListModelPackages');
    const slots: ApprovalsProperties = {
      SchemaVersion: SCHEMA_VERSION,
      SlotsPath: `${registryPaths()}/${digest(logicalIdOf(this.resource), 8)}`,
      MaxJobsPerMonth: props.maxJobsPerMonth === undefined ? undefined : String(props.maxJobsPerMonth),
    };
    const approvals = approve.provide(this, 'Approvals', jobResourceType(INFERENCE_RECOMMENDER.name, 'Approvals'), slots);
    // When the stack is deleted, no job may start any more before those that run are stopped. The role is older than the rules, because EventBridge drops
    // an event that it may not deliver.
    approvals.node.addDependency(this.resource, role, policy);
    const registry: RegistryBenchmark = {
      ...claims,
      ...checks,
      Family: INFERENCE_RECOMMENDER.name,
      StackId: Aws.STACK_ID,
      LogicalResourceId: logicalIdOf(this.resource),
      ModelPackageGroupName: modelPackageGroupName,
      Request: request,
      Tags: renderTags(this.cdkTagManager),
      Recommendations: [{ ...record.followed(), Adopts: props.adoptsResults ? 'true' : undefined }],
      SlotsPath: slots.SlotsPath,
      StateMachineArn: machineArn,
    };
    this.listen(registry, role, approvals, props);
  }

  /**
   * Adds a rule for a result that would change the deployment. If `adoptsResults` is false, each new result that differs from the recommendation
   * raises the event: if you decline a result, the next version or renewal raises it again.
   *
   * The event's detail is that of `Recommendation.onChange()`. `Current` is the result, and `Previous` is the recommendation.
   *
   * @param id construct id of the rule, unique in the benchmark's recommendation
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onRecommendationChange(id: string, options: OnEventOptions = {}): Rule {
    return this.recommendation.onChange(id, options);
  }

  /**
   * Adds a rule for each change of a job's status. The event's detail is that of `InferenceRecommendationsJob.onStateChange()`.
   *
   * @param id construct id of the rule, unique in the benchmark
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onStateChange(id: string, options: OnEventOptions = {}): Rule {
    return eventRule(this, id, JOB_STATE_CHANGE, { LogicalResourceId: [logicalIdOf(this.resource)] }, options);
  }

  /**
   * Adds a rule for a version that was not benchmarked: the month has no room for it, the service refuses its job, or an outage lasted 14 days. Until then
   * the library tries again, also if a permission is missing. The event's detail has `StackId`, `LogicalResourceId`, `ModelPackageArn` and `Reason`.
   *
   * @param id construct id of the rule, unique in the benchmark
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onSkipped(id: string, options: OnEventOptions = {}): Rule {
    return eventRule(this, id, BENCHMARK_SKIPPED, { LogicalResourceId: [logicalIdOf(this.resource)] }, options);
  }

  private listen(registry: RegistryBenchmark, role: IRole, approvals: CfnResource, props: ModelRegistryBenchmarkProps): void {
    const { ModelPackageGroupName: groupName, StateMachineArn } = registry;
    const target = (packageArn: string) => {
      const input: Omit<Approval, 'execution'> = { registry, eventId: EventField.eventId, time: EventField.time, packageArn };
      return new MachineTarget(StateMachineArn, role, RuleTargetInput.fromObject(input));
    };
    const approved = new Rule(this, 'Approved', {
      description: `Benchmarks each approved version of ${groupName}`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: {
          // A group that is imported by its ARN may have its name in lower case.
          ModelPackageGroupName: [{ 'equals-ignore-case': groupName }],
          ModelApprovalStatus: ['Approved'],
          // Skips other changes of an approved version. A version that is approved at its creation has no such list.
          UpdatedModelPackageFields: ['ModelApprovalStatus', { exists: false }],
        },
      },
      targets: [target(EventField.fromPath('$.detail.ModelPackageArn'))],
    });
    // The rules are deleted first. Otherwise an approval could start a job that nothing stops.
    approved.node.addDependency(approvals);
    if (props.renewEvery) {
      const renewal = new Rule(this, 'Renewal', {
        description: `Benchmarks the newest approved version of ${groupName} once more`,
        schedule: Schedule.rate(props.renewEvery),
        targets: [target('')],
      });
      renewal.node.addDependency(approvals);
    }
  }
}

/** All versions of a group, as one package: the approval tells which version a job benchmarks. */
class AnyVersion extends Resource implements IModelPackageRef {
  public readonly modelPackageRef: ModelPackageReference;

  constructor(scope: Construct, id: string, group: IModelPackageGroupRef) {
    super(scope, id);
    const arns = versionsArns(group);
    this.modelPackageRef = { modelPackageArn: arns[0] };
    packageFacts.keep(this, { arns, isOpaque: true });
  }
}

/** A hundred years. */
const MOST_DAYS = 36_500;
