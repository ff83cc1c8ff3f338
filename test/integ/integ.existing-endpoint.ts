import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Variant,
} from 'cdk-sagemaker-inference-recommender';

// An endpoint that serves, compared with another type by a default job.
const integ = new Integ('InferenceRecommenderIntegExisting');
const stack = integ.stack();
const target = modelPackage(stack);
const today = new Endpoint(stack, 'Today', {
  endpointConfig: new EndpointConfig(stack, 'TodayConfig', {
    variants: [Variant.onInstances(new Model(stack, 'TodayModel', { modelPackage: target }), { instanceType: InstanceType.ML_M5_LARGE })],
  }),
});
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(target),
  containerConfig: { supportedInstanceTypes: [InstanceType.ML_C5_LARGE] },
  existingEndpoints: [today],
});
const better = job.addRecommendation('Better');
const results = job.addResults();

integ.expect('DefaultJobTakesAnEndpoint', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: job.jobName },
  ExpectedResult.stringLikeRegexp('^COMPLETED$'), { path: 'Status' });
integ.expectText('ExistingEndpointIsMeasured', stack, results.existingEndpointMaxInvocations, '[1-9]\\d*');
integ.expectText('OtherTypeIsMeasured', stack, better.instanceType, 'ml\\.c5\\.large');

integ.synth();
