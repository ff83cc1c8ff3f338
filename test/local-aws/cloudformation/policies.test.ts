import { Bench, custom, template, topic } from './bench';

let bench: Bench;
let broken: string;

beforeEach(() => {
  bench = new Bench();
  broken = bench.fn('broken', ({ RequestType }) => RequestType === 'Delete' ? {} : { Status: 'FAILED', Reason: 'broken' });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
describe('policies', () => {
  const kept = (stack: any) => stack.events.filter(({ status }: any) => status === 'DELETE_SKIPPED').map(({ logicalId }: any) => logicalId);

  test('DeletionPolicy Retain keeps a resource when the stack or the resource goes', async () => {
    const stack = await bench.deploy('s', template({ A: topic({}, { DeletionPolicy: 'Retain' }), B: topic({}, { DeletionPolicy: 'Retain' }) }));
    await bench.deploy('s', template({ B: topic({}, { DeletionPolicy: 'Retain' }) }));
    expect(kept(stack)).toEqual(['A']);
    await bench.op('DeleteStack', { StackName: 's' });
    expect(kept(stack)).toEqual(['A', 'B']);
  });

  test('UpdateReplacePolicy Retain keeps what a replacement puts aside', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ TopicName: '1' }, { UpdateReplacePolicy: 'Retain' }) }));
    await bench.deploy('s', template({ A: topic({ TopicName: '2' }, { UpdateReplacePolicy: 'Retain' }) }));
    expect(kept(stack)).toEqual(['A']);
  });

  test('a rollback keeps what Retain says, and deletes what RetainExceptOnCreate says', async () => {
    const stack = await bench.deploy('s', template({
      A: topic({}, { DeletionPolicy: 'Retain' }), B: topic({}, { DeletionPolicy: 'RetainExceptOnCreate' }), C: custom(broken, {}, { DependsOn: ['A', 'B'] }),
    }));
    expect(kept(stack)).toEqual(['A']);
  });

  test('a rollback with RetainExceptOnCreate deletes what it made, whatever Retain says', async () => {
    const stack = await bench.deploy('s', template({ A: topic({}, { DeletionPolicy: 'Retain' }), B: custom(broken, {}, { DependsOn: 'A' }) }), { RetainExceptOnCreate: 'true' });
    expect([stack.status, kept(stack)]).toEqual(['ROLLBACK_COMPLETE', []]);
  });

  test('RetainExceptOnCreate keeps what an earlier operation made', async () => {
    const stack = await bench.deploy('s', template({ A: topic({}, { DeletionPolicy: 'RetainExceptOnCreate' }) }));
    await bench.op('DeleteStack', { StackName: 's' });
    expect(kept(stack)).toEqual(['A']);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
describe('UpdateReplacePolicy', () => {
  const byValue = () => bench.fn('f', ({ RequestType, ResourceProperties: { V } }) => RequestType === 'Delete' ? {} : { PhysicalResourceId: `id-${V}` });

  test('of a custom resource counts when its physical id changes, and not when it goes', async () => {
    const arn = byValue();
    const resources = (V: number) => ({ A: custom(arn, { V }, { UpdateReplacePolicy: 'Retain' }), B: topic() });
    await bench.deploy('s', template(resources(1)));
    await bench.deploy('s', template(resources(2)));
    await bench.deploy('s', template({ B: topic() }));
    expect(bench.asked.filter(({ RequestType }) => RequestType === 'Delete').map(({ PhysicalResourceId }) => PhysicalResourceId)).toEqual(['id-2']);
  });

  test('Delete is the default, and DeletionPolicy does not stand for it', async () => {
    const arn = byValue();
    await bench.deploy('s', template({ A: custom(arn, { V: 1 }, { DeletionPolicy: 'Retain' }) }));
    await bench.deploy('s', template({ A: custom(arn, { V: 2 }, { DeletionPolicy: 'Retain' }) }));
    expect(bench.asked[2]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'id-1' });
  });

  test.each([
    ['UpdateReplacePolicy', 'RetainExceptOnCreate', 'Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A'],
    ['UpdateReplacePolicy', 'Snapshot', 'Template error: resource type AWS::SNS::Topic does not support UpdateReplacePolicy Snapshot (resource A)'],
    ['DeletionPolicy', 'Snapshot', 'Template error: resource type AWS::SNS::Topic does not support DeletionPolicy Snapshot (resource A)'],
    ['DeletionPolicy', 'Keep', 'Template format error: Unrecognized DeletionPolicy Keep for resource A'],
  ])('%s %s is refused', async (member, policy, sentence) => {
    await expect(bench.deploy('s', template({ A: topic({}, { [member]: policy }) }))).rejects.toThrow(sentence);
  });
});
