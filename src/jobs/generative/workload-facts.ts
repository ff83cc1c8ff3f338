import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IAIWorkloadConfig } from './workload-interface';
import { Facts } from '../../common/facts';

/** What a workload of this library is, for the jobs that use it. */
export interface WorkloadFacts {
  /** What the service is told: `AIWorkloadConfigs` and `DatasetConfig`. It may have tokens. The name of a workload does not count for a job's identity. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Whether the requests are of a dataset in S3. */
  readonly usesDataset: boolean;
  /** Lets a job's role read the data and the secrets of the workload. */
  readonly grantUse: (grantee: IGrantable) => void;
}

/** An imported workload has none. */
export const workloadFacts = new Facts<IAIWorkloadConfig, WorkloadFacts>();

/** Lets a job's role read the data and the secrets of a workload. Of an imported workload they are unknown. */
export function grantWorkload(config: IAIWorkloadConfig, grantee: IGrantable): void {
  workloadFacts.of(config)?.grantUse(grantee);
}
