import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Deps } from '../runtime/deps';

/** What this function is given besides what every handler is. */
export interface ConcludeDeps extends Deps {
  readonly ssm: Pick<SSMClient, 'send'>;
}
