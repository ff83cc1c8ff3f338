import { InferenceRecommendationsJob, Objective } from '../../../src';
import { deployed, idOf, newStack, only, permissionsOf } from '../../harness/constructs';

describe('a job that something else started', () => {
  test('is read, and never started or stopped', () => {
    const stack = newStack();
    const job = InferenceRecommendationsJob.fromJobName(stack, 'Job', 'notebook-job');
    job.addRecommendation('Best', { objective: Objective.lowestLatency() });
    const resources = deployed(stack);
    expect(only(resources, 'Custom::InferenceRecommendation').Properties.JobName).toBe('notebook-job');
    expect(Object.values(resources).filter(({ Type }) => /RecommendationsJob/.test(Type))).toEqual([]);
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeRecommendRole'))['sagemaker:DescribeInferenceRecommendationsJob'])
      .toContain('arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/notebook-job');
  });

  test('has a name as the service takes it', () => {
    expect(() => InferenceRecommendationsJob.fromJobName(newStack(), 'Job', 'no spaces!')).toThrow(/^`jobName` must match .*got: 'no spaces!'/);
  });
});
