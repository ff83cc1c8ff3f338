import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import {
  AIBenchmarkJob, AIRecommendationJob, AIRecommendationJobProps, AIWorkloadConfig, ContainerImage, Endpoint, EndpointConfig,
  GenerativeModelSource, GenerativeRecommendationOptions, IAIWorkloadConfig, InstanceType, InstantRecommendation, InstantRecommendationProps, Model,
  ModelContainer, ModelData, ModelPackageGroup, PackageApproval, PerformanceTarget, TokenStatistic, TokenThreshold, Variant, Workload,
} from '../../src';
import { InProcessRunner } from '../e2e/in-process-runner';
import { LocalApps, LocalAppsOptions } from '../e2e/local-apps';
import { ACCOUNT, REGION } from '../harness/place';

/** A value of a model's container that no verb may show. */
export const SECRET = 'a-value-of-the-container';
export const PRICES = { 'ml.g6.12xlarge': 6, 'ml.p5.48xlarge': 80 };

export const within = (ms: number) => ({ thresholds: [TokenThreshold.timeToFirstToken(Duration.millis(ms), TokenStatistic.P99)] });

const bucketOf = (stack: Stack) => stack.node.tryFindChild('Bucket') as IBucket | undefined ?? Bucket.fromBucketName(stack, 'Bucket', 'models');
const workloadOf = (stack: Stack) => new AIWorkloadConfig(stack, 'Workload', {
  workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
});
const modelOf = (stack: Stack, environment: Record<string, string> = {}) => new Model(stack, 'Model', {
  containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'), { modelData: ModelData.fromBucketPrefix(bucketOf(stack), 'chat/'), environment })],
});

type JobOptions = Partial<AIRecommendationJobProps>;

/** A job that recommends for a generative model, and a choice of it. */
export function chat(stack: Stack, options: GenerativeRecommendationOptions = {}, props: JobOptions = {}): AIRecommendationJob {
  const bucket = bucketOf(stack);
  const job = new AIRecommendationJob(stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload: workloadOf(stack),
    performanceTarget: PerformanceTarget.timeToFirstToken(),
    instanceTypes: [InstanceType.of('ml.g6.12xlarge'), InstanceType.of('ml.p5.48xlarge')],
    outputBucket: bucket,
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat'),
    maxDuration: Duration.hours(8),
    ...props,
  });
  job.addRecommendation('Best', { instancePrices: PRICES, approval: PackageApproval.byThisStack(), ...options });
  return job;
}

/** A job that benchmarks an endpoint. */
export function measured(stack: Stack, workload: IAIWorkloadConfig = workloadOf(stack)): void {
  const variants = [Variant.onInstances(modelOf(stack), { instanceType: InstanceType.ML_G6_12XLARGE })];
  new AIBenchmarkJob(stack, 'Job', {
    endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants }) }),
    workload,
    outputBucket: bucketOf(stack),
    outputPrefix: 'results',
  });
}

/** A model, and what SageMaker recommends with it. */
export function instant(stack: Stack, options: Partial<InstantRecommendationProps> = {}): void {
  new InstantRecommendation(stack, 'Instant', { model: modelOf(stack, { OWN: SECRET }), ...options });
}

export const inStack = (name: string, build: (stack: Stack) => unknown) => (app: App) => {
  build(new Stack(app, name, { env: { account: ACCOUNT, region: REGION } }));
};

/** A local AWS with a generative model in a bucket. */
export async function openWorld(options: LocalAppsOptions = {}): Promise<LocalApps> {
  const recommendations = [{ instanceType: 'ml.g5.xlarge', environment: { OWN: SECRET, WORKERS: '2', HF_TOKEN: SECRET } }, { instanceType: 'ml.m5.xlarge' }];
  const apps = await LocalApps.open({
    lambdaRunner: new InProcessRunner(), generative: { instant: () => ({ status: 'COMPLETED', recommendations }) }, ...options,
  });
  const { s3 } = apps.aws.world;
  s3.createBucket('models', ACCOUNT, REGION);
  s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'chat' });
  return apps;
}
