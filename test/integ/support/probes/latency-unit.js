'use strict';
// In which unit a job reports `ModelLatency`: CloudWatch has the endpoint's own in microseconds, and both serve the same model on the same type.
const { CloudWatchClient, GetMetricStatisticsCommand } = require('@aws-sdk/client-cloudwatch');
const { DescribeInferenceRecommendationsJobCommand, SageMakerClient } = require('@aws-sdk/client-sagemaker');

const { jobName, instanceType, endpointName } = JSON.parse(process.env.INPUT);

exports.handler = async () => {
  const job = await new SageMakerClient({}).send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
  const row = job.InferenceRecommendations.find(({ EndpointConfiguration }) => EndpointConfiguration.InstanceType === instanceType);
  const end = new Date();
  const { Datapoints } = await new CloudWatchClient({}).send(new GetMetricStatisticsCommand({
    Namespace: 'AWS/SageMaker', MetricName: 'ModelLatency', Statistics: ['Average'], Period: 60, StartTime: new Date(end - 3_600_000), EndTime: end,
    Dimensions: [{ Name: 'EndpointName', Value: endpointName }, { Name: 'VariantName', Value: 'AllTraffic' }],
  }));
  if (!Datapoints.length) { return { unit: 'no requests yet' }; }
  const [reported, microseconds] = [row.Metrics.ModelLatency, Datapoints[0].Average];
  // A benchmark under load is slower than one request, by far less than a thousand times.
  const unit = reported > microseconds / 30 ? 'Microseconds' : 'Milliseconds';
  return { unit, reported, microseconds };
};
