import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnResource, ITaggableV2, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { GenerativeJobOptions } from './generative-job-options';
import { grantableRole } from '../../common/refs';
import { renderTags } from '../../common/render';
import { scopeProperties } from '../../common/scope';
import { isWithoutJobs } from '../../common/without-jobs';
import { SCHEMA_VERSION, Tag } from '../../contract/custom-resource';
import { JOB_STATE_CHANGE, JOB_UNREAD } from '../../contract/events';
import { CheckProperties, JobProperties, jobResourceType, ScopeProperties } from '../../contract/start';
import { stageCount } from '../../contract/waiting';
import { JobFacts, jobFacts } from '../../recommendation/facts';
import { eventRule } from '../../runtime/event-rule';
import type { JobFamily } from '../../runtime/job-family';
import { Runtime } from '../../runtime/runtime';
import type { RuntimeFunction } from '../../runtime/runtime-function';
import { Followed, Follower } from '../follower';
import { JobReuse } from '../job-reuse';
import { jobOf, logicalIdOf, startResource, toleratesFailure, waitChain } from '../wait-chain';

/** What a kind of job starts. */
interface Started {
  /** The family's Create request without the job's name, its role and its tags. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly checks: CheckProperties;
  /** How long the job may run. */
  readonly maxSeconds: number;
  /** What the job's recommendations know of it. */
  readonly facts?: Pick<JobFacts, 'objective' | 'tried' | 'packagesArns' | 'allowResults'>;
  /** Tags of the library's own that change with a prop. */
  readonly tags?: readonly Tag[];
  /** Lets the start function read what the job is told apart by, and looks at before it. Whether it may read any object. */
  allowReading(start: RuntimeFunction): boolean;
  /** Makes the role of the job, if none is given. */
  makeRole(scopes: ScopeProperties): IRole;
}

/**
 * What both kinds of jobs of the generative family have in common. jsii moves the members of this internal class to its subclasses.
 *
 * @internal
 */
export abstract class GenerativeJob extends Resource implements ITaggableV2, IGrantable {
  /**
   * Name of the job. If the deploy waits for the job, a resource that uses the name is deployed after the job has completed.
   * @attribute
   */
  public readonly jobName: string;
  /** The role that the service assumes for the job. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the job. Changing them starts no new job. */
  public readonly cdkTagManager: TagManager;
  /** @internal */
  protected readonly _isInBackground: boolean;
  /** @internal */
  protected readonly _start?: CfnResource;
  private readonly started?: Followed;
  private follower?: Follower;

  /** @internal */
  protected constructor(
    scope: Construct, id: string, private readonly family: JobFamily, props: GenerativeJobOptions, starts: (job: Construct) => Started,
  ) {
    super(scope, id);
    const { request: rendered, checks, maxSeconds, facts, tags, allowReading, makeRole } = starts(this);
    this.cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(family.name, ''));
    this._isInBackground = props.wait?._isInBackground ?? false;
    const scopes = scopeProperties(this, props.reuse ?? JobReuse.STACK);
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : makeRole(scopes);
    this.grantPrincipal = this.role.grantPrincipal;
    const { roleArn } = (props.role ?? this.role).roleRef;
    jobFacts.keep(this, { family, isInBackground: this._isInBackground, namespace: scopes.Namespace, ...facts });
    if (isWithoutJobs(this)) {
      this.jobName = '';
      return;
    }
    const runtime = Runtime.of(this);
    runtime.allowJobs(family, scopes);
    const start = runtime.start(family);
    start.allowPassRole(roleArn);
    const readsObjects = allowReading(start);
    if (checks.Preflight?.includes('role')) { start.allow(['iam:GetRole'], roleArn); }
    if (checks.Preflight?.includes('quotas')) { start.allowOnAny('servicequotas:ListServiceQuotas'); }
    const properties: JobProperties = {
      ...scopes,
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: { ...rendered, RoleArn: roleArn },
      ...checks,
      MaxSeconds: `${maxSeconds}`,
      ToleratesFailure: toleratesFailure(this),
      Tags: renderTags(this.cdkTagManager, tags),
      Stages: this._isInBackground ? undefined : `${stageCount(maxSeconds)}`,
    };
    this._start = startResource(this, family, { ...properties, ReadsObjects: readsObjects ? 'true' : undefined }, props.role ?? this.role);
    const job = jobOf(this._start);
    this.started = { jobName: job.JobName, jobLogicalId: logicalIdOf(this._start), claims: scopes };
    if (this._isInBackground) { this.follow(this.started); }
    this.jobName = this._isInBackground
      ? job.JobName
      : waitChain(this, family, { ...properties, ...job, JobLogicalId: logicalIdOf(this._start) });
  }

  /**
   * Adds a rule for each change of the job's status. The service emits no events for it, so this library puts its own events on the default bus. For
   * them a state machine follows the job in the background, even if the deploy waits for the job.
   *
   * The event's detail has `StackId` and `LogicalResourceId` of the job's resource, `JobName`, the service's `Status` (`InProgress`, `Completed`,
   * `Failed`, `Stopping` or `Stopped`), and `PreviousStatus`, which is `NONE` at first.
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
    return this.rule(id, options, ['Completed']);
  }

  /**
   * Adds a rule for the failure or the stop of the job, also of one that has run for its `maxDuration`. The event is that of `onStateChange()`. If a deploy
   * waits for the job, the deploy fails, too. Its rollback may remove the state machine's execution before it puts the event.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onFailed(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, ['Failed', 'Stopped']);
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

  private rule(id: string, options: OnEventOptions, statuses?: string[]): Rule {
    // Without jobs there is nothing to follow.
    if (this.started) { this.follow(this.started); }
    const detail = { LogicalResourceId: [this.started?.jobLogicalId ?? this.node.path], ...statuses && { Status: statuses } };
    return eventRule(this, id, JOB_STATE_CHANGE, detail, options);
  }

  private follow(started: Followed): void {
    this.follower ??= new Follower(this, 'Follower', this.family, this, started);
  }
}
