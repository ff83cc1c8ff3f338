import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { exampleModelPackage } from './model-package';
import {
  AsyncInference, BenchmarkTarget, ContainerImage, DataCapture, Endpoint, EndpointAutoScaling, EndpointCandidate, EndpointConfig,
  InferenceRecommendationsJob, InferenceRecommendationsJobProps, InferenceRecommenderRuntime, InstanceType, IRecommendation, JobType, MlDomain,
  MlFramework, MlTask, Model, ModelContainer, ModelPackage, ModelPackageGroup, ModelRegistryBenchmark, Objective, Recommendation,
  RecommendationOptions, RecommendationReplica, RecommendedEndpoint, ReplicaRole, SamplePayload, ScalingTarget, TrafficPattern, Variant, Wait,
} from '../../../src';
import { QUICK_START } from '../../harness/model-package';
import { ACCOUNT, REGION } from '../../harness/place';

/** The stack that changes its form, and one before it that does not. */
export const SHOP = 'Shop';
export const PRODUCER = 'Producer';
/** Where the producer publishes. */
export const PUBLISHED = '/producer/best';

const WITHOUT_JOBS = 'cdk-sagemaker-inference-recommender:withoutJobs';

/** What every form of a stack has at hand. */
interface Shop {
  readonly stack: Stack;
  readonly modelPackage: ModelPackage;
  /** A recommendation of the other stack. */
  readonly foreign: Recommendation;
}

export interface Form {
  (shop: Shop): void;
  /** No job runs. */
  withoutJobs?: true;
}

const ENV = { account: ACCOUNT, region: REGION };
const FIXED = { instanceType: InstanceType.ML_M5_LARGE };
const TUNED = { OMP_NUM_THREADS: ['1', '2'] };
const UNCOMPILED = { limits: { allowCompiledModels: false } };

function loadTest(hours: number, environment?: { [name: string]: string[] }): JobType {
  return JobType.loadTest({
    endpointCandidates: [InstanceType.ML_C5_XLARGE, InstanceType.ML_C5_2XLARGE].map((type) => EndpointCandidate.instance(type, { environment })),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    maxDuration: Duration.hours(hours),
  });
}

const CONTAINER_CONFIG = {
  domain: MlDomain.MACHINE_LEARNING,
  task: MlTask.CLASSIFICATION,
  framework: MlFramework.XGBOOST,
  samplePayload: SamplePayload.fromAsset(`${QUICK_START}/payload`),
  supportedContentTypes: ['text/csv'],
};

function jobOf({ stack, modelPackage }: Shop, props: Partial<InferenceRecommendationsJobProps> = {}): InferenceRecommendationsJob {
  return new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), ...props });
}

/** A role that may do what a job or a model wants. */
function ownRole(stack: Stack): Role {
  return new Role(stack, 'OwnRole', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess')],
  });
}

function serve(stack: Stack, model: IModelRef): Endpoint {
  return new Endpoint(stack, 'Endpoint', {
    endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(model, FIXED)] }),
  });
}

/** A model that was there before. */
function sourceOf({ stack, modelPackage }: Shop): Model {
  return new Model(stack, 'Source', { modelPackage });
}

/** An endpoint of the model `Best`, of one recommendation or of none. */
const modelOf = (recommend: (shop: Shop) => IRecommendation): Form => (shop) => {
  serve(shop.stack, new Model(shop.stack, 'Best', { recommendation: recommend(shop) }));
};
const fixed = (more: object = {}) => ({ stack, modelPackage }: Shop) => Recommendation.fromAttributes(stack, 'Fixed', { modelPackage, ...FIXED, ...more });
const chosen = (props: Partial<InferenceRecommendationsJobProps> = {}, options: RecommendationOptions = {}) => (shop: Shop) => (
  jobOf(shop, props).addRecommendation('Best', { withoutJobs: FIXED, ...options }));
const withoutJobs = (form: Form): Form => Object.assign((shop: Shop) => form(shop), { withoutJobs: true } as const);

const MODELS: Readonly<Record<string, Form>> = {
  'of a package': ({ stack, modelPackage }) => { serve(stack, new Model(stack, 'Best', { modelPackage })); },
  'of containers': ({ stack }) => {
    serve(stack, new Model(stack, 'Best', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] }));
  },
  'of a package, with a role of one\'s own': ({ stack, modelPackage }) => { serve(stack, new Model(stack, 'Best', { modelPackage, role: ownRole(stack) })); },
  'of fixed figures': modelOf(fixed()),
  'of fixed figures and an environment': modelOf(fixed({ environment: { OMP_NUM_THREADS: '1' } })),
  'of a Default job': modelOf(chosen()),
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

const CONFIGS: Readonly<Record<string, Form>> = {
  'on instances': endpointOf(),
  'on larger instances': endpointOf(undefined, {}, InstanceType.ML_M5_XLARGE),
  'asynchronous': (shop) => endpointOf(undefined, { asyncInference: AsyncInference.toBucket(bucketOf(shop)) })(shop),
  'with data capture': (shop) => endpointOf(undefined, { dataCapture: DataCapture.toBucket(bucketOf(shop)) })(shop),
  'serverless': ({ stack, modelPackage }) => {
    const variant = Variant.serverless(new Model(stack, 'Model', { modelPackage }), { memorySize: Size.gibibytes(2), maxConcurrency: 5 });
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [variant] }) });
  },
  'of the recommended kind': ({ stack, modelPackage, foreign }) => {
    const variant = Variant.fromRecommendation(new Model(stack, 'Model', { modelPackage }), foreign);
    new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [variant] }) });
  },
};

function bucketOf({ stack }: Shop): Bucket {
  return new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
}

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

const GROUPS: Readonly<Record<string, Form>> = {
  'plain': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY }); },
  'described': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, description: 'Versions' }); },
  'described otherwise': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, description: 'Others' }); },
  'named': ({ stack }) => { new ModelPackageGroup(stack, 'Versions', { removalPolicy: RemovalPolicy.DESTROY, modelPackageGroupName: 'versions' }); },
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
  'RecommendedEndpoint': RECOMMENDED,
  'RecommendedEndpoint that scales': SCALED,
  'ModelRegistryBenchmark': REGISTRIES,
  'Runtime': RUNTIMES,
  'ModelPackageGroup': GROUPS,
  'Writer of a path': WRITERS,
};

/** An app whose shop has one form. */
export function shopOf(form: Form, { fails = false } = {}): (app: App) => void {
  return (app) => {
    const producer = new Stack(app, PRODUCER, { env: ENV });
    const job = new InferenceRecommendationsJob(producer, 'Job', { target: BenchmarkTarget.fromModelPackage(exampleModelPackage(producer)) });
    const foreign = job.addRecommendation('Best', { parameterPath: PUBLISHED });
    const stack = new Stack(app, SHOP, { env: ENV });
    if (form.withoutJobs) { stack.node.setContext(WITHOUT_JOBS, true); }
    const modelPackage = exampleModelPackage(stack);
    const shop = { stack, modelPackage, foreign };
    form(shop);
    if (fails) {
      const last = new CfnParameter(stack, 'Fails', { name: '/aws/reserved', type: 'String', value: 'refused' });
      stack.node.children.filter((child) => child !== last).forEach((child) => last.node.addDependency(child));
    }
  };
}
