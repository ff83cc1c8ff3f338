import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { aiBenchmarks } from '../../../lambda/jobs/ai-benchmarks/family';
import { aiBenchmarksReader } from '../../../lambda/jobs/ai-benchmarks/reader';
import { aiRecommendations } from '../../../lambda/jobs/ai-recommendations/family';
import type { JobFamily } from '../../../lambda/jobs/family';
import { inferenceRecommendationsStarter } from '../../../lambda/jobs/inference-recommendations/family';
import { LOG_GROUP } from '../subject/job';

/** What a diagnosis must know of a family of jobs besides what all verbs know. */
export interface DiagnosedFamily {
  /** Reads a request, and says what it needs. */
  readonly starter: Pick<JobFamily, 'name' | 'request' | 'needs'>;
  /** Where a job itself logs. Absent in a family of which the service does not say it. */
  readonly logs?: (sagemaker: SageMakerClient, jobName: string) => Promise<readonly LogPlace[]>;
}

/** Log streams: their group, and how their names begin. */
export type LogPlace = readonly [group: string, prefix: string];

/** The places in what a failed deploy says of a job: it stays where the job is deleted. */
export function logPlacesIn(text: string): LogPlace[] {
  return [...text.matchAll(/group (\/[\w./#-]+), stream ([\w./-]*[\w/-])/g)].map(([, group, stream]) => [group, stream]);
}

const FAMILIES: readonly DiagnosedFamily[] = [
  {
    starter: inferenceRecommendationsStarter,
    logs: (_sagemaker, jobName) => Promise.resolve([[LOG_GROUP, `${jobName}/CompilationJob/`], [LOG_GROUP, `${jobName}/execution`]]),
  },
  { starter: aiRecommendations },
  { starter: aiBenchmarks, logs: async (sagemaker, jobName) => logPlacesIn((await aiBenchmarksReader.describe(sagemaker, jobName))?.logs ?? '') },
];

/** `undefined` for what recommends without a job, and for a family of a newer version. */
export function diagnosedFamily(name: string | undefined): DiagnosedFamily | undefined {
  return FAMILIES.find(({ starter }) => starter.name === name);
}
