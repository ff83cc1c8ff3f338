import { App, Stack } from 'aws-cdk-lib';
import { BenchmarkTarget, InferenceRecommendationsJob, Objective } from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// One team benchmarks. Another team deploys the recommendation and shares nothing with this app but the parameter path.
const app = new App();
const stack = new Stack(app, 'Producer');
const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)) });
job.addRecommendation('Best', {
  // `cdk deploy -c objective=latency` recommends the fastest instance. This changes no endpoint, and no endpoint blocks the change.
  objective: app.node.tryGetContext('objective') === 'latency' ? Objective.lowestLatency() : Objective.lowestCostPerInference(),
  limits: { allowCompiledModels: false },
  parameterPath: '/ml/shop/recommendation',
});
