/**
 * The choice whether a deploy waits for a job.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 * @example
 * const background = new InferenceRecommendationsJob(this, 'Job', {
 *   target: BenchmarkTarget.fromModelPackage(modelPackage),
 *   wait: Wait.inBackground(),
 * });
 * background.addRecommendation('Best', { fallback: { instanceType: InstanceType.of('ml.m5.large') } });
 */
export class Wait {
  /** The deploy waits until the job is over, and then deploys what the job recommends. */
  public static forCompletion(): Wait {
    return new Wait(false);
  }

  /**
   * The deploy ends at once and the job goes on. When the job is over, the library writes its recommendations to Parameter Store and puts an event
   * for each one that changed. Until then a recommendation has the values that were written before. At first it has those of its fallback, so a
   * fallback is required.
   *
   * Deploy the endpoint in another stack, which reads the recommendation at each of its deploys. In the job's own stack, CloudFormation reads the
   * recommendation only when its own properties change. Until then that stack deploys the fallback, even after the job has completed.
   */
  public static inBackground(): Wait {
    return new Wait(true);
  }

  private constructor(
    /** @internal */
    public readonly _isInBackground: boolean,
  ) {}
}
