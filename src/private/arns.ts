import { Aws } from 'aws-cdk-lib/core';

export const JOB = 'inference-recommendations-job';

/** Of this stack's own account and Region. */
export function sagemakerArn(resource: string, name: string): string {
  return `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}/${name}`;
}

/** Of a parameter whose name begins with a slash. */
export function parameterArn(name: string): string {
  return `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${name}`;
}
