import { IRoleRef } from 'aws-cdk-lib/aws-iam';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { IAIWorkloadConfig } from './workload-interface';
import { JobReuse } from '../job-reuse';
import { Wait } from '../wait';

/**
 * The performance that a generative recommendation job aims at. The API takes no threshold: a recommendation of this library has them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationPerformanceTarget.html
 * @example
 * const performanceTarget = PerformanceTarget.timeToFirstToken();
 */
export class PerformanceTarget {
  /** The time until the first token of a response: the shorter, the better. */
  public static timeToFirstToken(): PerformanceTarget {
    return new PerformanceTarget(['ttft-ms']);
  }

  /** The tokens that the endpoint generates in a second: the more, the better. */
  public static throughput(): PerformanceTarget {
    return new PerformanceTarget(['throughput']);
  }

  /** The cost: the lower, the better. */
  public static cost(): PerformanceTarget {
    return new PerformanceTarget(['cost']);
  }

  /**
   * Several metrics, or one that this version does not know.
   *
   * @param metrics names of metrics as the API has them, such as `ttft-ms`
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationConstraint.html
   */
  public static of(metrics: string[]): PerformanceTarget {
    return new PerformanceTarget(metrics);
  }

  private constructor(
    /** The metrics, as the API has them. */
    public readonly metrics: string[],
  ) {}
}

/**
 * The software that serves a generative model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationInferenceSpecification.html
 * @example
 * const framework = GenerativeFramework.VLLM;
 */
export class GenerativeFramework {
  /** Large Model Inference: AWS's containers with DJL Serving. */
  public static readonly LMI = GenerativeFramework.of('LMI');
  /** vLLM. */
  public static readonly VLLM = GenerativeFramework.of('VLLM');

  /**
   * A framework that has no constant.
   *
   * @param value name of the framework as the API has it
   */
  public static of(value: string): GenerativeFramework {
    return new GenerativeFramework(value);
  }

  private constructor(
    /** Name of the framework as the API has it. */
    public readonly value: string,
  ) {}
}

/**
 * Reserved capacity on which a job runs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AICapacityReservationConfig.html
 */
export interface GenerativeCapacityReservation {
  /**
   * ARNs of reservations, such as training plans.
   *
   * @default - the service chooses among those of the account
   */
  readonly reservationArns?: string[];
  /**
   * Whether the job runs on reserved capacity only.
   *
   * @default false
   */
  readonly onlyReserved?: boolean;
}

/**
 * Tracking of a job's results in an MLflow app of SageMaker.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-mlflow.html
 */
export interface MlflowTracking {
  /** ARN of the MLflow app, in the Region of the job. */
  readonly mlflowAppArn: string;
  /**
   * Name of the experiment. The service creates it if there is none.
   *
   * @default - the service's own
   */
  readonly experimentName?: string;
  /**
   * Name of the run under which the job's results are.
   *
   * @default - the service's own
   */
  readonly runName?: string;
}

/**
 * Checks that the start function makes before it starts a job of the generative family. All findings come at once, within seconds, and the job is not
 * started. Only what will certainly fail is a finding. What may not be looked at, or is not certain, is a line in the function's log, and the job starts.
 */
export interface AIBenchmarkPreflightOptions {
  /**
   * Whether the output bucket exists, and whether there is an object below the address of the model and of each adapter, where the job has any. The function
   * may list these prefixes.
   *
   * @default true
   */
  readonly objects?: boolean;
  /**
   * Whether the trust policy of the `role` that you pass is looked at: SageMaker must be allowed to assume the role.
   *
   * @default true
   */
  readonly role?: boolean;
}

/** Checks before a job that recommends for a generative model. */
export interface AIRecommendationPreflightOptions extends AIBenchmarkPreflightOptions {
  /**
   * Whether the quotas `<type> for endpoint usage` of the listed instance types are looked at. AWS's pages do not say whether a job counts against them, so a
   * quota of 0 is a line in the log and refuses nothing.
   *
   * @default true
   */
  readonly quotas?: boolean;
}

/** What jobs of the generative family have in common. */
export interface GenerativeJobOptions {
  /** The workload: the requests that the benchmarks send. Another workload runs, and bills, a new job. */
  readonly workload: IAIWorkloadConfig;
  /**
   * Bucket to which the job writes its results. Each job writes below a prefix of its own: `outputPrefix`, and then the name of the job. Nothing of this
   * library deletes what is there. Changing it starts no new job.
   */
  readonly outputBucket: IBucketRef;
  /**
   * What the keys of the results begin with. Changing it starts no new job.
   *
   * @default - the construct's path
   */
  readonly outputPrefix?: string;
  /**
   * Tracking of the results in MLflow. Changing it starts no new job.
   *
   * @default - none
   */
  readonly mlflow?: MlflowTracking;
  /**
   * The role that the service assumes for the job. Changing it starts no new job.
   *
   * @default - a new role with the permissions that the job's inputs need
   */
  readonly role?: IRoleRef;
  /**
   * Whether the deploy waits for the job. Changing it starts no new job.
   *
   * @default Wait.forCompletion()
   */
  readonly wait?: Wait;
  /**
   * How far the job is found again, so that the same benchmark is not paid for twice. A model, an adapter and a dataset count by the objects below their
   * addresses, as far as the start function may list them. If something cannot be told apart, such as an endpoint, only the same construct finds the job.
   *
   * @default JobReuse.STACK
   */
  readonly reuse?: JobReuse;
  /**
   * A value that you change to run the job again. A value that this stack has not used before runs, and bills, a new job.
   *
   * @default - the job runs again only if one of its inputs changes
   */
  readonly trigger?: string;
}
