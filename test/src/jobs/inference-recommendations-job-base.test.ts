import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { IInferenceRecommendationsJob, InferenceRecommendationsJob, Wait } from '../../../src';
import { WITHOUT_JOBS } from '../../../src/common/without-jobs';
import { deployed, idOf, jobIn, newStack, only } from '../../harness/constructs';

const JOBS = '/aws/sagemaker/InferenceRecommendationsJobs';
const imported = () => InferenceRecommendationsJob.fromJobName(newStack(), 'Nightly', 'nightly');

test.each<[string, string, (job: IInferenceRecommendationsJob) => Metric]>([
  ['ClientInvocations', 'Sum', (job) => job.metricClientInvocations()],
  ['ClientInvocationErrors', 'Sum', (job) => job.metricClientInvocationErrors()],
  ['ClientLatency', 'Average', (job) => job.metricClientLatency()],
  ['NumberOfUsers', 'Maximum', (job) => job.metricNumberOfUsers()],
  ['Tomorrows', 'Average', (job) => job.metric('Tomorrows')],
])('a job has %s, as %s', (metricName, statistic, make) => {
  expect(make(imported())).toMatchObject({ namespace: JOBS, metricName, statistic, dimensions: { JobName: 'nightly' } });
});

test('options replace the defaults, and name an endpoint', () => {
  expect(imported().metricClientLatency({ endpointName: 'sm-epc-1', statistic: 'p99', period: Duration.minutes(1), label: 'p99' })).toMatchObject({
    dimensions: { JobName: 'nightly', EndpointName: 'sm-epc-1' }, statistic: 'p99', period: Duration.minutes(1), label: 'p99',
  });
});

test.each([[undefined], [Wait.inBackground()]])('an alarm on the metric of a job of the app exists before the job has ended', (wait) => {
  const stack = newStack();
  jobIn(stack, { wait }).metricClientInvocationErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });
  const resources = deployed(stack);
  expect(only(resources, 'AWS::CloudWatch::Alarm').Properties)
    .toMatchObject({ Namespace: JOBS, MetricName: 'ClientInvocationErrors', Dimensions: [{ Name: 'JobName', Value: `${idOf(resources, 'Job')}.JobName` }] });
});

test('without jobs there is a metric still, of no job', () => {
  const stack = newStack();
  stack.node.setContext(WITHOUT_JOBS, true);
  expect(jobIn(stack).metricNumberOfUsers().dimensions).toEqual({ JobName: 'none' });
});
