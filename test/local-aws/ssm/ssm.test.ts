import {
  AddTagsToResourceCommand, DeleteParameterCommand, DescribeParametersCommand, GetParameterCommand, GetParameterHistoryCommand, GetParametersCommand,
  ListTagsForResourceCommand, paginateGetParametersByPath, PutParameterCommand, SSMClient,
} from '@aws-sdk/client-ssm';
import { LocalAws, startLocalAws } from '../../../local-aws';

let aws: LocalAws;
let client: SSMClient;

beforeEach(async () => {
  // What is tested is not how fast it may be asked.
  aws = await startLocalAws({ rates: [] });
  client = new SSMClient(aws.client());
});
afterEach(() => aws.close());

const put = (Name: string, Value = 'v', more: object = {}) => client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));

test('the bootstrap version is there from the beginning', async () => {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
  expect(Number(Parameter?.Value)).toBeGreaterThanOrEqual(30);
});

test('a parameter is not overwritten unless asked to, and counts its versions', async () => {
  expect((await put('a')).Version).toBe(1);
  await expect(put('a', 'w')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('a', 'w', { Overwrite: true })).Version).toBe(2);
  expect((await client.send(new GetParameterCommand({ Name: 'a' }))).Parameter).toMatchObject({ Value: 'w', Type: 'String', Version: 2 });
});

test('a parameter has its history, the oldest version first, until it is deleted', async () => {
  const history = async (more: object = {}) => client.send(new GetParameterHistoryCommand({ Name: 'a', ...more }));
  await put('a', 'v', { Description: 'first' });
  for (const value of ['w', 'x']) { await put('a', value, { Overwrite: true }); }
  expect((await history()).Parameters).toEqual([[1, 'v'], [2, 'w'], [3, 'x']].map(([Version, Value]) => (
    expect.objectContaining({ Name: 'a', Type: 'String', Version, Value, Description: 'first', LastModifiedDate: expect.any(Date) }))));
  const first = await history({ MaxResults: 2 });
  expect((await history({ NextToken: first.NextToken })).Parameters?.map(({ Value }) => Value)).toEqual(['x']);
  await client.send(new DeleteParameterCommand({ Name: 'a' }));
  await expect(history()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await put('a', 'again');
  expect((await history()).Parameters).toEqual([expect.objectContaining({ Version: 1, Value: 'again' })]);
});

test('GetParameters tells which names are not there', async () => {
  await put('a');
  const got = await client.send(new GetParametersCommand({ Names: ['a', 'b'] }));
  expect([got.Parameters?.map(({ Name }) => Name), got.InvalidParameters]).toEqual([['a'], ['b']]);
});

test('a deleted parameter is gone, and deleting it again is refused', async () => {
  await put('a');
  await client.send(new DeleteParameterCommand({ Name: 'a' }));
  await expect(client.send(new DeleteParameterCommand({ Name: 'a' }))).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('a path gives its own level, or everything below it, page by page', async () => {
  for (let index = 0; index < 12; index++) { await put(`/p/${index}`); }
  await put('/p/deep/er');
  await put('/pp');
  const names = async (Recursive: boolean) => {
    const found: Array<string | undefined> = [];
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: '/p', Recursive, MaxResults: 5 })) {
      found.push(...Parameters.map(({ Name }) => Name));
    }
    return found;
  };
  expect(await names(false)).toHaveLength(12);
  expect(await names(true)).toHaveLength(13);
});

test('only an encrypted parameter has a key, and the account\'s own unless it names another', async () => {
  await put('plain', 'v', { KeyId: 'alias/mine' });
  await put('secret', 'v', { Type: 'SecureString' });
  await put('mine', 'v', { Type: 'SecureString', KeyId: 'alias/mine' });
  const { Parameters = [] } = await client.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: ['plain', 'secret', 'mine'] }] }));
  expect(Object.fromEntries(Parameters.map(({ Name, KeyId }) => [Name, KeyId]))).toEqual({ plain: undefined, secret: 'alias/aws/ssm', mine: 'alias/mine' });
});

test('tags are kept', async () => {
  await put('a', 'v', { Tags: [{ Key: 'k', Value: '1' }] });
  await client.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: 'a', Tags: [{ Key: 'l', Value: '2' }] }));
  const { TagList } = await client.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: 'a' }));
  expect(TagList).toEqual([{ Key: 'k', Value: '1' }, { Key: 'l', Value: '2' }]);
});

test.each([
  { Name: 'a b', Value: 'v', Type: 'String' }, { Name: 'a', Value: '', Type: 'String' }, { Name: 'a', Value: 'v'.repeat(4097), Type: 'String' },
  { Name: 'a', Value: 'v', Type: 'Number' }, { Name: 'a', Value: 'v' },
] as any[])('PutParameter %j is refused', async (input) => {
  await expect(client.send(new PutParameterCommand(input))).rejects.toMatchObject({ name: 'ValidationException' });
});

test('versions of a parameter are refused by name', async () => {
  await expect(client.send(new GetParameterCommand({ Name: 'a:1' }))).rejects.toThrow(/not part of the local AWS/);
});
