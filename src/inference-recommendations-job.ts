import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { CustomResource, Duration, IResource, ITaggableV2, Lazy, Resource, TagManager, TagType, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobProperties, SCHEMA_VERSION, START_RESOURCE_TYPE, WAIT_RESOURCE_TYPE, WaitProperties } from './api/contract';
import { linkCount, MAX_JOB_SECONDS, SERVICE_TIMEOUT_SECONDS } from './api/waiting';
import { BenchmarkResults } from './benchmark-results';
import { BenchmarkTarget } from './benchmark-target';
import { ContainerConfigOptions } from './container-config';
import { JobType } from './job-type';
import { NetworkOptions } from './network-options';
import { checkProp } from './private/check';
import { warnOfUnreadable } from './private/imported-package';
import { checkJobRequest } from './private/job-check';
import { CompiledOutput, renderJobRequest } from './private/job-request';
import { jobRole } from './private/job-role';
import { Network, networkOf } from './private/network';
import { Runtime } from './private/runtime';
import { renderTags } from './private/tags';
import { Recommendation, RecommendationOptions } from './recommendation';

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

/** What is known of a job that something else started. */
export interface InferenceRecommendationsJobAttributes {
  /** Name of the job. */
  readonly jobName: string;
  /**
   * What it benchmarked; a model made from its recommendations needs to know.
   *
   * @default - unknown
   */
  readonly target?: BenchmarkTarget;
}

/** Properties of a recommendation job. The VPC is the one that the benchmarked endpoints run in; changing it runs, and bills, a new job. */
export interface InferenceRecommendationsJobProps extends NetworkOptions {
  /** What is benchmarked. Changing it runs, and bills, a new job. */
  readonly target: BenchmarkTarget;
  /**
   * What kind of job runs, and how. Changing it runs, and bills, a new job.
   *
   * @default JobType.instanceRecommendation()
   */
  readonly jobType?: JobType;
  /**
   * What the model package does not say of its container, or says differently. Changing it runs, and bills, a new job.
   *
   * @default - what the model package says
   */
  readonly containerConfig?: ContainerConfigOptions;
  /**
   * Existing endpoints to compare with the candidates: at most 1, a real-time endpoint with one production variant that does not scale itself
   * meanwhile. Changing them runs, and bills, a new job.
   *
   * @default - none
   */
  readonly existingEndpoints?: IEndpoint[];
  /**
   * Key that encrypts the storage of the benchmark instances. Changing it runs, and bills, a new job.
   *
   * @default - a key of SageMaker's own
   */
  readonly volumeEncryptionKey?: IKey;
  /**
   * Key that encrypts what the job writes to S3. Changing it runs, and bills, a new job.
   *
   * @default - the bucket's own encryption
   */
  readonly outputEncryptionKey?: IKey;
  /**
   * Bucket where SageMaker Neo puts compiled models. Changing it runs, and bills, a new job.
   *
   * @default - the service chooses
   */
  readonly compiledOutputBucket?: IBucket;
  /**
   * Prefix of the compiled models' keys.
   *
   * @default - none
   */
  readonly compiledOutputPrefix?: string;
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
   * Your own reason to run the job again: any value not used before in this stack runs, and bills, a new job; one used before finds the job of
   * that time. What the library cannot see (an image tag such as `latest` that was moved, an object in S3 that was overwritten) needs it.
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
export class InferenceRecommendationsJob extends Resource implements IInferenceRecommendationsJob, ITaggableV2, IGrantable, IConnectable {
  /** A completed job of this account and Region that something else started: it is read, and never started or stopped. */
  public static fromJobName(scope: Construct, id: string, jobName: string): IInferenceRecommendationsJob {
    return InferenceRecommendationsJob.fromJobAttributes(scope, id, { jobName });
  }

  /** A completed job that something else started, with what is known of it. */
  public static fromJobAttributes(scope: Construct, id: string, attributes: InferenceRecommendationsJobAttributes): IInferenceRecommendationsJob {
    class Import extends Resource implements IInferenceRecommendationsJob {
      public readonly jobName = attributes.jobName;
      public readonly target = attributes.target;
      public readonly _isImported = true;
      public addRecommendation(recommendationId: string, options: RecommendationOptions = {}): Recommendation {
        return new Recommendation(this, recommendationId, { job: this, ...options });
      }
    }
    checkProp('jobName', 'RecommendationJobName', attributes.jobName);
    return new Import(scope, id);
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

  /**
   * @throws if a member of the request is out of its bounds, or members do not go together; what the guide only advises against is a warning
   */
  constructor(scope: Construct, id: string, props: InferenceRecommendationsJobProps) {
    super(scope, id);
    this.network = networkOf(this, props);
    const type = (props.jobType ?? JobType.instanceRecommendation())._bind();
    const rendered = renderJobRequest(this, props, type, this.network);
    const runtime = Runtime.of(this);
    this.target = props.target;
    this.compiledOutput = rendered.compiledOutput;
    if (!props.role) { warnOfUnreadable(this, props.target.modelPackage); }
    this.role = props.role ?? jobRole(this, rendered);
    this.grantPrincipal = this.role.grantPrincipal;
    const request = { ...rendered.request, RoleArn: this.role.roleArn };
    checkJobRequest(this, request, rendered.facts);
    runtime.start.allowPassRole(this.role.roleArn);
    props.target._allowDescribe(runtime.start);

    const properties: JobProperties = {
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: request,
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
    this.jobName = this.relay(start, properties, linkCount(type.jobType, Token.isUnresolved(type.seconds) ? MAX_JOB_SECONDS : type.seconds), runtime);
  }

  /** What the job found besides recommendations: times, an existing endpoint's performance, the benchmark steps. Made when first asked for. */
  public get results(): BenchmarkResults {
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
   * Lets a principal read the models that the job compiled.
   *
   * @internal
   */
  public _grantReadCompiled(grantee: IGrantable): void {
    this.compiledOutput?.bucket.grantRead(grantee, `${this.compiledOutput.prefix}*`);
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
}
