import { Bench, custom, template, topic } from './bench';
import { VirtualClock } from '../../../local-aws/kernel/clock';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-delete-stack-fails
describe('a deletion', () => {
  test('that fails says what stayed, leaves what it needs, and can retain it the next time', async () => {
    const sticky = bench.fn('sticky', ({ RequestType }) => RequestType === 'Delete' ? { Status: 'FAILED', Reason: 'sticky' } : {});
    const stack = await bench.deploy('s', template({ A: topic(), B: custom(sticky, { Needs: { Ref: 'A' } }), C: topic() }));
    await bench.op('DeleteStack', { StackName: 's' });
    expect([stack.status, stack.reason]).toEqual(['DELETE_FAILED', 'The following resource(s) failed to delete: [B]. ']);
    expect(['A', 'B', 'C'].map((id) => stack.resources.get(id)!.status)).toEqual(['CREATE_COMPLETE', 'DELETE_FAILED', 'DELETE_COMPLETE']);
    await bench.op('DeleteStack', { StackName: 's', RetainResources: ['B'] });
    expect(stack.status).toBe('DELETE_COMPLETE');
  });

  test('that fails tries again what a replacement had put aside', async () => {
    let sticky = true;
    const fn = bench.fn('fn', ({ RequestType, PhysicalResourceId, ResourceProperties: { V } }) => (
      RequestType === 'Delete' ? { Status: sticky && PhysicalResourceId === 'id-1' ? 'FAILED' : 'SUCCESS', PhysicalResourceId } : { PhysicalResourceId: `id-${V}` }
    ));
    const failing = bench.fn('failing', () => ({ Status: 'FAILED' }));
    const stack = await bench.deploy('s', template({ A: custom(fn, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(fn, { V: 2 }), B: custom(failing, {}, { DependsOn: 'A' }) }), { DisableRollback: true });
    expect(stack.status).toBe('UPDATE_FAILED');
    bench.fn('failing');
    await bench.op('DeleteStack', { StackName: 's' });
    expect(stack.status).toBe('DELETE_FAILED');
    sticky = false;
    await bench.op('DeleteStack', { StackName: 's' });
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(bench.asked.filter(({ RequestType, LogicalResourceId }) => RequestType === 'Delete' && LogicalResourceId === 'A').map(({ PhysicalResourceId }) => PhysicalResourceId))
      .toEqual(['id-1', 'id-2', 'id-1']);
  });

  test('is refused under termination protection', async () => {
    await bench.deploy('s', template({ A: topic() }), { EnableTerminationProtection: 'true' });
    await expect(bench.op('DeleteStack', { StackName: 's' })).rejects.toThrow('Stack [s] cannot be deleted while TerminationProtection is enabled');
  });

  test('in the middle of a creation cancels it', async () => {
    bench = new Bench(new VirtualClock({ jumps: false }));
    const silent = bench.fn('silent', ({ RequestType }) => RequestType === 'Create' ? null : {});
    const created = bench.deploy('s', template({ A: custom(silent), B: topic({}, { DependsOn: 'A' }) }));
    await bench.region.clock.settled();
    await bench.op('DeleteStack', { StackName: 's' });
    await created.catch(() => {});
    const [stack] = bench.stacks.stacks.values();
    expect(bench.told(stack)).toEqual([
      'CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'A CREATE_FAILED', 'DELETE_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'DELETE_COMPLETE',
    ]);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-update-cancel.html
test('an update can be cancelled, and goes back', async () => {
  bench = new Bench(new VirtualClock({ jumps: false }));
  const silent = bench.fn('silent', ({ ResourceProperties }) => ResourceProperties.V === '2' ? null : {});
  const stack = await bench.deploy('s', template({ A: custom(silent, { V: 1 }) }));
  const updated = bench.deploy('s', template({ A: custom(silent, { V: 2 }) }));
  await bench.region.clock.settled();
  await expect(bench.op('DeleteStack', { StackName: 's' })).rejects.toThrow('cannot be deleted while in status UPDATE_IN_PROGRESS');
  await bench.op('CancelUpdateStack', { StackName: 's' });
  await updated;
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(bench.asked.map(({ RequestType, ResourceProperties: { V } }) => `${RequestType} ${V}`)).toEqual(['Create 1', 'Update 2', 'Update 1']);
});
