import { CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DeleteDashboardsCommand, GetDashboardCommand, ListDashboardsCommand, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { dashboardErrors } from '../../../local-aws/cloudwatch/dashboards';
import { UNTIL_DONE } from '../../harness/waiting';

const METRIC = { type: 'metric', width: 12, height: 6, x: 0, y: 0, properties: { region: 'us-east-1', view: 'timeSeries', metrics: [['Shop', 'latency', 'Job', 'j', { stat: 'p99' }], [{ expression: 'm1/2' }]] } };
const BODY = JSON.stringify({ widgets: [METRIC, { type: 'text', properties: { markdown: '# Shop' } }] });
let aws: LocalAws;
let client: CloudWatchClient;

beforeAll(async () => {
  aws = await startLocalAws(UNTIL_DONE);
  client = new CloudWatchClient(aws.client());
});
afterAll(() => aws.close());

const region = () => aws.world.region('111111111111', 'us-east-1');
const names = async (DashboardNamePrefix?: string) => {
  const { DashboardEntries } = await client.send(new ListDashboardsCommand({ DashboardNamePrefix }));
  return DashboardEntries!.map(({ DashboardName }) => DashboardName);
};

test('a dashboard is put, read, listed and deleted', async () => {
  const DashboardName = 'shop';
  expect((await client.send(new PutDashboardCommand({ DashboardName, DashboardBody: BODY }))).DashboardValidationMessages).toEqual([]);
  expect(await client.send(new GetDashboardCommand({ DashboardName }))).toMatchObject({ DashboardArn: 'arn:aws:cloudwatch::111111111111:dashboard/shop', DashboardBody: BODY, DashboardName });
  expect((await client.send(new ListDashboardsCommand({}))).DashboardEntries).toEqual([
    { DashboardName, DashboardArn: 'arn:aws:cloudwatch::111111111111:dashboard/shop', LastModified: expect.any(Date), Size: BODY.length },
  ]);
  await expect(client.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName, 'none'] }))).rejects.toMatchObject({ message: 'Dashboard none does not exist', $metadata: { httpStatusCode: 404 } });
  expect([await names('sh'), await names('x')]).toEqual([['shop'], []]);
  await client.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }));
  expect(await names()).toEqual([]);
});

test.each<[string, unknown, string, string]>([
  ['no object', [], '', 'Should be object'],
  ['no widgets', {}, '', "Should have required property 'widgets'"],
  ['an unknown widget', { widgets: [{ type: 'chart', properties: {} }] }, '/widgets/0/type', 'Should be one of metric, text, log, alarm, explorer, custom'],
  ['a wide widget', { widgets: [METRIC, { ...METRIC, width: 25 }] }, '/widgets/1/width', 'Should be an integer from 1 to 24'],
  ['a metric without a Region', { widgets: [{ ...METRIC, properties: { metrics: [] } }] }, '/widgets/0/properties', "Should have property 'region', the name of a Region"],
  ['metrics that are no lists', { widgets: [{ ...METRIC, properties: { region: 'r', metrics: ['Shop', 'm'] } }] }, '/widgets/0/properties', "Should have property 'metrics', a list of lists"],
  ['a text without words', { widgets: [{ type: 'text', properties: {} }] }, '/widgets/0/properties', "Should have property 'markdown', a text"],
])('%s is refused', async (_what, body, path, message) => {
  expect(dashboardErrors(JSON.stringify(body))).toEqual([{ path, message }]);
  await expect(client.send(new PutDashboardCommand({ DashboardName: 'bad', DashboardBody: JSON.stringify(body) }))).rejects.toMatchObject({ name: 'DashboardInvalidInputError', message: expect.stringContaining(message) });
  expect(await names()).toEqual([]);
});

test('a body that is no JSON, and a name with a space, are refused', async () => {
  await expect(client.send(new PutDashboardCommand({ DashboardName: 'bad', DashboardBody: '{' }))).rejects.toThrow('it is no JSON');
  await expect(client.send(new PutDashboardCommand({ DashboardName: 'a b', DashboardBody: BODY }))).rejects.toThrow('It can only contain alphanumerics');
});

test('a stack has dashboards: named and unnamed, changed, replaced and deleted', async () => {
  const stacks = new CloudFormationClient(aws.client());
  const template = (name: object, body = BODY) => JSON.stringify({
    Resources: { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { ...name, DashboardBody: body } } }, Outputs: { Name: { Value: { Ref: 'D' } } },
  });
  const stack = { StackName: 'shop' };
  const status = async () => {
    const [{ StackStatus, Outputs }] = (await stacks.send(new DescribeStacksCommand(stack))).Stacks!;
    return [StackStatus, Outputs?.[0].OutputValue];
  };
  await stacks.send(new CreateStackCommand({ ...stack, TemplateBody: template({}) }));
  const [made, unnamed] = await status();
  expect([made, await names()]).toEqual(['CREATE_COMPLETE', [unnamed]]);
  await stacks.send(new UpdateStackCommand({ ...stack, TemplateBody: template({ DashboardName: 'mine' }, '{"widgets":[]}') }));
  expect([await status(), await names()]).toEqual([['UPDATE_COMPLETE', 'mine'], ['mine']]);
  expect(region().cloudwatch.dashboards.get('mine')!.body).toBe('{"widgets":[]}');
  await stacks.send(new UpdateStackCommand({ ...stack, TemplateBody: template({ DashboardName: 'mine' }, '{}') }));
  expect((await status())[0]).toBe('UPDATE_ROLLBACK_COMPLETE');
  await stacks.send(new DeleteStackCommand(stack));
  expect(await names()).toEqual([]);
});

test('a role needs permission on the dashboard, and metrics have no resource', () => {
  const { iam } = region();
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
  iam.createRole('viewer', trust);
  iam.putRolePolicy('viewer', 'p', {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'cloudwatch:GetDashboard', Resource: 'arn:aws:cloudwatch::111111111111:dashboard/shop' },
      { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'Shop' } } },
    ],
  });
  const principal = { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/viewer/s' };
  const check = (operation: string, input: object) => () => iam.check({ principal }, 'monitoring', operation, input);
  expect(check('GetDashboard', { DashboardName: 'shop' })).not.toThrow();
  expect(check('GetDashboard', { DashboardName: 'other' })).toThrow('cloudwatch:GetDashboard on resource: arn:aws:cloudwatch::111111111111:dashboard/other');
  expect(check('DeleteDashboards', { DashboardNames: ['shop'] })).toThrow('cloudwatch:DeleteDashboards on resource: arn:aws:cloudwatch::111111111111:dashboard/shop');
  expect(check('PutMetricData', { Namespace: 'Shop' })).not.toThrow();
  expect(check('PutMetricData', { Namespace: 'Other' })).toThrow('cloudwatch:PutMetricData on resource: *');
  expect(check('GetMetricData', {})).toThrow('cloudwatch:GetMetricData on resource: *');
});
