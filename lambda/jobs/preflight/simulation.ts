import { Checked, finding, note, together } from './checked';

/** Actions on resources that a job's role needs. */
export interface Needed {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Whether a policy of the resource itself may allow them, which a simulation does not see. */
  readonly mayBeAllowedElsewhere?: boolean;
}

/** What IAM's simulation says of one action on one resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  /** `allowed`, `explicitDeny` or `implicitDeny`. */
  readonly decision: string;
  /** Whether a condition depends on a value that the simulation was not given. */
  readonly isConditional: boolean;
}

/**
 * Which of its permissions a role lacks.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export function permissionsOf(roleArn: string, { mayBeAllowedElsewhere }: Needed, decisions: readonly Decision[]): Checked {
  return together(decisions.filter(({ decision }) => decision !== 'allowed').map(({ action, resource, decision, isConditional }) => {
    const what = `${action} on ${resource}`;
    if (isConditional) { return note(`Whether the role ${roleArn} may do ${what} depends on conditions.`); }
    if (decision === 'explicitDeny') { return finding(`A policy denies ${what} to the role ${roleArn}: remove the denial`); }
    return mayBeAllowedElsewhere
      ? note(`No policy of the role ${roleArn} allows ${what}; a policy of the resource may.`)
      : finding(`The role ${roleArn} may not do ${what}: allow it in a policy of the role`);
  }));
}
