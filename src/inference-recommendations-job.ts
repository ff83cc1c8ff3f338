import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CustomResource, Duration, IResource, ITaggableV2, Lazy, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobProperties, SCHEMA_VERSION, START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE, WaitProperties } from './api/contract';
import { linkCount, SERVICE_TIMEOUT_SECONDS } from './api/waiting';
import { BenchmarkTarget } from './benchmark-target';
import { JobType } from './job-type';
import { checkProp } from './private/check';
import { jobRole } from './private/job-role';
import { Runtime } from './private/runtime';
import { renderTags } from './private/tags';
import { Recommendation, RecommendationOptions } from './recommendation';

/** Longest description: RecommendationJobDescription. */
const MAX_DESCRIPTION = 128;

/** A recommendation job. */
export interface IInferenceRecommendationsJob extends IResource {
  /**
   * Name of the job that completed, for whatever must come after it.
   * @attribute
   */
  readonly jobName: string;

  /** What the job benchmarks, if that is known here. */
  readonly target?: BenchmarkTarget;

  /** Chooses one of the job's recommendations. A job can have several: each is a small resource of its own. */
  addRecommendation(id: string, options?: RecommendationOptions): Recommendation;
}

/** Properties of a recommendation job. */
export interface InferenceRecommendationsJobProps {
  /** What is benchmarked. Changing it runs, and bills, a new job. */
  readonly target: BenchmarkTarget;
  /**
   * What kind of job runs, and how. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * The role that the service does the job with. Changing it runs nothing again.
   *
   * @default - a role with what the job's inputs need
   */
  readonly role?: IRole;
  /**
   * Description of the job: up to 128 characters. Changing it runs nothing again.
   *
   * @default - the construct's path
   */
  readonly description?: string;
  /**
   * Your own reason to run the job again: any change of it runs, and bills, a new job. What the library cannot see (an image tag such as
   * `latest` that was moved, an object in S3 that was overwritten) needs it.
   *
   * @default - the job runs again only when what it benchmarks changes
   */
  readonly trigger?: string;
}

/**
 * A job of SageMaker Inference Recommender: started, waited for however long it takes, found again when its content is the same, and
 * stopped when its stack is deleted while it runs.
 *
 * It costs what its benchmark instances cost. A second deploy with the same content, another objective or other tags run nothing.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export class InferenceRecommendationsJob extends Resource implements IInferenceRecommendationsJob, ITaggableV2, IGrantable {
  public readonly jobName: string;
  public readonly target?: BenchmarkTarget;
  /** The role that the service does the job with. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  /** Tags of the job. Changing them runs nothing again. */
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, START_RESOURCE_TYPE);

  constructor(scope: Construct, id: string, props: InferenceRecommendationsJobProps) {
    super(scope, id);
    checkProp('description', 'RecommendationJobDescription', props.description);
    const type = (props.jobType ?? JobType.instanceRecommendation())._bind();
    const runtime = Runtime.of(this);
    this.target = props.target;
    this.role = props.role ?? jobRole(this, props.target);
    this.grantPrincipal = this.role.grantPrincipal;
    runtime.start.allowPassRole(this.role.roleArn);
    this.allowDescribeTarget(runtime);

    const properties: JobProperties = {
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: {
        JobType: type.jobType,
        RoleArn: this.role.roleArn,
        JobDescription: props.description ?? this.node.path.slice(-MAX_DESCRIPTION),
        InputConfig: { ...props.target._render(), ...type.inputConfig },
        ...type.rest,
      },
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
    };
    const start = new CustomResource(this, 'Resource', {
      resourceType: START_RESOURCE_TYPE,
      serviceToken: runtime.start.functionArn,
      serviceTimeout: Duration.seconds(SERVICE_TIMEOUT_SECONDS),
      properties,
    });
    // The role's policies must be there before the job is, and must outlive it.
    start.node.addDependency(this.role, runtime.start.permissions);
    this.jobName = this.relay(start, properties, linkCount(type.jobType, type.seconds), runtime);
  }

  public addRecommendation(id: string, options: RecommendationOptions = {}): Recommendation {
    return new Recommendation(this, id, { job: this, ...options });
  }

  /** A custom resource has at most an hour, so one after the other waits; each gives the job's name to the next. */
  private relay(start: CustomResource, properties: JobProperties, links: number, runtime: Runtime): string {
    let jobName = start.getAttString('JobName');
    for (let link = 1; link <= links; link++) {
      const waitProperties: WaitProperties = { ...properties, JobName: jobName, Link: `${link}`, Links: `${links}` };
      const wait = new CustomResource(this, `Wait${link}`, {
        resourceType: WAIT_RESOURCE_TYPE,
        serviceToken: runtime.start.functionArn,
        serviceTimeout: Duration.seconds(SERVICE_TIMEOUT_SECONDS),
        properties: waitProperties,
      });
      jobName = wait.getAttString('JobName');
    }
    return jobName;
  }

  private allowDescribeTarget(runtime: Runtime): void {
    if (this.target?.modelPackage) {
      runtime.start.allowAlso('sagemaker:DescribeModelPackage', this.target.modelPackage.modelPackageArn);
    }
    if (this.target?.model) {
      runtime.start.allowAlso('sagemaker:DescribeModel', this.target.model.modelArn);
    }
  }
}
