import { createHash } from 'crypto';
import { Definition } from './definition';
import { StateFailure } from './failure';
import { Region } from '../kernel';

const MAX_EVENTS = 25_000;

/** An event of an execution's history, with the details of its type. */
export interface HistoryEvent {
  readonly timestamp: Date;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
  readonly [details: string]: unknown;
}

/** A state machine. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly created: Date;
  definition: string;
  roleArn: string;
  revision: number;
  /** Of logging, tracing and encryption. */
  settings: Readonly<Record<string, unknown>>;
  readonly tags: Map<string, string>;
  /** Set after the machine's deletion was requested: its executions end at their next transition. */
  deleting?: true;
}

type Ending = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Ends an execution from outside: no catcher of the machine catches it. */
class Interruption extends Error {
  constructor(readonly status: 'TIMED_OUT' | 'ABORTED', readonly error?: string, readonly reason?: string) { super(status); }
}

/** One run of a state machine, under the clock. */
export class Execution {
  public readonly arn: string;
  public readonly startDate: Date;
  public readonly definition: Definition;
  public readonly roleArn: string;
  public readonly history: HistoryEvent[] = [];
  public status: 'RUNNING' | Ending = 'RUNNING';
  public stopDate?: Date;
  public output?: string;
  public error?: string;
  public cause?: string;
  /** Entered states and retries: the transitions that AWS charges for. */
  public transitions = 0;
  private interruption?: Interruption;
  private whenInterrupted?: (interruption: Interruption) => void;
  private randomState: number;

  constructor(readonly region: Region, readonly machine: Machine, readonly name: string, readonly input: string, readonly traceHeader?: string) {
    this.arn = region.arn('states', `execution:${machine.name}:${name}`);
    this.startDate = new Date(region.clock.now());
    // It was read with all its rules when the machine was made.
    this.definition = JSON.parse(machine.definition);
    this.roleArn = machine.roleArn;
    this.randomState = createHash('sha256').update(this.arn).digest().readUInt32BE();
  }

  /** Runs to the end as `interpret` goes through the states. The result is always an end of the execution and never an error. */
  public async run(interpret: (execution: Execution) => Promise<unknown>): Promise<void> {
    const { clock } = this.region;
    const { TimeoutSeconds } = this.definition;
    const cancel = TimeoutSeconds === undefined ? () => {} : clock.at(clock.now() + TimeoutSeconds * 1000, () => {
      this.interrupt(new Interruption('TIMED_OUT', 'States.Timeout'));
    });
    this.record('ExecutionStarted', { executionStartedEventDetails: { input: this.input, roleArn: this.roleArn } });
    try {
      this.output = JSON.stringify(await interpret(this));
      this.end('SUCCEEDED');
    } catch (error) {
      // An interrupted execution has its end already.
      const { error: name, reason } = error instanceof StateFailure ? error : { error: 'States.Runtime', reason: (error as Error).message };
      if (!(error instanceof Interruption)) { this.end('FAILED', name, reason); }
    } finally {
      cancel();
    }
  }

  /** Ends it as ABORTED, at once. */
  public abort(error?: string, cause?: string): void {
    this.interrupt(new Interruption('ABORTED', error, cause));
  }

  /** Counts a transition. An interrupted execution ends here. */
  public transit(): void {
    if (this.machine.deleting) { this.abort(); }
    if (this.interruption) { throw this.interruption; }
    if (this.history.length >= MAX_EVENTS) {
      throw new StateFailure('States.Runtime', `The execution reached the maximum number of history events (${MAX_EVENTS}).`);
    }
    this.transitions++;
  }

  public record(type: string, details: object = {}): void {
    const id = this.history.length + 1;
    this.history.push({ timestamp: new Date(this.region.clock.now()), type, id, previousEventId: id - 1, ...details });
  }

  /** Releases the clock until a moment. */
  public sleepUntil(moment: number): Promise<void> {
    return this.race((done) => [this.region.clock.at(moment, () => done(undefined))]);
  }

  /** Releases the clock while `work` runs, at most until one of the moments. The earliest moment fails with its own failure. */
  public attempt<T>(work: () => Promise<T>, limits: ReadonlyArray<{ moment: number; failure: StateFailure }>): Promise<T> {
    const { clock } = this.region;
    return this.race((done, fail) => {
      void clock.run(work).then(done, fail);
      return limits.map(({ moment, failure }) => clock.at(moment, () => fail(failure)));
    });
  }

  /** A number from 0 to 1 that depends only on the execution's ARN and on the number of earlier calls. */
  public random(): number {
    this.randomState = (Math.imul(this.randomState, 1_664_525) + 1_013_904_223) % 0x100000000;
    return (this.randomState + 0x100000000) % 0x100000000 / 0x100000000;
  }

  private race<T>(start: (done: (value: T) => void, fail: (error: Error) => void) => Array<() => void>): Promise<T> {
    if (this.interruption) { return Promise.reject(this.interruption); }
    return this.region.clock.wait<T>((done, fail) => {
      let cancels: Array<() => void> = [];
      const stop = () => cancels.forEach((cancel) => cancel());
      const failed = (error: Error) => {
        stop();
        fail(error);
      };
      this.whenInterrupted = failed;
      cancels = start((value) => {
        stop();
        done(value);
      }, failed);
    });
  }

  private interrupt(interruption: Interruption): void {
    if (this.status !== 'RUNNING') { return; }
    this.interruption ??= interruption;
    // Its remaining work no longer affects the result.
    this.end(interruption.status, interruption.error, interruption.reason);
    this.whenInterrupted?.(interruption);
  }

  private end(status: Ending, error?: string, cause?: string): void {
    if (this.status !== 'RUNNING') { return; }
    this.status = status;
    this.error = error;
    this.cause = cause;
    this.stopDate = new Date(this.region.clock.now());
    const type = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' }[status];
    this.record(`Execution${type}`, { [`execution${type}EventDetails`]: status === 'SUCCEEDED' ? { output: this.output } : { error, cause } });
  }
}
