import type { Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointAutoScaling, EndpointConfig, InstanceType, Model, ModelPackageGroup, ModelRegistryBenchmark,
  RecommendationReplica, Variant,
} from '../../src';
import { ACCOUNT, jobIn, newStack, packageIn, REGION } from '../harness/constructs';

/** Where the recommendation is written. */
export const PATH = '/shop/best';

/** The group whose approved versions are benchmarked, and where that is written. */
export const [REGISTERED, REGISTRY_PATH] = ['registered', '/ml/shop/registry'];

/** A stack in which every function and machine may do all that it ever may. */
export function everything(): Stack {
  const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)), deleteCompilationJobs: true });
  const recommendation = job.addRecommendation('Best', { parameterPath: PATH, publishMetrics: true });
  const model = new Model(stack, 'Model', { recommendation });
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, recommendation)] });
  new EndpointAutoScaling(stack, 'Scaling', { endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig }), recommendation });
  new RecommendationReplica(stack, 'Replica', { recommendation, region: 'eu-west-1' });
  new ModelRegistryBenchmark(stack, 'Benchmark', {
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Registered', REGISTERED),
    parameterPath: REGISTRY_PATH,
    fallback: { instanceType: InstanceType.ML_M5_LARGE },
  });
  return stack;
}
