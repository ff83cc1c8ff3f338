import { createHash } from 'crypto';
import { Execution, Machine } from './execution';
import { Region } from '../kernel';

/** The state of Step Functions for an account in a Region. */
export class StepFunctionsState {
  /** By ARN. */
  public readonly machines = new Map<string, Machine>();
  /** By ARN. */
  public readonly executions = new Map<string, Execution>();
  private names = 0;

  constructor(private readonly region: Region) {}

  /** A name for an execution without one. */
  public madeUpName(): string {
    const hex = createHash('sha256').update(`${this.region.account}/${this.region.name}/${++this.names}`).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** A machine that is being deleted is removed with its last execution. */
  public executionEnded(machine: Machine): void {
    const running = [...this.executions.values()].some((execution) => execution.machine === machine && execution.status === 'RUNNING');
    if (machine.deleting && !running) { this.machines.delete(machine.arn); }
  }
}
