import { explainFailure } from '../../../lambda/jobs/failure';
import type { Failure } from '../../../lambda/jobs/family';
import { inferenceRecommendationsReader } from '../../../lambda/jobs/inference-recommendations/reader';

const explained = (failureReason: string | undefined, failures: readonly Failure[] = [], status = 'FAILED') => explainFailure(
  inferenceRecommendationsReader, { name: 'job', arn: 'arn', status, phase: 'failed', failureReason }, { failures },
);
const LOGS = 'Logs: group /aws/sagemaker/InferenceRecommendationsJobs, streams job/….';

test.each<[string, readonly Failure[], string]>([
  ['The benchmarks failed.', [['a', 'No memory.'], ['b', 'No capacity.'], ['c', 'No memory.']], 'The benchmarks failed. Failed benchmarks: a, c: No memory; b: No capacity.'],
  ['CLIENT_ERROR: No capacity. Try again.', [['a', 'No capacity. Try again.'], ['b', 'No capacity. Try again.']], 'CLIENT_ERROR: No capacity. Try again. Failed benchmarks: a, b.'],
  ['CLIENT_ERROR: No capacity.', [['a', 'No capacity.'], ['b', 'No memory']], 'CLIENT_ERROR: No capacity. Failed benchmarks: a: No capacity; b: No memory.'],
  ['The benchmarks failed', [], 'The benchmarks failed.'],
])('each reason is said once, with all that failed of it: %s', (reason, failures, expected) => {
  expect(explained(reason, failures)).toBe(`Inference Recommender job job ended FAILED: ${expected} ${LOGS}`);
});

test('without a reason of the service, the status tells what is known', () => {
  expect(explained(undefined)).toContain('ended FAILED: the service gave no reason.');
  expect(explained(undefined, [], 'STOPPED')).toContain('ended STOPPED: it was stopped before it was done.');
});
