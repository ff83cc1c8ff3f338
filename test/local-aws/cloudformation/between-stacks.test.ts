import { Bench, custom, template, topic } from './bench';
import { Stack } from '../../../local-aws/cloudformation';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

const body = (resources: any) => ({ TemplateBody: JSON.stringify(template(resources)) });
const describe1 = async (StackName: string) => (await bench.op('DescribeStacks', { StackName })).Stacks[0];

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
describe('an export', () => {
  const producer = (value: string) => template({ A: topic() }, { Outputs: { O: { Value: value, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-o' } } } } });
  const consumer = template({ A: topic({ DisplayName: { 'Fn::ImportValue': 'p-o' } }) });

  beforeEach(async () => {
    await bench.deploy('p', producer('1'));
    await bench.deploy('c', consumer);
  });

  test('gives its value to other stacks, and is listed', async () => {
    expect(bench.stacks.find('c')!.resources.get('A')!.properties.DisplayName).toBe('1');
    expect((await bench.op('ListExports')).Exports).toEqual([{ ExportingStackId: bench.stacks.find('p')!.id, Name: 'p-o', Value: '1' }]);
  });

  test.each([['change', producer('2'), 'Export p-o cannot be updated as it is in use by c'], ['go', template({ A: topic() }), 'Export p-o cannot be deleted as it is in use by c']])(
    'that is used cannot %s', async (_, changed, sentence) => {
      const stack = await bench.deploy('p', changed);
      expect([stack.status, stack.events.find(({ status }) => status === 'UPDATE_ROLLBACK_IN_PROGRESS')!.reason]).toEqual(['UPDATE_ROLLBACK_COMPLETE', sentence]);
      expect(stack.outputs[0].value).toBe('1');
    });

  test('keeps its stack from deletion, until nobody uses it', async () => {
    await bench.op('DeleteStack', { StackName: 'p' });
    expect(await describe1('p')).toMatchObject({ StackStatus: 'CREATE_COMPLETE', StackStatusReason: 'Delete canceled. Cannot delete export p-o as it is in use by c.' });
    await bench.op('DeleteStack', { StackName: 'c' });
    const { id } = bench.stacks.find('p')!;
    await bench.op('DeleteStack', { StackName: 'p' });
    expect((await describe1(id)).StackStatus).toBe('DELETE_COMPLETE');
  });

  test('that is not there, or is there already, is refused', async () => {
    await expect(bench.op('CreateChangeSet', { StackName: 'd', ChangeSetName: 'c', ChangeSetType: 'CREATE', ...body({ A: topic({ DisplayName: { 'Fn::ImportValue': 'no' } }) }) }))
      .rejects.toThrow('No export named no found.');
    const twin = await bench.deploy('q', template({ A: topic() }, { Outputs: { O: { Value: 'x', Export: { Name: 'p-o' } } } }));
    expect(twin.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')!.reason).toContain('Export with name p-o is already exported by stack p.');
  });

  test('is free again when the update that began to use it was rolled back', async () => {
    await bench.op('DeleteStack', { StackName: 'c' });
    const broken = bench.fn('broken', ({ RequestType }) => RequestType === 'Create' ? { Status: 'FAILED' } : {});
    await bench.deploy('d', template({ A: topic() }));
    const failed = await bench.deploy('d', template({ A: topic({ DisplayName: { 'Fn::ImportValue': 'p-o' } }), B: custom(broken, {}, { DependsOn: 'A' }) }));
    expect([failed.status, (await bench.deploy('p', producer('2'))).status]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE']);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
describe('a nested stack', () => {
  const parent = (V: string, more: any = {}) => template({
    Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/templates/child.json', Parameters: { V } } },
    Out: topic({ DisplayName: { 'Fn::GetAtt': ['Child', 'Outputs.O'] } }),
    ...more,
  });

  beforeEach(() => {
    const fussy = bench.fn('fussy', ({ RequestType, ResourceProperties: { V } }) => RequestType !== 'Delete' && V === 'bad' ? { Status: 'FAILED', Reason: 'bad' } : {});
    bench.world.s3.createBucket('templates', '111111111111', 'us-east-1');
    put(template({ In: custom(fussy, { V: { Ref: 'V' } }) }, { Parameters: { V: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'V' } } } }));
  });
  const put = (written: any) => bench.world.s3.putObject('templates', 'child.json', Buffer.from(JSON.stringify(written)));
  const child = () => [...bench.stacks.stacks.values()].find((stack) => stack.parent)!;

  test('is made, updated and deleted with its parent, and gives its outputs', async () => {
    const stack = await bench.deploy('s', parent('1'));
    expect([child().status, stack.resources.get('Out')!.properties.DisplayName]).toEqual(['CREATE_COMPLETE', '1']);
    await bench.deploy('s', parent('2'));
    expect([child().status, stack.resources.get('Out')!.properties.DisplayName]).toEqual(['UPDATE_COMPLETE', '2']);
    await bench.op('DeleteStack', { StackName: 's' });
    expect([child().status, stack.status]).toEqual(['DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });

  test('that fails fails its parent, and goes back with it', async () => {
    const failed = await bench.deploy('s', parent('bad'));
    expect(failed.events.find(({ logicalId, status }) => logicalId === 'Child' && status === 'CREATE_FAILED')!.reason)
      .toBe(`Embedded stack ${child().id} was not successfully created: The following resource(s) failed to create: [In]. `);
    expect([failed.status, child().status]).toEqual(['ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);
    await bench.op('DeleteStack', { StackName: 's' });
    bench.stacks.stacks.clear();
    const stack = await bench.deploy('s', parent('1'));
    await bench.deploy('s', parent('bad'));
    expect([stack.status, child().status, child().resources.get('In')!.properties.V]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', '1']);
  });

  // docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-nested-stacks-are-stuck
  describe('that was updated', () => {
    const slow = (name: string, told: any = {}) => bench.fn(name, (event) => bench.later(60_000, event, event.RequestType === 'Delete' ? {} : told));
    const names = { Parameters: { V: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'V' } } } };

    beforeEach(() => {
      put(template({ In: topic({ TopicName: { Ref: 'V' } }) }, names));
    });

    test('is cleaned up only once its siblings are done', async () => {
      const stack = await bench.deploy('s', parent('1'));
      const from = child().events.length;
      await bench.deploy('s', parent('2', { Late: custom(slow('slow'), {}, { DependsOn: 'Child' }) }));
      expect(bench.told(child(), from).slice(-4)).toEqual(['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'In DELETE_IN_PROGRESS', 'In DELETE_COMPLETE', 'UPDATE_COMPLETE']);
      const at = ({ events }: Stack, wanted: string) => events.find(({ logicalId, status }) => `${logicalId} ${status}` === wanted)!.virtualTime;
      expect(at(child(), 'In DELETE_IN_PROGRESS') - at(child(), 'In UPDATE_COMPLETE')).toBe(60_000);
      expect(at(child(), 'In DELETE_IN_PROGRESS')).toBe(at(stack, 'Late CREATE_COMPLETE'));
    });

    test('goes back to its old physical resources and outputs when a sibling fails', async () => {
      const stack = await bench.deploy('s', parent('1'));
      const { physicalId } = child().resources.get('In')!;
      await bench.deploy('s', parent('2', { Late: custom(slow('failing', { Status: 'FAILED' }), {}, { DependsOn: 'Child' }) }));
      expect([stack.status, child().status, child().resources.get('In')!.physicalId, child().outputs[0].value])
        .toEqual(['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', physicalId, '1']);
      const deleted = child().events.filter(({ logicalId, status }) => logicalId === 'In' && status === 'DELETE_COMPLETE');
      expect(deleted.map((event) => event.physicalId === physicalId)).toEqual([false]);
    });
  });
});
