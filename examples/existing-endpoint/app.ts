import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, JobType, Model, Variant,
} from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// Is today's endpoint still the best? The job tries other instances and compares them with the existing endpoint.
const stack = new Stack(new App(), 'ExistingEndpoint');
const modelPackage = exampleModelPackage(stack);
const today = new Endpoint(stack, 'Today', {
  endpointConfig: new EndpointConfig(stack, 'TodayConfig', {
    variants: [Variant.onInstances(new Model(stack, 'TodayModel', { modelPackage }), { instanceType: InstanceType.ML_M5_LARGE })],
  }),
});
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage),
  jobType: JobType.instanceRecommendation(),
  existingEndpoints: [today],
});
const better = job.addRecommendation('Better');

new CfnOutput(stack, 'Better', { value: `${better.instanceType} serves ${better.maxInvocations} requests a minute` });
const results = job.addResults();
new CfnOutput(stack, 'TodayMaxInvocations', { value: results.existingEndpointMaxInvocations });
new CfnOutput(stack, 'TodayModelLatency', { value: results.existingEndpointModelLatency });
