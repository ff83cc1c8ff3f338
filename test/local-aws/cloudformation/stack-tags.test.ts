import { Bench, custom, template, topic } from './bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const group = { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'models', Tags: [{ Key: 'own', Value: 'group' }] } };
const version = {
  Type: 'AWS::SageMaker::ModelPackage',
  DependsOn: 'Group',
  Properties: { ModelPackageGroupName: 'models', InferenceSpecification: { Containers: [{ Image: 'image' }], SupportedContentTypes: ['text/csv'] } },
};
const parameter = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: 'v', Tags: { own: 'parameter' } } };
const rule = { Type: 'AWS::Events::Rule', Properties: { Name: 'r', ScheduleExpression: 'rate(1 hour)' } };
const tags = (given: Record<string, string>) => ({ Tags: Object.entries(given).map(([Key, Value]) => ({ Key, Value })) });

async function tagsOf() {
  const { region } = bench;
  const call = { region, principal: { account: region.account, arn: 'arn:aws:iam::111111111111:root' }, requestId: 'request' };
  const inMap = (list: Array<{ Key: string; Value: string }>) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
  return {
    group: inMap((await region.sagemaker.call('ListTags', { ResourceArn: region.arn('sagemaker', 'model-package-group/models') })).Tags),
    parameter: inMap((await region.ssm.operations.ListTagsForResource({ ResourceType: 'Parameter', ResourceId: '/p' }, call) as any).TagList),
    rule: inMap((await region.events.operations.ListTagsForResource({ ResourceARN: region.arn('events', 'rule/r') }, call) as any).Tags),
  };
}

describe('a stack\'s tags are on all that takes tags', () => {
  test('from the beginning, and the resource\'s own win', async () => {
    await bench.deploy('s', template({ Group: group, Parameter: parameter, Rule: rule }), tags({ team: 'shop', own: 'stack' }));
    expect(await tagsOf()).toEqual({ group: { team: 'shop', own: 'group' }, parameter: { team: 'shop', own: 'parameter' }, rule: { team: 'shop', own: 'stack' } });
  });

  test('and change with them alone, but a custom resource is not told', async () => {
    const all = template({ Group: group, Parameter: parameter, Rule: rule, Custom: custom(bench.fn('f')), Policy: topic() });
    await bench.deploy('s', all, tags({ team: 'shop', old: 'x' }));
    const stack = await bench.deploy('s', all, tags({ team: 'web' }));
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(await tagsOf()).toEqual({ group: { team: 'web', own: 'group' }, parameter: { team: 'web', own: 'parameter' }, rule: { team: 'web' } });
    expect(bench.asked.map(({ RequestType }) => RequestType)).toEqual(['Create']);
    const from = stack.events.length;
    await bench.deploy('s', all, { ...tags({ team: 'web' }), TemplateBody: JSON.stringify({ ...all, Description: 'other' }) }).catch(() => {});
    expect(bench.told(stack, from).filter((line) => /Group|Rule/.test(line))).toEqual([]);
  });

  test('and a change set lists them', async () => {
    await bench.deploy('s', template({ Group: group, Custom: custom(bench.fn('f')) }));
    await bench.op('CreateChangeSet', {
      StackName: 's', ChangeSetName: 'c', TemplateBody: JSON.stringify(template({ Group: group, Custom: custom(bench.fn('f')) })), ...tags({ team: 'shop' }),
    });
    const { Changes } = await bench.op('DescribeChangeSet', { StackName: 's', ChangeSetName: 'c' });
    expect(Changes.map(({ ResourceChange: { LogicalResourceId, Scope } }: any) => [LogicalResourceId, Scope])).toEqual([['Group', ['Tags']]]);
  });

  test('also in a nested stack', async () => {
    const inner = template({ Group: group, Parameter: parameter, Rule: rule });
    bench.world.s3.createBucket('templates', '111111111111', 'us-east-1');
    bench.world.s3.putObject('templates', 'inner.json', Buffer.from(JSON.stringify(inner)));
    const outer = template({ Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.us-east-1.amazonaws.com/templates/inner.json' } } });
    await bench.deploy('s', outer, tags({ team: 'shop' }));
    expect((await tagsOf()).rule).toEqual({ team: 'shop' });
    await bench.deploy('s', outer, tags({ team: 'web' }));
    expect((await tagsOf()).rule).toEqual({ team: 'web' });
  });
});

describe('a version of a model package refuses them', () => {
  test('so a stack with one is not made', async () => {
    const stack = await bench.deploy('s', template({ Group: group, Version: version }), tags({ team: 'shop' }));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')).toMatchObject({ logicalId: 'Version', reason: expect.stringContaining('Tags are not supported') });
  });

  test('and an update with tags goes back', async () => {
    const all = template({ Group: group, Version: version, Parameter: parameter, Rule: rule });
    await bench.deploy('s', all);
    const stack = await bench.deploy('s', all, tags({ team: 'shop' }));
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await tagsOf()).toEqual({ group: { own: 'group' }, parameter: { own: 'parameter' }, rule: {} });
  });
});
