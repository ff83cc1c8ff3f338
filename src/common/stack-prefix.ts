import { Token } from 'aws-cdk-lib/core';

const GUID = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };

/** What `stackPrefix()` makes of a stack's id, in the template: the same at each deploy, another for each stack. */
const PREFIX = Token.asString({ 'Fn::Select': [0, { 'Fn::Split': ['-', GUID] }] });

export function stackPrefixToken(): string {
  return PREFIX;
}

/**
 * Names of what the service makes for a stack's jobs: the job's name in front, or as in the published results `sm-epc-…` and `neo-…`.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export function namesMadeByService(): string[] {
  return [`${PREFIX}-*`, 'sm-epc-*', 'neo-*'];
}
