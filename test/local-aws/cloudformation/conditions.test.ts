import { Bench, custom, template, topic } from './bench';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

const when = (value: string, resources: any, more: any = {}) => template(resources, {
  Parameters: { On: { Type: 'String', Default: value } }, Conditions: { On: { 'Fn::Equals': [{ Ref: 'On' }, 'yes'] } }, ...more,
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
describe('a condition', () => {
  test('decides over resources: one whose condition no longer holds is deleted in the clean-up', async () => {
    const resources = { A: custom(bench.fn('f'), {}, { Condition: 'On' }), B: topic() };
    const stack = await bench.deploy('s', when('yes', resources));
    await bench.deploy('s', when('no', resources));
    expect(bench.told(stack).slice(-4)).toEqual(['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'UPDATE_COMPLETE']);
    await bench.deploy('s', when('yes', resources));
    expect(bench.asked.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete', 'Create']);
  });

  test('decides over properties: AWS::NoValue takes one away', async () => {
    const either = { 'Fn::If': ['On', 'here', { Ref: 'AWS::NoValue' }] };
    const resources = { A: custom(bench.fn('f'), { P: either, L: ['a', either] }) };
    await bench.deploy('s', when('yes', resources));
    await bench.deploy('s', when('no', resources));
    expect(bench.asked.map(({ ResourceProperties: { ServiceToken, ...properties } }) => properties)).toEqual([{ P: 'here', L: ['a', 'here'] }, { L: ['a'] }]);
  });

  test('decides over outputs, and so over what they reference', async () => {
    const written = (value: string) => when(value, { A: topic({}, { Condition: 'On' }), B: topic() }, {
      Outputs: { O: { Value: { Ref: 'A' }, Condition: 'On' }, P: { Value: { 'Fn::If': ['On', { Ref: 'A' }, 'none'] } } },
    });
    const stack = await bench.deploy('s', written('yes'));
    expect(stack.outputs.map(({ key }) => key)).toEqual(['O', 'P']);
    await bench.deploy('s', written('no'));
    expect(stack.outputs).toMatchObject([{ key: 'P', value: 'none' }]);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
test('pseudo parameters reach the resources', async () => {
  const names = ['Partition', 'URLSuffix', 'Region', 'AccountId', 'StackName', 'StackId', 'NotificationARNs'];
  const arns = ['arn:aws:sns:us-east-1:111111111111:topic'];
  const stack = await bench.deploy('s', template({ A: custom(bench.fn('f'), Object.fromEntries(names.map((name) => [name, { Ref: `AWS::${name}` }]))) }), { NotificationARNs: arns });
  expect(bench.asked[0].ResourceProperties).toMatchObject({
    Partition: 'aws', URLSuffix: 'amazonaws.com', Region: 'us-east-1', AccountId: '111111111111', StackName: 's', StackId: stack.id, NotificationARNs: arns,
  });
});
