import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { json } from '../wire/raw';

let aws: LocalAws;
beforeEach(async () => { aws = await startLocalAws({ clock: new VirtualClock({ start: new Date(1_000_000) }) }); });
afterEach(() => aws.close());

const region = () => aws.world.region('111111111111', 'us-east-1');
const logs = async (operation: string, body: object) => {
  const answer = await json(aws, 'logs', `Logs_20140328.${operation}`, body);
  return { status: answer.status, ...(answer.body ? JSON.parse(answer.body) : {}) };
};

test('lines are kept by stream, and the tail is their end over all streams', async () => {
  region().logs.append('/g', 'one', 'a');
  region().logs.append('/g', 'two', 'b');
  region().logs.append('/g', 'three', 'a');
  expect(region().logs.tail('/g', 2)).toHaveLength(2);
  expect((await logs('GetLogEvents', { logGroupName: '/g', logStreamName: 'a' })).events).toEqual([
    { timestamp: 1_000_000, ingestionTime: 1_000_000, message: 'one' }, { timestamp: 1_000_000, ingestionTime: 1_000_000, message: 'three' },
  ]);
  expect((await logs('FilterLogEvents', { logGroupName: '/g', filterPattern: 'two' })).events).toMatchObject([{ message: 'two', logStreamName: 'b' }]);
  expect((await logs('DescribeLogStreams', { logGroupName: '/g' })).logStreams.map((stream: any) => stream.logStreamName)).toEqual(['a', 'b']);
});

test('groups are created once, and listed by prefix', async () => {
  expect((await logs('CreateLogGroup', { logGroupName: '/a' })).status).toBe(200);
  expect(await logs('CreateLogGroup', { logGroupName: '/a' })).toMatchObject({ status: 400, __type: 'ResourceAlreadyExistsException' });
  region().logs.append('/b', 'line');
  expect((await logs('DescribeLogGroups', { logGroupNamePrefix: '/a' })).logGroups).toMatchObject([{
    logGroupName: '/a', arn: 'arn:aws:logs:us-east-1:111111111111:log-group:/a:*', creationTime: 1_000_000,
  }]);
});

test('what is not there, and what cannot be a name, is refused', async () => {
  expect(await logs('GetLogEvents', { logGroupName: '/none', logStreamName: 'a' })).toMatchObject({ __type: 'ResourceNotFoundException' });
  expect(await logs('CreateLogGroup', { logGroupName: 'a b' })).toMatchObject({ __type: 'InvalidParameterException' });
  expect(await logs('CreateLogGroup', {})).toMatchObject({ __type: 'InvalidParameterException' });
});

test('what it does not do is refused by name, and what is of another type as well', async () => {
  expect(await logs('FilterLogEvents', { logGroupName: '/g', unmask: true })).toMatchObject({
    __type: 'InvalidParameterException', message: expect.stringContaining("'unmask' failed to satisfy constraint: Member is not part of the local AWS"),
  });
  expect(await logs('FilterLogEvents', { logGroupName: '/g', logStreamNames: 'a' })).toMatchObject({ __type: 'SerializationException' });
  expect(await logs('FilterLogEvents', { logGroupName: '/g', filterPattern: '{ $.a = 1 }' })).toMatchObject({ __type: 'ResourceNotFoundException' });
});
