import type { DescribeAIBenchmarkJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { aiBenchmarksReader, logsOf } from './reader';
import type { AiBenchmarkAttribute } from '../../../src/contract/ai-benchmark';
import { asStrings } from '../../runtime/answer';
import type { SageMakerApi, SageMakerDeps } from '../../runtime/deps';
import type { JobResultsReader, JobWithRecommendations } from '../family';

/** Reads jobs that benchmark an endpoint, with their results. They recommend nothing. */
export const aiBenchmarksResults = {
  ...aiBenchmarksReader,

  async describe(sagemaker: SageMakerApi, jobName: string): Promise<JobWithRecommendations | undefined> {
    const job = await aiBenchmarksReader.describe(sagemaker, jobName);
    return job && { ...job, recommendations: [] };
  },

  async results({ sagemaker }: SageMakerDeps, jobName: string) {
    const found: DescribeAIBenchmarkJobCommandOutput = await aiBenchmarksReader.described(sagemaker, jobName);
    const attributes: Record<AiBenchmarkAttribute, string | undefined> = {
      JobName: found.AIBenchmarkJobName,
      JobArn: found.AIBenchmarkJobArn,
      Status: found.AIBenchmarkJobStatus,
      CreationTime: found.CreationTime?.toISOString(),
      StartTime: found.StartTime?.toISOString(),
      EndTime: found.EndTime?.toISOString(),
      OutputLocation: found.OutputConfig?.S3OutputLocation,
      Logs: logsOf(found),
    };
    return asStrings(attributes);
  },
} satisfies JobResultsReader;
