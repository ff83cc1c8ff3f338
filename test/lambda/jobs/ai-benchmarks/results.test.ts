import { aiBenchmarksResults } from '../../../../lambda/jobs/ai-benchmarks/results';
import { AI_BENCHMARK_ATTRIBUTES } from '../../../../src/contract/ai-benchmark';
import { TableOfAnswers } from '../../../harness/ai-service';

const DESCRIBED = {
  AIBenchmarkJobName: 'job',
  AIBenchmarkJobArn: 'arn:job',
  AIBenchmarkJobStatus: 'Completed',
  CreationTime: new Date('2026-01-01T00:00:00Z'),
  StartTime: new Date('2026-01-01T00:05:00Z'),
  EndTime: new Date('2026-01-01T01:00:00Z'),
  OutputConfig: { S3OutputLocation: 's3://results/job/', CloudWatchLogs: [{ LogGroupArn: 'arn:aws:logs:x:1:log-group:/aws/sagemaker/a', LogStreamName: 's' }] },
};
const results = (described: object) => (
  aiBenchmarksResults.results({ sagemaker: new TableOfAnswers({ DescribeAIBenchmarkJob: () => described }).client } as any, 'job'));

test('every attribute is there', async () => {
  expect(await results(DESCRIBED)).toEqual({
    JobName: 'job',
    JobArn: 'arn:job',
    Status: 'Completed',
    CreationTime: '2026-01-01T00:00:00.000Z',
    StartTime: '2026-01-01T00:05:00.000Z',
    EndTime: '2026-01-01T01:00:00.000Z',
    OutputLocation: 's3://results/job/',
    Logs: 'group /aws/sagemaker/a, stream s',
  });
});

test('what the service does not say is empty', async () => {
  const { AIBenchmarkJobName, AIBenchmarkJobArn, AIBenchmarkJobStatus } = DESCRIBED;
  const attributes = await results({ AIBenchmarkJobName, AIBenchmarkJobArn, AIBenchmarkJobStatus });
  expect(Object.keys(attributes)).toEqual([...AI_BENCHMARK_ATTRIBUTES]);
  expect(Object.values(attributes).filter((value) => value !== '')).toEqual(['job', 'arn:job', 'Completed']);
});

test('a benchmark recommends nothing', async () => {
  const sagemaker = new TableOfAnswers({ DescribeAIBenchmarkJob: () => DESCRIBED });
  expect(await aiBenchmarksResults.describe(sagemaker.client, 'job')).toMatchObject({ phase: 'completed', recommendations: [] });
});
