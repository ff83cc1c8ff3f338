import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AppName, OBJECTIVES } from './apps';
import type { Fault, Faults } from './faults';
import type { Foreign } from './foreign';
import type { HostileAws } from './hostile-aws';
import type { Violation } from './invariants';
import type { Random } from './random';
import type { StackLife } from './stack-life';
import type { JobFamily, JobResultsReader } from '../../lambda/jobs/family';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import { Region, World } from '../../local-aws';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import type { WorldOptions } from '../../local-aws/world';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, InferenceRecommendationsJob, InstanceType, IRecommendation, IRecommendationJob,
  JobReuse, JobType, Model, ModelPackage, ModelPackageGroup, Objective, Recommendation, TrafficPattern, Variant,
} from '../../src';
import * as library from '../../src';
import { JobPhase, RECOMMENDATIONS_JOB_STATUSES } from '../../src/service/job-status';
import { packageRequest, xgboost } from '../harness/model-package';

/** A job of the world, whatever its family. */
export interface WorldJob {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly phase: JobPhase;
  readonly roleArn: string;
  /** Instance types by the ids of its recommendations. */
  readonly recommended: ReadonlyMap<string, string | undefined>;
}

/** How a job goes. */
export interface Course {
  readonly seconds: number;
  readonly failureReason?: string;
  /** Whether the first of what would be recommended is left out. */
  readonly withoutFirst?: boolean;
}

/** How the jobs of a world go: those of people, by their description, run for days. */
export type CourseScript = (description: string | undefined) => Course;

/** What an app of the campaign is made of. */
export interface InApp {
  readonly app: AppName;
  /** Of the stack's parameters: what is benchmarked, and where its artifact is. */
  readonly content: string;
  readonly artifact: string;
}

/** What a job of the campaign's apps is given. */
export interface JobInApp {
  readonly trigger: string;
  readonly isLong?: boolean;
  /** @default - the library's */
  readonly reuse?: JobReuse;
}

/** How a job's recommendation is chosen. */
export interface ChoiceInApp {
  readonly objective: typeof OBJECTIVES[number];
  readonly parameterPath: string;
}

/** What one app of a family has. */
export interface AppOfFamily<J extends Construct = Construct> {
  /** A job as a construct: a long one has three stages or more. */
  readonly job: (id: string, props: JobInApp, choice?: ChoiceInApp) => J;
  /** Adds the recommendation `Best` to the job, or says which one it is, and hosts it. */
  readonly choose: (job: J, choice: ChoiceInApp) => { readonly jobName: string; readonly host: () => void };
}

/** What a request benchmarks: told from the request and the world, and not from a name of the library's. */
export interface Subject {
  /** The part of the request that counts, with the subject's name in it. */
  readonly named: string;
  /** The same without the subject's name, and the address of its artifact. Absent if nothing is known of it. */
  readonly told?: { readonly counted: string; readonly artifact: string };
  /** When the subject was made, if nothing else tells what it holds. */
  readonly created: string;
}

/** What the campaign must know of the family whose jobs it runs. Nothing else in it names a family. */
export interface CampaignFamily {
  /** Absent where nothing is started. */
  readonly jobs?: FamilyJobs;
  /** The family as all functions get it, if the library does not bundle its own. */
  readonly bundled?: ReadonlyArray<JobFamily & JobResultsReader>;
  /** What goes on in a world of the local AWS, if the family is one of its own. */
  readonly script?: (script: CourseScript, faults: Faults) => Pick<WorldOptions, 'benchmarks' | 'generative'>;
  /** Brings the family's service into a world, if it is not a part of the local AWS. */
  readonly install?: (world: World, region: Region, script: CourseScript) => void;
  /** Brings what is there before the stacks, and people who act when they are told of something. */
  readonly setUp?: (aws: HostileAws, random: Random) => Promise<void>;
  /** What goes wrong besides what goes wrong everywhere. */
  readonly faults?: readonly Fault[];
  /** What jobs benchmark, as constructs of an app's stack. */
  readonly inApp: (stack: Stack, given: InApp) => AppOfFamily<any>;
  /** Whether any change may replace a resource, and not only that of an endpoint. */
  readonly replaces?: boolean;
  /** What a person does about a failure, as its message says. */
  readonly tidy?: (aws: HostileAws, reason: string) => Promise<void>;
  /** What else is wrong at rest, or when everything is over. */
  readonly violations?: (aws: HostileAws, lives: readonly StackLife[], foreign: Foreign, isOver: boolean) => Violation[];
}

/** What the campaign must know of jobs. */
export interface FamilyJobs {
  readonly family: JobFamily;
  readonly operations: { readonly create: string; readonly stop: string; readonly delete?: string; readonly nameMember: string };
  readonly all: (region: Region) => WorldJob[];
  /** As the service may do with the records of old jobs. */
  readonly drop: (region: Region, jobName: string) => void;
  /** Makes what a person benchmarks, and says the request for it. */
  readonly foreign: (aws: HostileAws, roleArn: string) => Promise<Record<string, unknown>>;
  readonly subjectOf: (request: Readonly<Record<string, any>>, region: Region) => Subject;
  /** Whether jobs are told apart by the artifacts of what they benchmark. */
  readonly readsArtifacts?: boolean;
}

/** The jobs of the first family. */
const RECOMMENDATION_JOBS: FamilyJobs = {
  family: inferenceRecommendations,
  operations: { create: 'CreateInferenceRecommendationsJob', stop: 'StopInferenceRecommendationsJob', nameMember: 'JobName' },
  all: ({ sagemaker }) => [...sagemaker.state.jobs.values()].map(({ request, arn, status, steps }) => ({
    name: request.JobName,
    arn,
    status,
    phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(status),
    roleArn: request.RoleArn,
    recommended: new Map(steps.flatMap(({ recommendation: found }) => (
      found ? [[found.RecommendationId!, found.EndpointConfiguration?.InstanceType] as const] : []
    ))),
  })),
  drop: ({ sagemaker: { state } }, jobName) => {
    state.tags.delete(state.jobs.get(jobName)!.arn);
    state.jobs.delete(jobName);
  },
  foreign: async (aws, roleArn) => (
    { JobType: 'Default', RoleArn: roleArn, JobDescription: 'foreign', InputConfig: { ModelPackageVersionArn: await foreignPackage(aws) } }
  ),
  subjectOf: (request, region) => subjectOfPackage(inferenceRecommendations.counted(request), request.InputConfig?.ModelPackageVersionArn, region),
  readsArtifacts: true,
};

export const INFERENCE_RECOMMENDATION_JOBS: CampaignFamily & { readonly jobs: FamilyJobs } = {
  jobs: RECOMMENDATION_JOBS,
  script: (script) => ({
    benchmarks: (request, jobName, count) => {
      const { seconds, failureReason, withoutFirst } = script(request.JobDescription as string | undefined);
      if (request.JobDescription === 'foreign') { return { durationSeconds: seconds, recommendations: [] }; }
      const published = publishedBenchmarks(request, jobName, count);
      return failureReason !== undefined
        ? { ...published, durationSeconds: seconds, outcome: 'FAILED', failureReason, recommendations: [] }
        : { ...published, durationSeconds: seconds, recommendations: published.recommendations.slice(withoutFirst ? 1 : 0) };
    },
  }),
  inApp: (stack, given): AppOfFamily<InferenceRecommendationsJob> => {
    const modelPackage = packageIn(stack, given);
    return {
      job: (id, { trigger, isLong, reuse }) => new InferenceRecommendationsJob(stack, id, {
        target: BenchmarkTarget.fromModelPackage(modelPackage), trigger, reuse, jobType: isLong ? loadTest() : undefined,
      }),
      choose: (job, choice) => chosenFrom(stack, job, choice),
    };
  },
};

/** The model package that an app benchmarks. */
export function packageIn(stack: Stack, { content, artifact }: InApp): ModelPackage {
  const bucket = Bucket.fromBucketName(stack, 'Data', 'benchmark-data');
  return new ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    description: content,
    ...xgboost(library, { bucket, folder: artifact, container: { dataInputConfig: '{"input":[1,10]}' } }),
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** The recommendation of a job that tells latency and cost, and an endpoint of it. */
export function chosenFrom(stack: Stack, job: IRecommendationJob, { objective, parameterPath }: ChoiceInApp): ReturnType<AppOfFamily['choose']> {
  const best = new Recommendation(job as Construct & IRecommendationJob, 'Best', {
    job, objective: objective === 'latency' ? Objective.lowestLatency() : undefined, parameterPath,
  });
  return { jobName: best.jobName, host: () => host(stack, best) };
}

/** An endpoint on what a recommendation says. */
export function host(stack: Stack, best: IRecommendation): void {
  const model = new Model(stack, 'Model', { recommendation: best });
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  new Endpoint(stack, 'Endpoint', { endpointConfig });
}

/** A package of a person's, for jobs of a person's. */
export async function foreignPackage(aws: HostileAws): Promise<string> {
  return (await aws.sagemaker('CreateModelPackage', {
    ModelPackageName: 'foreign',
    ...packageRequest({
      specification: { SupportedTransformInstanceTypes: ['ml.m5.large'], SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'] },
    }),
  })).ModelPackageArn;
}

/** A package, which counts by its name or by what is in it. */
export function subjectOfPackage(counted: Readonly<Record<string, unknown>>, arn: string, { sagemaker: { state } }: Region): Subject {
  const found = [...state.packages.values()].find((one) => one.arn === arn);
  const named = JSON.stringify(counted);
  return {
    named,
    told: found && { counted: named.replace(arn, ''), artifact: found.description.InferenceSpecification.Containers[0].ModelDataUrl },
    created: String(found?.description.CreationTime),
  };
}

/** Of three stages. */
function loadTest(): JobType {
  return JobType.loadTest({
    endpointCandidates: [EndpointCandidate.instance(InstanceType.of('ml.c5.xlarge')), EndpointCandidate.instance(InstanceType.of('ml.c5.2xlarge'))],
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    maxDuration: Duration.minutes(75),
  });
}
