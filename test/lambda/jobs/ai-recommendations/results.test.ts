import { aiRecommendationsResults } from '../../../../lambda/jobs/ai-recommendations/results';
import { serviceError, TableOfAnswers } from '../../../harness/ai-service';

test('a completed job has what it recommends, in the service\'s order', async () => {
  const row = (name: string, InstanceType: string) => ({
    ModelDetails: { ModelPackageArn: 'p/1', InferenceSpecificationName: name },
    DeploymentConfiguration: { InstanceType, InstanceCount: 2, EnvironmentVariables: { OPTION_TENSOR_PARALLEL_DEGREE: '4' } },
  });
  const sagemaker = new TableOfAnswers({
    DescribeAIRecommendationJob: () => ({
      AIRecommendationJobName: 'job',
      AIRecommendationJobArn: 'arn:job',
      AIRecommendationJobStatus: 'Completed',
      Recommendations: [row('a', 'ml.g6.xlarge'), row('b', 'ml.p5.48xlarge')],
    }),
  });
  const job = await aiRecommendationsResults.describe(sagemaker.client, 'job');
  expect(job).toMatchObject({ name: 'job', phase: 'completed' });
  expect(job!.recommendations.map(({ instanceType, instanceCount }) => [instanceType, instanceCount])).toEqual([['ml.g6.xlarge', 2], ['ml.p5.48xlarge', 2]]);
});

test('a job that runs recommends nothing, and one that is gone is none', async () => {
  const running = new TableOfAnswers({ DescribeAIRecommendationJob: () => ({ AIRecommendationJobStatus: 'InProgress' }) });
  expect((await aiRecommendationsResults.describe(running.client, 'job'))!.recommendations).toEqual([]);
  const gone = new TableOfAnswers({ DescribeAIRecommendationJob: () => { throw serviceError('ResourceNotFound'); } });
  expect(await aiRecommendationsResults.describe(gone.client, 'job')).toBeUndefined();
});
