import { Aws, Fn } from 'aws-cdk-lib/core';

/** What `stackPrefix()` makes of a stack's id, in the template: the same at each deploy, another for each stack. */
export function stackPrefixToken(): string {
  const guid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.select(0, Fn.split('-', guid));
}

/**
 * Names of what the service makes for a stack's jobs: the job's name in front, or as in the published results `sm-epc-…` and `neo-…`.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export function namesMadeByService(): string[] {
  return [`${stackPrefixToken()}-*`, 'sm-epc-*', 'neo-*'];
}
