import { logsOf, aiBenchmarksReader } from '../../../lambda/jobs/ai-benchmarks/reader';
import { aiRecommendationsReader } from '../../../lambda/jobs/ai-recommendations/reader';
import { serviceError, TableOfAnswers } from '../../harness/ai-service';

const GONE = () => { throw serviceError('ResourceNotFound'); };
const CREATED = new Date('2026-01-01T00:00:00Z');

describe.each([
  ['AIRecommendationJob', aiRecommendationsReader],
  ['AIBenchmarkJob', aiBenchmarksReader],
])('%s', (noun, reader) => {
  const described = (status: string, more: object = {}) => ({
    [`${noun}Name`]: 'job', [`${noun}Arn`]: 'arn:job', [`${noun}Status`]: status, CreationTime: CREATED, ...more,
  });

  test.each([['InProgress', 'running'], ['Stopping', 'ending'], ['Completed', 'completed'], ['Failed', 'failed'], ['Stopped', 'failed']])('a job that is %s is %s', async (status, phase) => {
    const sagemaker = new TableOfAnswers({ [`Describe${noun}`]: () => described(status, { FailureReason: 'why' }) });
    expect(await reader.describe(sagemaker.client, 'job')).toEqual({
      name: 'job', arn: 'arn:job', status, phase, failureReason: 'why', created: CREATED,
    });
    expect(sagemaker.asked(`Describe${noun}`)).toEqual([{ [`${noun}Name`]: 'job' }]);
  });

  test('a job that the service does not know is none, and other errors are told', async () => {
    expect(await reader.describe(new TableOfAnswers({ [`Describe${noun}`]: GONE }).client, 'job')).toBeUndefined();
    const broken = new TableOfAnswers({ [`Describe${noun}`]: () => { throw serviceError('ThrottlingException'); } });
    await expect(reader.describe(broken.client, 'job')).rejects.toThrow('ThrottlingException');
  });

  test('is stopped, and deleted, by its name', async () => {
    const sagemaker = new TableOfAnswers({ [`Describe${noun}`]: () => described('Completed'), [`Stop${noun}`]: () => {}, [`Delete${noun}`]: () => {} });
    await reader.stop(sagemaker.client, 'job');
    await reader.delete(sagemaker.client, 'job');
    expect(sagemaker.calls.filter(({ operation }) => /^(Stop|Delete)/.test(operation))).toEqual([
      { operation: `Stop${noun}`, input: { [`${noun}Name`]: 'job' } }, { operation: `Delete${noun}`, input: { [`${noun}Name`]: 'job' } },
    ]);
  });

  test('is deleted already', async () => {
    const sagemaker = new TableOfAnswers({ [`Describe${noun}`]: GONE, [`Delete${noun}`]: GONE });
    await expect(reader.delete(sagemaker.client, 'job')).resolves.toBeUndefined();
  });

  test('is deleted if another stack has deleted it meanwhile, with the tags that were the permission', async () => {
    let isGone = false;
    const gone = new TableOfAnswers({
      [`Describe${noun}`]: () => (isGone ? GONE() : described('Completed')),
      [`Delete${noun}`]: () => {
        isGone = true;
        throw serviceError('AccessDeniedException');
      },
    });
    await expect(reader.delete(gone.client, 'job')).resolves.toBeUndefined();
    expect(gone.asked(`Delete${noun}`)).toHaveLength(1);
  });

  test('is deleted by a call without an answer', async () => {
    const unanswered = { [`Delete${noun}`]: () => { throw serviceError('TimeoutError'); } };
    await expect(reader.delete(new TableOfAnswers({ ...unanswered, [`Describe${noun}`]: GONE }).client, 'job')).resolves.toBeUndefined();
    const stays = new TableOfAnswers({ ...unanswered, [`Describe${noun}`]: () => described('Completed') });
    await expect(reader.delete(stays.client, 'job')).rejects.toThrow('TimeoutError');
  });

  test('is there, and may not be deleted', async () => {
    const sagemaker = new TableOfAnswers({ [`Describe${noun}`]: () => described('Completed'), [`Delete${noun}`]: () => { throw serviceError('AccessDeniedException'); } });
    await expect(reader.delete(sagemaker.client, 'job')).rejects.toThrow('AccessDeniedException');
  });

  test('where its logs are is a sentence', () => {
    expect(reader.logs('job')).toBe('groups /aws/sagemaker/…, streams with job in their names');
  });
});

describe('the packages of a recommendation job', () => {
  const rows = ['p/1', 'p/1', undefined, 'p/2'].map((ModelPackageArn) => ({ ModelDetails: { ModelPackageArn } }));
  const service = (more: object = {}) => new TableOfAnswers({
    DescribeAIRecommendationJob: () => ({ AIRecommendationJobArn: 'arn:job', AIRecommendationJobStatus: 'Completed', Recommendations: rows }),
    DeleteModelPackage: () => {},
    DeleteAIRecommendationJob: () => {},
    ...more,
  });
  const deletions = (sagemaker: TableOfAnswers) => sagemaker.calls.filter(({ operation }) => operation.startsWith('Delete'))
    .map(({ input }) => input.ModelPackageName ?? input.AIRecommendationJobName);

  test('stay by default', async () => {
    const sagemaker = service();
    await aiRecommendationsReader.delete(sagemaker.client, 'job');
    expect(deletions(sagemaker)).toEqual(['job']);
  });

  test('are deleted before the job, each once, if its tag says so', async () => {
    const sagemaker = service();
    sagemaker.tagsOf('arn:job').set('InferenceRecommender:DeletePackages', 'true');
    await aiRecommendationsReader.delete(sagemaker.client, 'job');
    expect(deletions(sagemaker)).toEqual(['p/1', 'p/2', 'job']);
  });

  test('may be gone', async () => {
    const sagemaker = service({ DeleteModelPackage: () => { throw serviceError('ValidationException', 'ModelPackage p/1 does not exist.'); } });
    sagemaker.tagsOf('arn:job').set('InferenceRecommender:DeletePackages', 'true');
    await aiRecommendationsReader.delete(sagemaker.client, 'job');
    expect(deletions(sagemaker)).toEqual(['p/1', 'p/2', 'job']);
  });

  test('hold up the deletion of the job if they cannot be deleted, so that it can go on', async () => {
    const sagemaker = service({ DeleteModelPackage: () => { throw serviceError('ConflictException', 'in use'); } });
    sagemaker.tagsOf('arn:job').set('InferenceRecommender:DeletePackages', 'true');
    await expect(aiRecommendationsReader.delete(sagemaker.client, 'job')).rejects.toThrow('in use');
    expect(deletions(sagemaker)).toEqual(['p/1']);
  });
});

describe('where a benchmark has logged, as the service says it', () => {
  const group = 'arn:aws:logs:us-east-1:111111111111:log-group:/aws/sagemaker/TrainingJobs';
  test.each<[string, object[] | undefined, string | undefined]>([
    ['nothing', undefined, undefined],
    ['a group', [{ LogGroupArn: `${group}:*` }], 'group /aws/sagemaker/TrainingJobs'],
    ['a stream', [{ LogGroupArn: group, LogStreamName: 'job/algo-1' }], 'group /aws/sagemaker/TrainingJobs, stream job/algo-1'],
    ['two', [{ LogGroupArn: group, LogStreamName: 'a' }, { LogGroupArn: group, LogStreamName: 'b' }], 'group /aws/sagemaker/TrainingJobs, stream a; group /aws/sagemaker/TrainingJobs, stream b'],
    ['no ARN', [{ LogStreamName: 'a' }], undefined],
  ])('%s', (_what, CloudWatchLogs, expected) => {
    expect(logsOf({ OutputConfig: { S3OutputLocation: 's3://r/', CloudWatchLogs } })).toBe(expected);
  });
});
