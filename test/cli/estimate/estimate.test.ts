import { writeFileSync } from 'fs';
import { App, CfnOutput, Duration, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { ModelRegistryBenchmark } from '../../../src';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, InferenceRecommendationsJob, InstanceType, JobType, Model, ModelPackage, ModelPackageGroup,
  RecommendedEndpoint, Variant,
} from '../../../src';
import * as library from '../../../src';
import { xgboost } from '../../harness/model-package';
import { quickStart } from '../../harness/quick-start';
import { data, estimated, scratch, synthesized } from './apps';

const US = { env: { account: '111111111111', region: 'us-east-1' } };
const HOURS = 730;

function packageIn(stack: Stack, types?: InstanceType[]): ModelPackage {
  return new ModelPackage(stack, 'Package', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group'),
    ...xgboost(library),
    ...types && { supportedRealtimeInferenceInstanceTypes: types },
  });
}

function loadTestOf(modelPackage: ModelPackage, stack: Stack, types: InstanceType[]): InferenceRecommendationsJob {
  return new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(modelPackage),
    jobType: JobType.loadTest({
      maxDuration: Duration.hours(1), candidates: types.map((type) => EndpointCandidate.instance(type)), maxParallelOfTests: 1,
      trafficPattern: library.TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
      stoppingConditions: { maxInvocations: 100, modelLatencyThresholds: [{ percentile: library.Percentile.P95, value: Duration.millis(100) }] },
    } as any),
  });
}

test('x', () => {
  expect([App, CfnOutput, Fn, NestedStack, Stage, writeFileSync, ModelRegistryBenchmark, Endpoint, EndpointConfig, Model, RecommendedEndpoint, Variant,
    quickStart, data, estimated, scratch, synthesized, US, HOURS, packageIn, loadTestOf]).toBeDefined();
});
