import { Bench, custom, template, topic } from './bench';

let bench: Bench;
let ok: string;
let broken: string;

beforeEach(() => {
  bench = new Bench();
  ok = bench.fn('ok');
  broken = bench.fn('broken', ({ RequestType }) => RequestType === 'Delete' ? {} : { Status: 'FAILED', Reason: 'broken' });
});

const requests = (from = 0) => bench.asked.slice(from).map(({ RequestType, LogicalResourceId }) => `${RequestType} ${LogicalResourceId}`);

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
describe('a failure without rollback', () => {
  test('that creates leaves the stack as it is; an update resumes at what failed, after it has deleted what was left of it', async () => {
    const resources = { A: custom(ok), B: custom(broken, {}, { DependsOn: 'A' }), C: custom(ok, {}, { DependsOn: 'B' }) };
    const stack = await bench.deploy('s', template(resources), { DisableRollback: 'true' });
    expect([stack.status, stack.reason]).toEqual(['CREATE_FAILED', 'The following resource(s) failed to create: [B]. ']);
    bench.fn('broken');
    await bench.deploy('s', template(resources), { DisableRollback: 'true' });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(requests()).toEqual(['Create A', 'Create B', 'Delete B', 'Create B', 'Create C']);
  });

  test('stops each path at its own failure, and no other', async () => {
    const later = bench.fn('later', (event) => bench.later(60_000, event));
    const stack = await bench.deploy('s', template({ A: custom(broken), B: topic({}, { DependsOn: 'A' }), C: custom(later), D: topic({}, { DependsOn: 'C' }) }), { DisableRollback: 'true' });
    expect([...stack.resources.values()].map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(['A CREATE_FAILED', 'C CREATE_COMPLETE', 'D CREATE_COMPLETE']);
  });

  test('is not followed by an update with rollback, but by RollbackStack', async () => {
    const stack = await bench.deploy('s', template({ A: topic(), B: custom(broken, {}, { DependsOn: 'A' }) }), { OnFailure: 'DO_NOTHING' });
    await expect(bench.deploy('s', template({ A: topic() }))).rejects.toThrow('This stack is currently in a non-terminal [CREATE_FAILED] state.');
    await bench.op('RollbackStack', { StackName: 's' });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
  });

  test('that updates can be rolled back to where it came from', async () => {
    const stack = await bench.deploy('s', template({ A: custom(ok, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(ok, { V: 2 }), B: custom(broken, {}, { DependsOn: 'A' }) }), { DisableRollback: true });
    expect(stack.status).toBe('UPDATE_FAILED');
    const before = bench.asked.length;
    await bench.op('RollbackStack', { StackName: 's' });
    expect(requests(before)).toEqual(['Update A', 'Delete B']);
    expect([stack.status, stack.resources.get('A')!.properties.V]).toEqual(['UPDATE_ROLLBACK_COMPLETE', '1']);
  });

  test('may not replace', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ TopicName: '1' }) }));
    await bench.deploy('s', template({ A: topic({ TopicName: '2' }) }), { DisableRollback: true });
    expect(stack.resources.get('A')!.reason).toBe('Replacement type updates not supported on stack with disable-rollback.');
  });

  test('of an update brings what failed back to its last stable state, from where the next update goes on', async () => {
    let fussy = true;
    const fn = bench.fn('fussy', ({ ResourceProperties: { V } }) => fussy && V === '2' ? { Status: 'FAILED', Reason: 'not 2' } : {});
    const values = () => bench.asked.map(({ RequestType, ResourceProperties: { V }, OldResourceProperties }) => `${RequestType} ${V} after ${OldResourceProperties?.V}`);
    const stack = await bench.deploy('s', template({ A: custom(fn, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(fn, { V: 2 }) }), { DisableRollback: true });
    expect(values()).toEqual(['Create 1 after undefined', 'Update 2 after 1', 'Update 1 after 2']);
    expect([stack.status, stack.resources.get('A')!.status, stack.resources.get('A')!.reason]).toEqual(['UPDATE_FAILED', 'UPDATE_FAILED', expect.stringContaining('not 2')]);
    fussy = false;
    await bench.deploy('s', template({ A: custom(fn, { V: 2 }) }), { DisableRollback: true });
    expect([stack.status, ...values().slice(3)]).toEqual(['UPDATE_COMPLETE', 'Update 2 after 1']);
  });

  test('of several updates deletes every physical id on the way, once it is rolled back', async () => {
    const byValue = bench.fn('f', ({ RequestType, ResourceProperties: { V } }) => RequestType === 'Delete' ? {} : { PhysicalResourceId: `id-${V}` });
    const resources = (V: number) => template({ A: custom(byValue, { V }), B: custom(broken, {}, { DependsOn: 'A' }) });
    const stack = await bench.deploy('s', template({ A: custom(byValue, { V: 1 }) }));
    await bench.deploy('s', resources(2), { DisableRollback: true });
    await bench.deploy('s', resources(3), { DisableRollback: true });
    await bench.op('RollbackStack', { StackName: 's' });
    const deleted = bench.asked.filter(({ RequestType, LogicalResourceId }) => RequestType === 'Delete' && LogicalResourceId === 'A');
    expect(deleted.map(({ PhysicalResourceId }) => PhysicalResourceId).sort()).toEqual(['id-2', 'id-3']);
    expect(stack.resources.get('A')!.physicalId).toBe('id-1');
  });
});
