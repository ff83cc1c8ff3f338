import { createHash } from 'crypto';
import { Call, Region } from '../kernel';
import { Execution, Machine } from './execution';

/** A service whose operations a Task state may call by the SDK. */
export interface SdkService {
  /** As the names of its errors have it. */
  readonly title: string;
  readonly has: (operation: string) => boolean;
  readonly call: (operation: string, parameters: any, call: Call) => Promise<unknown>;
  /** Whether the service's model names an error: others have the name of the service's base exception. */
  readonly names: (operation: string, code: string) => boolean;
}

/** The state of Step Functions for an account in a Region. */
export class StepFunctionsState {
  /** By ARN. */
  public readonly machines = new Map<string, Machine>();
  /** By ARN. */
  public readonly executions = new Map<string, Execution>();
  /** By the name in the ARN of a task's resource. Services of higher floors add themselves. */
  public readonly sdk = new Map<string, SdkService>();
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
