/**
 * How far a job is found again, so that the same benchmark is not paid for twice.
 *
 * Content that cannot be told apart (an image tag without a known digest, an object in S3 that the start function may not read, a prefix) is never found
 * beyond the construct and the very package or model, whatever the value is. `docs/what-counts.md` of this library lists what counts, and what is not certain.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 * @example
 * new InferenceRecommendationsJob(this, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), reuse: JobReuse.ACCOUNT });
 */
export enum JobReuse {
  /** In stacks of the same name, of this account and Region: a stack that was rolled back or made again, and a construct under another name, find the job. */
  STACK = 'stack',
  /** In all stacks of the account and Region that have this value: also a construct that moves to another stack, and stages with the same model. */
  ACCOUNT = 'account',
  /** In the construct itself: only the same construct of the same stack finds the job. */
  CONSTRUCT = 'construct',
  /** Not at all: each change of the content, and each new stack, starts a job. A rollback still finds the job that it returns to. */
  NEVER = 'never',
}
