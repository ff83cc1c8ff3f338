import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { xgboost } from './model-package';
import * as library from '../../src';

const { BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, Model, ModelPackage, ModelPackageGroup, Variant } = library;

export const QUICK_START_STACK = 'Rehearsal';

/** What the quick start deploys. */
export function quickStart(app: App, name = QUICK_START_STACK): void {
  const stack = new Stack(app, name);
  const modelPackage = new ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    ...xgboost(library, { container: { dataInputConfig: '{"input":[1,10]}' } }),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
  const best = job.addRecommendation('Best');
  const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(new Model(stack, 'Model', { recommendation: best }), best)] });
  new Endpoint(stack, 'Endpoint', { endpointConfig: config });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
}
