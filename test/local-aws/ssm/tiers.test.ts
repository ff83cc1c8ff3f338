import {
  DeleteParametersCommand, GetParameterCommand, InvalidAllowedPatternException, paginateDescribeParameters, ParameterPatternMismatchException,
  PutParameterCommand, PutParameterCommandInput, SSMClient,
} from '@aws-sdk/client-ssm';
import { LocalAws, startLocalAws } from '../../../local-aws';

let aws: LocalAws;
let client: SSMClient;

beforeEach(async () => {
  // Many writes at once: the rate of Parameter Store is not what is tried here.
  aws = await startLocalAws({ rates: [] });
  client = new SSMClient(aws.client());
});
afterEach(() => aws.close());

const put = (Name: string, more: Partial<PutParameterCommandInput> = {}) => client.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...more }));
const value = (length: number) => ({ Value: 'v'.repeat(length) });
const described = async (...ParameterFilters: any[]) => {
  const found = [];
  for await (const { Parameters = [] } of paginateDescribeParameters({ client, pageSize: 2 }, { ParameterFilters })) { found.push(...Parameters); }
  return found;
};
const names = async (...filters: any[]) => (await described(...filters)).map(({ Name }) => Name);

describe('the tier', () => {
  test.each<[PutParameterCommandInput['Tier'], number, string]>([
    [undefined, 4096, 'Standard'], ['Standard', 4096, 'Standard'], ['Advanced', 1, 'Advanced'], ['Advanced', 8192, 'Advanced'],
    ['Intelligent-Tiering', 4096, 'Standard'], ['Intelligent-Tiering', 4097, 'Advanced'], ['Intelligent-Tiering', 8192, 'Advanced'],
  ])('asked for as %s is, for %i characters, %s', async (Tier, length, tier) => {
    expect(await put('a', { ...value(length), Tier })).toMatchObject({ Tier: tier, Version: 1 });
    expect((await client.send(new GetParameterCommand({ Name: 'a' }))).Parameter?.Value).toHaveLength(length);
    expect(await described({ Key: 'Name', Values: ['a'] })).toMatchObject([{ Tier: tier }]);
  });

  const STANDARD = 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the '
    + 'advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';
  const ADVANCED = 'The specified parameter value is too large. Advanced-tier parameters support a maximum parameter value of 8192 characters.';
  test.each<[PutParameterCommandInput['Tier'], number, string]>([
    [undefined, 4097, STANDARD], ['Standard', 4097, STANDARD], ['Advanced', 8193, ADVANCED], ['Intelligent-Tiering', 8193, ADVANCED],
  ])('asked for as %s does not hold %i characters', async (Tier, length, message) => {
    await expect(put('a', { ...value(length), Tier })).rejects.toMatchObject({ name: 'ValidationException', message });
    expect(await names({ Key: 'Name', Values: ['a'] })).toEqual([]);
  });

  test('goes up, and not down again', async () => {
    await put('a');
    expect(await put('a', { ...value(5000), Overwrite: true, Tier: 'Advanced' })).toMatchObject({ Tier: 'Advanced', Version: 2 });
    for (const Tier of ['Standard', undefined] as const) {
      await expect(put('a', { Overwrite: true, Tier })).rejects.toMatchObject({
        name: 'ValidationException', message: expect.stringContaining('You can\'t downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.'),
      });
    }
    expect(await put('a', { Overwrite: true, Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced', Version: 3 });
  });
});

describe('a pattern', () => {
  test('must match the whole value, also of later versions', async () => {
    await put('a', { Value: '123', AllowedPattern: '\\d{1,4}' });
    await expect(put('a', { Value: '12345', Overwrite: true })).rejects.toThrow(ParameterPatternMismatchException);
    await expect(put('a', { Value: 'x', Overwrite: true })).rejects.toThrow('Parameter value, cannot be validated against allowedPattern: \\d{1,4}');
    await put('a', { Value: 'x', Overwrite: true, AllowedPattern: '\\w' });
  });

  test('must be a regular expression', async () => {
    await expect(put('a', { AllowedPattern: '(' })).rejects.toThrow(InvalidAllowedPatternException);
  });
});

describe('names', () => {
  test.each(['ssm-a', '/SSM/a', 'aws-a', '/a//b', '/a/'])('like %s are refused', async (name) => {
    await expect(put(name)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Parameter name: can\'t be prefixed with') });
  });

  test('have at most 15 levels, and begin with a slash if they have one', async () => {
    await put('/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15');
    await expect(put('/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16')).rejects.toMatchObject({ name: 'HierarchyLevelLimitExceededException' });
    await expect(put('a/b')).rejects.toMatchObject({ name: 'ValidationException', message: 'Parameter name must be a fully qualified name.' });
  });

  test('below /aws are reserved', async () => {
    await expect(put('/AWS/a')).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'No access to reserved parameter name: /AWS/a.' });
  });
});

test.each<[string, Partial<PutParameterCommandInput>, string]>([
  ['no type', { Type: undefined }, 'A parameter type is required when you create a parameter.'],
  ['a tier that is none', { Tier: 'Free' as any }, "Value 'Free' at 'tier' failed to satisfy constraint: Member must satisfy enum value set"],
  ['an endless description', { Description: 'd'.repeat(1025) }, "at 'description' failed to satisfy constraint: Member must have length less than or equal to 1024"],
  ['a policy', { Policies: '[]' }, "at 'policies' failed to satisfy constraint: Member is not part of the local AWS"],
  ['another data type', { DataType: 'aws:ec2:image' }, 'The data type aws:ec2:image is not part of the local AWS'],
])('a parameter of %s is refused', async (_what, input, message) => {
  await expect(put('a', input)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
});

test('DeleteParameters deletes what is there, and tells what is not', async () => {
  await put('a');
  await put('b');
  const { DeletedParameters, InvalidParameters } = await client.send(new DeleteParametersCommand({ Names: ['a', 'c', 'b'] }));
  expect([DeletedParameters, InvalidParameters]).toEqual([['a', 'b'], ['c']]);
  expect(await names({ Key: 'Name', Option: 'BeginsWith', Values: ['a', 'b'] })).toEqual([]);
});

test.each([[[]], [Array.from({ length: 11 }, (_, index) => `n${index}`)]])('DeleteParameters of %j is refused', async (Names) => {
  await expect(client.send(new DeleteParametersCommand({ Names }))).rejects.toMatchObject({ name: 'ValidationException' });
});

describe('DescribeParameters', () => {
  beforeEach(async () => {
    await put('/app/one', { Description: 'first', AllowedPattern: '.*' });
    await put('/app/deep/two', { Tier: 'Advanced' });
    await put('/application', { Type: 'StringList' });
  });

  test('shows all of a parameter but its value', async () => {
    expect(await described({ Key: 'Name', Values: ['/app/one'] })).toEqual([{
      Name: '/app/one',
      ARN: 'arn:aws:ssm:us-east-1:111111111111:parameter/app/one',
      Type: 'String',
      LastModifiedDate: expect.any(Date),
      Description: 'first',
      AllowedPattern: '.*',
      Version: 1,
      Tier: 'Standard',
      DataType: 'text',
      Policies: [],
    }]);
  });

  test.each<[any[], string[]]>([
    [[], ['/app/deep/two', '/app/one', '/application', '/cdk-bootstrap/hnb659fds/version']],
    [[{ Key: 'Name', Option: 'BeginsWith', Values: ['/app/o', '/appl'] }], ['/app/one', '/application']],
    [[{ Key: 'Name', Option: 'Contains', Values: ['two'] }], ['/app/deep/two']],
    [[{ Key: 'Type', Values: ['StringList'] }], ['/application']],
    [[{ Key: 'Path', Values: ['/app'] }], ['/app/one']],
    [[{ Key: 'Path', Option: 'Recursive', Values: ['/app/'] }], ['/app/deep/two', '/app/one']],
    [[{ Key: 'Path', Option: 'Recursive', Values: ['/app'] }, { Key: 'Tier', Values: ['Advanced'] }], ['/app/deep/two']],
  ])('with %j finds %j', async (filters, expected) => {
    expect(await names(...filters)).toEqual(expected);
  });

  test.each<[any, string]>([
    [{ Key: 'Type', Option: 'Contains', Values: ['S'] }, 'InvalidFilterOption'],
    [{ Key: 'Mood', Values: ['b'] }, 'ValidationException'],
  ])('with %j is refused', async (filter, name) => {
    await expect(described(filter)).rejects.toMatchObject({ name });
  });
});
