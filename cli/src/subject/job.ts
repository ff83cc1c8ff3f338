import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Endpoint } from './endpoint';
import type { BenchmarkOutput } from '../../../lambda/jobs/ai-benchmarks/output';
import type { Figures, Job, JobFamily, JobRecommendation, JobRequest, JobResultsReader } from '../../../lambda/jobs/family';
import { withPrices } from '../../../lambda/recommend/decide';
import { withoutQueries } from '../../../lambda/runtime/errors';
import { Tags, tagsOf } from '../../../lambda/runtime/tags';
import { kindOf } from '../../../src/contract/kinds';
import { isNonTerminal, JobPhase } from '../../../src/service/job-status';
import type { RecommendationKind } from '../../../src/service/recommendation-kinds';
import type { ShapeTable } from '../../../src/service/shapes';
import type { Account } from '../account/account';
import { isDenied } from '../account/sentences';

export { JOBS_TELEMETRY as LOG_GROUP } from '../../../src/service/console-link';

/** A job of any family, with all that the service tells of it. What recommends without a job counts as one of its model's name. */
export interface JobView {
  /** One of `src/contract/families.ts`. */
  readonly family: string;
  /** What its recommendations are compared and told by. */
  readonly kind: RecommendationKind;
  /** What its name follows in a sentence: `job`, or `model`. */
  readonly noun: string;
  /** What people call it: `load test`, `generative recommendation`. */
  readonly title: string;
  readonly name: string;
  readonly arn: string;
  /** The service's own. Each family spells its statuses in its own way. */
  readonly status: string;
  readonly phase: JobPhase;
  /** Of a job of SageMaker Inference Recommender. */
  readonly type?: 'Default' | 'Advanced';
  readonly failureReason?: string;
  readonly created?: Date;
  /** When it ended, in whatever way. */
  readonly ended?: Date;
  /** Minutes that it may take at most. `undefined` if nothing says it. */
  readonly mostMinutes?: number;
  /** Whether it may go on for hours, so that nobody need look every few seconds. */
  readonly mayTakeHours: boolean;
  /** Whether nothing is billed for it. Then nobody need wait for it, either: a model may never get a recommendation. */
  readonly isFree?: boolean;
  readonly roleArn?: string;
  /** What it is of, in words: a package, a model, a place in S3, an endpoint and its workload. */
  readonly target?: string;
  /** The package or the model that it benchmarks. */
  readonly packageArn?: string;
  readonly modelName?: string;
  /** The endpoint that existed before the job: then it recommends nothing. */
  readonly endpointName?: string;
  /** The name of the workload configuration. */
  readonly workload?: string;
  /** What else people want to know of it, in words, such as what it is optimized for. */
  readonly details: readonly string[];
  /** Where its logs are. */
  readonly logs?: string;
  /** The address of what the console has of it. */
  readonly console?: string;
  /** The endpoints that it tries. Empty in a family whose jobs do not tell their parts. */
  readonly benchmarks: readonly Benchmark[];
  /** What it has measured of an endpoint. Absent in a family whose jobs recommend, and until it has completed. */
  readonly measured?: Measured;
  /** What it has cost at least, by the times of its requests. US dollars. */
  readonly usdAtLeast?: number;
  /** Empty until the job has completed. Of an environment, only what the job tuned. Costs that the service does not report follow from public prices. */
  readonly recommendations: readonly JobRecommendation[];
  /** The recommendations before they got costs: an app may have its own prices. Absent in a family that reports all costs. */
  readonly unpriced?: readonly JobRecommendation[];
  readonly tags: Readonly<Record<string, string>>;
  /** The members of its Create request, as the service describes them. They may have secrets in environments: no verb prints them as they are. */
  readonly request: JobRequest;
}

/** One of the endpoints that a job tries. */
export interface Benchmark {
  readonly endpoint: Endpoint;
  /** PENDING, IN_PROGRESS, COMPLETED, FAILED, STOPPING or STOPPED. */
  readonly status: string;
  readonly type: string;
  /** Of the endpoint's figures, what is known by now. NaN is unknown. */
  readonly figures: Figures;
  readonly failureReason?: string;
  readonly started?: Date;
  readonly ended?: Date;
  /** The log stream of the endpoint, in `LOG_GROUP`. */
  readonly logStream?: string;
}

/** What a job has measured, or why nothing can be read: one sentence. */
export type Measured = BenchmarkOutput;

/** Everything that the verbs know of one family. They read every job through this, and no verb asks which family it is. */
export interface JobViewer {
  /** The functions' own reader of the family. */
  readonly reader: JobResultsReader;
  readonly noun: string;
  /** What its ARNs have before its name. */
  readonly arnResource: string;
  /** The jobs whose names contain a text. Absent in a family without jobs. */
  readonly list?: JobFamily['list'];

  /** What the service describes. `undefined` if it does not know the job. */
  described(sagemaker: SageMakerClient, name: string): Promise<any>;
  /** As much of it as tells whether it is the newest attempt. */
  jobOf(found: any): Job;
  viewOf(found: any, account: Account): Promise<JobView>;
  /** Whether a command has printed an answer of this family. */
  isRecorded(answer: Readonly<Record<string, any>>): boolean;
  /** The job of such an answer. */
  recorded(answer: Readonly<Record<string, any>>, text: string, file: string): JobView;
}

type Told = Pick<JobView, 'title' | 'mayTakeHours' | 'request'> & Partial<JobView>;

/** What all families have in common, and what a family tells besides. */
export function viewOf({ reader, noun }: Pick<JobViewer, 'reader' | 'noun'>, job: Job, told: Told): JobView {
  const { name, arn, status, phase, failureReason, created, packageArn, modelName } = job;
  const unpriced = told.recommendations ?? [];
  const { recommendations } = withPrices(reader, {}, { arn, recommendations: unpriced });
  return {
    family: reader.name,
    kind: kindOf(reader.name),
    noun,
    name,
    arn,
    status,
    phase,
    failureReason: failureReason && withoutQueries(failureReason),
    created,
    packageArn,
    modelName,
    logs: job.logs ?? reader.logs?.(name),
    console: reader.link?.(job),
    benchmarks: [],
    details: [],
    tags: {},
    ...told,
    ended: isNonTerminal(phase) ? undefined : told.ended,
    recommendations,
    ...reader.priced && { unpriced },
  };
}

/** The members of a request in what the service describes of its job. */
export function requestIn(shapes: ShapeTable, shape: string, described: Readonly<Record<string, any>>): JobRequest {
  const members = Object.keys(shapes[shape].members!).filter((name) => name !== 'Tags' && described[name] !== undefined);
  return Object.fromEntries(members.map((name) => [name, described[name]]));
}

/** Without tags where the user may not read them: what they tell is lost, and the rest is not. */
export async function readableTags(sagemaker: SageMakerClient, arn: string): Promise<Tags> {
  try {
    return await tagsOf(sagemaker, arn);
  } catch (error) {
    if (isDenied(error)) { return {}; }
    throw error;
  }
}

/** A time of a file: ISO text, or seconds since 1970. The command prints either. */
export function moment(given: unknown): Date | undefined {
  const time = typeof given === 'number' ? given * 1000 : typeof given === 'string' ? Date.parse(given) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}
