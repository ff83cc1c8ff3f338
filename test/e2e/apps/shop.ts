import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { exampleModelPackage } from './model-package';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InstanceType,
  IRecommendation, JobType, MlDomain, MlFramework, MlTask, Model, ModelPackage, Recommendation, RecommendationOptions, SamplePayload,
  TrafficPattern, Variant,
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
export interface Shop {
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
export const FIXED = { instanceType: InstanceType.ML_M5_LARGE };
export const TUNED = { OMP_NUM_THREADS: ['1', '2'] };
export const UNCOMPILED = { limits: { allowCompiledModels: false } };

export function loadTest(hours: number, environment?: { [name: string]: string[] }): JobType {
  return JobType.loadTest({
    endpointCandidates: [InstanceType.ML_C5_XLARGE, InstanceType.ML_C5_2XLARGE].map((type) => EndpointCandidate.instance(type, { environment })),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    maxDuration: Duration.hours(hours),
  });
}

export const CONTAINER_CONFIG = {
  domain: MlDomain.MACHINE_LEARNING,
  task: MlTask.CLASSIFICATION,
  framework: MlFramework.XGBOOST,
  samplePayload: SamplePayload.fromAsset(`${QUICK_START}/payload`),
  supportedContentTypes: ['text/csv'],
};

export function jobOf({ stack, modelPackage }: Shop, props: Partial<InferenceRecommendationsJobProps> = {}): InferenceRecommendationsJob {
  return new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), ...props });
}

/** A role that may do what a job or a model wants. */
export function ownRole(stack: Stack): Role {
  return new Role(stack, 'OwnRole', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess')],
  });
}

export function networkIn({ stack }: Shop) {
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-12345678', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-12345678'] }),
  };
}

export function serve(stack: Stack, model: IModelRef): Endpoint {
  return new Endpoint(stack, 'Endpoint', {
    endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(model, FIXED)] }),
  });
}

/** A model that was there before. */
export function sourceOf({ stack, modelPackage }: Shop): Model {
  return new Model(stack, 'Source', { modelPackage });
}

/** An endpoint of the model `Best`, of one recommendation or of none. */
export const modelOf = (recommend: (shop: Shop) => IRecommendation): Form => (shop) => {
  serve(shop.stack, new Model(shop.stack, 'Best', { recommendation: recommend(shop) }));
};
export const fixed = (more: object = {}) => ({ stack, modelPackage }: Shop) => Recommendation.fromAttributes(stack, 'Fixed', { modelPackage, ...FIXED, ...more });
export const chosen = (props: Partial<InferenceRecommendationsJobProps> = {}, options: RecommendationOptions = {}) => (shop: Shop) => (
  jobOf(shop, props).addRecommendation('Best', { withoutJobs: FIXED, ...options }));
export const withoutJobs = (form: Form): Form => Object.assign((shop: Shop) => form(shop), { withoutJobs: true } as const);

export function bucketOf({ stack }: Shop): Bucket {
  return new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
}

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
