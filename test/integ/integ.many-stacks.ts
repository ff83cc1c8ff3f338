import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, JobReuse, Model, Variant,
} from 'cdk-sagemaker-inference-recommender';

// One stack benchmarks, another one serves, and a third one with the same content finds the job.
const integ = new Integ('InferenceRecommenderIntegStacks');
const packages = integ.stack('Package');
const target = BenchmarkTarget.fromModelPackage(modelPackage(packages));
const benchmark = (id: string) => {
  const stack = integ.stack(id);
  return new InferenceRecommendationsJob(stack, 'Job', {
    target, containerConfig: { supportedInstanceTypes: [InstanceType.ML_M5_LARGE] }, reuse: JobReuse.ACCOUNT,
  });
};
const produced = benchmark('Producer');
const best = produced.addRecommendation('Best', { limits: { allowCompiledModels: false } });
const consumer = integ.stack('Consumer');
const model = new Model(consumer, 'Model', { recommendation: best });
const endpointConfig = new EndpointConfig(consumer, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
const endpoint = new Endpoint(consumer, 'Endpoint', { endpointConfig });
const found = benchmark('Second');
found.stack.addDependency(produced.stack);

integ.expect('ConsumerServesTheRecommendation', 'sagemaker', 'DescribeEndpointConfig', { EndpointConfigName: endpointConfig.endpointConfigName },
  ExpectedResult.stringLikeRegexp('^ml\\.m5\\.large$'), { path: 'ProductionVariants.0.InstanceType' });
integ.expect('ConsumerIsInService', 'sagemaker', 'DescribeEndpoint', { EndpointName: endpoint.endpointName },
  ExpectedResult.stringLikeRegexp('^InService$'), { path: 'EndpointStatus' });
// The service's own ETags and digests told both contents as the same.
integ.expect('JobIsFoundByAnotherStack', 'sagemaker', 'DescribeInferenceRecommendationsJob', { JobName: found.jobName },
  ExpectedResult.stringLikeRegexp(`^${produced.jobName}$`), { path: 'JobName' });

integ.synth();
