import { Bench, template } from '../cloudformation/bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const parameter = (properties: object) => template(
  { P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v', Name: '/p', ...properties } } },
  { Outputs: { Value: { Value: { 'Fn::GetAtt': ['P', 'Value'] } } } },
);

test('a parameter is made with its tier, and updated in place', async () => {
  const stack = await bench.deploy('s', parameter({ Tier: 'Intelligent-Tiering', Description: 'd', Value: 'v'.repeat(5000) }));
  expect(bench.region.ssm.parameters.get('/p')).toMatchObject({ Tier: 'Advanced', Description: 'd', Version: 1 });
  await bench.deploy('s', parameter({ Tier: 'Advanced', Description: 'e', Value: 5 }));
  expect(bench.region.ssm.parameters.get('/p')).toMatchObject({ Value: '5', Description: 'e', Version: 2 });
  expect(stack.outputs).toMatchObject([{ key: 'Value', value: '5' }]);
});

test.each<[object, string]>([
  [{ Value: 'v'.repeat(4097) }, 'Standard tier parameters support a maximum'],
  [{ AllowedPattern: '\\d' }, 'cannot be validated against allowedPattern'],
  [{ Type: 'Number' }, "Value 'Number' at 'type'"],
])('%j fails the stack', async (properties, reason) => {
  const stack = await bench.deploy('s', parameter(properties));
  expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')!.reason).toContain(reason);
  expect(bench.region.ssm.parameters.has('/p')).toBe(false);
});
