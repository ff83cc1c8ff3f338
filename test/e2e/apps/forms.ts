import { join } from 'path';
import { Duration, RemovalPolicy, Size, Tags } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import {
  bucketOf, chosen, CONTAINER_CONFIG, FIXED, fixed, Form, jobOf, loadTest, modelOf, networkIn, ownRole, PUBLISHED, serve, Shop, sourceOf, TUNED,
  UNCOMPILED, withoutJobs,
} from './shop';
import {
  AIBenchmarkJob, AIRecommendationJob, AIRecommendationJobProps, AIWorkloadConfig, AsyncInference, BenchmarkTarget, ContainerImage, DataCapture,
  Endpoint, EndpointAutoScaling, EndpointConfig, GenerativeModelSource, InferenceComponent, InferenceComponentProps,
  InferenceRecommendationsJob, InferenceRecommenderRuntime, InstanceType, InstantRecommendation, IRecommendation,
  LatencyUnit, Model, ModelContainer, ModelData,
  ModelPackage, ModelPackageGroup, ModelPackageProps, ModelRegistryBenchmark, Objective, PackageApproval, PerformanceTarget, Recommendation,
  RecommendationDashboard, RecommendationDashboardOptions, RecommendationReplica, RecommendedEndpoint, RecommendedHosting,
  RecommendedHostingOptions, ReplicaRole, RequestTemplate,
  ScalingTarget, Variant, Wait, Workload, WorkloadDataset,
} from '../../../src';
import * as library from '../../../src';
import { xgboost } from '../../harness/model-package';

/** The forms' tests make it, and put a model into it. */
export const MODELS_BUCKET = 'generative-models';

/** A bucket of the account, with a model in it. */
const modelsOf = ({ stack }: Shop) => Bucket.fromBucketName(stack, 'Models', MODELS_BUCKET);

const benchmarked = (add: (job: AIBenchmarkJob) => void = () => {}, trigger?: string): Form => (shop) => {
  const { stack, modelPackage } = shop;
  const model = new Model(stack, 'Model', { modelPackage });
  const endpoint = new Endpoint(stack, 'Endpoint', {
    endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(model, { instanceType: InstanceType.ML_G5_XLARGE })] }),
  });
  add(new AIBenchmarkJob(stack, 'Job', { endpoint, workload: chatOf(shop), outputBucket: modelsOf(shop), trigger }));
};

const MODELS: Readonly<Record<string, Form>> = {
  'of a package': ({ stack, modelPackage }) => { serve(stack, new Model(stack, 'Best', { modelPackage })); },
  'of containers': ({ stack }) => {
    serve(stack, new Model(stack, 'Best', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] }));
  },
  'of two containers': ({ stack }) => {
    const containers = [1, 2].map(() => ModelContainer.fromImage(ContainerImage.fromRegistry('image')));
    serve(stack, new Model(stack, 'Best', { containers }));
  },
  'of a Default job, in a VPC': (shop) => {
    serve(shop.stack, new Model(shop.stack, 'Best', { recommendation: chosen()(shop), ...networkIn(shop) }));
  },
  'of a package, in a VPC': (shop) => {
    serve(shop.stack, new Model(shop.stack, 'Best', { modelPackage: shop.modelPackage, ...networkIn(shop) }));
  },
  'of a package, with a role of one\'s own': ({ stack, modelPackage }) => { serve(stack, new Model(stack, 'Best', { modelPackage, role: ownRole(stack) })); },
  'of fixed figures': modelOf(fixed()),
  'of fixed figures and an environment': modelOf(fixed({ environment: { OMP_NUM_THREADS: '1' } })),
  'of a Default job': modelOf(chosen()),
  'of a Default job, with instance pools': modelOf(chosen({}, { instancePools: 3 })),
  'of a load test that compiles nothing, with instance pools': modelOf(chosen({ jobType: loadTest(1, TUNED) }, { ...UNCOMPILED, instancePools: 2 })),
  'of a Default job, without jobs': withoutJobs(modelOf(chosen())),
  'of a Default job, with a package beside': (shop) => {
    const recommendation = chosen()(shop);
    serve(shop.stack, new Model(shop.stack, 'Best', { recommendation, modelPackage: shop.modelPackage }));
  },
  'of a load test': modelOf(chosen({ jobType: loadTest(1, TUNED) })),
  'of a load test that compiles nothing': modelOf(chosen({ jobType: loadTest(1, TUNED) }, UNCOMPILED)),
  'of a load test that compiles nothing, without jobs': withoutJobs(modelOf(chosen({ jobType: loadTest(1, TUNED) }, UNCOMPILED))),
  'of another stack': modelOf(({ foreign }) => foreign),
  'of parameters': modelOf(({ stack, modelPackage }) => Recommendation.fromSsmParameter(stack, 'Read', { parameterPath: PUBLISHED, modelPackage })),
  'of a job on a model': modelOf((shop) => chosen({ target: BenchmarkTarget.fromModel(sourceOf(shop)), containerConfig: CONTAINER_CONFIG })(shop)),
  'of fixed figures of a model': modelOf((shop) => Recommendation.fromAttributes(shop.stack, 'Fixed', { model: sourceOf(shop), ...FIXED })),
  'of an instant recommendation': modelOf((shop) => new InstantRecommendation(shop.stack, 'Instant', {
    model: sourceOf(shop), fallback: { instanceType: InstanceType.ML_M5_LARGE },
  })),
  'of fixed figures of a model, tuned': modelOf((shop) => Recommendation.fromAttributes(shop.stack, 'Fixed', {
    model: sourceOf(shop), ...FIXED, environment: { OMP_NUM_THREADS: '1' },
  })),
  'of a job in the background': modelOf(chosen({ wait: Wait.inBackground() }, { fallback: FIXED })),
};

const JOBS: Readonly<Record<string, Form>> = {
  'Default': (shop) => { chosen()(shop); },
  'without jobs': withoutJobs((shop) => { chosen()(shop); }),
  'a load test of an hour': (shop) => { chosen({ jobType: loadTest(1) })(shop); },
  'a load test of five hours': (shop) => { chosen({ jobType: loadTest(5) })(shop); },
  'with a role of one\'s own': (shop) => { chosen({ role: ownRole(shop.stack) })(shop); },
  'in the background': (shop) => { chosen({ wait: Wait.inBackground() }, { fallback: FIXED })(shop); },
  'with a listener and results': (shop) => {
    const job = jobOf(shop);
    job.addRecommendation('Best');
    job.addResults();
    job.onStateChange('Changed');
  },
  'that deletes what it compiles': (shop) => { chosen({ deleteCompilationJobs: true })(shop); },
  'on a model': (shop) => { chosen({ target: BenchmarkTarget.fromModel(sourceOf(shop)), containerConfig: CONTAINER_CONFIG })(shop); },
  'with a path': (shop) => { chosen({}, { parameterPath: '/shop/best' })(shop); },
  'imported': ({ stack, foreign, modelPackage }) => {
    InferenceRecommendationsJob.fromJobAttributes(stack, 'Job', { jobName: foreign.jobName, target: BenchmarkTarget.fromModelPackage(modelPackage) })
      .addRecommendation('Best');
  },
  'imported, and waited for': ({ stack, foreign, modelPackage }) => {
    InferenceRecommendationsJob.fromJobAttributes(stack, 'Job', {
      jobName: foreign.jobName, target: BenchmarkTarget.fromModelPackage(modelPackage), maxDuration: Duration.hours(3),
    }).addRecommendation('Best');
  },
  'with a replica': (shop) => {
    new RecommendationReplica(shop.stack, 'Replica', { recommendation: chosen()(shop), region: 'eu-west-1' });
    new ReplicaRole(shop.stack, 'OthersReplica', { sourceAccount: '222222222222', parameterPath: '/theirs/best' });
  },
};

const FIGURES = { minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(100) };

/** An endpoint of a package's model. */
const endpointOf = (
  add: (endpoint: Endpoint, shop: Shop) => void = () => {}, more: object = {}, instanceType = InstanceType.ML_M5_LARGE,
): Form => (shop) => {
  const model = new Model(shop.stack, 'Model', { modelPackage: shop.modelPackage });
  add(new Endpoint(shop.stack, 'Endpoint', {
    endpointConfig: new EndpointConfig(shop.stack, 'Config', { variants: [Variant.onInstances(model, { instanceType })], ...more }),
  }), shop);
};
const scaled = (id: string, figures: object): Form => endpointOf((endpoint, { stack }) => {
  new EndpointAutoScaling(stack, id, { endpoint, ...FIGURES, ...figures });
});

const SCALINGS: Readonly<Record<string, Form>> = {
  'none': endpointOf(),
  'by figures': scaled('Scaling', {}),
  'by other figures': scaled('Scaling', { maxCapacity: 5, target: ScalingTarget.concurrentRequestsPerModel(4) }),
  'by a recommendation': endpointOf((endpoint, { stack, foreign }) => {
    new EndpointAutoScaling(stack, 'Scaling', { endpoint, recommendation: foreign, maxCapacity: 3 });
  }),
  'by another construct': scaled('OtherScaling', { maxCapacity: 6 }),
};

/** A foreign configuration, hosted as recommended, and an endpoint of this library. */
function hosted({ stack, modelPackage }: Shop, recommendation: IRecommendation, options: RecommendedHostingOptions = {}): void {
  const { modelName } = new Model(stack, 'Model', { modelPackage });
  const endpointConfig = new CfnEndpointConfig(stack, 'Foreign', {
    productionVariants: [{ variantName: 'AllTraffic', modelName, initialVariantWeight: 1, instanceType: 'ml.t2.medium', initialInstanceCount: 1 }],
  });
  endpointConfig.with(new RecommendedHosting(recommendation, options));
  new Endpoint(stack, 'Endpoint', { endpointConfig });
}

const CONFIGS: Readonly<Record<string, Form>> = {
  'on instances': endpointOf(),
  'on larger instances': endpointOf(undefined, {}, InstanceType.ML_M5_XLARGE),
  'asynchronous': (shop) => endpointOf(undefined, { asyncInference: AsyncInference.toBucket(bucketOf(shop)) })(shop),
  'with data capture': (shop) => endpointOf(undefined, { dataCapture: DataCapture.toBucket(bucketOf(shop)) })(shop),
  'serverless': ({ stack, modelPackage }) => {
    const variant = Variant.serverless(new Model(stack, 'Model', { modelPackage }), { memorySize: Size.gibibytes(2), maxConcurrency: 5 });
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [variant] }) });
  },
  'foreign, and hosted as recommended': (shop) => { hosted(shop, shop.foreign); },
  'foreign, and hosted as fixed': (shop) => { hosted(shop, fixed()(shop)); },
  'foreign, with the recommended model': (shop) => {
    const recommendation = chosen()(shop);
    hosted(shop, recommendation, { model: new Model(shop.stack, 'Best', { recommendation }) });
  },
  'of the recommended kind': ({ stack, modelPackage, foreign }) => {
    const variant = Variant.fromRecommendation(new Model(stack, 'Model', { modelPackage }), foreign);
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [variant] }) });
  },
};

const SHARED = { accelerators: 1, minMemory: Size.gibibytes(16) };

/** A component of an endpoint with four accelerators. */
const componentOf = (
  props: (shop: Shop) => Partial<InferenceComponentProps>, add: (component: InferenceComponent, endpoint: Endpoint, shop: Shop) => void = () => {},
): Form => (shop) => {
  const variant = Variant.forInferenceComponents({ instanceType: InstanceType.ML_G5_12XLARGE });
  const endpoint = new Endpoint(shop.stack, 'Endpoint', { endpointConfig: new EndpointConfig(shop.stack, 'Config', { variants: [variant] }) });
  add(new InferenceComponent(shop.stack, 'Component', { endpoint, ...SHARED, ...props(shop) }), endpoint, shop);
};
const image = () => ({ image: ContainerImage.fromRegistry('image') });

const COMPONENTS: Readonly<Record<string, Form>> = {
  'of an image': componentOf(image),
  'of a model': componentOf(({ stack, modelPackage }) => ({ model: new Model(stack, 'Model', { modelPackage }) })),
  'of each type': componentOf(() => ({
    accelerators: undefined, minMemory: undefined, perInstanceType: [{ instanceType: InstanceType.ML_G5_12XLARGE, ...image(), ...SHARED }],
  })),
  'with more copies and an adapter': componentOf(() => ({ ...image(), copies: 2 }), (baseComponent, endpoint, shop) => {
    new InferenceComponent(shop.stack, 'Adapter', { endpoint, baseComponent, modelData: ModelData.fromBucket(bucketOf(shop), 'lora.tar.gz') });
  }),
  'that scales': componentOf(image, (component) => {
    component.scaleCopies({ minCopies: 1, maxCopies: 4 }).trackInvocationsPerCopy(60);
  }),
};

const recommended = (props: (shop: Shop) => object = () => ({})): Form => (shop) => {
  new RecommendedEndpoint(shop.stack, 'Served', { modelPackage: shop.modelPackage, withoutJobs: FIXED, ...props(shop) });
};

const RECOMMENDED: Readonly<Record<string, Form>> = {
  'of a package': recommended(),
  'of a package, without jobs': withoutJobs(recommended()),
  'of a load test': recommended(() => ({ jobType: loadTest(2, TUNED), ...UNCOMPILED })),
  'with a job of one\'s own': recommended((shop) => ({ job: jobOf(shop) })),
  'with a recommendation of one\'s own': recommended((shop) => ({ recommendation: fixed()(shop) })),
  'with another stack\'s recommendation': recommended(({ foreign }) => ({ recommendation: foreign })),
  'with a model of one\'s own': recommended(({ stack, modelPackage }) => ({ model: new Model(stack, 'OwnModel', { modelPackage }) })),
  'with a configuration of one\'s own': recommended((shop) => ({
    modelPackage: undefined,
    withoutJobs: undefined,
    endpointConfig: new EndpointConfig(shop.stack, 'OwnConfig', { variants: [Variant.onInstances(sourceOf(shop), FIXED)] }),
  })),
};

/** All of them scale: scaling that is removed together with a change of the instance type takes two deploys. */
const SCALED: Readonly<Record<string, Form>> = {
  'of a package': recommended(() => ({ autoScaling: { maxCapacity: 4 } })),
  'of a package, without jobs': withoutJobs(recommended(() => ({ autoScaling: FIGURES }))),
  'with a job of one\'s own': recommended((shop) => ({ job: jobOf(shop), autoScaling: { maxCapacity: 4 } })),
  'with a recommendation of one\'s own': recommended((shop) => ({ recommendation: fixed()(shop), autoScaling: FIGURES })),
};

/** A dashboard of an endpoint of fixed type, whatever its recommendation says. */
const dashboard = (
  recommendationOf: (shop: Shop) => IRecommendation, options: RecommendationDashboardOptions = {}, more: (shop: Shop) => object = () => ({}),
): Form => (shop) => (
  endpointOf((endpoint) => {
    new RecommendationDashboard(shop.stack, 'Dashboard', { recommendation: recommendationOf(shop), endpoint, ...options });
  }, more(shop))(shop));
const MILLISECONDS = { latencyUnit: LatencyUnit.MILLISECONDS };

const DASHBOARDS: Readonly<Record<string, Form>> = {
  'of a job': dashboard(chosen(), MILLISECONDS),
  'of a job, without a unit': dashboard(chosen()),
  'of a job, with another factor': dashboard(chosen(), { ...MILLISECONDS, factor: 3 }),
  'of a job, without jobs': withoutJobs(dashboard(chosen(), MILLISECONDS)),
  'of another stack': dashboard(({ foreign }) => foreign, MILLISECONDS),
  'of parameters': dashboard(({ stack }) => Recommendation.fromSsmParameter(stack, 'Read', { parameterPath: PUBLISHED }), MILLISECONDS),
  'of fixed figures': dashboard(fixed(), MILLISECONDS),
  'of an asynchronous endpoint': dashboard(chosen(), MILLISECONDS, (shop) => ({ asyncInference: AsyncInference.toBucket(bucketOf(shop)) })),
  'none': endpointOf(),
};

const registry = (props: (shop: Shop) => object = () => ({})): Form => (shop) => {
  new ModelRegistryBenchmark(shop.stack, 'Benchmark', {
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(shop.stack, 'Watched', 'models'), fallback: FIXED, parameterPath: '/shop/registry', ...props(shop),
  });
};

const REGISTRIES: Readonly<Record<string, Form>> = {
  'with its role': registry(),
  'without jobs': withoutJobs(registry()),
  'with a role of one\'s own': registry(({ stack }) => ({ role: ownRole(stack) })),
  'that renews and adopts': registry(() => ({ renewEvery: Duration.days(30), adoptsResults: true })),
  'with a version before the first': registry(({ modelPackage }) => ({ initialModelPackage: modelPackage })),
};

/** A job in a stack whose runtime has these options. */
const configured = (options?: object): Form => (shop) => {
  if (options) { InferenceRecommenderRuntime.configure(shop.stack, options); }
  chosen({ wait: Wait.inBackground() }, { fallback: FIXED })(shop);
};

const RUNTIMES: Readonly<Record<string, Form>> = {
  'without options': configured(),
  'with other logs': configured({ logRetention: RetentionDays.ONE_YEAR }),
  'with traces': configured({ stateMachineTracing: true }),
  'with the machines\' logs': configured({ stateMachineLogLevel: LogLevel.ERROR }),
};

const PACKAGES: Readonly<Record<string, Form>> = Object.fromEntries(Object.entries<(shop: Shop) => object>({
  'a version': ({ stack }) => ({ modelPackageGroup: new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY }) }),
  'a described version': ({ stack }) => ({
    modelPackageGroup: new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY }), description: 'Described',
  }),
  'no version': () => ({
    modelPackageName: 'unversioned',
    supportedTransformInstanceTypes: [InstanceType.ML_M5_LARGE],
    supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_M5_LARGE],
  }),
}).map(([name, props]) => [name, (shop: Shop) => {
  new ModelPackage(shop.stack, 'Own', { ...xgboost(library), removalPolicy: RemovalPolicy.DESTROY, ...props(shop) } as ModelPackageProps);
}]));

const GROUPS: Readonly<Record<string, Form>> = {
  'plain': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY }); },
  'described': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, description: 'Versions' }); },
  'described otherwise': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, description: 'Others' }); },
  'named': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, modelPackageGroupName: 'versions' }); },
};

const TOKENS = { inputTokens: { mean: 550 }, outputTokens: { mean: 150 } };
const workload = (props: (shop: Shop) => Workload): Form => (shop) => { new AIWorkloadConfig(shop.stack, 'Workload', { workload: props(shop) }); };

const WORKLOADS: Readonly<Record<string, Form>> = {
  'synthetic': workload(() => Workload.synthetic(TOKENS)),
  'synthetic, with other traffic': workload(() => Workload.synthetic({ ...TOKENS, concurrency: 10 })),
  'tagged': (shop) => {
    const config = new AIWorkloadConfig(shop.stack, 'Workload', { workload: Workload.synthetic(TOKENS) });
    Tags.of(config).add('team', 'search');
  },
  'of a dataset': workload((shop) => Workload.dataset({ dataset: WorkloadDataset.fromBucketPrefix(bucketOf(shop), 'traffic/') })),
  'of a template': workload(() => Workload.template({ ...TOKENS, template: RequestTemplate.fromAsset(join(__dirname, 'request.jinja')) })),
  'named': ({ stack }) => { new AIWorkloadConfig(stack, 'Workload', { workload: Workload.synthetic(TOKENS), workloadConfigName: 'chat' }); },
};

const chatOf = ({ stack }: Shop, concurrency = 10) => new AIWorkloadConfig(stack, 'Chat', { workload: Workload.synthetic({ ...TOKENS, concurrency }) });
const generative = (
  more: (shop: Shop) => Partial<AIRecommendationJobProps> = () => ({}), concurrency?: number,
) => (shop: Shop): AIRecommendationJob => {
  const bucket = modelsOf(shop);
  return new AIRecommendationJob(shop.stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload: chatOf(shop, concurrency),
    performanceTarget: PerformanceTarget.timeToFirstToken(),
    instanceTypes: [InstanceType.ML_G6_12XLARGE],
    outputBucket: bucket,
    ...more(shop),
  });
};

const GENERATIVE_JOBS: Readonly<Record<string, Form>> = {
  'plain': generative(),
  'with another workload': generative(undefined, 20),
  'with another target': generative(() => ({ performanceTarget: PerformanceTarget.cost() })),
  'with a longer time': generative(() => ({ maxDuration: Duration.hours(9) })),
  'with a role of one\'s own': generative(({ stack }) => {
    const role = ownRole(stack);
    role.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    return { role };
  }),
  'without jobs': withoutJobs(generative()),
  'with a recommendation': (shop) => { generative()(shop).addRecommendation('Best', { approval: PackageApproval.byThisStack() }); },
  'without a job': (shop) => { chatOf(shop); },
};

const BENCHMARKS: Readonly<Record<string, Form>> = {
  'plain': benchmarked(),
  'with results': benchmarked((job) => { job.addResults(); }),
  'again': benchmarked(undefined, 'again'),
};

/** Who writes to one path of Parameter Store. */
const WRITERS: Readonly<Record<string, Form>> = {
  'a job': (shop) => { chosen({}, { parameterPath: '/shop/best' })(shop); },
  'a job, of another recommendation': (shop) => { jobOf(shop).addRecommendation('Other', { parameterPath: '/shop/best' }); },
  'a job, of another objective': (shop) => { chosen({}, { parameterPath: '/shop/best', objective: Objective.lowestLatency() })(shop); },
  'an endpoint\'s own job': recommended(() => ({ parameterPath: '/shop/best' })),
  'a registry\'s benchmark': registry(() => ({ parameterPath: '/shop/best' })),
};

/** Every form of each construct, with what is deployed beside it. */
export const FORMS: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  'Model': MODELS,
  'Job': JOBS,
  'EndpointConfig': CONFIGS,
  'EndpointAutoScaling': SCALINGS,
  'InferenceComponent': COMPONENTS,
  'RecommendedEndpoint': RECOMMENDED,
  'RecommendedEndpoint that scales': SCALED,
  'RecommendationDashboard': DASHBOARDS,
  'ModelRegistryBenchmark': REGISTRIES,
  'Runtime': RUNTIMES,
  'ModelPackage': PACKAGES,
  'ModelPackageGroup': GROUPS,
  'AIWorkloadConfig': WORKLOADS,
  'AIRecommendationJob': GENERATIVE_JOBS,
  'AIBenchmarkJob': BENCHMARKS,
  'Writer of a path': WRITERS,
};
