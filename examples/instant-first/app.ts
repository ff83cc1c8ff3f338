import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, InstantRecommendation, Model, Objective, Variant, Wait,
} from 'cdk-sagemaker-inference-recommender';
import { exampleListener } from './listener';
import { exampleModelPackage } from './model-package';

// The endpoint serves after minutes, on what SageMaker recommends at once. Meanwhile a benchmark looks for something better.
const app = new App();
const benchmark = new Stack(app, 'InstantBenchmark');
const modelPackage = exampleModelPackage(benchmark);
const instant = new InstantRecommendation(benchmark, 'Instant', {
  model: new Model(benchmark, 'Model', { modelPackage }),
  // The service recommends nothing for some models.
  fallback: { instanceType: InstanceType.ML_M5_LARGE },
});
const job = new InferenceRecommendationsJob(benchmark, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage),
  wait: Wait.inBackground(),
});
const best = job.addRecommendation('Best', { objective: Objective.lowestLatency(), startFrom: instant });
const { target, logGroup } = exampleListener(benchmark, 'Listener');
best.onChange('Change', { target });
new CfnOutput(benchmark, 'EventLog', { value: logGroup.logGroupName });
new CfnOutput(benchmark, 'InstantType', { value: instant.instanceType });

// After the event, `cdk deploy InstantService` moves the endpoint to the benchmark's result.
const service = new Stack(app, 'InstantService');
const served = new Model(service, 'Model', { recommendation: best });
const config = new EndpointConfig(service, 'Config', { variants: [Variant.fromRecommendation(served, best)] });
new CfnOutput(service, 'EndpointName', { value: new Endpoint(service, 'Endpoint', { endpointConfig: config }).endpointName });
new CfnOutput(service, 'InstanceType', { value: best.instanceType });
