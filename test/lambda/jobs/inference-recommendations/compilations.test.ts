import { claimTags } from '../../../../lambda/jobs/claims';
import { SCOPE } from '../../../harness/place';
import { serviceError, Stage, STACK_ID } from '../../../harness/stage';
import { COMPILATIONS_RESOURCE_TYPE } from '../../../harness/types';

/** Each job compiles a model of its own, and benchmarks one that is not compiled. */
const benchmarks: ConstructorParameters<typeof Stage>[0] = (_request, jobName) => {
  const name = `neo-${jobName.slice(-8)}`;
  const EndpointConfiguration = { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 };
  return {
    durationSeconds: 600,
    recommendations: [
      { EndpointConfiguration, ModelConfiguration: { CompilationJobName: name, InferenceSpecificationName: name } },
      { EndpointConfiguration, ModelConfiguration: {} },
    ],
  };
};

async function compiled(...jobs: Array<{ readonly id?: string; readonly trigger?: string }>) {
  const stage = await new Stage(benchmarks).setUp();
  for (const { id, trigger } of jobs) {
    await stage.send(stage.start('Create', stage.jobProperties({ Trigger: trigger }), id === undefined ? {} : { LogicalResourceId: id }));
    await stage.pass(20);
  }
  const send = (type: string, JobLogicalId = 'Job') => stage.send(stage.event(COMPILATIONS_RESOURCE_TYPE, 'JobCompilations', type, {
    SchemaVersion: '1', JobLogicalId,
  }, type === 'Create' ? {} : { PhysicalResourceId: 'JobCompilations' }));
  return { stage, send, names: () => [...stage.region.sagemaker.state.compilationJobs.keys()] };
}

test('Delete deletes the compilation jobs of all jobs that the construct ever started, and says which', async () => {
  const { send, names, stage } = await compiled({}, { trigger: 'again' });
  const made = names();
  expect(made).toHaveLength(2);
  expect(await send('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(names()).toEqual([]);
  const deleted = stage.logs.map((line) => JSON.parse(line)).filter(({ message }) => message === 'deleted').map(({ compilationJob }) => compilationJob);
  expect(deleted.sort()).toEqual(made.sort());
});

test('those of a job that the construct started and left to others at its longest time are deleted, once nobody needs it', async () => {
  const stage = await new Stage(benchmarks).setUp();
  const JobName = (await stage.send(stage.start('Create'))).Data!.JobName as string;
  const { arn } = stage.region.sagemaker.state.jobs.get(JobName)!;
  const Tags = claimTags({ StackId: STACK_ID, LogicalResourceId: 'Other', ...SCOPE }, { at: '20260101T000000Z', id: 'request-0' });
  await stage.sagemaker('AddTags', { ResourceArn: arn, Tags });
  expect(await stage.send(stage.wait('Create', { JobName, MaxSeconds: '300' }))).toMatchObject({ Reason: expect.stringContaining('others need it') });
  await stage.pass(20);
  const end = () => stage.send(stage.event(COMPILATIONS_RESOURCE_TYPE, 'JobCompilations', 'Delete', { JobLogicalId: 'Job' }, { PhysicalResourceId: 'JobCompilations' }));
  await end();
  expect(stage.region.sagemaker.state.compilationJobs.size).toBe(1);
  await stage.sagemaker('DeleteTags', { ResourceArn: arn, TagKeys: [Tags[1].Key] });
  await end();
  expect(stage.region.sagemaker.state.compilationJobs.size).toBe(0);
});

test('Create and Update delete nothing', async () => {
  const { send, names, stage } = await compiled({});
  for (const type of ['Create', 'Update']) { expect(await send(type)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'JobCompilations' }); }
  expect(names()).toHaveLength(1);
  expect(stage.count('DeleteCompilationJob')).toBe(0);
});

test('those of another construct\'s jobs stay', async () => {
  const { send, names } = await compiled({}, { id: 'OtherJob' });
  const [, other] = names();
  await send('Delete');
  expect(names()).toEqual([other]);
});

test('one that a row and a step name is deleted once; one that is gone needs no deleting', async () => {
  const { send, names, stage } = await compiled({});
  stage.region.sagemaker.state.compilationJobs.delete(names()[0]);
  expect(await send('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(stage.count('DeleteCompilationJob')).toBe(1);
});

test('a stopped job\'s are found among its steps', async () => {
  const stage = await new Stage(benchmarks).setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(7);
  await stage.sagemaker('StopInferenceRecommendationsJob', { JobName: Data!.JobName });
  await stage.pass(5);
  expect(stage.region.sagemaker.state.compilationJobs.size).toBe(1);
  await stage.send(stage.event(COMPILATIONS_RESOURCE_TYPE, 'JobCompilations', 'Delete', { JobLogicalId: 'Job' }, { PhysicalResourceId: 'JobCompilations' }));
  expect(stage.region.sagemaker.state.compilationJobs.size).toBe(0);
});

test('a throttled call is waited out, a refused one fails with the service\'s words', async () => {
  const { send, names, stage } = await compiled({});
  stage.fail('DeleteCompilationJob', serviceError('ValidationException', 'Cannot delete a job in status INPROGRESS'));
  expect(await send('Delete')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('in status INPROGRESS') });
  stage.fail('DeleteCompilationJob', serviceError('ThrottlingException', 'Rate exceeded'), 3);
  expect(await send('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(names()).toEqual([]);
});
