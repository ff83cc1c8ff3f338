import { IResource } from 'aws-cdk-lib/core';

/** A configuration of a workload, of this library or imported. */
export interface IAIWorkloadConfig extends IResource {
  /**
   * ARN of the configuration.
   * @attribute
   */
  readonly workloadConfigArn: string;
  /**
   * Name of the configuration.
   * @attribute
   */
  readonly workloadConfigName: string;
}
