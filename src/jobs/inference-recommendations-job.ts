import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { BucketGrants } from 'aws-cdk-lib/aws-s3';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { ITaggableV2, TagManager, TagType, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BenchmarkResults } from './benchmark-results';
import { BenchmarkTarget } from './benchmark-target';
import { countedObjects } from './counted-objects';
import { allowDescribeAny, deleteCompilations, INFERENCE_RECOMMENDER, stagesOf } from './family';
import { InferenceRecommendationsJobBase } from './inference-recommendations-job-base';
import {
  IInferenceRecommendationsJob, InferenceRecommendationsJobAttributes, InferenceRecommendationsJobProps,
} from './inference-recommendations-job-props';
import { checkJobRequest } from './job-check';
import { adviseOnJobHardware } from './job-hardware';
import { renderJobRequest, triedBy } from './job-request';
import { JobReuse } from './job-reuse';
import { jobRole } from './job-role';
import { JobType } from './job-type';
import { allowArchives, checkProperties } from './preflight';
import { waitForImported } from './wait-chain';
import { checkProp, checkSeconds } from '../common/check';
import { Network, networkOf } from '../common/network';
import { grantableRole } from '../common/refs';
import { renderTags } from '../common/render';
import { scopeProperties } from '../common/scope';
import { isWithoutJobs } from '../common/without-jobs';
import { jobResourceType } from '../contract/start';
import { warnOfUnreadable } from '../model-package/facts';
import { warnOfUnreadableModel } from '../model-package/model-reading';
import { jobFacts } from '../recommendation/facts';
import { Recommendation } from '../recommendation/recommendation';
import { RecommendationOptions } from '../recommendation/recommendation-options';
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
export class InferenceRecommendationsJob extends InferenceRecommendationsJobBase implements ITaggableV2, IGrantable, IConnectable {
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
   * @param attrs name, target and longest duration of the job
   * @throws if `jobName` is no name of a job, or `maxDuration` is out of its range
   */
  public static fromJobAttributes(scope: Construct, id: string, attrs: InferenceRecommendationsJobAttributes): IInferenceRecommendationsJob {
    const { jobName, target, maxDuration } = attrs;
    class Import extends InferenceRecommendationsJobBase {
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
    const scopes = scopeProperties(this, props.reuse ?? JobReuse.STACK);
    if (!props.role) {
      warnOfUnreadable(this, props.target.modelPackage);
      warnOfUnreadableModel(this, props.target.model);
    }
    this.role = props.role ? grantableRole(this, 'GivenRole', props.role) : jobRole(this, rendered, scopes);
    this.grantPrincipal = this.role.grantPrincipal;
    const role = props.role ?? this.role;
    checkJobRequest(this, { ...rendered.request, RoleArn: role.roleRef.roleArn }, rendered.facts);
    const checks = checkProperties(this, props, rendered);
    const tried = triedBy(rendered);
    adviseOnJobHardware(this, props, rendered, tried?.instanceTypes);
    const { compiledOutput } = rendered;
    jobFacts.keep(this, {
      family: INFERENCE_RECOMMENDER,
      isInBackground: this.isInBackground,
      namespace: scopes.Namespace,
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
    const { jobName, resource } = this._start({
      scopes,
      role,
      request: rendered.request,
      checks,
      trigger: props.trigger,
      tags: renderTags(this.cdkTagManager),
      isInBackground: this.isInBackground,
      stages: stagesOf(type.jobType, Token.isUnresolved(type.seconds) ? MAX_JOB_SECONDS : type.seconds),
      allowReading: (start) => {
        allowArchives(start, checks, rendered);
        props.target._allowDescribe(start);
        // A HEAD, which answers the object's ETag.
        const objects = countedObjects([props.target._content(), rendered.request]);
        // Reason: reads the ETags of the objects by which jobs are told apart. It sends HEAD, and reads no content.
        if (objects.length > 0) { start.allow(['s3:GetObject'], ...objects); }
        return objects.length > 0;
      },
    });
    this.jobName = jobName;
    if (props.deleteCompilationJobs) { deleteCompilations(this, resource, scopes); }
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

  /** @internal */
  protected get _measuredName(): string {
    // A dimension may not be empty.
    return this._startedName ?? 'none';
  }
}
