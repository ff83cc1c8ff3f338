import type { Deps } from '../runtime/deps';
import type { Ssm } from '../runtime/parameters';

/** What this function is given besides what every handler is. */
export interface ReplicaDeps extends Omit<Deps, 'sagemaker'> {
  /** Parameter Store of this account and Region. */
  readonly ssm: Ssm;
  /** That of another Region: of this account or, where a role is given, of the role's. */
  readonly ssmOf: (region: string, roleArn?: string) => Promise<Ssm>;
}
