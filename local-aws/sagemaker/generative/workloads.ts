import { TokenWorkload, tokenWorkload } from './workload-spec';
import { AIJob, WorkloadConfig } from '../state';

/** What a job keeps of its workload configuration, which may be deleted when it is over. */
export function workloadOf({ input }: WorkloadConfig): { readonly work: TokenWorkload; readonly workload: AIJob['workload'] } {
  const work = tokenWorkload(input);
  const channels: any[] = input.DatasetConfig?.InputDataConfig ?? [];
  const inputs = channels.flatMap(({ DataSource }) => DataSource.S3DataSource?.S3Uri ?? []);
  return { work, workload: { spec: work.spec, streaming: work.streaming, secrets: work.secrets, inputs } };
}
