import { App, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import * as library from '../../src';
import { FORMS } from '../../test/e2e/apps/forms';
import { bucketOf, chosen, FIXED, Form, jobOf, networkIn, Shop, shopOf, sourceOf } from '../../test/e2e/apps/shop';
import { xgboost } from '../../test/harness/model-package';

const {
  AIBenchmarkJob, AIRecommendationJob, AIWorkloadConfig, BenchmarkTarget, ContainerImage, Endpoint, EndpointConfig, GenerativeModelSource,
  InferenceRecommendationsJob, InferenceRecommenderRuntime, InstanceType, InstantRecommendation, LoraAdapter, Model, ModelPackage,
  ModelPackageGroup, ModelRegistryBenchmark, PackageApproval, PerformanceTarget, RecommendationReplica, ValidationInput, Variant, Workload,
  WorkloadDataset,
} = library;

const TOKENS = { inputTokens: { mean: 550 }, outputTokens: { mean: 150 } };
const MLFLOW = { mlflowAppArn: 'arn:aws:sagemaker:us-east-1:111111111111:mlflow-app/app-1' };

const encrypted = ({ stack }: Shop, id = 'Encrypted') => new Bucket(stack, id, { encryption: BucketEncryption.KMS, encryptionKey: new Key(stack, `${id}Key`) });
const served = (shop: Shop) => new Endpoint(shop.stack, 'Endpoint', {
  endpointConfig: new EndpointConfig(shop.stack, 'Config', { variants: [Variant.onInstances(sourceOf(shop), FIXED)] }),
});

/** What no form of the lifecycle's tests has: keys, checks, alarms, networks, what is imported. */
const MORE: Readonly<Record<string, Form>> = {
  'keys and an existing endpoint of a job': (shop) => {
    const key = new Key(shop.stack, 'Key');
    jobOf(shop, {
      existingEndpoints: [served(shop)],
      preflight: { permissions: true },
      volumeEncryptionKey: key,
      outputEncryptionKey: key,
      compiledOutputBucket: bucketOf(shop),
      ...networkIn(shop),
    });
  },
  'a job on objects in buckets': (shop) => {
    const { stack } = shop;
    const modelPackage = new ModelPackage(stack, 'Stored', {
      ...xgboost(library, { bucket: encrypted(shop) }), modelPackageGroup: new ModelPackageGroup(stack, 'StoredGroup'), encryptionKey: new Key(stack, 'Key'),
    });
    new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) }).addRecommendation('Best', { publishMetrics: true, parameterPath: '/shop/best' });
  },
  // The check before a job reads the same objects, and says so first.
  'a job on objects that are not looked at before': (shop) => {
    const modelPackage = new ModelPackage(shop.stack, 'Stored', {
      ...xgboost(library, { bucket: bucketOf(shop) }), modelPackageGroup: new ModelPackageGroup(shop.stack, 'StoredGroup'),
    });
    new InferenceRecommendationsJob(shop.stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), preflight: { objects: false } });
  },
  'functions in a VPC': (shop) => {
    InferenceRecommenderRuntime.configure(shop.stack, networkIn(shop));
    jobOf(shop).addRecommendation('Best');
  },
  'an imported package with a key': (shop) => {
    const modelPackage = ModelPackage.fromModelPackageAttributes(shop.stack, 'Imported', {
      modelPackageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/models/1',
      encryptionKey: new Key(shop.stack, 'Key'),
      images: [ContainerImage.fromEcrRepository(new Repository(shop.stack, 'Repository'))],
    });
    new Model(shop.stack, 'Best', { modelPackage });
  },
  'a validated package': (shop) => {
    const [{ stack }, key] = [shop, new Key(shop.stack, 'Key')];
    new ModelPackage(stack, 'Validated', {
      ...xgboost(library),
      modelPackageGroup: new ModelPackageGroup(stack, 'ValidatedGroup'),
      supportedTransformInstanceTypes: [InstanceType.ML_M5_XLARGE],
      supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_M5_XLARGE],
      validation: {
        input: ValidationInput.fromBucketPrefix(encrypted(shop), 'rows/'),
        outputBucket: bucketOf(shop),
        instanceType: InstanceType.ML_M5_XLARGE,
        outputEncryptionKey: key,
        volumeEncryptionKey: key,
      },
    });
  },
  'an endpoint with alarms, an explainer and a key': (shop) => {
    const { stack } = shop;
    const metric = new Metric({ namespace: 'Shop', metricName: 'Errors', period: Duration.minutes(1) });
    new Endpoint(stack, 'Endpoint', {
      endpointConfig: new EndpointConfig(stack, 'Config', {
        variants: [Variant.onInstances(sourceOf(shop), FIXED)],
        explainer: { shap: { baselineUri: 's3://data/baseline.csv' } },
        dataCapture: library.DataCapture.toBucket(bucketOf(shop), { encryptionKey: new Key(stack, 'Key') }),
      }),
      rollbackAlarms: [new Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 })],
    });
  },
  'an imported job of which nothing is known': ({ stack }) => { InferenceRecommendationsJob.fromJobName(stack, 'Job', 'nightly').addRecommendation('Best'); },
  'an instant recommendation with a model that waits for it': (shop) => {
    const recommendation = new InstantRecommendation(shop.stack, 'Instant', { model: sourceOf(shop), parameterPath: '/shop/best' });
    new Model(shop.stack, 'Best', { recommendation });
  },
  'a replica in another account': (shop) => {
    const role = Role.fromRoleArn(shop.stack, 'Theirs', 'arn:aws:iam::222222222222:role/theirs');
    new RecommendationReplica(shop.stack, 'Replica', { recommendation: chosen()(shop), region: 'eu-west-1', role });
  },
  'a runtime with a key and logs': (shop) => {
    InferenceRecommenderRuntime.configure(shop.stack, { encryptionKey: new Key(shop.stack, 'Key'), stateMachineLogLevel: LogLevel.ERROR, stateMachineTracing: true });
    new ModelRegistryBenchmark(shop.stack, 'Benchmark', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(shop.stack, 'Watched', 'models'), fallback: FIXED, parameterPath: '/shop/registry',
    });
    jobOf(shop).onStateChange('Changed');
  },
  'a generative job with all it takes': (shop) => {
    const { stack } = shop;
    const [bucket, group] = [bucketOf(shop), new ModelPackageGroup(stack, 'Registered', { removalPolicy: RemovalPolicy.DESTROY })];
    const job = new AIRecommendationJob(stack, 'Job', {
      model: GenerativeModelSource.fromBucket(encrypted(shop, 'Models'), 'chat/'),
      adapters: [LoraAdapter.fromModelPackage('support', shop.modelPackage)],
      workload: new AIWorkloadConfig(stack, 'Chat', {
        workload: Workload.dataset({ dataset: WorkloadDataset.fromBucketPrefix(bucket, 'traffic/'), huggingFaceToken: new Secret(stack, 'Token', { encryptionKey: new Key(stack, 'TokenKey') }) }),
      }),
      performanceTarget: PerformanceTarget.timeToFirstToken(),
      instanceTypes: [InstanceType.ML_G6_12XLARGE],
      outputBucket: bucket,
      modelPackageGroup: group,
      packageRemovalPolicy: RemovalPolicy.DESTROY,
    });
    new Model(stack, 'Best', { recommendation: job.addRecommendation('Best', { approval: PackageApproval.byPerson() }) });
  },
  'a benchmark of inference components': (shop) => {
    const { stack } = shop;
    const endpoint = new Endpoint(stack, 'Endpoint', {
      endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.forInferenceComponents({ instanceType: InstanceType.ML_G5_12XLARGE })] }),
    });
    const component = new library.InferenceComponent(stack, 'Component', { endpoint, image: ContainerImage.fromRegistry('image'), accelerators: 1, minMemory: Size.gibibytes(16) });
    const job = new AIBenchmarkJob(stack, 'Job', {
      endpoint,
      inferenceComponents: [component],
      workload: new AIWorkloadConfig(stack, 'Chat', { workload: Workload.synthetic({ ...TOKENS, concurrency: 1 }) }),
      outputBucket: encrypted(shop),
      mlflow: MLFLOW,
    });
    job.addResults();
  },
};

/** Forms that together have each role and each statement: a test says when one is missing. */
const OF_LIFECYCLE: ReadonlyArray<readonly [construct: string, form: string]> = [
  ['RecommendedEndpoint that scales', 'of a package'],
  ['AIRecommendationJob', 'with a recommendation'],
  ['ModelRegistryBenchmark', 'with its role'],
  ['ModelRegistryBenchmark', 'with a role of one\'s own'],
  ['Job', 'with a role of one\'s own'],
  ['Job', 'with a replica'],
  ['Job', 'imported, and waited for'],
  ['Job', 'that deletes what it compiles'],
  ['Model', 'of a Default job, in a VPC'],
  ['Model', 'of a job on a model'],
  ['Model', 'of another stack'],
  ['EndpointConfig', 'asynchronous'],
  ['InferenceComponent', 'of a model'],
];

/** The apps of the review, synthesized. */
export function reviewedApps(outdir: () => string): App[] {
  const forms = [...OF_LIFECYCLE.map(([construct, form]) => FORMS[construct][form]), ...Object.values(MORE)];
  return forms.map((form) => {
    const app = new App({ analyticsReporting: false, outdir: outdir(), context: { 'aws:cdk:disable-asset-staging': true } });
    shopOf(form)(app);
    app.synth();
    return app;
  });
}
