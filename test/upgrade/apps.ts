import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type * as library from '../../src';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

/** The library of this commit or of an earlier one. The app below uses only what both have. */
export type Library = typeof library;

/** What a user changes with the new version: another choice from the same jobs. */
export interface Choice {
  readonly objective?: 'latency';
}

export const MODELS_BUCKET = 'upgrade-models';
/** A group of somebody else, whose approvals are benchmarked. */
export const WATCHED_GROUP = 'watched';
/** In the order in which they are deployed. */
export const STACKS = ['Chat', 'Shop', 'Consumer'] as const;
/** Where the registry's recommendation is written. */
export const REGISTRY_PATH = '/upgrade/registry';

const ENV = { account: ACCOUNT, region: REGION };

/** An app with each main form: jobs that a deploy waits for, in the background and of a registry, cross-stack fields, a replica, generative and instant ones. */
export function buildApp(lib: Library, { objective }: Choice = {}): (app: App) => void {
  return (app) => {
    const best = shop(lib, new Stack(app, 'Shop', { env: ENV }), objective);
    const consumer = new Stack(app, 'Consumer', { env: ENV });
    serve(lib, consumer, new lib.Model(consumer, 'Model', { recommendation: best }), best);
    chat(lib, new Stack(app, 'Chat', { env: ENV }), objective);
  };
}

function shop(lib: Library, stack: Stack, objective: Choice['objective']): library.IRecommendation {
  lib.InferenceRecommenderRuntime.configure(stack, { stateMachineLogLevel: LogLevel.ERROR });
  const removalPolicy = RemovalPolicy.DESTROY;
  const modelPackage = new lib.ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new lib.ModelPackageGroup(stack, 'Group', { removalPolicy }), ...xgboost(lib), removalPolicy,
  });
  const fallback = { instanceType: lib.InstanceType.ML_M5_LARGE };
  const goal = objective && lib.Objective.lowestLatency();
  const served = new lib.RecommendedEndpoint(stack, 'Served', { modelPackage, objective: goal, parameterPath: '/upgrade/best', autoScaling: { maxCapacity: 4 } });
  served.addDashboard();
  new lib.RecommendationReplica(stack, 'Replica', { recommendation: served.recommendation!, region: 'eu-west-1' });

  const loadTest = new lib.InferenceRecommendationsJob(stack, 'LoadTest', {
    target: lib.BenchmarkTarget.fromModelPackage(modelPackage),
    jobType: lib.JobType.loadTest({
      endpointCandidates: ['ml.c5.xlarge', 'ml.c5.2xlarge'].map((type) => (
        lib.EndpointCandidate.instance(lib.InstanceType.of(type), { environment: { OMP_NUM_THREADS: ['1', '2'] } }))),
      trafficPattern: lib.TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
      maxDuration: Duration.hours(1),
    }),
  });
  loadTest.addResults();
  loadTest.onCompleted('Completed');
  const tested = loadTest.addRecommendation('Best', { objective: goal, limits: { allowCompiledModels: false } });
  const nativeModel = new lib.Model(stack, 'TestedModel', { recommendation: tested });
  serve(lib, stack, nativeModel, tested);

  const background = new lib.InferenceRecommendationsJob(stack, 'Background', {
    target: lib.BenchmarkTarget.fromModelPackage(modelPackage), trigger: 'background', wait: lib.Wait.inBackground(),
  });
  background.addRecommendation('Best', { objective: goal, fallback, parameterPath: '/upgrade/background' });

  new lib.InstantRecommendation(stack, 'Instant', { model: new lib.Model(stack, 'Source', { modelPackage }), fallback });
  new lib.ModelRegistryBenchmark(stack, 'Registry', {
    modelPackageGroup: lib.ModelPackageGroup.fromModelPackageGroupName(stack, 'Watched', WATCHED_GROUP),
    objective: goal,
    fallback,
    parameterPath: REGISTRY_PATH,
    limits: { allowCompiledModels: false },
  });
  return served.recommendation!;
}

function serve(lib: Library, stack: Stack, model: library.IModel, recommendation: library.IRecommendation): void {
  new lib.Endpoint(stack, 'Endpoint', {
    endpointConfig: new lib.EndpointConfig(stack, 'Config', { variants: [lib.Variant.fromRecommendation(model, recommendation)] }),
  });
}

function chat(lib: Library, stack: Stack, objective: Choice['objective']): void {
  const bucket = Bucket.fromBucketName(stack, 'Models', MODELS_BUCKET);
  const workload = new lib.AIWorkloadConfig(stack, 'Workload', {
    workload: lib.Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
  });
  const job = new lib.AIRecommendationJob(stack, 'Job', {
    model: lib.GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload,
    performanceTarget: lib.PerformanceTarget.cost(),
    instanceTypes: [lib.InstanceType.ML_G6_12XLARGE, lib.InstanceType.ML_G6E_12XLARGE],
    outputBucket: bucket,
    outputPrefix: 'recommendations/',
  });
  const recommendation = job.addRecommendation('Best', {
    objective: objective && lib.GenerativeObjective.lowestTimeToFirstToken(), approval: lib.PackageApproval.byThisStack(),
  });
  const { endpoint, inferenceComponent } = new lib.RecommendedEndpoint(stack, 'Served', { recommendation, inferenceComponent: {} });
  new lib.AIBenchmarkJob(stack, 'Measured', {
    endpoint, workload, inferenceComponents: [inferenceComponent!], outputBucket: bucket, outputPrefix: 'measured/',
  }).addResults();
}
