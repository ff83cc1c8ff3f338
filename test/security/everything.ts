import type { Stack } from 'aws-cdk-lib';
import { BenchmarkTarget, Endpoint, EndpointAutoScaling, EndpointConfig, Model, RecommendationReplica, Variant } from '../../src';
import { INFERENCE_RECOMMENDER } from '../../src/jobs/family';
import { Runtime } from '../../src/runtime/runtime';
import { ACCOUNT, jobIn, newStack, packageIn, REGION } from '../harness/constructs';

/** Where the recommendation is written. */
export const PATH = '/shop/best';

/** A stack in which every function and machine may do all that it ever may. */
export function everything(): Stack {
  const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)), deleteCompilationJobs: true });
  const recommendation = job.addRecommendation('Best', { parameterPath: PATH });
  const model = new Model(stack, 'Model', { recommendation });
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, recommendation)] });
  new EndpointAutoScaling(stack, 'Scaling', { endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig }), recommendation });
  new RecommendationReplica(stack, 'Replica', { recommendation, region: 'eu-west-1' });
  Runtime.of(stack).followMachineArn(INFERENCE_RECOMMENDER);
  return stack;
}
