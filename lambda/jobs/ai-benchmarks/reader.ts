import {
  DeleteAIBenchmarkJobCommand, DescribeAIBenchmarkJobCommand, DescribeAIBenchmarkJobCommandOutput, StopAIBenchmarkJobCommand,
} from '@aws-sdk/client-sagemaker';
import { AI_BENCHMARKS } from '../../../src/contract/families';
import { AI_BENCHMARK_STATUSES } from '../../../src/service/job-status';
import type { SageMakerApi } from '../../runtime/deps';
import { AiJobReader, aiJobReader } from '../ai-jobs';
import type { Job } from '../family';

const reader = /* @__PURE__ */ aiJobReader({
  noun: 'AIBenchmarkJob',
  name: AI_BENCHMARKS,
  title: 'AI benchmark job',
  statuses: AI_BENCHMARK_STATUSES,
  commands: { describe: DescribeAIBenchmarkJobCommand, stop: StopAIBenchmarkJobCommand, delete: DeleteAIBenchmarkJobCommand },
});

/** Reads, stops and deletes jobs that benchmark an endpoint of a generative model. */
export const aiBenchmarksReader: AiJobReader = /* @__PURE__ */ Object.assign({}, reader, {
  jobOf,
  async describe(sagemaker: SageMakerApi, jobName: string): Promise<Job | undefined> {
    const found = await reader.described(sagemaker, jobName);
    return found && jobOf(found);
  },
});

/** The service says where it logs. */
function jobOf(found: DescribeAIBenchmarkJobCommandOutput): Job {
  return { ...reader.jobOf(found), logs: logsOf(found) };
}

/** `undefined` if the service says of no log. */
export function logsOf({ OutputConfig }: Pick<DescribeAIBenchmarkJobCommandOutput, 'OutputConfig'>): string | undefined {
  const logs = (OutputConfig?.CloudWatchLogs ?? []).flatMap(({ LogGroupArn, LogStreamName }) => {
    const group = LogGroupArn?.split(':log-group:')[1]?.replace(/:\*$/, '');
    return group === undefined ? [] : `group ${group}${LogStreamName === undefined ? '' : `, stream ${LogStreamName}`}`;
  });
  return logs.length > 0 ? logs.join('; ') : undefined;
}
