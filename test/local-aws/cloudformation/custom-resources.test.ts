import { Bench, custom, template, topic } from './bench';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const reasonOf = (stack: any, status: string) => stack.events.find((event: any) => event.status === status && event.logicalId !== stack.name).reason;

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
describe('the event', () => {
  test('of a creation has the properties, every scalar a string', async () => {
    const arn = bench.fn('f');
    const stack = await bench.deploy('s', template({ A: custom(arn, { B: true, N: 5, L: [1, { X: false }], S: 's' }) }));
    expect(bench.asked).toEqual([{
      RequestType: 'Create',
      StackId: stack.id,
      RequestId: expect.stringMatching(UUID),
      ResourceType: 'Custom::Thing',
      LogicalResourceId: 'A',
      ServiceToken: arn,
      ResponseURL: expect.stringMatching(/^http:\/\/localhost:\d+\/cloudformation-response\/\w+\?X-Amz-Date=20260101T000000Z&X-Amz-Expires=7200&X-Amz-Signature=\w+$/),
      ResourceProperties: { ServiceToken: arn, B: 'true', N: '5', L: ['1', { X: 'false' }], S: 's' },
    }]);
  });

  test('has another URL in each run and in each event, so that nobody guesses where to answer', async () => {
    const urls = async () => {
      const run = new Bench();
      await run.deploy('s', template({ A: custom(run.fn('f'), { V: 1 }) }));
      await run.deploy('s', template({ A: custom(run.fn('f'), { V: 2 }) }));
      return run.asked.map(({ ResponseURL }) => new URL(ResponseURL).pathname);
    };
    const all = [...await urls(), ...await urls()];
    expect([all.length, new Set(all).size]).toEqual([4, 4]);
  });

  test('of an update has the old properties and the physical id, and is sent only when a resolved property changed', async () => {
    const arn = bench.fn('f');
    await bench.deploy('s', template({ A: custom(arn, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(arn, { V: '1' }), B: topic() }));
    await bench.deploy('s', template({ A: custom(arn, { V: 2 }), B: topic() }));
    expect(bench.asked.length).toBe(2);
    expect(bench.asked[1]).toMatchObject({ RequestType: 'Update', PhysicalResourceId: 'A-id', ResourceProperties: { V: '2' }, OldResourceProperties: { V: '1' } });
  });

  test('of a deletion has the physical id and the properties', async () => {
    await bench.deploy('s', template({ A: custom(bench.fn('f'), { V: 1 }) }));
    await bench.op('DeleteStack', { StackName: 's' });
    expect(bench.asked[1]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'A-id', ResourceProperties: { V: '1' } });
  });

  test('has another request id each time', async () => {
    await bench.deploy('s', template({ A: custom(bench.fn('f')), B: custom(bench.fn('f')) }));
    expect(new Set(bench.asked.map(({ RequestId }) => RequestId)).size).toBe(2);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
describe('the answer', () => {
  test('gives attributes, by names with dots too', async () => {
    const arn = bench.fn('f', ({ LogicalResourceId }) => LogicalResourceId === 'A' ? { Data: { 'X.Y': 'flat', 'Z': { W: 'deep' } } } : {});
    await bench.deploy('s', template({ A: custom(arn), B: custom(arn, { One: { 'Fn::GetAtt': ['A', 'X.Y'] }, Two: { 'Fn::GetAtt': 'A.Z.W' }, Id: { Ref: 'A' } }) }));
    expect(bench.asked[1].ResourceProperties).toMatchObject({ One: 'flat', Two: 'deep', Id: 'A-id' });
  });

  test('that lacks an attribute fails who asks for it', async () => {
    const stack = await bench.deploy('s', template({ A: custom(bench.fn('f')), B: topic({ DisplayName: { 'Fn::GetAtt': ['A', 'X'] } }) }));
    expect(reasonOf(stack, 'CREATE_FAILED')).toMatch(/^CustomResource attribute error: Vendor response doesn't contain X key in object arn:/);
  });

  test('FAILED fails the resource with its reason, and its physical id is deleted', async () => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'half-made' } : {});
    const stack = await bench.deploy('s', template({ A: custom(arn) }));
    expect(reasonOf(stack, 'CREATE_FAILED')).toBe(
      `Received response status [FAILED] from custom resource. Message returned: no (RequestId: ${bench.asked[0].RequestId})`);
    expect(bench.asked[1]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'half-made' });
  });

  test.each<[string, any, string]>([
    ['over 4,096 bytes', { Data: { X: 'é'.repeat(2000) } }, 'Response object is too long.'],
    ['that is no JSON', 'nonsense', 'Invalid response object'],
    ['of another stack', { StackId: 'other' }, 'Invalid StackId'],
    ['to another request', { RequestId: 'other' }, 'Invalid RequestId'],
    ['for another resource', { LogicalResourceId: 'other' }, 'Invalid LogicalResourceId'],
    ['without physical id', { PhysicalResourceId: undefined }, 'Invalid PhysicalResourceId'],
    ['with an empty physical id', { PhysicalResourceId: '' }, 'Invalid PhysicalResourceId'],
    ['with another status', { Status: 'DONE' }, 'Invalid Status'],
  ])('%s fails the resource', async (_, told, sentence) => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? told : {});
    const stack = await bench.deploy('s', template({ A: custom(arn) }));
    expect(reasonOf(stack, 'CREATE_FAILED')).toContain(sentence);
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
  });

  test('to an update takes the place of the one before, attributes that it lacks included', async () => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? { Data: { X: 'x' } } : { Data: { Y: 'y' } });
    const resources = (V: number) => template({ A: custom(arn, { V }), B: topic({ DisplayName: { 'Fn::GetAtt': ['A', 'X'] } }) });
    await bench.deploy('s', resources(1));
    expect(reasonOf(await bench.deploy('s', resources(2)), 'UPDATE_FAILED')).toContain("Vendor response doesn't contain X key in object");
  });

  test('of exactly 4,096 bytes is taken', async () => {
    const arn = bench.fn('f', (event) => {
      const answer = (X: string) => JSON.stringify({
        Status: 'SUCCESS', StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: 'A', PhysicalResourceId: 'p', Data: { X },
      });
      return answer('x'.repeat(4096 - answer('').length));
    });
    expect((await bench.deploy('s', template({ A: custom(arn) }))).status).toBe('CREATE_COMPLETE');
  });

  test('counts once: a second one is ignored', async () => {
    const arn = bench.fn('f', (event) => {
      bench.answer(event, { PhysicalResourceId: 'first' });
      return { Status: 'FAILED', PhysicalResourceId: 'second' };
    });
    const stack = await bench.deploy('s', template({ A: custom(arn) }));
    expect([stack.status, stack.resources.get('A')!.physicalId]).toEqual(['CREATE_COMPLETE', 'first']);
  });

  test('to a URL that is not ours, or has expired, is refused', async () => {
    expect(bench.stacks.respond('unknown', '{}')).toBe(false);
    await bench.deploy('s', template({ A: custom(bench.fn('f')) }));
    await bench.region.clock.run(() => bench.region.clock.sleep(7_201_000));
    expect(bench.answer(bench.asked[0])).toBe(false);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
describe('waiting', () => {
  test.each([['an hour', {}, 3600], ['ServiceTimeout', { ServiceTimeout: 30 }, 30]])('ends after %s', async (_, properties, seconds) => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? null : {});
    const began = bench.region.clock.now();
    const stack = await bench.deploy('s', template({ A: custom(arn, properties) }));
    expect(reasonOf(stack, 'CREATE_FAILED')).toContain(
      `CloudFormation did not receive a response from your custom resource. Please check your logs for requestId [${bench.asked[0].RequestId}].`);
    expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')!.virtualTime - began).toBe(seconds * 1000);
  });

  test('that ended is followed by a Delete with an invented physical id', async () => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? null : {});
    await bench.deploy('s', template({ A: custom(arn) }));
    expect(bench.asked[1]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^s-A-[0-9A-Z]{12}$/) });
  });

  test('that ended is not taken up again by a late answer', async () => {
    const arn = bench.fn('f', (event) => event.RequestType === 'Create' ? bench.later(40_000, event) : {});
    const stack = await bench.deploy('s', template({ A: custom(arn, { ServiceTimeout: 30 }) }));
    const { length } = stack.events;
    await bench.region.clock.run(() => bench.region.clock.sleep(60_000));
    expect([stack.status, stack.events.length]).toEqual(['ROLLBACK_COMPLETE', length]);
  });

  test('that ended an update is not taken up again by a late answer: the rollback asks anew', async () => {
    const arn = bench.fn('f', (event) => event.ResourceProperties.V === '2' ? bench.later(40_000, event, { PhysicalResourceId: 'late' }) : {});
    const stack = await bench.deploy('s', template({ A: custom(arn, { ServiceTimeout: 30, V: 1 }) }));
    await bench.deploy('s', template({ A: custom(arn, { ServiceTimeout: 30, V: 2 }) }));
    await bench.region.clock.run(() => bench.region.clock.sleep(60_000));
    expect(bench.asked.map(({ RequestType, PhysicalResourceId }) => `${RequestType} ${PhysicalResourceId}`)).toEqual(['Create undefined', 'Update A-id', 'Update A-id']);
    expect([stack.status, stack.resources.get('A')!.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'A-id']);
  });

  test('for a deletion ends as well, and fails it', async () => {
    const arn = bench.fn('f', ({ RequestType }) => RequestType === 'Delete' ? null : {});
    const stack = await bench.deploy('s', template({ A: custom(arn, { ServiceTimeout: 30 }) }));
    const began = bench.region.clock.now();
    await bench.op('DeleteStack', { StackName: 's' });
    expect([stack.status, bench.region.clock.now() - began]).toEqual(['DELETE_FAILED', 30_000]);
  });

  test.each([0, 3601, 'x'])('takes no ServiceTimeout of %s', async (ServiceTimeout) => {
    const stack = await bench.deploy('s', template({ A: custom(bench.fn('f'), { ServiceTimeout }) }));
    expect(reasonOf(stack, 'CREATE_FAILED')).toContain('Invalid ServiceTimeout');
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
describe('a physical id that changes in an update', () => {
  const byValue = () => bench.fn('f', ({ RequestType, ResourceProperties: { V } }) => RequestType === 'Delete' ? {} : { PhysicalResourceId: `id-${V}` });

  test('is a replacement: the old id is deleted in the clean-up, with the old properties', async () => {
    const arn = byValue();
    const stack = await bench.deploy('s', template({ A: custom(arn, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(arn, { V: 2 }) }));
    expect(bench.asked[2]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'id-1', ResourceProperties: { V: '1' } });
    expect(bench.told(stack).slice(-4)).toEqual(['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'UPDATE_COMPLETE']);
  });

  test('and is rolled back gets an update with the old properties, then the new id is deleted', async () => {
    const arn = byValue();
    const stack = await bench.deploy('s', template({ A: custom(arn, { V: 1 }) }));
    const broken = bench.fn('broken', ({ RequestType }) => RequestType === 'Create' ? { Status: 'FAILED' } : {});
    await bench.deploy('s', template({ A: custom(arn, { V: 2 }), B: custom(broken, {}, { DependsOn: 'A' }) }));
    expect(bench.asked.filter(({ LogicalResourceId }) => LogicalResourceId === 'A').map(({ RequestType, PhysicalResourceId }) => `${RequestType} ${PhysicalResourceId}`))
      .toEqual(['Create undefined', 'Update id-1', 'Update id-2', 'Delete id-2']);
    expect([stack.status, stack.resources.get('A')!.physicalId]).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'id-1']);
  });
});

describe('a function that says that what it needs is not part of the local AWS', () => {
  const refusals = ['The service connect is not part of the local AWS', 'An error occurred (501) when calling X: X is not part of the local AWS\n at y'];
  const lacking = (Reason: string) => ({ Status: 'FAILED', Reason, PhysicalResourceId: 'of a log stream' });

  test.each(refusals)('makes its resource opaque, as a type is that nobody models: %s', async (reason) => {
    const stack = await bench.deploy('s', template(
      { A: custom(bench.fn('f', () => lacking(reason))), B: topic({ TopicName: { 'Fn::GetAtt': ['A', 'Member.Name'] } }) },
      { Outputs: { Id: { Value: { Ref: 'A' } } } },
    ));
    expect(stack.status).toBe('CREATE_COMPLETE');
    const { physicalId } = stack.resources.get('A')!;
    expect(reasonOf(stack, 'CREATE_COMPLETE')).toMatch(/^opaque: .*is not part of the local AWS$/);
    expect([stack.resources.get('B')!.properties.TopicName, stack.outputs[0].value, physicalId]).toEqual([`${physicalId}-Member.Name`, physicalId, expect.stringMatching(/^s-A-/)]);
    await bench.op('DeleteStack', { StackName: 's' });
    expect(bench.asked.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([['Create', undefined], ['Delete', physicalId]]);
    expect(stack.status).toBe('DELETE_COMPLETE');
  });

  test('keeps the id in an update, and what then works is opaque no more', async () => {
    const arn = bench.fn('f', ({ RequestType, ResourceProperties: { V } }) => RequestType === 'Update' && V === '2' ? lacking(refusals[0]) : { Data: { Name: `n${V}` } });
    const using = (V: number) => template({ A: custom(arn, { V }) }, { Outputs: { Name: { Value: { 'Fn::GetAtt': ['A', 'Name'] } } } });
    const names = [];
    for (const version of [1, 2, 3]) { names.push((await bench.deploy('s', using(version))).outputs[0].value); }
    expect(names).toEqual(['n1', 'A-id-Name', 'n3']);
  });

  test('fails like any other, if it fails of something else', async () => {
    const stack = await bench.deploy('s', template({ A: custom(bench.fn('f', ({ RequestType }) => RequestType === 'Create' ? lacking('not here') : {})) }));
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
  });
});

test('a service token may not change', async () => {
  await bench.deploy('s', template({ A: custom(bench.fn('f')) }));
  const stack = await bench.deploy('s', template({ A: custom(bench.fn('g')) }));
  expect([reasonOf(stack, 'UPDATE_FAILED'), stack.status]).toEqual(['Modifying service token is not allowed.', 'UPDATE_ROLLBACK_COMPLETE']);
  expect(bench.asked.length).toBe(1);
});

test('a service token must be a Lambda function that exists', async () => {
  const sns = await bench.deploy('s', template({ A: custom('arn:aws:sns:us-east-1:111111111111:topic') }));
  expect(reasonOf(sns, 'CREATE_FAILED')).toContain('only Lambda functions are part of the local AWS');
  const missing = await bench.deploy('t', template({ A: custom('arn:aws:lambda:us-east-1:111111111111:function:no') }));
  expect(reasonOf(missing, 'CREATE_FAILED')).toContain('Function not found');
});
