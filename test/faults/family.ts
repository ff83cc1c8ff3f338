import { Duration, Stack } from 'aws-cdk-lib';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import type { JobFamily, JobResultsReader } from '../../lambda/jobs/family';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import { Region, World } from '../../local-aws';
import { BenchmarkScript, publishedBenchmarks } from '../../local-aws/sagemaker';
import { BenchmarkTarget, EndpointCandidate, InferenceRecommendationsJob, InstanceType, IRecommendationJob, JobReuse, JobType, TrafficPattern } from '../../src';
import { JobPhase, RECOMMENDATIONS_JOB_STATUSES } from '../../src/service/job-status';

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

/** What a job of the campaign's apps is given. */
export interface JobInApp {
  readonly modelPackage: IModelPackageRef;
  readonly trigger: string;
  readonly isLong?: boolean;
  /** @default - the library's */
  readonly reuse?: JobReuse;
}

/** What the campaign must know of the family whose jobs it runs. Nothing else in it names a family. */
export interface CampaignFamily {
  readonly family: JobFamily;
  /** The family as all functions get it, if the library does not bundle its own. */
  readonly bundled?: ReadonlyArray<JobFamily & JobResultsReader>;
  readonly operations: { readonly create: string; readonly stop: string; readonly nameMember: string };
  /** The benchmarks of a world of the local AWS, if the family is one of its own. */
  readonly benchmarks?: (script: CourseScript) => BenchmarkScript;
  /** Brings the family's service into a world, if it is not a part of the local AWS. */
  readonly install?: (world: World, region: Region, script: CourseScript) => void;
  /** A job as a construct: a long one has three stages. */
  readonly job: (stack: Stack, id: string, props: JobInApp) => IRecommendationJob;
  readonly jobs: (region: Region) => WorldJob[];
  /** As the service may do with the records of old jobs. */
  readonly drop: (region: Region, jobName: string) => void;
  /** What a person would ask for. */
  readonly foreignRequest: (packageArn: string, roleArn: string) => Record<string, unknown>;
  /** The package that a request names. */
  readonly packageOf: (request: Readonly<Record<string, any>>) => string | undefined;
  /** The address of a package's artifact, if the family tells jobs apart by what they benchmark. */
  readonly artifactOf?: (description: Readonly<Record<string, any>>) => string;
}

export const INFERENCE_RECOMMENDATION_JOBS: CampaignFamily = {
  family: inferenceRecommendations,
  operations: { create: 'CreateInferenceRecommendationsJob', stop: 'StopInferenceRecommendationsJob', nameMember: 'JobName' },
  benchmarks: (script) => (request, jobName, count) => {
    const { seconds, failureReason, withoutFirst } = script(request.JobDescription as string | undefined);
    if (request.JobDescription === 'foreign') { return { durationSeconds: seconds, recommendations: [] }; }
    const published = publishedBenchmarks(request, jobName, count);
    return failureReason !== undefined
      ? { ...published, durationSeconds: seconds, outcome: 'FAILED', failureReason, recommendations: [] }
      : { ...published, durationSeconds: seconds, recommendations: published.recommendations.slice(withoutFirst ? 1 : 0) };
  },
  job: (stack, id, { modelPackage, trigger, isLong, reuse }) => new InferenceRecommendationsJob(stack, id, {
    target: BenchmarkTarget.fromModelPackage(modelPackage), trigger, reuse, jobType: isLong ? loadTest() : undefined,
  }),
  jobs: ({ sagemaker }) => [...sagemaker.state.jobs.values()].map(({ request, arn, status, steps }) => ({
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
  foreignRequest: (packageArn, roleArn) => ({
    JobType: 'Default', RoleArn: roleArn, JobDescription: 'foreign', InputConfig: { ModelPackageVersionArn: packageArn },
  }),
  packageOf: ({ InputConfig }) => InputConfig?.ModelPackageVersionArn,
  artifactOf: ({ InferenceSpecification }) => InferenceSpecification.Containers[0].ModelDataUrl,
};

/** Of three stages. */
function loadTest(): JobType {
  return JobType.loadTest({
    endpointCandidates: [EndpointCandidate.instance(InstanceType.of('ml.c5.xlarge')), EndpointCandidate.instance(InstanceType.of('ml.c5.2xlarge'))],
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    maxDuration: Duration.minutes(75),
  });
}
