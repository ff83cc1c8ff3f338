import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Duration, Size } from 'aws-cdk-lib';
import { exactly, Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, EndpointType, InferenceRecommendationsJob, InstanceType, JobType, Model,
  TrafficPattern, Variant,
} from 'cdk-sagemaker-inference-recommender';

// A load test of own traffic on instances and without servers. The best of each kind is deployed.
const integ = new Integ('InferenceRecommenderIntegLoadTest');
const stack = integ.stack();
const target = modelPackage(stack, { environment: { INTEG_OWN: 'kept', INTEG_TUNED: 'untuned' } });
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(target),
  jobType: JobType.loadTest({
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    endpointCandidates: [
      EndpointCandidate.instance(InstanceType.ML_C5_LARGE, { environment: { INTEG_TUNED: ['a', 'b'] } }),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 2 }),
    ],
    maxDuration: Duration.hours(1),
    maxInvocations: 1000,
  }),
});

const served = (id: string, endpointType: EndpointType) => {
  const recommendation = job.addRecommendation(id, { endpointType });
  const model = new Model(stack, `${id}Model`, { recommendation });
  const endpointConfig = new EndpointConfig(stack, `${id}Config`, { variants: [Variant.fromRecommendation(model, recommendation)] });
  return { model, endpointConfig, endpoint: new Endpoint(stack, `${id}Endpoint`, { endpointConfig }) };
};
const [onInstances, serverless] = [served('Instances', EndpointType.REAL_TIME), served('Serverless', EndpointType.SERVERLESS)];

integ.expect('LoadTestRoleSuffices', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: job.jobName },
  ExpectedResult.stringLikeRegexp('^COMPLETED$'), { path: 'Status' });
integ.expectText('EachCandidateIsABenchmark', stack, job.addResults().benchmarkStepCount, '3');
const described = { ModelName: onInstances.model.modelName };
integ.expect('TunedVariableIsDeployed', 'sagemaker', 'DescribeModel', described,
  ExpectedResult.stringLikeRegexp('^[ab]$'), { path: 'PrimaryContainer.Environment.INTEG_TUNED' });
integ.expect('OwnVariableIsKept', 'sagemaker', 'DescribeModel', described,
  ExpectedResult.stringLikeRegexp('^kept$'), { path: 'PrimaryContainer.Environment.INTEG_OWN' });
integ.expect('ServerlessMemoryIsANumber', 'sagemaker', 'DescribeEndpointConfig', { EndpointConfigName: serverless.endpointConfig.endpointConfigName },
  exactly(2048), { path: 'ProductionVariants.0.ServerlessConfig.MemorySizeInMB' });
integ.expectAnswer('TunedEndpointAnswers', onInstances.endpoint.endpointName);
integ.expectAnswer('ServerlessEndpointAnswers', serverless.endpoint.endpointName);

integ.synth();
