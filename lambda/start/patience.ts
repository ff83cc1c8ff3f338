import type { Change, StartDeps } from './execution';
import type { SageMakerApi } from '../runtime/deps';
import { errorMessage, errorName, isThrottled, UserError } from '../runtime/errors';
import { OUTLAST_MS, PAUSE_MS, RESERVE_MS, RETRY_BUDGET_MS, retrying } from '../runtime/retry';
import { checkMakes, stackStatus } from '../runtime/stacks';

type PatienceDeps = Pick<StartDeps, 'sagemaker' | 'stacks' | 'clock' | 'log' | 'random'>;

/**
 * Many jobs of an account share a low rate of calls, so an event outlasts throttled calls for minutes. A Delete waits only for the retry budget of what came
 * before it: later than that, a job is started only while the stack still does what it did at the first throttled call.
 */
export class Patience {
  private readonly began: number;
  private status?: string;

  /** @param allowed commands that were allowed before in the same event */
  constructor(private readonly event: Pick<Change, 'StackId'> & { readonly RequestType: string }, private readonly deps: PatienceDeps, private readonly allowed: Set<unknown>) {
    this.began = deps.clock.now();
  }

  /** The client for all that starts nothing. */
  public client(): SageMakerApi {
    return this.retrying();
  }

  /** Starts a job with the client that it is given, and again if the start was throttled. */
  public async starting<T>(make: (sagemaker: SageMakerApi) => Promise<T>): Promise<T> {
    const { clock } = this.deps;
    for (;;) {
      const left = this.began + RETRY_BUDGET_MS - clock.now();
      const isLate = left < 0 && this.status !== undefined;
      if (isLate) { await this.checkWanted(); }
      try {
        return await make(this.retrying(isLate ? RETRY_BUDGET_MS : Math.max(0, left)));
      } catch (error) {
        if (!isThrottled(error) || this.status === undefined || clock.left() < OUTLAST_MS + RESERVE_MS) { throw error; }
        // A try has a budget of its own, so time must pass between two.
        await clock.sleep(PAUSE_MS);
      }
    }
  }

  private retrying(budgetMs?: number): SageMakerApi {
    const { sagemaker, clock, random } = this.deps;
    return retrying(sagemaker, clock, { allowed: this.allowed, random, budgetMs, onThrottled: () => this.look() });
  }

  /** A function that may not know its stack's status starts nothing late. */
  private async look(): Promise<void> {
    if (this.status !== undefined) { return; }
    try {
      this.status = await stackStatus(this.deps.stacks, this.event.StackId);
    } catch (error) {
      this.deps.log({ message: 'no stack status', error: errorName(error), reason: errorMessage(error) });
    }
  }

  private async checkWanted(): Promise<void> {
    const { event: { StackId, RequestType }, deps: { stacks, clock } } = this;
    const now = await stackStatus(retrying(stacks, clock), StackId);
    checkMakes(RequestType, now);
    if (now !== this.status) { throw new UserError(`SageMaker refused calls for minutes, and the stack is ${now} by now: no job was started.`); }
  }
}
