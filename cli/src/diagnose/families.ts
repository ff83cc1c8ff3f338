import { aiBenchmarks } from '../../../lambda/jobs/ai-benchmarks/family';
import { aiRecommendations } from '../../../lambda/jobs/ai-recommendations/family';
import type { JobFamily } from '../../../lambda/jobs/family';
import { inferenceRecommendationsStarter } from '../../../lambda/jobs/inference-recommendations/family';
import { LOG_GROUP } from '../subject/job';

/** What a diagnosis must know of a family of jobs besides what all verbs know. */
export interface DiagnosedFamily {
  /** Reads a request, and says what it needs. */
  readonly starter: Pick<JobFamily, 'name' | 'request' | 'needs'>;
  /** The log streams of a job itself: their group, and how their names begin. */
  readonly logs: (jobName: string) => ReadonlyArray<readonly [group: string, prefix: string]>;
}

/** AWS runs the jobs of the generative family as training jobs, which have names of the job. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html */
const ofTraining: DiagnosedFamily['logs'] = (jobName) => [['/aws/sagemaker/TrainingJobs', jobName]];

const FAMILIES: readonly DiagnosedFamily[] = [
  { starter: inferenceRecommendationsStarter, logs: (jobName) => [[LOG_GROUP, `${jobName}/CompilationJob/`], [LOG_GROUP, `${jobName}/execution`]] },
  { starter: aiRecommendations, logs: ofTraining },
  { starter: aiBenchmarks, logs: ofTraining },
];

/** `undefined` for what recommends without a job, and for a family of a newer version. */
export function diagnosedFamily(name: string | undefined): DiagnosedFamily | undefined {
  return FAMILIES.find(({ starter }) => starter.name === name);
}
