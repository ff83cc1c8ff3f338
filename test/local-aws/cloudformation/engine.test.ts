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

// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
describe('order', () => {
  test('what a resource references, or depends on, is made before it', async () => {
    const stack = await bench.deploy('s', template({
      C: topic({ DisplayName: { 'Fn::Sub': '${B.TopicName}' } }), B: topic({ DisplayName: { Ref: 'A' } }), A: topic(), D: topic({}, { DependsOn: ['C'] }),
    }));
    expect(bench.told(stack)).toEqual([
      'CREATE_IN_PROGRESS', ...['A', 'B', 'C', 'D'].flatMap((id) => [`${id} CREATE_IN_PROGRESS`, `${id} CREATE_COMPLETE`]), 'CREATE_COMPLETE',
    ]);
  });

  test('independent resources are made side by side', async () => {
    const slow = bench.fn('slow', (event) => bench.later(60_000, event));
    const began = bench.region.clock.now();
    const stack = await bench.deploy('s', template({ A: custom(slow), B: custom(slow) }));
    expect(bench.told(stack).slice(1, 3)).toEqual(['A CREATE_IN_PROGRESS', 'B CREATE_IN_PROGRESS']);
    expect(bench.region.clock.now() - began).toBe(60_000);
  });

  test('resources are deleted in the reverse order', async () => {
    const stack = await bench.deploy('s', template({ A: topic(), B: topic({ DisplayName: { Ref: 'A' } }), C: topic({}, { DependsOn: 'B' }) }));
    const before = stack.events.length;
    await bench.op('DeleteStack', { StackName: 's' });
    expect(bench.told(stack, before).filter((line) => line.endsWith('DELETE_COMPLETE'))).toEqual(['C DELETE_COMPLETE', 'B DELETE_COMPLETE', 'A DELETE_COMPLETE', 'DELETE_COMPLETE']);
  });

  test('a resource whose condition does not hold is not made', async () => {
    const Conditions = { No: { 'Fn::Equals': ['a', 'b'] } };
    const stack = await bench.deploy('s', template({ A: topic({}, { Condition: 'No' }), B: topic({}, { DependsOn: 'A' }) }, { Conditions }));
    expect([...stack.resources.keys()]).toEqual(['B']);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
describe('updates', () => {
  test('leave alone what has not changed', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ DisplayName: '1' }), B: topic() }));
    const before = stack.events.length;
    await bench.deploy('s', template({ A: topic({ DisplayName: '2' }), B: topic() }));
    expect(bench.told(stack, before)).toEqual([
      'UPDATE_IN_PROGRESS', 'A UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE',
    ]);
  });

  test('replace where the property says so: first the new one, then, in the clean-up, the old one goes', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ TopicName: '1' }) }));
    const [before, old] = [stack.events.length, stack.resources.get('A')!.physicalId];
    await bench.deploy('s', template({ A: topic({ TopicName: '2' }) }));
    expect(bench.told(stack, before)).toEqual([
      'UPDATE_IN_PROGRESS', 'A UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'UPDATE_COMPLETE',
    ]);
    expect(stack.events.find(({ status }) => status === 'DELETE_COMPLETE')!.physicalId).toBe(old);
    expect(stack.resources.get('A')!.physicalId).not.toBe(old);
  });

  test('reach what takes a value from a changed resource', async () => {
    const value = (Name: string) => template({ A: topic({ TopicName: Name }), B: custom(ok, { Arn: { Ref: 'A' } }), C: topic() });
    await bench.deploy('s', value('1'));
    await bench.deploy('s', value('2'));
    expect(requests()).toEqual(['Create B', 'Update B']);
  });

  test('delete what the template no longer has, after all else', async () => {
    const stack = await bench.deploy('s', template({ A: topic(), B: topic() }));
    const before = stack.events.length;
    await bench.deploy('s', template({ B: topic({ DisplayName: 'x' }) }));
    expect(bench.told(stack, before).slice(-4)).toEqual(['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'UPDATE_COMPLETE']);
    expect([...stack.resources.keys()]).toEqual(['B']);
  });

  // docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
  test('succeed though a deletion in the clean-up fails, after three attempts', async () => {
    const sticky = bench.fn('sticky', ({ RequestType }) => RequestType === 'Delete' ? { Status: 'FAILED', Reason: 'sticky' } : {});
    const stack = await bench.deploy('s', template({ A: custom(sticky), B: topic() }));
    await bench.deploy('s', template({ B: topic() }));
    expect(requests()).toEqual(['Create A', 'Delete A', 'Delete A', 'Delete A']);
    expect(bench.told(stack).slice(-2)).toEqual(['A DELETE_FAILED', 'UPDATE_COMPLETE']);
    expect([stack.reason, stack.resources.has('A')]).toEqual(['Update successful. One or more resources could not be deleted.', false]);
  });

  test('read SSM parameters anew', async () => {
    const ssm = template({ A: custom(ok, { Value: { Ref: 'P' } }) }, { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/p' } } });
    bench.region.ssm.put({ Name: '/p', Type: 'String', Value: '1' });
    await bench.deploy('s', ssm);
    bench.region.ssm.put({ Name: '/p', Type: 'String', Value: '2', Overwrite: true });
    await bench.deploy('s', ssm);
    expect(bench.asked.map(({ ResourceProperties }) => ResourceProperties.Value)).toEqual(['1', '2']);
  });

  test('may not change the type of a resource', async () => {
    await bench.deploy('s', template({ A: topic() }));
    await expect(bench.deploy('s', template({ A: custom(ok) }))).rejects.toThrow(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]');
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
describe('a creation that fails', () => {
  test('is rolled back: what was made is deleted in reverse order', async () => {
    const stack = await bench.deploy('s', template({ A: topic(), B: topic({ DisplayName: { Ref: 'A' } }), C: custom(broken, {}, { DependsOn: 'B' }), D: topic({}, { DependsOn: 'C' }) }));
    expect(bench.told(stack).slice(-9)).toEqual([
      'C CREATE_FAILED', 'ROLLBACK_IN_PROGRESS', 'C DELETE_IN_PROGRESS', 'C DELETE_COMPLETE', 'B DELETE_IN_PROGRESS', 'B DELETE_COMPLETE',
      'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'ROLLBACK_COMPLETE',
    ]);
    expect(stack.events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')!.reason)
      .toBe('The following resource(s) failed to create: [C]. Rollback requested by user.');
  });

  test('cancels custom resources that are under way', async () => {
    const silent = bench.fn('silent', ({ RequestType }) => RequestType === 'Create' ? null : {});
    const later = bench.fn('later', (event) => event.RequestType === 'Create' ? bench.later(60_000, event, { Status: 'FAILED' }) : {});
    const stack = await bench.deploy('s', template({ A: custom(silent), B: custom(later) }));
    expect(stack.events.find(({ logicalId, status }) => logicalId === 'A' && status === 'CREATE_FAILED')!.reason).toBe('Resource creation cancelled');
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
  });

  test('ends in ROLLBACK_FAILED when a deletion fails, and the stack can still be deleted', async () => {
    let stuck = true;
    const sticky = bench.fn('sticky', ({ RequestType }) => RequestType === 'Delete' && stuck ? { Status: 'FAILED', Reason: 'stuck' } : {});
    const stack = await bench.deploy('s', template({ A: custom(sticky), B: custom(broken, {}, { DependsOn: 'A' }) }));
    expect([stack.status, stack.reason]).toEqual(['ROLLBACK_FAILED', 'The following resource(s) failed to delete: [A]. ']);
    stuck = false;
    await bench.op('DeleteStack', { StackName: 's' });
    expect(stack.status).toBe('DELETE_COMPLETE');
  });

  test('deletes the stack with OnFailure DELETE', async () => {
    await bench.op('CreateStack', { StackName: 's', TemplateBody: JSON.stringify(template({ B: custom(broken) })), OnFailure: 'DELETE' });
    expect([...bench.stacks.stacks.values()][0].status).toBe('DELETE_COMPLETE');
  });

  test('leaves a stack that cannot be updated', async () => {
    const stack = await bench.deploy('s', template({ B: custom(broken) }));
    await expect(bench.deploy('s', template({ B: custom(ok) }))).rejects.toThrow(`Stack:${stack.id} is in ROLLBACK_COMPLETE state and can not be updated.`);
  });
});

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
describe('an update that fails', () => {
  test('sends updates with the old properties to what was updated, and deletes what is new at the end', async () => {
    const stack = await bench.deploy('s', template({ A: custom(ok, { V: 1 }), U: custom(ok, {}) }));
    const before = bench.asked.length;
    await bench.deploy('s', template({ A: custom(ok, { V: 2 }), U: custom(ok, {}), N: custom(ok, {}, { DependsOn: 'A' }), B: custom(broken, {}, { DependsOn: 'N' }) }));
    expect(requests(before)).toEqual(['Update A', 'Create N', 'Create B', 'Update A', 'Delete B', 'Delete N']);
    const [{ ResourceProperties, OldResourceProperties }] = bench.asked.slice(before + 3);
    expect([ResourceProperties.V, OldResourceProperties.V]).toEqual(['1', '2']);
    expect(bench.told(stack).filter((line) => !line.includes(' ')).slice(-4)).toEqual([
      'UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect([...stack.resources.keys()]).toEqual(['A', 'U']);
  });

  test('sends an update with the old properties to what failed, too', async () => {
    const fussy = bench.fn('fussy', ({ ResourceProperties: { V } }) => V === '2' ? { Status: 'FAILED', Reason: 'not 2' } : {});
    const stack = await bench.deploy('s', template({ A: custom(fussy, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(fussy, { V: 2 }) }));
    expect(bench.asked.map(({ RequestType, ResourceProperties: { V } }) => `${RequestType} ${V}`)).toEqual(['Create 1', 'Update 2', 'Update 1']);
    expect([stack.status, stack.events.find(({ status }) => status === 'UPDATE_ROLLBACK_IN_PROGRESS')!.reason])
      .toEqual(['UPDATE_ROLLBACK_COMPLETE', 'The following resource(s) failed to update: [A]. ']);
  });

  test('goes back to the old physical resource where one was replaced', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ TopicName: '1' }) }));
    const old = stack.resources.get('A')!.physicalId;
    await bench.deploy('s', template({ A: topic({ TopicName: '2' }), B: custom(broken, {}, { DependsOn: 'A' }) }));
    expect(stack.resources.get('A')!.physicalId).toBe(old);
    expect(stack.events.filter(({ logicalId, status }) => logicalId === 'A' && status === 'DELETE_COMPLETE').map(({ physicalId }) => physicalId === old)).toEqual([false]);
  });

  test('ends in UPDATE_ROLLBACK_FAILED when the way back fails, from where ContinueUpdateRollback goes on', async () => {
    let stuck = true;
    const fussy = bench.fn('fussy', ({ RequestType }) => RequestType === 'Update' && stuck ? { Status: 'FAILED', Reason: 'stuck' } : {});
    const stack = await bench.deploy('s', template({ A: custom(fussy, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(fussy, { V: 2 }) }));
    expect([stack.status, stack.reason]).toEqual(['UPDATE_ROLLBACK_FAILED', 'The following resource(s) failed to update: [A]. ']);
    stuck = false;
    await bench.op('ContinueUpdateRollback', { StackName: 's' });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('goes on without the resources that ContinueUpdateRollback skips', async () => {
    const fussy = bench.fn('fussy', ({ RequestType }) => RequestType === 'Update' ? { Status: 'FAILED', Reason: 'stuck' } : {});
    const stack = await bench.deploy('s', template({ A: custom(fussy, { V: 1 }) }));
    await bench.deploy('s', template({ A: custom(fussy, { V: 2 }) }));
    await bench.op('ContinueUpdateRollback', { StackName: 's', ResourcesToSkip: ['A'] });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  test('skips only what the rollback failed at', async () => {
    const oneWay = bench.fn('oneWay', ({ RequestType, ResourceProperties: { V } }) => RequestType === 'Update' && V === '1' ? { Status: 'FAILED', Reason: 'stuck' } : {});
    const never = bench.fn('never', ({ RequestType }) => RequestType === 'Update' ? { Status: 'FAILED', Reason: 'no' } : {});
    const both = (V: number) => template({ A: custom(oneWay, { V }), B: custom(never, { V }, { DependsOn: 'A' }) });
    const stack = await bench.deploy('s', both(1));
    await bench.deploy('s', both(2));
    expect([stack.reason, stack.resources.get('B')!.status]).toEqual(['The following resource(s) failed to update: [A]. ', 'UPDATE_FAILED']);
    await expect(bench.op('ContinueUpdateRollback', { StackName: 's', ResourcesToSkip: ['A', 'B'] }))
      .rejects.toThrow('The following resources to skip are not in UPDATE_FAILED state: [B]');
  });

  test('by a value that cannot be resolved names it', async () => {
    await bench.deploy('s', template({ A: custom(ok) }));
    const stack = await bench.deploy('s', template({ A: custom(ok), B: topic({ DisplayName: { 'Fn::GetAtt': ['A', 'None'] } }) }));
    expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')!.reason).toContain("Vendor response doesn't contain None key in object");
  });
});
