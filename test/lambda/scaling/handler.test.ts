import { ID, LARGER, OWN, RECORD, REGISTERED, REGISTERED_LARGER, ScaledEndpoint, StackState, XLARGE } from '../../harness/scaled-endpoint';
import { serviceError } from '../../harness/stage';

async function scaled(state: StackState = XLARGE): Promise<ScaledEndpoint> {
  const stack = await new ScaledEndpoint().setUp();
  expect(await stack.create(state)).toMatchObject({ Status: 'SUCCESS' });
  return stack;
}

describe('an update', () => {
  test('that changes the instance type deregisters before and registers after, with the new figures', async () => {
    const stack = await scaled();
    expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED_LARGER);
    expect(stack.record).toMatchObject({ endpointConfigName: 'two', paused: false });
  });

  test('comes after another', async () => {
    const stack = await scaled();
    for (const [state, expected] of [[LARGER, REGISTERED_LARGER], [XLARGE, REGISTERED], [{ ...LARGER, config: 'three' }, REGISTERED_LARGER]] as const) {
      expect(await stack.update(state)).toBe('UPDATE_COMPLETE');
      expect(stack.registered).toEqual(expected);
    }
  });

  test('of the figures alone leaves no policy of the old ones', async () => {
    const stack = await scaled();
    const cpu = { MetricName: 'CPUUtilization', Namespace: '/aws/sagemaker/Endpoints', Statistic: 'Average' };
    const properties = { MinCapacity: '2', MaxCapacity: '3', TargetValue: '70', ScaleInCooldown: '30', CustomizedMetric: cpu };
    expect(await stack.scale('Update', { ...XLARGE, properties }, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status: 'SUCCESS', Data: { Metric: 'CPUUtilization' } });
    expect(stack.registered).toEqual({
      [ID]: { min: 2, max: 3, policies: { 'AllTraffic-target-tracking': { TargetValue: 70, CustomizedMetricSpecification: cpu, ScaleInCooldown: 30 } } },
    });
  });

  const TWO: StackState = { config: 'pair', variants: { A: 'ml.c5.xlarge', B: 'ml.c5.large' }, properties: OWN };
  const idsIn = (stack: ScaledEndpoint) => Object.keys(stack.registered).sort();

  test('of two variants moves both; one that is removed is deregistered, one that is added is registered', async () => {
    const stack = await scaled(TWO);
    expect(idsIn(stack)).toEqual(['endpoint/live/variant/A', 'endpoint/live/variant/B']);
    expect(await stack.update({ ...TWO, config: 'swapped', variants: { A: 'ml.c5.large', B: 'ml.c5.xlarge' } })).toBe('UPDATE_COMPLETE');
    expect(idsIn(stack)).toEqual(['endpoint/live/variant/A', 'endpoint/live/variant/B']);
    expect(await stack.update({ ...TWO, config: 'other', variants: { A: 'ml.c5.xlarge', C: 'ml.c5.xlarge' } })).toBe('UPDATE_COMPLETE');
    expect(idsIn(stack)).toEqual(['endpoint/live/variant/A', 'endpoint/live/variant/C']);
  });

  test('whose new variant fails to register takes back the one before it, which would keep the endpoint where it is', async () => {
    const stack = await scaled(TWO);
    stack.fail('PutScalingPolicy', serviceError('LimitExceededException', 'Too many policies'), 1, true);
    expect(await stack.update({ ...TWO, config: 'other', variants: { C: 'ml.c5.xlarge', D: 'ml.c5.xlarge' } })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(idsIn(stack)).toEqual(['endpoint/live/variant/A', 'endpoint/live/variant/B']);
  });

  test('that renames the endpoint deregisters the variants of the old one', async () => {
    const stack = await scaled();
    await stack.sagemaker('CreateEndpoint', { EndpointName: 'new', EndpointConfigName: 'one' });
    await stack.pass(5);
    await stack.scale('Update', { ...XLARGE, properties: { ...OWN, EndpointName: 'new' } }, { PhysicalResourceId: 'Scaling' });
    expect(idsIn(stack)).toEqual(['endpoint/new/variant/AllTraffic']);
    await stack.scale('Update', XLARGE, { PhysicalResourceId: 'Scaling' });
    expect(idsIn(stack)).toEqual([ID]);
  });

  test('that failed and was left so is taken back by the next, which may be of another endpoint', async () => {
    const stack = await scaled();
    for (const EndpointName of ['new', 'newer']) { await stack.sagemaker('CreateEndpoint', { EndpointName, EndpointConfigName: 'one' }); }
    await stack.pass(5);
    stack.fail('PutScalingPolicy', serviceError('LimitExceededException', 'Too many policies'), 2);
    for (const [EndpointName, Status] of [['new', 'FAILED'], ['newer', 'FAILED'], ['live', 'SUCCESS']]) {
      expect(await stack.scale('Update', { ...XLARGE, properties: { ...OWN, EndpointName } }, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status });
    }
    expect(stack.registered).toEqual(REGISTERED);
  });

  test('waits until the endpoint has as many instances as scaling asked for: before, it cannot be changed', async () => {
    const stack = await scaled({ ...XLARGE, properties: { ...OWN, MinCapacity: '3' } });
    expect(await stack.sagemaker('DescribeEndpoint', { EndpointName: 'live' })).toMatchObject({ EndpointStatus: 'Updating' });
    expect(await stack.update(LARGER, 'sibling')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
  });

  test('goes on where an endpoint stays busy: the service will say so', async () => {
    const stack = await scaled();
    stack.region.sagemaker.state.endpoints.get('live')!.status = 'Updating';
    expect(await stack.pause('Update', LARGER, { PhysicalResourceId: 'one' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'two' });
    expect(stack.logs.join()).toContain('"still busy"');
  });
});

describe('a rollback', () => {
  test.each([['the endpoint\'s update', 'endpoint'], ['what comes after the registration', 'sibling']] as const)('of a failure of %s registers the old figures again', async (_what, failure) => {
    const stack = await scaled();
    const before = stack.record;
    expect(await stack.update(LARGER, failure)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED);
    expect(stack.record).toEqual({ ...before, askedAt: expect.any(String) });
    expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED_LARGER);
  });

  test('of a pause that failed half-way registers again, by the id that it had', async () => {
    const stack = await scaled({ ...XLARGE, config: 'pair', variants: { A: 'ml.c5.xlarge', B: 'ml.c5.xlarge' } });
    const registered = stack.registered;
    stack.faults.push({ operation: 'DeregisterScalableTarget', error: serviceError('ValidationException', 'Not today'), skip: 1, times: 1 });
    await stack.config(LARGER);
    expect(await stack.pause('Update', LARGER, { PhysicalResourceId: 'pair' })).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'pair', Reason: 'ValidationException: Not today' });
    expect(Object.keys(stack.registered)).toHaveLength(1);
    expect(stack.record).toMatchObject({ paused: true });
    expect(await stack.rollBack(LARGER, { pauseId: 'pair' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.registered).toEqual(registered);
  });

  test('that leaves the registration out still ends with the old figures', async () => {
    const stack = await scaled();
    stack.fail('PutScalingPolicy', serviceError('LimitExceededException', 'Too many policies'), 2);
    expect(await stack.update(LARGER)).toBe('UPDATE_ROLLBACK_FAILED');
    // ContinueUpdateRollback that skips the scaling: only the clean-up is left.
    expect(await stack.pause('Delete', LARGER, { PhysicalResourceId: 'two' })).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.registered).toEqual(REGISTERED);
    expect(stack.record).toMatchObject({ endpointConfigName: 'one', paused: false });
  });
});

describe('an event that comes again', () => {
  test('after a crash between the record and the deregistration finishes the pause', async () => {
    const stack = await scaled();
    stack.region.ssm.put({ Name: RECORD, Type: 'String', Value: JSON.stringify({ ...stack.record, paused: true }), Overwrite: true });
    expect(await stack.update(LARGER, 'sibling')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED);
  });

  test('when the endpoint is registered for the new configuration pauses nothing', async () => {
    const stack = await scaled();
    await stack.update(LARGER);
    expect(await stack.pause('Update', LARGER, { PhysicalResourceId: 'one' })).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.registered).toEqual(REGISTERED_LARGER);
  });

  test.each(['Update', 'Delete'] as const)('%s of the scaling does the same', async (type) => {
    const stack = await scaled();
    const answers = [];
    for (let n = 0; n < 2; n++) { answers.push(await stack.scale(type, XLARGE, { PhysicalResourceId: 'Scaling' })); }
    expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(stack.registered).toEqual(type === 'Update' ? REGISTERED : {});
  });
});

describe('deletion', () => {
  test('leaves no target, no policy and no parameter', async () => {
    const stack = await scaled();
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
    const { targets, policies } = stack.region.applicationAutoScaling;
    expect([targets.size, policies.size, stack.record]).toEqual([0, 0, undefined]);
  });

  test('succeeds though the endpoint is gone', async () => {
    const stack = await scaled();
    await stack.sagemaker('DeleteEndpoint', { EndpointName: 'live' });
    await stack.pass(5);
    expect(await stack.scale('Delete', XLARGE, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.record).toBeUndefined();
  });

  test('of one whose answer never came deregisters by the properties', async () => {
    const stack = await scaled();
    stack.region.ssm.delete(RECORD);
    expect(await stack.scale('Delete', XLARGE, { PhysicalResourceId: 'shop-Scaling-1ABCDEFGHIJK' })).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.registered).toEqual({});
  });
});

describe('another resource that scales the endpoint', () => {
  const FIVE: StackState = { ...XLARGE, properties: { ...OWN, MaxCapacity: '5' } };
  const OTHER = { LogicalResourceId: 'Other', PhysicalResourceId: 'Other' };
  const most = (stack: ScaledEndpoint) => Object.values(stack.registered).map(({ max }) => max);

  async function taken(deliveries = 1): Promise<ScaledEndpoint> {
    const stack = await scaled();
    for (let delivery = 1; delivery <= deliveries; delivery++) { expect(await stack.scale('Create', FIVE, OTHER)).toMatchObject({ Status: 'SUCCESS' }); }
    expect(most(stack)).toEqual([5]);
    return stack;
  }

  test('keeps its registration when the one before it is deleted, and ends it with its own deletion', async () => {
    const stack = await taken();
    expect(await stack.scale('Delete', XLARGE, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status: 'SUCCESS' });
    expect([most(stack), stack.record?.before]).toEqual([[5], undefined]);
    expect(await stack.scale('Delete', FIVE, OTHER)).toMatchObject({ Status: 'SUCCESS' });
    expect([stack.registered, stack.record]).toEqual([{}, undefined]);
  });

  test.each([1, 2])('gives the registration back when its creation is rolled back, after %i deliveries', async (deliveries) => {
    const stack = await taken(deliveries);
    for (let delivery = 1; delivery <= deliveries; delivery++) { expect(await stack.scale('Delete', FIVE, OTHER)).toMatchObject({ Status: 'SUCCESS' }); }
    expect(stack.registered).toEqual(REGISTERED);
    expect(stack.record).toMatchObject({ owner: 'Scaling', paused: false });
    expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED_LARGER);
  });

  test.each(['RegisterScalableTarget', 'PutScalingPolicy', 'PutParameter'])(
    'gives it back when its creation fails at %s', async (operation) => {
      const stack = await scaled();
      stack.fail(operation, serviceError('ValidationException', 'not so'), 1);
      expect(await stack.scale('Create', FIVE, OTHER)).toMatchObject({ Status: 'FAILED' });
      expect(await stack.scale('Delete', FIVE, OTHER)).toMatchObject({ Status: 'SUCCESS' });
      expect([stack.registered, stack.record?.owner]).toEqual([REGISTERED, 'Scaling']);
    });

  test('forgets the one before it with its next update: that one is gone by then', async () => {
    const stack = await taken();
    await stack.scale('Update', { ...FIVE, properties: { ...OWN, MaxCapacity: '6' } }, OTHER);
    await stack.scale('Delete', FIVE, OTHER);
    expect([stack.registered, stack.record]).toEqual([{}, undefined]);
  });
});

describe('the retry budget', () => {
  test('a throttled call is waited out', async () => {
    const stack = await scaled();
    for (const operation of ['DeregisterScalableTarget', 'RegisterScalableTarget', 'PutScalingPolicy', 'GetParameter', 'PutParameter']) {
      stack.fail(operation, serviceError('ThrottlingException', 'Rate exceeded'), 3);
    }
    expect(await stack.update(LARGER)).toBe('UPDATE_COMPLETE');
    expect(stack.registered).toEqual(REGISTERED_LARGER);
  });

  test('a target that is not known everywhere yet gets its policy a moment later', async () => {
    const stack = await new ScaledEndpoint().setUp();
    stack.fail('PutScalingPolicy', serviceError('ObjectNotFoundException', 'No scalable target registered'), 3);
    expect(await stack.create(XLARGE)).toMatchObject({ Status: 'SUCCESS' });
    stack.fail('PutScalingPolicy', serviceError('ObjectNotFoundException', 'No scalable target registered'), Infinity);
    expect(await stack.scale('Update', XLARGE, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status: 'FAILED', Reason: 'ObjectNotFoundException: No scalable target registered' });
  });
});
