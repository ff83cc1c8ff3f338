import { Annotations } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/** Adds a warning that a user can acknowledge by its id: `cdk-sagemaker-inference-recommender:<rule>`. */
export function warn(scope: IConstruct, rule: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-sagemaker-inference-recommender:${rule}`, message);
}
