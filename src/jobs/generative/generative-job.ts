import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnResource, ITaggableV2, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { GenerativeJobOptions } from './generative-job-options';
import { grantableRole } from '../../common/refs';
import { renderTags } from '../../common/render';
import { scopeProperties } from '../../common/scope';
import { isWithoutJobs } from '../../common/without-jobs';
import { Tag } from '../../contract/custom-resource';
import { CheckProperties, jobResourceType, ScopeProperties } from '../../contract/start';
import { stageCount } from '../../contract/waiting';
import { JobFacts, jobFacts } from '../../recommendation/facts';
import type { JobFamily } from '../../runtime/job-family';
import { JobBase, JobStart } from '../job-base';
import { JobReuse } from '../job-reuse';

/** What a kind of job starts. */
interface Started extends Pick<JobStart, 'request' | 'allowReading'> {
  readonly checks: Pick<CheckProperties, 'Preflight' | 'MaxCost'>;
  /** How long the job may run. */
  readonly maxSeconds: number;
  /** What the job's recommendations know of it. */
  readonly facts?: Pick<JobFacts, 'objective' | 'tried' | 'packagesArns' | 'allowResults'>;
  /** Tags of the library's own that change with a prop. */
  readonly tags?: readonly Tag[];
  /** Makes the role of the job, if none is given. */
  makeRole(scopes: ScopeProperties): IRole;
}

/**
 * What both kinds of jobs of the generative family have in common. jsii moves the members of this internal class to its subclasses.
 *
 * @internal
 */
export abstract class GenerativeJob extends JobBase implements ITaggableV2, IGrantable {
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
  protected readonly _resource?: CfnResource;
  /** @internal */
  protected readonly _family: JobFamily;

  /** @internal */
  protected constructor(scope: Construct, id: string, family: JobFamily, props: GenerativeJobOptions, starts: (job: Construct) => Started) {
    super(scope, id);
    const { request, checks, maxSeconds, facts, tags, allowReading, makeRole } = starts(this);
    this._family = family;
    this.cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(family.name, ''));
    this._isInBackground = props.wait?._isInBackground ?? false;
    const scopes = scopeProperties(this, props.reuse ?? JobReuse.STACK);
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : makeRole(scopes);
    this.grantPrincipal = this.role.grantPrincipal;
    jobFacts.keep(this, { family, isInBackground: this._isInBackground, namespace: scopes.Namespace, ...facts });
    if (isWithoutJobs(this)) {
      this.jobName = '';
      return;
    }
    const { jobName, resource } = this._start({
      scopes,
      role: props.role ?? this.role,
      request,
      checks: { ...checks, MaxSeconds: `${maxSeconds}` },
      trigger: props.trigger,
      tags: renderTags(this.cdkTagManager, tags),
      isInBackground: this._isInBackground,
      stages: stageCount(maxSeconds),
      allowReading,
    });
    this.jobName = jobName;
    this._resource = resource;
  }
}
