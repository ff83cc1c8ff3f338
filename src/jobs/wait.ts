/** Whether a deploy waits for a job. */
export class Wait {
  /** The deploy goes on when the job is over: what is deployed behind it is what it recommends. */
  public static forCompletion(): Wait {
    return new Wait(false);
  }

  /**
   * The deploy ends at once and the job goes on. What it recommends is written to Parameter Store when it is over, and an event goes out. Until then
   * each recommendation is what was written before or else its fallback, which it must have.
   *
   * Deploy from it in another stack, which reads it anew at each of its deploys. In its own stack, CloudFormation asks for it only when its own
   * properties change: until then, whatever the job found, the fallback is deployed there.
   */
  public static inBackground(): Wait {
    return new Wait(true);
  }

  private constructor(
    /** @internal */
    public readonly _isInBackground: boolean,
  ) {}
}
