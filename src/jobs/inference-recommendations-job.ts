import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { Duration, ITaggableV2, Lazy, Resource, TagManager, TagType, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobProperties, SCHEMA_VERSION, START_RESOURCE_TYPE } from '../contract/contract';
import { JOB_STATE_CHANGE } from '../contract/events';
import { linkCount, MAX_JOB_SECONDS } from '../contract/waiting';
import { BenchmarkResults } from './benchmark-results';
import { BenchmarkTarget } from './benchmark-target';
import {
  IInferenceRecommendationsJob, InferenceRecommendationsJobAttributes, InferenceRecommendationsJobProps,
} from './inference-recommendations-job-props';
import { JobType, JobTypeConfig } from './job-type';
import { checkProp, checkSeconds } from '../common/check';
import { eventRule } from '../runtime/event-rule';
import { Followed, Follower } from './follower';
import { warnOfUnreadable } from '../model-package/imported-package';
import { checkJobRequest } from './job-check';
import { CompiledOutput, renderJobRequest } from './job-request';
import { deleteCompilations, logicalIdOf, startResource, waitLinks } from './wait-chain';
import { jobRole } from './job-role';
import { UniformRows } from '../recommendation/native-model';
import { Network, networkOf } from '../common/network';
import { Runtime } from '../runtime/runtime';
import { renderTags } from '../common/tags';
import { isWithoutJobs } from '../common/without-jobs';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';

/**
 * A job of SageMaker Inference Recommender: started, waited for however long it takes, found again when its content is the same, and
 * stopped when its stack is deleted while it runs.
 *
 * It costs what its benchmark instances cost. A second deploy with the same content, another objective or other tags run nothing.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export class InferenceRecommendationsJob extends Resource implements IInferenceRecommendationsJob, ITaggableV2, IGrantable, IConnectable {
  /** A completed job of this account and Region that something else started: it is read, and never started, tagged or stopped. */
  public static fromJobName(scope: Construct, id: string, jobName: string): IInferenceRecommendationsJob {
    return InferenceRecommendationsJob.fromJobAttributes(scope, id, { jobName });
  }

  /** A job that something else started, with what is known of it: one that may still run is waited for. */
  public static fromJobAttributes(scope: Construct, id: string, attributes: InferenceRecommendationsJobAttributes): IInferenceRecommendationsJob {
    class Import extends Resource implements IInferenceRecommendationsJob {
      public readonly jobName: string;
      public readonly target = attributes.target;
      public readonly _importedName = attributes.jobName;
      private toleratesFailure = false;

      constructor() {
        super(scope, id);
        const { jobName, maxDuration } = attributes;
        this.jobName = maxDuration && !isWithoutJobs(this) ? waitForImported(this, jobName, maxDuration, () => this.toleratesFailure) : jobName;
      }

      public _tolerateFailure(): void {
        this.toleratesFailure = true;
      }

      public addRecommendation(recommendationId: string, options: RecommendationOptions = {}): Recommendation {
        return new Recommendation(this, recommendationId, { job: this, ...options });
      }
    }
    checkProp('jobName', 'RecommendationJobName', attributes.jobName);
    if (attributes.maxDuration) { checkSeconds('maxDuration', 'JobDurationInSeconds', attributes.maxDuration.toSeconds(), MAX_JOB_SECONDS); }
    return new Import();
  }

  public readonly jobName: string;
  public readonly target?: BenchmarkTarget;
  /** The role that the service does the job with. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the job. Changing them runs nothing again. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, START_RESOURCE_TYPE);
  private readonly network?: Network;
  private readonly compiledOutput?: CompiledOutput;
  private resultsResource?: BenchmarkResults;
  private toleratesFailure = false;
  private started?: Followed;
  private follower?: Follower;
  /** @internal */
  public readonly _isInBackground: boolean;
  /** @internal */
  public readonly _uniform?: UniformRows;

  /**
   * @throws if a member of the request is out of its bounds, or members do not go together; what the guide only advises against is a warning
   */
  constructor(scope: Construct, id: string, props: InferenceRecommendationsJobProps) {
    super(scope, id);
    this.network = networkOf(this, props);
    const type = (props.jobType ?? JobType.instanceRecommendation())._bind();
    const rendered = renderJobRequest(this, props, type, this.network);
    this.target = props.target;
    this._uniform = type.uniform;
    this._isInBackground = props.wait?._isInBackground ?? false;
    this.compiledOutput = rendered.compiledOutput;
    if (!props.role) { warnOfUnreadable(this, props.target.modelPackage); }
    this.role = props.role ?? jobRole(this, rendered);
    this.grantPrincipal = this.role.grantPrincipal;
    const request = { ...rendered.request, RoleArn: this.role.roleArn };
    checkJobRequest(this, request, rendered.facts);
    this.jobName = isWithoutJobs(this) ? '' : this.run(props, request, type);
  }

  /**
   * What the job found besides recommendations: times, an existing endpoint's performance, the benchmark steps. Made when first asked for.
   *
   * @throws if the job runs in the background, where nothing waits for it
   */
  public get results(): BenchmarkResults {
    if (this._isInBackground) { throw new Error('`results` needs a job that is waited for: leave `wait` out.'); }
    this.resultsResource ??= new BenchmarkResults(this, 'Results', { job: this });
    return this.resultsResource;
  }

  /**
   * Network connections of the benchmarked endpoints.
   *
   * @throws if the job runs in no VPC of yours
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a job in a VPC: set `vpc`.'); }
    return this.network.connections;
  }

  public addRecommendation(id: string, options: RecommendationOptions = {}): Recommendation {
    return new Recommendation(this, id, { job: this, ...options });
  }

  /**
   * A rule for each change of the job's status, which the service emits no events of: those of this library, on the default bus. It makes the job
   * followed in the background, whether the deploy waits for it or not. A deploy that changes what is followed says once more how the job stands.
   *
   * The detail: `StackId` and `LogicalResourceId` of the job's resource, `JobName`, `Status` as the service has it, `PreviousStatus`, which is
   * `NONE` at first.
   */
  public onStateChange(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options);
  }

  /** A rule for when the job has completed. */
  public onCompleted(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, ['COMPLETED']);
  }

  /**
   * A rule for when the job has failed or was stopped. Where a deploy waits for the job, the deploy fails with it, and a rollback may end the following
   * before it has said so.
   */
  public onFailed(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, ['FAILED', 'STOPPED']);
  }

  /**
   * Lets a principal read the models that the job compiled.
   *
   * @internal
   */
  public _grantReadCompiled(grantee: IGrantable): void {
    this.compiledOutput?.bucket.grantRead(grantee, `${this.compiledOutput.prefix}*`);
  }

  /**
   * Lets the deploy go on when the job fails: a recommendation of it has a fallback.
   *
   * @internal
   */
  public _tolerateFailure(): void {
    this.toleratesFailure = true;
  }

  /**
   * What follows the job in the background, if a recommendation is written or somebody listens.
   *
   * @internal
   */
  public get _follower(): Follower | undefined {
    if (this.started && !this.follower) { this.follower = new Follower(this, 'Follower', this.started); }
    return this.follower;
  }

  private rule(id: string, options: OnEventOptions, statuses?: string[]): Rule {
    const { jobLogicalId } = this.started ?? {};
    // Without jobs, nothing is followed and nothing happens.
    if (jobLogicalId !== undefined) { void this._follower; }
    const detail = { LogicalResourceId: [jobLogicalId ?? this.node.path], ...statuses && { Status: statuses } };
    return eventRule(this, id, JOB_STATE_CHANGE, detail, options);
  }

  private run(props: InferenceRecommendationsJobProps, request: Readonly<Record<string, unknown>>, type: JobTypeConfig): string {
    const runtime = Runtime.of(this);
    runtime.start.allowPassRole(this.role.roleArn);
    props.target._allowDescribe(runtime.start);
    const properties: JobProperties = {
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: request,
      ToleratesFailure: lazyFlag(() => this.toleratesFailure),
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
    };
    const start = startResource(this, properties, this.role);
    const jobName = start.getAtt('JobName').toString();
    this.started = { jobName, jobLogicalId: logicalIdOf(start) };
    if (props.deleteCompilationJobs) { deleteCompilations(this, start); }
    if (this._isInBackground) {
      void this._follower;
      return jobName;
    }
    const seconds = Token.isUnresolved(type.seconds) ? MAX_JOB_SECONDS : type.seconds;
    return waitLinks(this, { ...properties, JobName: jobName }, linkCount(type.jobType, seconds));
  }
}

/** Links wait for a job that something else started, and never start, tag or stop one. */
function waitForImported(scope: Construct, jobName: string, maxDuration: Duration, toleratesFailure: () => boolean): string {
  Runtime.of(scope).allowReadJob(jobName);
  return waitLinks(scope, {
    SchemaVersion: SCHEMA_VERSION, Request: {}, IsImported: 'true', JobName: jobName, ToleratesFailure: lazyFlag(toleratesFailure),
  }, linkCount('Advanced', maxDuration.toSeconds()));
}

function lazyFlag(produce: () => boolean): string {
  return Lazy.any({ produce: () => (produce() ? 'true' : undefined) }) as any;
}
