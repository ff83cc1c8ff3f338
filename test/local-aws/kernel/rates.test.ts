import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DOCUMENTED_RATES, LocalAws, Rate, startLocalAws, VirtualClock, World } from '../../../local-aws';
import { ACCOUNT, REGION } from '../../harness/place';

const FIRST = new Date('2026-01-01T00:00:00Z');
let aws: LocalAws | undefined;
const user = (account: string) => ({ account, arn: `arn:aws:iam::${account}:user/local` });
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

function worldOf(rates?: readonly Rate[]) {
  const world = new World({ clock: new VirtualClock({ start: FIRST, jumps: false }), rates });
  const call = (operation: string, input: object, { account = ACCOUNT, region = REGION } = {}) => world.clock.run(async () => {
    const place = world.region(account, region);
    return place.ssm.operations[operation](input, { region: place, principal: user(account), requestId: 'test' });
  });
  const put = (where = {}) => call('PutParameter', { Name: '/a', Value: '1', Type: 'String', Overwrite: true }, where)
    .then(() => 'taken', ({ code, message, status }) => `${code}: ${message} ${status}`);
  return { world, call, put };
}
const REFUSED = 'ThrottlingException: Rate exceeded 400';

test('by default, Parameter Store takes 3 writes a second', async () => {
  const { world, put } = worldOf();
  expect([await put(), await put(), await put(), await put()]).toEqual(['taken', 'taken', 'taken', REFUSED]);
  await world.clock.advance(334);
  expect([await put(), await put()]).toEqual(['taken', REFUSED]);
  await world.clock.advance(60_000);
  expect([await put(), await put(), await put(), await put()]).toEqual(['taken', 'taken', 'taken', REFUSED]);
});

test('each account and Region has a rate of its own', async () => {
  const { put } = worldOf([{ service: 'ssm', perSecond: 1 }]);
  expect([await put(), await put(), await put({ region: 'eu-west-1' }), await put({ account: '222222222222' })]).toEqual(['taken', REFUSED, 'taken', 'taken']);
});

test('operations may share a rate, and others have none', async () => {
  const { call, put } = worldOf([{ service: 'ssm', operations: ['GetParameter', 'GetParameters'], perSecond: 1, atOnce: 2 }]);
  await put();
  await call('GetParameter', { Name: '/a' });
  await call('GetParameters', { Names: ['/a'] });
  await expect(call('GetParameter', { Name: '/a' })).rejects.toThrow('Rate exceeded');
  expect([await put(), await put(), await put(), await put()]).toEqual(Array(4).fill('taken'));
});

test('without rates, everything is taken; another service\'s rate is its own', async () => {
  for (const rates of [[], [{ service: 'sagemaker', perSecond: 1 }]]) {
    const { put, world } = worldOf(rates);
    for (let times = 0; times < 20; times++) { expect(await put()).toBe('taken'); }
    const list = () => world.clock.run(() => world.region(ACCOUNT, REGION).sagemaker.call('ListModels', {}, user(ACCOUNT)));
    await list();
    await (rates.length > 0 ? expect(list()).rejects.toThrow('Rate exceeded') : list());
  }
});

test('a call that one of two rates refuses is counted by neither', async () => {
  const { call, put, world } = worldOf([{ service: 'ssm', perSecond: 1, atOnce: 2 }, { service: 'ssm', operations: ['PutParameter'], perSecond: 0.5, atOnce: 1 }]);
  expect([await put(), await put(), await put()]).toEqual(['taken', REFUSED, REFUSED]);
  await call('GetParameter', { Name: '/a' });
  await world.clock.advance(1000);
  expect(await put()).toBe(REFUSED);
  await call('GetParameter', { Name: '/a' });
});

describe('CloudFormation outlasts the rate of', () => {
  test.each([
    ['ssm', () => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: '1' } })],
    ['sagemaker', (name: string) => ({ Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: name } })],
    ['events', (name: string) => ({ Type: 'AWS::Events::Rule', Properties: { Name: name, EventPattern: { source: ['shop'] } } })],
  ])('%s for the resources of a template, when it makes them and when it deletes them', async (service, resource) => {
    const { world } = worldOf([{ service, perSecond: 1 }]);
    const region = world.region(ACCOUNT, REGION);
    const Resources = Object.fromEntries([...Array(10).keys()].map((number) => [`P${number}`, resource(`p${number}`)]));
    const ask = async (operation: string, input: object) => {
      void world.clock.run(async () => region.cloudformation.operations[operation]({ StackName: 'Many', ...input }, { region, principal: region.root, requestId: 'test' }));
      await world.clock.advance(600_000);
      return [...region.cloudformation.stacks.values()].map(({ status }) => status);
    };
    expect(await ask('CreateStack', { TemplateBody: JSON.stringify({ Resources }) })).toEqual(['CREATE_COMPLETE']);
    expect(await ask('DeleteStack', {})).toEqual(['DELETE_COMPLETE']);
  });
});

test('the SDK meets it as throttling, and what it waits in real time counts', async () => {
  aws = await startLocalAws();
  const client = new SSMClient({ ...aws.client({ account: ACCOUNT, region: REGION }), maxAttempts: 1 });
  const put = () => client.send(new PutParameterCommand({ Name: '/a', Value: '1', Type: 'String', Overwrite: true }));
  let refusal: any;
  while (!refusal) { await put().catch((error) => { refusal = error; }); }
  expect(refusal).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } });
  for (let taken = false; !taken;) { taken = await put().then(() => true, () => false); }
  client.destroy();
});

test('the documented rates name their operations', () => {
  expect(DOCUMENTED_RATES.map(({ service, operations, perSecond }) => [service, operations, perSecond])).toEqual([
    ['ssm', ['PutParameter'], 3], ['ssm', ['GetParameter', 'GetParameters', 'GetParametersByPath'], 40],
  ]);
});
