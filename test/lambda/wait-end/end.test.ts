import { failsAfter, lasts, started } from '../../harness/courses';
import { Stage, serviceError } from '../../harness/stage';

const HOUR = 3_600_000;

test('the last stage fails a job that is still running', async () => {
  const stage = await new Stage(lasts(300)).setUp();
  const JobName = await started(stage);
  const answer = await stage.send(stage.wait('Create', { JobName, Stage: '2' }));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('still IN_PROGRESS') });
});

test('a failed job fails the deploy with the service\'s reason, the failed benchmarks and where the logs are', async () => {
  const stage = await new Stage(failsAfter(30)).setUp();
  const JobName = await started(stage);
  const { Status, Reason } = await stage.send(stage.wait('Create', { JobName }));
  expect(Status).toBe('FAILED');
  expect(Reason).toContain('Every benchmark failed');
  expect(Reason).toContain('ml.c5.large: Out of memory');
  expect(Reason).toContain('/aws/sagemaker/InferenceRecommendationsJobs');
});

test('a job that someone stopped is not success', async () => {
  const stage = await new Stage(lasts(45)).setUp();
  const JobName = await started(stage);
  await stage.sagemaker('StopInferenceRecommendationsJob', { JobName });
  expect(await stage.send(stage.wait('Create', { JobName }))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('STOPPED') });
});

test('the reason survives when steps and tags cannot be had', async () => {
  const stage = await new Stage(failsAfter(10)).setUp();
  const JobName = await started(stage);
  stage.fail('ListInferenceRecommendationsJobSteps', serviceError('AccessDeniedException', 'no'), 1);
  stage.fail('AddTags', serviceError('ValidationException', 'too many tags'), 1);
  expect(await stage.send(stage.wait('Create', { JobName }))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Every benchmark failed') });
});

test.each([
  ['throttled', serviceError('ThrottlingException', 'Rate exceeded')],
  ['broken', serviceError('InternalFailure', 'oops', 500)],
])('the end of a wait that is %s is tried again', async (_what, error) => {
  const stage = await new Stage(lasts(45)).setUp();
  const JobName = await started(stage);
  const event = stage.wait('Create', { JobName });
  await stage.deliver(event);
  // From now on only the function calls through the SDK: the polls are the state machine's own.
  stage.fail('DescribeInferenceRecommendationsJob', error, 2);
  expect(await stage.answerTo(event.RequestId)).toMatchObject({ Status: 'SUCCESS' });
});

test('the end of a wait that stays broken ends in an answer, not in a hang', async () => {
  const stage = await new Stage(lasts(45)).setUp();
  const JobName = await started(stage);
  const begin = stage.clock.now();
  const event = stage.wait('Create', { JobName });
  await stage.deliver(event);
  stage.fail('DescribeInferenceRecommendationsJob', serviceError('InternalFailure', 'broken for good', 500), 1000);
  expect(await stage.answerTo(event.RequestId)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('broken for good') });
  expect(stage.clock.now() - begin).toBeLessThan(HOUR);
});
