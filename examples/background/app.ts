import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Variant, Wait,
} from 'cdk-sagemaker-inference-recommender';
import { exampleListener } from './listener';
import { exampleModelPackage } from './model-package';

// The deploy ends in seconds and the benchmark continues. A log shows the events that follow; the same rules could start a pipeline.
const app = new App();
const benchmark = new Stack(app, 'BackgroundBenchmark');
const job = new InferenceRecommendationsJob(benchmark, 'Job', {
  target: BenchmarkTarget.fromModelPackage(exampleModelPackage(benchmark)),
  wait: Wait.inBackground(),
});
const best = job.addRecommendation('Best', {
  limits: { allowCompiledModels: false },
  // The endpoint runs on this until the first result arrives.
  fallback: { instanceType: InstanceType.ML_M5_LARGE },
});
const { target, logGroup } = exampleListener(benchmark, 'Listener');
job.onStateChange('StateChange', { target });
best.onChange('Change', { target });
new CfnOutput(benchmark, 'EventLog', { value: logGroup.logGroupName });

// After the job has ended, `cdk deploy BackgroundService` moves the endpoint to the result.
const service = new Stack(app, 'BackgroundService');
const model = new Model(service, 'Model', { recommendation: best });
const config = new EndpointConfig(service, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
new CfnOutput(service, 'EndpointName', { value: new Endpoint(service, 'Endpoint', { endpointConfig: config }).endpointName });
new CfnOutput(service, 'InstanceType', { value: best.instanceType });
