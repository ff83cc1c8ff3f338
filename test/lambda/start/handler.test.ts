import { serviceError, Stage } from '../../harness/stage';

/** Its execution environments are warm, and their handlers the same, from event to event. */
class WarmStage extends Stage {
  private warm?: ReturnType<Stage['handlers']>;

  protected override handlers() {
    return this.warm ??= super.handlers();
  }
}

const THROTTLED = serviceError('ThrottlingException', 'Rate exceeded');

/** How the jobs of a stage are, in alphabetical order. */
async function statuses(stage: Stage): Promise<string[]> {
  const { InferenceRecommendationsJobs } = await stage.sagemaker('ListInferenceRecommendationsJobs', {});
  return InferenceRecommendationsJobs.map(({ Status }: any) => Status).sort();
}

test('an environment that is warm for long has the same retry budget for Step Functions as a new one', async () => {
  const stage = await new WarmStage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(10);
  stage.fail('StartExecution', THROTTLED, 3);
  expect(await stage.send(stage.wait('Create', { JobName: Data!.JobName }))).toMatchObject({ Status: 'SUCCESS' });
});

test('an update that fails when its retry budget is spent has a new one to stop what it has started', async () => {
  const stage = await new WarmStage().setUp();
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
