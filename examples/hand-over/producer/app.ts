import { App, Stack } from 'aws-cdk-lib';
import { exampleModelPackage } from '../../common/model-package';
import { BenchmarkTarget, InferenceRecommendationsJob, Objective } from 'cdk-sagemaker-inference-recommender';

// One team benchmarks. Whoever deploys what is recommended shares nothing with this app but the path.
const app = new App();
const stack = new Stack(app, 'Producer');
const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)) });
job.addRecommendation('Best', {
  // `cdk deploy -c objective=latency` recommends the fastest: no endpoint changes by it, and none keeps it from changing.
  objective: app.node.tryGetContext('objective') === 'latency' ? Objective.lowestLatency() : Objective.lowestCostPerInference(),
  limits: { allowCompiledModels: false },
  parameterPath: '/ml/shop/recommendation',
});
