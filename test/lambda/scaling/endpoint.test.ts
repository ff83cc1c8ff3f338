import { OWN, REGISTERED, REGISTERED_LARGER, LARGER, ScaledEndpoint, StackState, XLARGE, ID } from '../../harness/scaled-endpoint';

/** An endpoint whose creation has begun and is not over, as express mode leaves it. */
async function creating(state: StackState = XLARGE): Promise<ScaledEndpoint> {
  const stack = await new ScaledEndpoint().setUp();
  await stack.sagemaker('CreateModel', { ModelName: 'model', ExecutionRoleArn: 'arn:aws:iam::111111111111:role/benchmark', PrimaryContainer: { Image: 'image' } });
  await stack.config(state);
  stack.current = state;
  await stack.pause('Create', state, {});
  await stack.sagemaker('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: state.config });
  return stack;
}

const endpointOf = (stack: ScaledEndpoint) => stack.region.sagemaker.state.endpoints.get('live')!;

describe('an endpoint that is not in service yet', () => {
  test('is waited for: its instances come within the bounds at once, which they would not before', async () => {
    const stack = await creating();
    expect(await stack.scale('Create', { ...XLARGE, properties: { ...OWN, MinCapacity: '2' } })).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.registered[ID]).toMatchObject({ min: 2 });
    expect(endpointOf(stack).variants![0].DesiredInstanceCount).toBe(2);
  });

  test('is waited for after its update, and so is one that goes back', async () => {
    const stack = await creating();
    expect(await stack.scale('Create', XLARGE)).toMatchObject({ Status: 'SUCCESS' });
    await stack.config(LARGER);
    await stack.pause('Update', LARGER, { PhysicalResourceId: 'one' });
    await stack.sagemaker('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'two' });
    expect(await stack.scale('Update', LARGER, { PhysicalResourceId: 'Scaling' })).toMatchObject({ Status: 'SUCCESS' });
    expect([endpointOf(stack).status, stack.registered]).toEqual(['InService', REGISTERED_LARGER]);
    await stack.pause('Update', XLARGE, { PhysicalResourceId: 'two' });
    await stack.sagemaker('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'one' });
    // The rollback never came to the scaling, so the pause registers again.
    expect(await stack.pause('Delete', LARGER, { PhysicalResourceId: 'two' })).toMatchObject({ Status: 'SUCCESS' });
    expect(endpointOf(stack).status).toBe('InService');
    expect(Object.keys(stack.registered)).toEqual(Object.keys(REGISTERED));
  });

  test('and takes longer than the function has is told, with the way on; the next deploy registers it', async () => {
    const stack = await creating();
    // The creation is over only when the test says so.
    Object.defineProperty(endpointOf(stack), 'status', { get: () => 'Creating', set: () => {}, configurable: true });
    const answer = await stack.scale('Create', XLARGE);
    expect(answer).toMatchObject({
      Status: 'FAILED', Reason: 'Endpoint live is Creating, and only one that is InService can scale. Deploy again once it is.',
    });
    expect(await stack.scale('Delete', XLARGE, { PhysicalResourceId: answer.PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS' });
    Object.defineProperty(endpointOf(stack), 'status', { value: 'InService', writable: true });
    expect(await stack.scale('Create', XLARGE)).toMatchObject({ Status: 'SUCCESS' });
    expect(stack.registered).toEqual(REGISTERED);
  });

  test('and never comes into it is told with its reason, and can be deleted', async () => {
    const stack = await creating();
    stack.region.sagemaker.state.models.delete('model');
    expect(await stack.scale('Create', XLARGE)).toMatchObject({
      Status: 'FAILED', Reason: expect.stringMatching(/^Endpoint live is Failed, and .+: Could not find model "model"\. SageMaker can only delete it: mend the cause/),
    });
    expect(stack.registered).toEqual({});
    expect(await stack.remove()).toBe('DELETE_COMPLETE');
  });
});
