import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Deps } from '../runtime/deps';

/** What this function is given besides what every handler is. */
export interface ScalingDeps extends Deps {
  readonly autoScaling: Pick<ApplicationAutoScalingClient, 'send'>;
  readonly ssm: Pick<SSMClient, 'send'>;
}
