import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { exampleModelPackage } from './model-package';
import { BenchmarkTarget, CrossStackReference, InferenceRecommendationsJob, InstanceType, Objective, Recommendation, Wait } from '../../../src';

/** How a recommendation is made. */
export interface Settings {
  readonly objective?: 'latency';
  readonly reference?: CrossStackReference;
  /** @default - no path of its own */
  readonly parameterPath?: string;
  readonly wait?: Wait;
  readonly fallback?: InstanceType;
  readonly withoutJobs?: InstanceType;
}

export function recommend(stack: Stack, { objective, reference, parameterPath, wait, fallback, withoutJobs }: Settings): Recommendation {
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)), wait });
  return job.addRecommendation('Best', {
    objective: objective && Objective.lowestLatency(),
    limits: { allowCompiledModels: false },
    crossStackReference: reference,
    fallback: fallback && { instanceType: fallback },
    withoutJobs: withoutJobs && { instanceType: withoutJobs },
    parameterPath,
  });
}

/** A stack that only shows what is recommended: one without a resource is none to the CLI. */
export function show(stack: Stack, best: Recommendation): void {
  new CfnParameter(stack, 'Shown', { type: 'String', value: best.instanceType });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
}
