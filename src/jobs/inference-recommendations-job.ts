import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { BucketGrants } from 'aws-cdk-lib/aws-s3';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnResource, ITaggableV2, TagManager, TagType, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BenchmarkResults } from './benchmark-results';
import { BenchmarkTarget } from './benchmark-target';
import { countedObjects } from './counted-objects';
import { allowDescribeAny, deleteCompilations, INFERENCE_RECOMMENDER, stagesOf } from './family';
import { Followed, Follower } from './follower';
import {
  IInferenceRecommendationsJob, InferenceRecommendationsJobAttributes, InferenceRecommendationsJobProps,
} from './inference-recommendations-job-props';
import { JobBase } from './job-base';
import { checkJobRequest } from './job-check';
import { adviseOnJobHardware } from './job-hardware';
import { RenderedJob, renderJobRequest, triedBy } from './job-request';
import { JobReuse } from './job-reuse';
import { jobRole } from './job-role';
import { JobType, JobTypeConfig } from './job-type';
import { allowChecks, checkProperties } from './preflight';
import { jobOf, logicalIdOf, startResource, toleratesFailure, waitChain, waitForImported } from './wait-chain';
import { checkProp, checkSeconds } from '../common/check';
import { Network, networkOf } from '../common/network';
import { grantableRole } from '../common/refs';
import { renderTags } from '../common/render';
import { scopeProperties } from '../common/scope';
import { isWithoutJobs } from '../common/without-jobs';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { JOB_STATE_CHANGE, JOB_UNREAD } from '../contract/events';
import { CheckProperties, JobProperties, jobResourceType, ScopeProperties } from '../contract/start';
import { warnOfUnreadable } from '../model-package/facts';
import { jobFacts } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';
import { eventRule } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';
import { MAX_JOB_SECONDS } from '../service/job-rules';

/**
 * A SageMaker Inference Recommender job. The deploy starts it and waits for it, up to 5 hours. If its content is the same, a later deploy finds the
 * job again. If the stack is deleted while the job runs, the job is stopped.
 *
 * You pay for its benchmark instances. Only changed content starts a new job: a second deploy, another objective or other tags start none.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 * @example
 * const benchmark = new InferenceRecommendationsJob(this, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
 * const cheapest = benchmark.addRecommendation('Cheapest', { objective: Objective.lowestCostPerInference() });
 * new Model(this, 'Model', { recommendation: cheapest });
 */
export class InferenceRecommendationsJob extends JobBase implements ITaggableV2, IGrantable, IConnectable {
  /**
   * Imports a completed job of this account and Region that something other than this app started. The library only reads it: it never starts, tags
   * or stops it.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param jobName name of the job
   * @throws if `jobName` is no name of a job
   */
  public static fromJobName(scope: Construct, id: string, jobName: string): IInferenceRecommendationsJob {
    return InferenceRecommendationsJob.fromJobAttributes(scope, id, { jobName });
  }

  /**
   * Imports a job that something other than this app started, with its attributes. If `maxDuration` is given, the deploy waits for the job.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param attributes name, target and longest duration of the job
   * @throws if `jobName` is no name of a job, or `maxDuration` is out of its range
   */
  public static fromJobAttributes(scope: Construct, id: string, attributes: InferenceRecommendationsJobAttributes): IInferenceRecommendationsJob {
    const { jobName, target, maxDuration } = attributes;
    class Import extends JobBase {
      public readonly jobName: string;
      public readonly target = target;
      public readonly modelPackage = target?.modelPackage;
      public readonly model = target?.model;
      protected readonly _measuredName = jobName;

      constructor() {
        super(scope, id);
        jobFacts.keep(this, {
          family: INFERENCE_RECOMMENDER, importedName: jobName, allowDescribe: target ? (reader) => target._allowDescribe(reader) : allowDescribeAny,
        });
        this.jobName = maxDuration && !isWithoutJobs(this) ? waitForImported(this, INFERENCE_RECOMMENDER, jobName, stagesOf('Advanced', maxDuration.toSeconds())) : jobName;
      }
    }
    checkProp('jobName', 'RecommendationJobName', jobName);
    if (maxDuration) { checkSeconds('maxDuration', 'JobDurationInSeconds', maxDuration.toSeconds(), MAX_JOB_SECONDS); }
    return new Import();
  }

  public readonly jobName: string;
  public readonly target?: BenchmarkTarget;
  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;
  /** The role that the service assumes for the job. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the job. Changing them starts no new job. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(INFERENCE_RECOMMENDER.name, ''));
  private readonly network?: Network;
  private readonly isInBackground: boolean;
  private readonly scopeProperties: ScopeProperties;
  private readonly started?: Followed;
  private follower?: Follower;

  /**
   * Starts the job when the stack is deployed. If the guide only advises against a value, the constructor adds a warning.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param props target, type and the other inputs of the job
   * @throws if a member of the request is out of its bounds, members exclude each other, or the job may cost more than `maxCost`
   */
  constructor(scope: Construct, id: string, props: InferenceRecommendationsJobProps) {
    super(scope, id);
    this.network = networkOf(this, props);
    const type = (props.jobType ?? JobType.instanceRecommendation())._bind();
    const rendered = renderJobRequest(this, props, type, this.network);
    this.target = props.target;
    this.modelPackage = props.target.modelPackage;
    this.model = props.target.model;
    this.isInBackground = props.wait?._isInBackground ?? false;
    this.scopeProperties = scopeProperties(this, props.reuse ?? JobReuse.STACK);
    if (!props.role) { warnOfUnreadable(this, props.target.modelPackage); }
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : jobRole(this, rendered, this.scopeProperties);
    this.grantPrincipal = this.role.grantPrincipal;
    const request = { ...rendered.request, RoleArn: (props.role ?? this.role).roleRef.roleArn };
    checkJobRequest(this, request, rendered.facts);
    const checks = checkProperties(this, props, rendered);
    const tried = triedBy(rendered);
    adviseOnJobHardware(this, props, rendered, tried?.instanceTypes);
    const { compiledOutput } = rendered;
    jobFacts.keep(this, {
      family: INFERENCE_RECOMMENDER,
      isInBackground: this.isInBackground,
      namespace: this.scopeProperties.Namespace,
      uniform: type.uniform,
      tunedNames: type.tunedNames,
      allowDescribe: (reader) => props.target._allowDescribe(reader),
      tried,
      grantReadCompiled: compiledOutput && ((grantee) => {
        BucketGrants.fromBucket(compiledOutput.bucket).read(grantee, `${compiledOutput.prefix}*`);
      }),
    });
    if (isWithoutJobs(this)) {
      this.jobName = '';
      return;
    }
    const properties = this.jobProperties(props, request, type, checks);
    const start = this.start(props, properties, rendered);
    const job = jobOf(start);
    this.started = { jobName: job.JobName, jobLogicalId: logicalIdOf(start), claims: this.scopeProperties };
    if (this.isInBackground) { this.follow(this.started); }
    this.jobName = this.isInBackground
      ? job.JobName
      : waitChain(this, INFERENCE_RECOMMENDER, { ...properties, ...job, JobLogicalId: logicalIdOf(start) });
  }

  /**
   * Reads the results of the job besides its recommendations: times, an existing endpoint's performance, the benchmark steps.
   *
   * @param id construct id of the results, unique in the job
   * @returns the results, whose fields are tokens
   * @throws if the job runs in the background, because then the deploy does not wait for it
   */
  public addResults(id: string = 'Results'): BenchmarkResults {
    if (this.isInBackground) { throw new Error('`addResults` needs a job that the deploy waits for: leave `wait` out.'); }
    return new BenchmarkResults(this, id, { job: this });
  }

  /**
   * Network connections of the benchmarked endpoints.
   *
   * @throws if you set no `vpc`
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a job in a VPC: set `vpc`.'); }
    return this.network.connections;
  }

  /**
   * Chooses one of the job's recommendations. You can add several to a job: each is a small resource of its own.
   *
   * @param id construct id of the recommendation, unique in the job
   * @param options objective, limits and the other rules of the choice
   * @returns the recommendation, whose fields are tokens
   */
  public addRecommendation(id: string, options?: RecommendationOptions): Recommendation {
    return super.addRecommendation(id, options);
  }

  /**
   * Adds a rule for each change of the job's status. The service emits no events for it, so this library puts its own events on the default bus. For
   * them a state machine follows the job in the background, even if the deploy waits for the job. If a deploy changes what the machine follows, it
   * puts the job's current status once more.
   *
   * The event's detail has `StackId` and `LogicalResourceId` of the job's resource, `JobName`, the service's `Status`, and `PreviousStatus`, which is
   * `NONE` at first.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onStateChange(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options);
  }

  /**
   * Adds a rule for the completion of the job. The event is that of `onStateChange()`.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onCompleted(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, ['COMPLETED']);
  }

  /**
   * Adds a rule for the failure or the stop of the job. The event is that of `onStateChange()`. If a deploy waits for the job, the deploy fails,
   * too. Its rollback may remove the state machine's execution before it puts the event.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onFailed(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, ['FAILED', 'STOPPED']);
  }

  /**
   * Adds a rule for a job that runs and that nothing reads, because its stack is at rest: a deploy without rollback has failed, or CloudFormation had given
   * up the request before the job started. The library looks 75 minutes after the start, and again every 75 minutes.
   *
   * The event's detail has `StackId` and `LogicalResourceId` of the job's resource, `JobName`, `StackStatus`, and `Stopped`: whether the library has
   * stopped the job, because no deploy would find it. Otherwise the job runs on, and the next deploy waits for it.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onUnread(id: string, options: OnEventOptions = {}): Rule {
    return eventRule(this, id, JOB_UNREAD, { LogicalResourceId: [this.started?.jobLogicalId ?? this.node.path] }, options);
  }

  /** @internal */
  protected get _measuredName(): string {
    // A dimension may not be empty.
    return this.started?.jobName ?? 'none';
  }

  private rule(id: string, options: OnEventOptions, statuses?: string[]): Rule {
    // Without jobs there is nothing to follow.
    if (this.started) { this.follow(this.started); }
    const detail = { LogicalResourceId: [this.started?.jobLogicalId ?? this.node.path], ...statuses && { Status: statuses } };
    return eventRule(this, id, JOB_STATE_CHANGE, detail, options);
  }

  private follow(started: Followed): void {
    this.follower ??= new Follower(this, 'Follower', INFERENCE_RECOMMENDER, this, started);
  }

  private jobProperties(
    props: InferenceRecommendationsJobProps, request: Readonly<Record<string, unknown>>, { jobType, seconds }: JobTypeConfig, checks: CheckProperties,
  ): JobProperties {
    const stages = stagesOf(jobType, Token.isUnresolved(seconds) ? MAX_JOB_SECONDS : seconds);
    return {
      ...this.scopeProperties,
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: request,
      ...checks,
      ToleratesFailure: toleratesFailure(this),
      Tags: renderTags(this.cdkTagManager),
      Stages: this.isInBackground ? undefined : `${stages}`,
    };
  }

  private start(props: InferenceRecommendationsJobProps, properties: JobProperties, rendered: RenderedJob): CfnResource {
    const runtime = Runtime.of(this);
    runtime.allowJobs(INFERENCE_RECOMMENDER, this.scopeProperties);
    const start = runtime.start(INFERENCE_RECOMMENDER);
    const { roleArn } = (props.role ?? this.role).roleRef;
    start.allowPassRole(roleArn);
    allowChecks(start, properties, roleArn, rendered);
    props.target._allowDescribe(start);
    // A HEAD, which answers the object's ETag.
    const objects = countedObjects([props.target._content(), properties.Request]);
    if (objects.length > 0) { start.allow(['s3:GetObject'], ...objects); }
    const all: JobProperties = { ...properties, ReadsObjects: objects.length > 0 ? 'true' : undefined };
    const resource = startResource(this, INFERENCE_RECOMMENDER, all, props.role ?? this.role);
    if (props.deleteCompilationJobs) { deleteCompilations(this, resource, this.scopeProperties); }
    return resource;
  }
}
