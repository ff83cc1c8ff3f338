import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { REPLICA_RESOURCE_TYPE, ReplicaProperties } from '../../../src/contract/replica';
import { attributesIn } from '../../harness/published';
import { serviceError, Stage, STACK_ID } from '../../harness/stage';

const PATH = '/shop/recommendation';
const PENDING = `${PATH}/pending`;
const THERE = { SchemaVersion: '1', ParameterPath: PATH, Region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::222222222222:role/replica';
const ID = `111111111111/eu-west-1${PATH}`;
const OWNER = { StackId: STACK_ID, LogicalResourceId: 'Replica' };

interface Sent {
  readonly old?: ReplicaProperties;
  readonly id?: string;
  readonly logicalId?: string;
}

/** A stage with a recommendation that is written. */
async function written(objective = 'LowestCostPerInference') {
  const stage = await new Stage().setUp();
  const { Data } = await stage.send(stage.start('Create'));
  await stage.pass(60);
  const recommend = (Objective: string, ParameterPath = PATH) => stage.send(stage.event(RECOMMENDATION_RESOURCE_TYPE, 'JobBest', 'Create', {
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: Data!.JobName, Objective, EndpointType: 'RealTime', ParameterPath,
  }));
  await recommend(objective);
  const replica = (
    type: 'Create' | 'Update' | 'Delete', properties: ReplicaProperties = THERE, { old = THERE, id = ID, logicalId = 'Replica' }: Sent = {},
  ) => stage.send(stage.event(REPLICA_RESOURCE_TYPE, logicalId, type, properties, {
    ...type !== 'Create' && { PhysicalResourceId: id }, ...type === 'Update' && { OldResourceProperties: old },
  }));
  const region = (name = 'eu-west-1', account = '111111111111') => stage.world.region(account, name);
  const all = (place = region()) => stage.parameters(PATH, place);
  /** What stands below the path, but for whose it is. */
  const at = (name?: string, account?: string) => {
    const { owner: _owner, ...values } = all(region(name, account));
    return values;
  };
  const put = (Name: string, Value = 'theirs', name = 'eu-west-1') => region(name).ssm.put({ Name, Value, Type: 'String', Overwrite: true });
  return { stage, recommend, replica, at, all, put, region, original: () => at('us-east-1') };
}

test('the copy is the original, under the replica\'s own name, and each copy after it again', async () => {
  const { stage, recommend, replica, at, all, original } = await written();
  expect(await replica('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  expect(at()).toEqual(original());
  expect(JSON.parse(all().owner)).toMatchObject(OWNER);
  expect(attributesIn(at())).toMatchObject({ InstanceType: 'ml.c5.xlarge', ServerlessMemorySizeInMB: '' });
  await recommend('LowestLatency');
  expect(await replica('Update')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  expect(at()).toEqual(original());
  expect(attributesIn(at()).InstanceType).toBe('ml.c5.9xlarge');
  await recommend('LowestCostPerInference');
  await stage.copy({ copy: THERE, owner: OWNER });
  expect(attributesIn(at()).InstanceType).toBe('ml.c5.xlarge');
});

test('whose copy it is is written first and deleted last', async () => {
  const { stage, replica } = await written();
  stage.calls.length = 0;
  await replica('Create');
  await replica('Delete');
  const names = (operation: string) => stage.calls.filter((call) => call.operation === operation).flatMap(({ input }) => input.Names ?? input.Name);
  expect(names('PutParameter')[0]).toBe(`${PATH}/owner`);
  expect(names('PutParameter').pop()).toBe(`${PATH}/recommendation`);
  expect(names('DeleteParameters').pop()).toBe(`${PATH}/owner`);
  expect(stage.calls.filter(({ operation }) => operation === 'DeleteParameters').pop()!.input.Names).toHaveLength(1);
});

test('what its resource has cleared, or another has taken, no late event brings back', async () => {
  const { stage, recommend, replica, at } = await written();
  await replica('Create');
  await replica('Delete');
  await stage.copy({ copy: THERE, owner: OWNER });
  expect(at()).toEqual({});
  await replica('Create', THERE, { logicalId: 'Other' });
  await recommend('LowestLatency');
  await stage.copy({ copy: THERE, owner: OWNER });
  expect(attributesIn(at()).InstanceType).toBe('ml.c5.xlarge');
});

test('a result that waits to be adopted is copied along, and goes along', async () => {
  const { recommend, replica, at, original } = await written();
  await recommend('LowestLatency', PENDING);
  await replica('Create');
  expect(attributesIn(at(), 'pending/').InstanceType).toBe('ml.c5.9xlarge');
  const { 'pending/owner': owner, ...copied } = at();
  const { 'pending/owner': _theirs, ...there } = original();
  expect(copied).toEqual(there);
  expect(JSON.parse(owner)).toMatchObject(OWNER);
  await replica('Delete');
  expect(at()).toEqual({});
});

test('a pending that another writes is not copied, and one that it has taken goes', async () => {
  const { replica, recommend, at, put } = await written();
  await recommend('LowestLatency', PENDING);
  await replica('Create');
  put(`${PENDING}/owner`, JSON.stringify({ StackId: STACK_ID, LogicalResourceId: 'JobOther' }), 'us-east-1');
  await replica('Update');
  expect(Object.keys(at()).filter((name) => name.startsWith('pending/'))).toEqual([]);
});

test('a copy that is up to date is written no more', async () => {
  const { stage, replica } = await written();
  await replica('Create');
  const puts = stage.count('PutParameter');
  await replica('Update');
  expect(stage.count('PutParameter')).toBe(puts);
});

test('another account is written with its role, and with nothing else', async () => {
  const { stage, replica, at, original } = await written();
  expect(await replica('Create', { ...THERE, RoleArn: ROLE })).toMatchObject({ PhysicalResourceId: `222222222222/eu-west-1${PATH}` });
  expect(at('eu-west-1', '222222222222')).toEqual(original());
  expect(at()).toEqual({});
  expect(stage.calls.filter(({ operation }) => operation === 'ssmOf').map(({ input }) => input)).toEqual([{ region: 'eu-west-1', roleArn: ROLE }]);
});

describe.each([
  ['Region', { Region: 'ap-south-1' }, 'ap-south-1', '111111111111'],
  ['account', { RoleArn: ROLE }, 'eu-west-1', '222222222222'],
])('another %s', (_what, change, name, account) => {
  const moved = { ...THERE, ...change };
  const other = `${account}/${name}${PATH}`;

  test('gets the copy under another id; the old one goes with the old id', async () => {
    const { replica, at, original } = await written();
    await replica('Create');
    expect(await replica('Update', moved)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: other });
    expect([at(name, account), at()]).toEqual([original(), original()]);
    await replica('Delete', THERE);
    expect([at(name, account), at()]).toEqual([original(), {}]);
  });

  test('is left by a rollback, which needs to write nothing', async () => {
    const { stage, replica, at, original } = await written();
    await replica('Create');
    await replica('Update', moved);
    const puts = stage.count('PutParameter');
    expect(await replica('Update', THERE, { old: moved, id: other })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(stage.count('PutParameter')).toBe(puts);
    await replica('Delete', moved, { id: other });
    expect([at(name, account), at()]).toEqual([{}, original()]);
  });

  test('that could be written half is cleared when that is undone, if it can be', async () => {
    const { stage, replica, at, original } = await written();
    await replica('Create');
    stage.faults.push({ operation: 'PutParameter', error: serviceError('AccessDeniedException', 'not authorized'), skip: 2, times: 99 });
    expect(await replica('Update', moved)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(Object.keys(at(name, account))).toHaveLength(1);
    expect(await replica('Update', THERE, { old: moved })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect([at(name, account), at()]).toEqual([{}, original()]);
    stage.faults.length = 0;
    await replica('Update', moved);
    stage.fail('DeleteParameters', serviceError('AccessDeniedException', 'not authorized'), 99);
    expect(await replica('Update', THERE, { old: moved })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
  });
});

test('another role for the same place is no move', async () => {
  const { stage, replica, at } = await written();
  const theirs = { ...THERE, RoleArn: ROLE };
  const { PhysicalResourceId: id } = await replica('Create', theirs);
  const copied = at('eu-west-1', '222222222222');
  const other = { ...theirs, RoleArn: `${ROLE}2` };
  expect(await replica('Update', other, { old: theirs, id })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(at('eu-west-1', '222222222222')).toEqual(copied);
  expect(stage.count('DeleteParameters')).toBe(0);
});

test('a replica by another name takes the place over: the earlier one\'s end clears nothing', async () => {
  const { replica, at, original } = await written();
  await replica('Create');
  await replica('Create', THERE, { logicalId: 'Other' });
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(at()).toEqual(original());
  await replica('Delete', THERE, { logicalId: 'Other' });
  expect(at()).toEqual({});
});

test('a replica by another name that a rollback takes back leaves the place to the earlier one', async () => {
  const { replica, at, original } = await written();
  await replica('Create');
  await replica('Create', THERE, { logicalId: 'Other' });
  await replica('Update', THERE, { logicalId: 'Other' });
  await replica('Delete', THERE, { logicalId: 'Other' });
  expect(at()).toEqual(original());
  await replica('Delete');
  expect(at()).toEqual({});
});

test.each([
  ['fields', 'theirs'],
  ['recommendation', 'see the wiki'],
  ['owner', 'the shop team'],
])('a place where somebody keeps %s is not written, and nothing of it deleted', async (name, value) => {
  const { replica, all, put } = await written();
  put(`${PATH}/${name}`, value);
  expect(await replica('Create')).toMatchObject({
    Status: 'FAILED', Reason: expect.stringContaining(`The path ${PATH} in 111111111111/eu-west-1 has parameters that no recommendation wrote`),
  });
  expect(await replica('Delete', THERE, { id: 'Replica' })).toMatchObject({ Status: 'SUCCESS' });
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(all()).toEqual({ [name]: value });
});

test('Delete clears the copy and leaves the original; once more it finds nothing to do', async () => {
  const { stage, replica, at } = await written();
  await replica('Create');
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(at()).toEqual({});
  expect(attributesIn(stage.parameters(PATH)).InstanceType).toBe('ml.c5.xlarge');
  expect(await replica('Delete')).toMatchObject({ Status: 'SUCCESS' });
});

test('what others keep below the path, here and there, is neither copied, changed nor deleted', async () => {
  const { replica, at, put } = await written();
  put(`${PATH}/password`, 'ours', 'us-east-1');
  put(`${PATH}/token`);
  await replica('Create');
  expect(at()).toMatchObject({ token: 'theirs', fields: expect.stringContaining('ml.c5.xlarge') });
  expect(at()).not.toHaveProperty('password');
  await replica('Delete');
  expect(at()).toEqual({ token: 'theirs' });
});

test('a copy in whose place another stack has put its own is left to that', async () => {
  const { stage, replica, all, put } = await written();
  await replica('Create');
  put(`${PATH}/owner`, JSON.stringify({ ...OWNER, StackId: `${STACK_ID}-other` }));
  const before = all();
  await replica('Delete');
  expect(all()).toEqual(before);
  expect(stage.count('DeleteParameters')).toBe(0);
});

test('a replica by another name gives the place back with the values of then where a rollback undoes it', async () => {
  const { recommend, replica, at, all } = await written();
  await replica('Create');
  const before = at();
  await recommend('LowestLatency');
  await replica('Create', THERE, { logicalId: 'Renamed' });
  expect(attributesIn(at()).InstanceType).toBe('ml.c5.9xlarge');
  expect(await replica('Delete', THERE, { logicalId: 'Renamed' })).toMatchObject({ Status: 'SUCCESS' });
  expect(at()).toEqual(before);
  expect(JSON.parse(all().owner)).toMatchObject(OWNER);
  await replica('Delete');
  expect(all()).toEqual({});
});

test('what is no longer there goes from the copy, too', async () => {
  const { stage, replica, at } = await written();
  await replica('Create');
  stage.region.ssm.delete(`${PATH}/explanation`);
  await replica('Update');
  expect(at()).not.toHaveProperty('explanation');
});

test('nothing to copy fails with the parameter that is missing', async () => {
  const { stage, replica, put } = await written();
  stage.region.ssm.delete(`${PATH}/recommendation`);
  expect(await replica('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`There is no parameter ${PATH}/recommendation to copy`) });
  put(`${PATH}/owner`, JSON.stringify(OWNER));
  await expect(stage.copy({ copy: THERE, owner: OWNER })).rejects.toThrow('to copy');
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
  expect(await replica('Delete', THERE, { id: PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS' });
});

test('another account that lets nobody in any more keeps no copy\'s stack from going; any other trouble does', async () => {
  const { stage, replica, at } = await written();
  const theirs = { ...THERE, RoleArn: ROLE };
  const { PhysicalResourceId: id } = await replica('Create', theirs);
  const copied = at('eu-west-1', '222222222222');
  stage.fail('GetParametersByPath', serviceError('ValidationException', 'not today'));
  expect(await replica('Delete', theirs, { id })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not today') });
  stage.fail('GetParametersByPath', serviceError('AccessDeniedException', 'not authorized to perform: ssm:GetParametersByPath'), 999);
  expect(await replica('Delete', theirs, { id })).toMatchObject({ Status: 'SUCCESS' });
  expect(at('eu-west-1', '222222222222')).toEqual(copied);
  expect(stage.logs.filter((line) => line.includes('"left"'))).toHaveLength(1);
});
