import { serviceError, Stage } from '../../harness/stage';

/** An execution environment of the start function: it is warm, and its handler the same, from event to event. */
let mockEnvironment: unknown;

jest.mock('../../../lambda/start/handler', () => {
  const real = jest.requireActual('../../../lambda/start/handler');
  return { ...real, startHandler: (deps: unknown) => (mockEnvironment ??= real.startHandler(deps)) };
});

beforeEach(() => { mockEnvironment = undefined; });

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

/** How the jobs of a stage are, in alphabetical order. */
async function statuses(stage: Stage): Promise<string[]> {
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  return InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort();
}

test('an environment that is warm for long has the same retry budget for Step Functions as a new one', async () => {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(10);
  stage.fail('StartExecution', THROTTLED, 3);
  expect(await stage.send(stage.wait('Create', { JobName: Data!.JobName }))).toMatchObject({ Status: 'SUCCESS' });
});

test('an update that fails when its retry budget is spent has a new one to stop what it has started', async () => {
  const stage = await new Stage().setUp();
  const { PhysicalResourceId } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  stage.fail('CreateInferenceRecommendationsJob', serviceError('TimeoutError', 'timed out', undefined as any), 1, true);
  const update = stage.start('Update', stage.jobProperties({ Trigger: 'v2' }), { PhysicalResourceId });
  void stage.deliver(update);
  await stage.clock.settled();
  // For longer than two minutes nothing can be read of what was started.
  stage.fail('DescribeInferenceRecommendationsJob', THROTTLED, 30);
  expect(await stage.answerTo(update.RequestId)).toMatchObject({ Status: 'FAILED' });
  await stage.pass(5);
  expect(await statuses(stage)).toEqual(['COMPLETED', 'STOPPED']);
});
