import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AIRecommendationJob, AIWorkloadConfig, GenerativeModelSource, InstanceType, PackageApproval, PerformanceTarget,
  RecommendedEndpoint, TokenStatistic, TokenThreshold, Workload,
} from 'cdk-sagemaker-inference-recommender';

// The cheapest way to host a chat model whose first token comes within 200 ms for 99 of 100 requests. README.md tells how to run it.
const app = new App();
const stack = new Stack(app, 'ChatModel');
const models = Bucket.fromBucketName(stack, 'Models', app.node.tryGetContext('bucket') ?? `chat-models-${stack.account}`);

const workload = new AIWorkloadConfig(stack, 'Workload', {
  workload: Workload.synthetic({
    inputTokens: { mean: 550, standardDeviation: 50 }, outputTokens: { mean: 150, standardDeviation: 20 }, concurrency: 8,
  }),
});
const job = new AIRecommendationJob(stack, 'Job', {
  model: GenerativeModelSource.fromBucket(models, 'llama-8b/'),
  workload,
  performanceTarget: PerformanceTarget.cost(),
  instanceTypes: [InstanceType.ML_G6_12XLARGE, InstanceType.ML_G6E_12XLARGE, InstanceType.ML_P5_48XLARGE],
  outputBucket: models,
  outputPrefix: 'recommendations/',
});

// Another limit chooses again from the same job, and starts no new job.
const limit = Duration.millis(Number(app.node.tryGetContext('firstTokenMs') ?? 200));
const chosen = job.addRecommendation('Chosen', {
  thresholds: [TokenThreshold.timeToFirstToken(limit, TokenStatistic.P99)],
  approval: PackageApproval.byThisStack(),
});

// As many copies as the job recommends share each instance. Only an inference component can say so.
const served = new RecommendedEndpoint(stack, 'Chat', { recommendation: chosen, inferenceComponent: {} });

new CfnOutput(stack, 'EndpointName', { value: served.endpoint.endpointName });
new CfnOutput(stack, 'ComponentName', { value: served.inferenceComponent!.inferenceComponentName });
new CfnOutput(stack, 'InstanceType', { value: chosen.instanceType });
new CfnOutput(stack, 'Why', { value: chosen.summary });
