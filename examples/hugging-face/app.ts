import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointCandidate, EndpointConfig, FlatInvocations, InferenceRecommendationsJob, InstanceType, JobType,
  MlDomain, MlFramework, MlTask, Model, ModelPackage, ModelPackageGroup, Objective, SamplePayload, TrafficPattern, Variant,
} from 'cdk-sagemaker-inference-recommender';

// A model of Hugging Face, and a load test: your own traffic, on the endpoints that you choose, for up to five hours.
const stack = new Stack(new App(), 'HuggingFace');
const modelPackage = new ModelPackage(stack, 'ModelPackage', {
  modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
  domain: MlDomain.NATURAL_LANGUAGE_PROCESSING,
  task: MlTask.CLASSIFICATION,
  containers: [{
    image: ContainerImage.fromDlc(stack, 'huggingface-pytorch-inference', '2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04'),
    framework: MlFramework.PYTORCH,
    frameworkVersion: '2.1.0',
    // The container downloads the model when it starts. A network without the internet needs the files as `modelData` instead.
    environment: { HF_MODEL_ID: 'distilbert/distilbert-base-uncased-finetuned-sst-2-english', HF_TASK: 'text-classification' },
  }],
  samplePayload: SamplePayload.fromAsset(`${__dirname}/payload`),
  supportedContentTypes: ['application/json'],
  supportedResponseMimeTypes: ['application/json'],
  removalPolicy: RemovalPolicy.DESTROY,
});
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage),
  jobType: JobType.loadTest({
    maxDuration: Duration.hours(5),
    trafficPattern: TrafficPattern.phases([
      { initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) },
      { initialNumberOfUsers: 3, spawnRate: 1, duration: Duration.minutes(5) },
    ]),
    endpointCandidates: [
      EndpointCandidate.instance(InstanceType.ML_C5_XLARGE),
      // One benchmark for each value.
      EndpointCandidate.instance(InstanceType.ML_C5D_XLARGE, { environment: { OMP_NUM_THREADS: ['2', '4'] } }),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(4), maxConcurrency: 5 }),
    ],
    maxInvocations: 3000,
    flatInvocations: FlatInvocations.STOP,
  }),
});
const fastest = job.addRecommendation('Fastest', { objective: Objective.lowestLatency() });
const model = new Model(stack, 'Model', { recommendation: fastest });
const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, fastest)] });
const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig: config });

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'BenchmarkSteps', { value: job.addResults().benchmarkSteps });
