import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, EndpointType, InferenceRecommendationsJob, InstanceType, JobType, Model, Objective,
  TrafficPattern, Variant,
} from 'cdk-sagemaker-inference-recommender';
import { exampleModelPackage } from './model-package';

// Which is cheaper for your load: instances all the time, or a serverless endpoint?
const app = new App();
const stack = new Stack(app, 'ServerlessOrRealTime');
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)),
  jobType: JobType.loadTest({
    maxDuration: Duration.hours(2),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(5) }]),
    endpointCandidates: [
      EndpointCandidate.instance(InstanceType.ML_M5_LARGE),
      EndpointCandidate.instance(InstanceType.ML_C5_XLARGE),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 }),
      EndpointCandidate.serverless({ memorySize: Size.gibibytes(4), maxConcurrency: 5 }),
    ],
  }),
});

// `cdk deploy -c load=6000` asks for another load. It starts no new job.
const choice = { objective: Objective.lowestCostPerHour(), targetLoad: { invocationsPerMinute: Number(app.node.tryGetContext('load') ?? 60) } };
const cheaper = job.addRecommendation('Cheaper', { ...choice, endpointType: EndpointType.ANY });
new CfnOutput(stack, 'Cheaper', { value: cheaper.summary });

// A template must know the kind. So read the output first, and deploy again with `-c kind=serverless` or `-c kind=real-time`.
const kind = app.node.tryGetContext('kind');
if (kind !== undefined) {
  const served = job.addRecommendation('Served', { ...choice, endpointType: kind === 'serverless' ? EndpointType.SERVERLESS : EndpointType.REAL_TIME });
  const model = new Model(stack, 'Model', { recommendation: served });
  const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, served)] });
  new CfnOutput(stack, 'EndpointName', { value: new Endpoint(stack, 'Endpoint', { endpointConfig: config }).endpointName });
}
