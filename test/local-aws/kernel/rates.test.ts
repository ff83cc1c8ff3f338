import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DOCUMENTED_RATES, LocalAws, Rate, startLocalAws, VirtualClock, World } from '../../../local-aws';
import { ACCOUNT, REGION } from '../../harness/place';

const FIRST = new Date('2026-01-01T00:00:00Z');
let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

function worldOf(rates?: readonly Rate[]) {
  const world = new World({ clock: new VirtualClock({ start: FIRST, jumps: false }), rates });
  const call = (operation: string, input: object, { account = ACCOUNT, region = REGION } = {}) => world.clock.run(async () => {
    const place = world.region(account, region);
    return place.ssm.operations[operation](input, { region: place, principal: place.root, requestId: 'test' });
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

test.each([
  ['the second', (wide: Rate, narrow: Rate) => [wide, narrow]],
  ['the first', (wide: Rate, narrow: Rate) => [narrow, wide]],
  ['the last of three', (wide: Rate, narrow: Rate) => [wide, { ...wide, atOnce: 3 }, narrow]],
])('a call that %s of its rates refuses is counted by none', async (_which, order) => {
  const { call, put, world } = worldOf(order({ service: 'ssm', perSecond: 1, atOnce: 2 }, { service: 'ssm', operations: ['PutParameter'], perSecond: 0.5, atOnce: 1 }));
  expect([await put(), await put(), await put()]).toEqual(['taken', REFUSED, REFUSED]);
  await call('GetParameter', { Name: '/a' });
  await world.clock.advance(1000);
  expect(await put()).toBe(REFUSED);
  await call('GetParameter', { Name: '/a' });
});

test('without rates, everything is taken; another service\'s rate is its own', async () => {
  for (const rates of [[], [{ service: 'sagemaker', perSecond: 1 }]]) {
    const { put, world } = worldOf(rates);
    for (let times = 0; times < 20; times++) { expect(await put()).toBe('taken'); }
    const list = () => world.clock.run(() => world.region(ACCOUNT, REGION).sagemaker.call('ListModels', {}));
    await list();
    await (rates.length > 0 ? expect(list()).rejects.toThrow('Rate exceeded') : list());
  }
});

test('CloudFormation outlasts the rate for the parameters of a template', async () => {
  const { world } = worldOf();
  const region = world.region(ACCOUNT, REGION);
  const Resources = Object.fromEntries([...Array(10).keys()].map((number) => [`P${number}`, { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: '1' } }]));
  void world.clock.run(async () => region.cloudformation.operations.CreateStack({ StackName: 'Many', TemplateBody: JSON.stringify({ Resources }) }, {
    region, principal: region.root, requestId: 'test',
  }));
  await world.clock.advance(60_000);
  expect([...region.cloudformation.stacks.values()].map(({ status }) => status)).toEqual(['CREATE_COMPLETE']);
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
