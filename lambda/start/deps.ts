import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Deps, StepFunctionsApi } from '../runtime/deps';

/** What this function is given besides what every handler is. */
export interface StartDeps extends Deps {
  readonly stepFunctions: StepFunctionsApi;
  readonly stateMachineArn: string;
}

/** Any event but Delete. */
export type Change = Exclude<CloudFormationCustomResourceEvent, { RequestType: 'Delete' }>;
