import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointConfig, InferenceRecommendationsJob, JobType, MlDomain, MlFramework, MlTask, Model, ModelData,
  ModelPackage, ModelPackageGroup, Objective, SamplePayload, Variant,
} from 'cdk-sagemaker-inference-recommender';

const app = new App();
const stack = new Stack(app, 'QuickStart', { description: 'A model, benchmarked and deployed on the instance that the benchmark recommends' });

// `cdk deploy -c objective=latency` chooses the fastest instance instead. It starts no new job.
const objective = app.node.tryGetContext('objective') === 'latency' ? Objective.lowestLatency() : Objective.lowestCostPerInference();

const modelPackage = new ModelPackage(stack, 'ModelPackage', {
  modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
  domain: MlDomain.MACHINE_LEARNING,
  task: MlTask.CLASSIFICATION,
  containers: [{
    image: ContainerImage.fromRegistry('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1'),
    modelData: ModelData.fromAsset(`${__dirname}/model.tar.gz`),
    framework: MlFramework.XGBOOST,
    frameworkVersion: '1.3-1',
    dataInputConfig: '{"input":[1,10]}',
  }],
  samplePayload: SamplePayload.fromAsset(`${__dirname}/payload`),
  supportedContentTypes: ['text/csv'],
  supportedResponseMimeTypes: ['text/csv'],
  removalPolicy: RemovalPolicy.DESTROY,
});

const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage),
  jobType: JobType.instanceRecommendation(),
});

const best = job.addRecommendation('Best', { objective });
const model = new Model(stack, 'Model', { recommendation: best });
const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig: config });

new CfnOutput(stack, 'JobName', { value: best.jobName });
new CfnOutput(stack, 'RecommendationId', { value: best.recommendationId });
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
