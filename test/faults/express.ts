import { Random } from './random';

/** Of so many operations, one is in express mode. */
const EXPRESS_EVERY = 5;

/** Whether an operation on a stack is in express mode, and how that is asked for: rollback is off there unless somebody asks for it. */
export class Express {
  private readonly random: Random;

  /** With numbers of its own, so that a seed's faults do not depend on modes. */
  constructor(random: Random) {
    this.random = random.aside();
  }

  /** Options of a CreateStack, given what it is to do on a failure. */
  public creation(OnFailure: string): Record<string, unknown> {
    if (!this.random.chance(1 / EXPRESS_EVERY)) { return { OnFailure }; }
    return this.random.pick([
      { DeploymentConfig: { Mode: 'EXPRESS' } },
      { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: false } },
      { DeploymentConfig: { Mode: 'EXPRESS' }, DisableRollback: false },
      { DeploymentConfig: { Mode: 'EXPRESS' }, OnFailure },
    ]);
  }

  /** Options of an UpdateStack. After a failure in express mode, it must be in that mode, too. */
  public update(DisableRollback: boolean, isFollowUp: boolean): Record<string, unknown> {
    if (!isFollowUp && !this.random.chance(1 / EXPRESS_EVERY)) { return { DisableRollback }; }
    return this.random.pick([
      { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback } },
      { DeploymentConfig: { Mode: 'EXPRESS' }, DisableRollback },
      ...DisableRollback ? [{ DeploymentConfig: { Mode: 'EXPRESS' } }] : [],
    ]);
  }
}
