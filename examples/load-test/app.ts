import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import { exampleModelPackage } from '../common/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, FlatInvocations, InferenceRecommendationsJob, InstanceType, JobType, Model, Objective,
  TrafficPattern, Variant,
} from 'cdk-sagemaker-inference-recommender';

// A load test: your own traffic, on the endpoints that you choose, for up to five hours.
const stack = new Stack(new App(), 'LoadTest');
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)),
  jobType: JobType.loadTest({
    maxDuration: Duration.hours(5),
    trafficPattern: TrafficPattern.phases([
      { initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) },
      { initialNumberOfUsers: 3, spawnRate: 1, duration: Duration.minutes(5) },
    ]),
    endpointCandidates: [
      EndpointCandidate.instance(InstanceType.ML_C5_XLARGE),
      EndpointCandidate.instance(InstanceType.ML_C5D_XLARGE, { environment: { OMP_NUM_THREADS: ['2', '4'] } }),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 }),
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
