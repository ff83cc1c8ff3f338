import { someRegion } from '../iam/world';

const arn = (name: string) => `arn:aws:ssm:us-east-1:111111111111:parameter/${name}`;

/** What a role that may do what it is granted lacks for a request. */
function lacks(granted: Array<[action: string, resource: string]>, operation: string, input: object): string | undefined {
  const region = someRegion();
  region.iam.createRole('R', { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } } });
  granted.forEach(([Action, Resource], index) => region.iam.putRolePolicy('R', `P${index}`, { Statement: { Effect: 'Allow', Action, Resource } }));
  try {
    region.iam.check({ principal: { account: region.account, arn: 'arn:aws:iam::111111111111:role/R' } }, 'ssm', operation, input);
    return undefined;
  } catch (error) {
    return /perform: (\S+ on resource: \S+) because/.exec((error as Error).message)![1];
  }
}

test('DeleteParameters needs each of its names', () => {
  const input = { Names: ['/a', 'b'] };
  expect(lacks([['ssm:DeleteParameters', arn('a')]], 'DeleteParameters', input)).toBe(`ssm:DeleteParameters on resource: ${arn('b')}`);
  expect(lacks([['ssm:DeleteParameters', arn('*')]], 'DeleteParameters', input)).toBeUndefined();
});

test('PutParameter with tags needs AddTagsToResource', () => {
  const input = { Name: '/a', Value: 'v', Type: 'String', Tags: [{ Key: 'k', Value: 'v' }] };
  expect(lacks([['ssm:PutParameter', arn('a')]], 'PutParameter', input)).toBe(`ssm:AddTagsToResource on resource: ${arn('a')}`);
  expect(lacks([['ssm:PutParameter', arn('a')]], 'PutParameter', { ...input, Tags: undefined })).toBeUndefined();
});

test('DescribeParameters names no resource', () => {
  expect(lacks([['ssm:DescribeParameters', arn('*')]], 'DescribeParameters', {})).toBe('ssm:DescribeParameters on resource: *');
});

test('names that are no list are judged like none', () => {
  expect(lacks([], 'GetParameters', { Names: 'a' })).toBe('ssm:GetParameters on resource: *');
});
