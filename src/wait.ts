/** Whether a deploy waits for a job. */
export class Wait {
  /** The deploy goes on when the job is over: what is deployed behind it is what it recommends. */
  public static forCompletion(): Wait {
    return new Wait(false);
  }

  /**
   * The deploy ends at once and the job goes on. What it recommends is written to Parameter Store when it is over, for stacks that are deployed later, and
   * an event goes out. Until then each recommendation is what was written before or else its fallback, which it must have.
   */
  public static inBackground(): Wait {
    return new Wait(true);
  }

  private constructor(
    /** @internal */
    public readonly _isInBackground: boolean,
  ) {}
}
