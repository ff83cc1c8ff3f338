import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Resource } from 'aws-cdk-lib/core';
import { Followed, Follower } from './follower';
import { allowChecks } from './preflight';
import { jobOf, logicalIdOf, startResource, toleratesFailure, waitChain } from './wait-chain';
import { SCHEMA_VERSION, Tag } from '../contract/custom-resource';
import { JOB_STATE_CHANGE, JOB_UNREAD } from '../contract/events';
import type { CheckProperties, JobProperties, ScopeProperties } from '../contract/start';
import { eventRule } from '../runtime/event-rule';
import type { JobFamily } from '../runtime/job-family';
import { Runtime } from '../runtime/runtime';
import type { RuntimeFunction } from '../runtime/runtime-function';

/** A job that a construct starts. */
export interface JobStart {
  readonly scopes: ScopeProperties;
  /** The role of the job. The job waits for it. */
  readonly role: IRoleRef;
  /** The family's Create request without the job's name and tags. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly checks: CheckProperties;
  /** The user's own reason to run the job again. */
  readonly trigger?: string;
  readonly tags: Tag[];
  readonly isInBackground: boolean;
  /** The number of stages that wait for the job, if the deploy does. */
  readonly stages: number;
  /** Lets the start function read what the job is told apart by, and looks at before it. Whether it may read any object. */
  allowReading(start: RuntimeFunction): boolean;
}

/**
 * What jobs of all families have in common that this app starts. An imported job is not started, so it raises no events. jsii moves the members of this
 * internal class to its subclasses.
 *
 * @internal
 */
export abstract class JobBase extends Resource {
  /** @internal */
  protected abstract readonly _family: JobFamily;
  private started?: Followed;
  private follower?: Follower;

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
    return this.rule(id, options, this._family.outcomes.completed);
  }

  /**
   * Adds a rule for the failure or the stop of the job, also of one that has run for longer than the library lets it. The event is that of
   * `onStateChange()`. If a deploy waits for the job, the deploy fails, too. Its rollback may remove the state machine's execution before it puts the event.
   *
   * @param id construct id of the rule, unique in the job
   * @param options target and other options of the rule
   * @returns the rule
   */
  public onFailed(id: string, options: OnEventOptions = {}): Rule {
    return this.rule(id, options, this._family.outcomes.failed);
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
    return eventRule(this, id, JOB_UNREAD, this.detail, options);
  }

  /**
   * Starts the job when the stack is deployed, and waits for it unless it runs in the background.
   *
   * @internal
   */
  protected _start(given: JobStart): { readonly jobName: string; readonly resource: CfnResource } {
    const [family, { scopes, role, request, checks, isInBackground }] = [this._family, given];
    const runtime = Runtime.of(this);
    runtime.allowJobs(family, scopes);
    const start = runtime.start(family);
    const { roleArn } = role.roleRef;
    start.allowPassRole(roleArn);
    const readsObjects = given.allowReading(start);
    allowChecks(start, checks, roleArn);
    const properties: JobProperties = {
      ...scopes,
      SchemaVersion: SCHEMA_VERSION,
      Trigger: given.trigger,
      Request: { ...request, RoleArn: roleArn },
      ...checks,
      ToleratesFailure: toleratesFailure(this),
      Tags: given.tags,
      Stages: isInBackground ? undefined : `${given.stages}`,
    };
    const resource = startResource(this, family, { ...properties, ReadsObjects: readsObjects ? 'true' : undefined }, role);
    const job = jobOf(resource);
    this.started = { jobName: job.JobName, jobLogicalId: logicalIdOf(resource), claims: scopes };
    if (isInBackground) { this.follow(this.started); }
    const jobName = isInBackground ? job.JobName : waitChain(this, family, { ...properties, ...job, JobLogicalId: logicalIdOf(resource) });
    return { jobName, resource };
  }

  /**
   * The name before the job has ended. Undefined if no job is started.
   *
   * @internal
   */
  protected get _startedName(): string | undefined { return this.started?.jobName; }

  private get detail(): Record<string, string[]> {
    return { LogicalResourceId: [this.started?.jobLogicalId ?? this.node.path] };
  }

  private rule(id: string, options: OnEventOptions, statuses?: readonly string[]): Rule {
    // Without jobs there is nothing to follow.
    if (this.started) { this.follow(this.started); }
    return eventRule(this, id, JOB_STATE_CHANGE, { ...this.detail, ...statuses && { Status: [...statuses] } }, options);
  }

  private follow(started: Followed): void {
    this.follower ??= new Follower(this, 'Follower', this._family, this, started);
  }
}
