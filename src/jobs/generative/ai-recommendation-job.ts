import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy, Resource, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allowListing, checkAiMaxCost, checkAiRequest, checkMaxDuration, renderRecommendationJob } from './ai-job-request';
import { grantReadPackages, recommendationJobRole } from './ai-job-role';
import { AIRecommendationJobProps } from './ai-recommendation-job-props';
import { AI_RECOMMENDER, allowDeletePackages } from './family';
import { GenerativeJob } from './generative-job';
import { workloadFacts } from './workload-facts';
import { checkIsA } from '../../common/check';
import { arnSpellings } from '../../common/names';
import { warnOfTypes } from '../../common/warn';
import { isWithoutJobs } from '../../common/without-jobs';
import { DELETE_PACKAGES_TAG } from '../../contract/claims';
import { stageCount } from '../../contract/waiting';
import { versionsArns } from '../../model-package/facts';
import { useGroup } from '../../model-package/group-uses';
import { jobFacts } from '../../recommendation/facts';
import { GenerativeRecommendationOptions } from '../../recommendation/generative-options';
import { GenerativeRecommendation } from '../../recommendation/generative-recommendation';
import type { TriedEndpoints } from '../../recommendation/reachable';
import { IRecommendationJob } from '../../recommendation/recommendation-interface';
import { aiJobViolations } from '../../service/ai-job-rules';
import { GENERATIVE } from '../../service/recommendation-kinds';
import { requirement } from '../../service/words';
import { checksOf } from '../preflight';
import { waitForImported } from '../wait-chain';

const DEFAULT_SECONDS = 6 * 3600;

/** A job that recommends for a generative model, of this app or imported. */
export interface IAIRecommendationJob extends IRecommendationJob {
  /**
   * Chooses one of the job's recommendations. You can add several to a job: each is a small resource of its own.
   *
   * @param id construct id of the recommendation, unique in the job
   * @param options objective, thresholds and the other rules of the choice
   * @returns the recommendation, whose fields are tokens
   */
  addRecommendation(id: string, options?: GenerativeRecommendationOptions): GenerativeRecommendation;
}

/**
 * A job that optimizes and benchmarks a generative model, and recommends how to host it. The deploy starts it and waits for it, by default up to 6 hours. If
 * its content is the same, a later deploy finds the job again.
 *
 * You pay for the instances that optimize and benchmark. Only changed content starts a new job: a second deploy, another output or other tags start none.
 *
 * When the job's construct is deleted, or another job has taken its place, the job is stopped if it still runs, and deleted once it has ended, unless another
 * stack needs it. A completed job of a deploy that is rolled back stays, so that the next deploy finds it. The objects in `outputBucket` stay, and so do the
 * model packages, unless `packageRemovalPolicy` says otherwise.
 *
 * The permissions of the job's own role follow AWS's pages, which do not list them all. If a job misses one, add it to `role`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateAIRecommendationJob.html
 * @example
 * new AIRecommendationJob(this, 'Job', {
 *   model: GenerativeModelSource.fromBucket(bucket, 'models/chat/'),
 *   workload: new AIWorkloadConfig(this, 'Chat', { workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }) }),
 *   performanceTarget: PerformanceTarget.timeToFirstToken(),
 *   instanceTypes: [InstanceType.of('ml.g6.12xlarge'), InstanceType.of('ml.p5.48xlarge')],
 *   outputBucket: bucket,
 * });
 */
export class AIRecommendationJob extends GenerativeJob implements IAIRecommendationJob {
  /**
   * Imports a completed job of this account and Region that something other than this app started. The library only reads it: it never starts, tags,
   * stops or deletes it.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param jobName name of the job: 1 to 63 letters, digits and hyphens
   * @throws if `jobName` is no name of a job
   */
  public static fromJobName(scope: Construct, id: string, jobName: string): IAIRecommendationJob {
    class Import extends Resource implements IAIRecommendationJob {
      public readonly jobName: string;
      public readonly modelPackage?: IModelPackageRef;
      public readonly model?: IModelRef;

      constructor() {
        super(scope, id);
        jobFacts.keep(this, { family: AI_RECOMMENDER, importedName: jobName });
        this.jobName = isWithoutJobs(this) ? jobName : waitForImported(this, AI_RECOMMENDER, jobName, stageCount());
      }

      public addRecommendation(recommendationId: string, options: GenerativeRecommendationOptions = {}): GenerativeRecommendation {
        return new GenerativeRecommendation(this, recommendationId, { job: this, ...options });
      }
    }
    const [broken] = aiJobViolations('CreateAIRecommendationJobRequest', { AIRecommendationJobName: jobName })
      .filter(({ path }) => path[0] === 'AIRecommendationJobName');
    if (broken) { throw new Error(`\`jobName\` ${requirement(broken)}.`); }
    return new Import();
  }

  public readonly modelPackage?: IModelPackageRef;
  public readonly model?: IModelRef;

  /**
   * Starts the job when the stack is deployed. If the guide only advises against a value, the constructor adds a warning.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param props model, workload, performance target and the other inputs of the job
   * @throws if a member of the request is out of its bounds, members exclude each other, or the job may cost more than `maxCost`
   */
  constructor(scope: Construct, id: string, props: AIRecommendationJobProps) {
    const deletesPackages = props.packageRemovalPolicy === RemovalPolicy.DESTROY;
    super(scope, id, AI_RECOMMENDER, props, (job) => {
      checkIsA('model', props.model, '_render', 'a `GenerativeModelSource`, such as `GenerativeModelSource.fromBucket()` returns');
      checkIsA('performanceTarget', props.performanceTarget, 'metrics', 'a `PerformanceTarget`, such as `PerformanceTarget.cost()` returns');
      checkIsA('workload', props.workload, 'workloadConfigName', 'an `AIWorkloadConfig`');
      if (deletesPackages && !props.modelPackageGroup) {
        throw new Error('`packageRemovalPolicy` is DESTROY, so `modelPackageGroup` is required: the permission to delete packages is limited to its versions.');
      }
      warnOfTypes(job, 'instanceTypes', props.instanceTypes);
      const maxSeconds = checkMaxDuration(props.maxDuration?.toSeconds() ?? DEFAULT_SECONDS);
      const request = renderRecommendationJob(job, props);
      checkAiRequest(job, 'CreateAIRecommendationJobRequest', request, { usesDataset: workloadFacts.of(props.workload)?.usesDataset });
      const Preflight = checksOf(props, ['objects', 'role', 'quotas']);
      return {
        request,
        maxSeconds,
        checks: { Preflight, MaxCost: checkAiMaxCost(job, props.maxCost, request, maxSeconds) },
        facts: {
          objective: (GENERATIVE.targets as Readonly<Record<string, string>>)[props.performanceTarget.metrics[0]],
          tried: props.instanceTypes && triedOf(props.instanceTypes.map(({ value }) => value)),
          packagesArns: props.modelPackageGroup && versionsArns(props.modelPackageGroup),
          grantReadPackages: (grantee) => grantReadPackages(job, props, grantee),
        },
        tags: deletesPackages ? [{ Key: DELETE_PACKAGES_TAG, Value: 'true' }] : undefined,
        allowReading: (start) => {
          // Reason: tells jobs apart by the load that they send, and looks at it before a job starts.
          start.allow(['sagemaker:DescribeAIWorkloadConfig'], ...arnSpellings(props.workload.workloadConfigArn));
          return allowListing(start, request, props, Preflight);
        },
        makeRole: (scopes) => recommendationJobRole(job, props, scopes),
      };
    });
    if (props.modelPackageGroup) { useGroup(this, props.modelPackageGroup, 'registers'); }
    if (deletesPackages && this._resource) { allowDeletePackages(this, this._resource, versionsArns(props.modelPackageGroup!)); }
  }

  /**
   * Chooses one of the job's recommendations. You can add several to a job: each is a small resource of its own. Without an objective, the job's performance
   * target is the objective.
   *
   * @param id construct id of the recommendation, unique in the job
   * @param options objective, thresholds and the other rules of the choice
   * @returns the recommendation, whose fields are tokens
   */
  public addRecommendation(id: string, options: GenerativeRecommendationOptions = {}): GenerativeRecommendation {
    return new GenerativeRecommendation(this, id, { job: this, ...options });
  }
}

function triedOf(types: readonly string[]): TriedEndpoints {
  return { by: '`instanceTypes`', instanceTypes: types.some(Token.isUnresolved) ? undefined : types, hasServerless: false, isCertain: true };
}
