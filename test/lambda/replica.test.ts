import { RECOMMENDATION_RESOURCE_TYPE, REPLICA_RESOURCE_TYPE, ReplicaProperties } from '../../src/api/contract';
import { serviceError, Stage, STACK_ID } from '../harness/stage';

const PATH = '/shop/recommendation';
const THERE = { SchemaVersion: '1', ParameterPath: PATH, Region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::222222222222:role/replica';

/** A stage with a recommendation that is written. */
async function written(objective = 'LowestCostPerInference') {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  const recommend = (Objective: string) => stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
    SchemaVersion: '1', JobName: Data!.JobName, Objective, EndpointType: 'RealTime', ParameterPath: PATH,
  }));
  await recommend(objective);
  const replica = (type: 'Create' | 'Update' | 'Delete', properties: ReplicaProperties = THERE, old: ReplicaProperties = THERE) => stage.send(
    stage.event(REPLICA_RESOURCE_TYPE, 'Replica', type, properties, {
      ...type !== 'Create' && { PhysicalResourceId: PATH }, ...type === 'Update' && { OldResourceProperties: old },
    }));
  const at = (region = 'eu-west-1', account = '111111111111') => stage.parameters(PATH, stage.world.region(account, region));
  const put = (Name: string, Value = 'theirs', region = 'eu-west-1') => stage.world.region('111111111111', region).ssm.put({
    Name, Value, Type: 'String', Overwrite: true,
  });
  return { stage, recommend, replica, at, put };
}

test('the copy is the original, and each copy after it again', async () => {
  const { stage, recommend, replica, at } = await written();
  expect(await replica('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: PATH });
  expect(at()).toEqual(stage.parameters(PATH));
  expect(at()).toMatchObject({ InstanceType: 'ml.c5.xlarge', ServerlessMemorySizeInMB: '-' });
  await recommend('LowestLatency');
  await replica('Update');
  expect(at()).toEqual(stage.parameters(PATH));
  expect(at().InstanceType).toBe('ml.c5.9xlarge');
  await recommend('LowestCostPerInference');
  await stage.copy({ copy: THERE });
  expect(at().InstanceType).toBe('ml.c5.xlarge');
});

test('a copy that is up to date is written no more', async () => {
  const { stage, replica } = await written();
  await replica('Create');
  const puts = stage.count('PutParameter');
  await replica('Update');
  expect(stage.count('PutParameter')).toBe(puts);
});

test('another account is written with its role, and with nothing else', async () => {
  const { stage, replica, at } = await written();
  await replica('Create', { ...THERE, RoleArn: ROLE });
  expect(at('eu-west-1', '222222222222')).toEqual(stage.parameters(PATH));
  expect(at()).toEqual({});
  expect(stage.calls.filter(({ operation }) => operation === 'ssmOf').map(({ input }) => input)).toEqual([{ region: 'eu-west-1', roleArn: ROLE }]);
});

test.each([
  ['Region', { Region: 'ap-south-1' }, 'ap-south-1', '111111111111'],
  ['role', { RoleArn: ROLE }, 'eu-west-1', '222222222222'],
])('another %s gets the copy, and the old one is cleared; a rollback goes back', async (_what, change, region, account) => {
  const { stage, replica, at } = await written();
  const moved = { ...THERE, ...change };
  await replica('Create');
  await replica('Update', moved, THERE);
  expect([at(region, account), at()]).toEqual([stage.parameters(PATH), {}]);
  await replica('Update', THERE, moved);
  expect([at(region, account), at()]).toEqual([{}, stage.parameters(PATH)]);
});

test('Delete clears the copy and leaves the original; once more it finds nothing to do', async () => {
  const { stage, replica, at } = await written();
  await replica('Create');
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(at()).toEqual({});
  expect(stage.parameters(PATH).InstanceType).toBe('ml.c5.xlarge');
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
});

test('what others keep below the path, here and there, is neither copied, changed nor deleted', async () => {
  const { replica, at, put } = await written();
  put(`${PATH}/password`, 'ours', 'us-east-1');
  put(`${PATH}/token`);
  await replica('Create');
  expect(at()).toMatchObject({ token: 'theirs', InstanceType: 'ml.c5.xlarge' });
  expect(at()).not.toHaveProperty('password');
  await replica('Delete');
  expect(at()).toEqual({ token: 'theirs' });
});

test('a copy in whose place another stack has put its own is left to that', async () => {
  const { stage, replica, at, put } = await written();
  await replica('Create');
  put(`${PATH}/recommendation`, JSON.stringify({ Owner: { StackId: `${STACK_ID}-other`, LogicalResourceId: 'JobBest' } }));
  const before = at();
  await replica('Delete');
  expect(at()).toEqual(before);
  expect(stage.count('DeleteParameters')).toBe(0);
});

test('a variable that is no longer there goes from the copy, too', async () => {
  const { replica, at, put } = await written();
  await replica('Create');
  put(`${PATH}/Environment.OLD`, '1');
  await replica('Update');
  expect(at()).not.toHaveProperty(['Environment.OLD']);
});

test('nothing to copy fails with the parameter that is missing', async () => {
  const { stage, replica } = await written();
  stage.region.ssm.delete(`${PATH}/recommendation`);
  expect(await replica('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`There is no parameter ${PATH}/recommendation to copy`) });
  await expect(stage.copy({ copy: THERE })).rejects.toThrow('to copy');
});

test('a throttled Parameter Store, here or there, is waited out; a refusal fails with its words', async () => {
  const { stage, replica } = await written();
  stage.fail('GetParametersByPath', serviceError('ThrottlingException', 'Rate exceeded'), 3);
  stage.fail('PutParameter', serviceError('ThrottlingException', 'Rate exceeded'), 2);
  expect(await replica('Create')).toMatchObject({ Status: 'SUCCESS' });
  stage.fail('DeleteParameters', serviceError('AccessDeniedException', 'not authorized to perform: ssm:DeleteParameters'), 999);
  expect(await replica('Delete')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('ssm:DeleteParameters') });
});

test('what could not be made is no obstacle to a rollback', async () => {
  const { stage, replica } = await written();
  stage.fail('PutParameter', serviceError('AccessDeniedException', 'not authorized to perform: ssm:PutParameter'), 999);
  const { Status, PhysicalResourceId } = await replica('Create');
  expect([Status, PhysicalResourceId]).toEqual(['FAILED', 'Replica']);
  stage.fail('GetParametersByPath', serviceError('AccessDeniedException', 'not authorized to perform: ssm:GetParametersByPath'), 999);
  expect(await stage.send(stage.event(REPLICA_RESOURCE_TYPE, 'Replica', 'Delete', THERE, { PhysicalResourceId }))).toMatchObject({ Status: 'SUCCESS' });
});
