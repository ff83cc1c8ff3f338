// The same app as app.py. A test compares what both synthesize.
import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, EndpointCandidate, FlatInvocations, InferenceRecommendationsJob, InstanceType, JobType, LatencyPercentile, ModelPackage,
  ModelPackageGroup, Objective, RecommendedEndpoint, TrafficPattern,
} from 'cdk-sagemaker-inference-recommender';

const stack = new Stack(new App(), 'LoadTest', {
  description: 'A version of a model registry under your own traffic, deployed on what serves the load at the lowest cost',
});
const modelPackage = ModelPackage.fromModelPackageVersion(stack, 'Version', ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'churn'), 3);
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(modelPackage),
  jobType: JobType.loadTest({
    maxDuration: Duration.hours(3),
    trafficPattern: TrafficPattern.phases([
      { initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) },
      { initialNumberOfUsers: 3, spawnRate: 1, duration: Duration.minutes(10) },
    ]),
    endpointCandidates: [
      EndpointCandidate.instance(InstanceType.of('ml.c5.2xlarge')),
      EndpointCandidate.instance(InstanceType.of('ml.c6i.2xlarge'), { environment: { OMP_NUM_THREADS: ['2', '4'] } }),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 }),
    ],
    modelLatencyThreshold: { percentile: LatencyPercentile.P95, value: Duration.millis(100) },
    flatInvocations: FlatInvocations.STOP,
  }),
});
const served = new RecommendedEndpoint(stack, 'Served', {
  modelPackage,
  job,
  objective: Objective.lowestCostPerHour(),
  targetLoad: { invocationsPerMinute: 50_000, headroomPercent: 20 },
  limits: { maxCostPerHour: 5, allowedInstanceFamilies: ['ml.c5', 'ml.c6i'] },
  fallback: { instanceType: InstanceType.of('ml.c5.2xlarge'), initialInstanceCount: 4 },
  autoScaling: { minCapacity: 2, maxInvocationsPerMinute: 200_000 },
});

new CfnOutput(stack, 'EndpointName', { value: served.endpoint.endpointName });
new CfnOutput(stack, 'BenchmarkSteps', { value: job.addResults().benchmarkSteps });
