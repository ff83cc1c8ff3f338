import type { DescribeAIBenchmarkJobCommandOutput, DescribeAIRecommendationJobCommandOutput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { JobView, JobViewer, Measured, moment, readableTags, requestIn, viewOf } from './job';
import { withoutSecretValues } from './secret-values';
import { storedObjects } from './stored-objects';
import { aiBenchmarks } from '../../../lambda/jobs/ai-benchmarks/family';
import { benchmarkOutput, troubleOf } from '../../../lambda/jobs/ai-benchmarks/output';
import { aiBenchmarksReader } from '../../../lambda/jobs/ai-benchmarks/reader';
import { aiBenchmarksResults } from '../../../lambda/jobs/ai-benchmarks/results';
import type { AiJobReader } from '../../../lambda/jobs/ai-jobs';
import { aiRecommendations } from '../../../lambda/jobs/ai-recommendations/family';
import { aiRecommendationsReader } from '../../../lambda/jobs/ai-recommendations/reader';
import { recommendationsOf } from '../../../lambda/jobs/ai-recommendations/recommendations';
import { aiRecommendationsResults } from '../../../lambda/jobs/ai-recommendations/results';
import type { JobResultsReader } from '../../../lambda/jobs/family';
import { AI_JOB_NAMES, AiJobRequest } from '../../../src/service/ai-job-rules';
import { AI_JOB_SHAPES } from '../../../src/service/ai-shapes';
import type { Account } from '../account/account';
import { isOfCredentials } from '../account/sentences';

/** What tells the two families of the generative API apart. */
interface GenerativeJob {
  readonly reader: JobResultsReader;
  readonly jobs: AiJobReader;
  readonly list: JobViewer['list'];
  readonly shape: AiJobRequest;
  readonly arnResource: string;
  /** What a job tells besides what both have. */
  tell(found: any): Pick<JobView, 'title'> & Partial<JobView>;
  /** What it takes more calls to know. */
  more?(found: any, account: Account): Promise<Partial<JobView>>;
}

function viewerOf({ reader, jobs, list, shape, arnResource, tell, more }: GenerativeJob): JobViewer {
  const name = AI_JOB_NAMES[shape];
  const told = (found: any) => ({
    // Hours, by AWS's own page. Only the stack that has started it limits it.
    mayTakeHours: true,
    ended: found.EndTime,
    roleArn: found.RoleArn,
    workload: nameIn(found.AIWorkloadConfigIdentifier),
    request: requestIn(AI_JOB_SHAPES, shape, found),
    ...tell(found),
  });
  const noun = 'job';
  return {
    reader,
    noun,
    arnResource,
    list,
    described: (sagemaker: SageMakerClient, jobName) => jobs.described(sagemaker, jobName),
    jobOf: jobs.jobOf,
    async viewOf(found, account) {
      const job = jobs.jobOf(found);
      const [tags, others] = await Promise.all([readableTags(account.sagemaker, job.arn), more?.(found, account)]);
      return viewOf({ reader, noun }, job, { ...told(found), tags, ...others });
    },
    isRecorded: (answer) => answer[name] !== undefined,
    recorded(answer) {
      const times = Object.fromEntries(['CreationTime', 'StartTime', 'EndTime'].map((member) => [member, moment(answer[member])]));
      // People cut what names their account.
      const found = { [name.replace(/Name$/, 'Arn')]: '', ...answer, ...times };
      return viewOf({ reader, noun }, jobs.jobOf(found), told(found));
    },
  };
}

/** Shows jobs that optimize, benchmark and recommend for a generative model. */
export const aiRecommendationsViewer = /* @__PURE__ */ viewerOf({
  reader: aiRecommendationsResults,
  jobs: aiRecommendationsReader,
  list: aiRecommendations.list,
  shape: 'CreateAIRecommendationJobRequest',
  arnResource: 'ai-recommendation-job',
  tell(found: DescribeAIRecommendationJobCommandOutput) {
    const types = found.ComputeSpec?.InstanceTypes ?? [];
    const metrics = (found.PerformanceTarget?.Constraints ?? []).flatMap(({ Metric }) => Metric ?? []);
    const workload = nameIn(found.AIWorkloadConfigIdentifier);
    return {
      title: 'generative recommendation',
      target: `${found.ModelSource?.S3?.S3Uri ?? 'a model'}${workload === undefined ? '' : ` with workload ${workload}`}`,
      details: [
        ...metrics.length > 0 ? [`for ${metrics.join(' and ')}`] : [],
        types.length > 0 ? `on ${types.join(', ')}` : 'on types of the service\'s choice',
        ...found.OptimizeModel === false ? ['without optimization'] : [],
      ],
      recommendations: recommendationsOf(found).map(withoutSecretValues),
    };
  },
});

/** Shows jobs that benchmark an endpoint of a generative model. */
export const aiBenchmarksViewer = /* @__PURE__ */ viewerOf({
  reader: aiBenchmarksResults,
  jobs: aiBenchmarksReader,
  list: aiBenchmarks.list,
  shape: 'CreateAIBenchmarkJobRequest',
  arnResource: 'ai-benchmark-job',
  tell(found: DescribeAIBenchmarkJobCommandOutput) {
    const { Identifier, InferenceComponents = [] } = found.BenchmarkTarget?.Endpoint ?? {};
    const endpointName = nameIn(Identifier);
    const components = InferenceComponents.flatMap((one) => nameIn(one.Identifier) ?? []);
    const workload = nameIn(found.AIWorkloadConfigIdentifier);
    return {
      title: 'benchmark of an endpoint',
      endpointName,
      target: [
        `endpoint ${endpointName}`,
        ...components.length > 0 ? [`component${components.length === 1 ? '' : 's'} ${components.join(', ')}`] : [],
        ...workload === undefined ? [] : [`with workload ${workload}`],
      ].join(' '),
    };
  },
  more: async (found: DescribeAIBenchmarkJobCommandOutput, account) => ({ measured: await measuredBy(found, account) }),
});

/** A job that measured nothing that can be read says why. Its results are never another job's. */
async function measuredBy(found: DescribeAIBenchmarkJobCommandOutput, account: Account): Promise<Measured | undefined> {
  const location = found.OutputConfig?.S3OutputLocation;
  if (found.AIBenchmarkJobStatus !== 'Completed' || location === undefined) { return undefined; }
  const read = MEASURED.get(account) ?? new Map<string, Measured>();
  const known = read.get(found.AIBenchmarkJobArn!);
  if (known) { return known; }
  try {
    const measured = await benchmarkOutput(storedObjects(account.s3), { location, jobName: found.AIBenchmarkJobName! });
    // What a job has written stays: whoever watches reads it once.
    if ('runs' in measured) { MEASURED.set(account, read.set(found.AIBenchmarkJobArn!, measured)); }
    return measured;
  } catch (error) {
    const trouble = isOfCredentials(error) ? undefined : troubleOf(error, ` at ${location}`);
    if (trouble === undefined) { throw error; }
    return { trouble: `${trouble}.` };
  }
}

/** By the ARNs of the jobs. */
const MEASURED = new WeakMap<Account, Map<string, Measured>>();

/** An identifier is a name or an ARN. */
function nameIn(identifier: string | undefined): string | undefined {
  return identifier?.split('/').pop();
}
