import { Failure, INVOCATIONS, OWN, ScaledEndpoint, StackState } from '../../harness/scaled-endpoint';
import { serviceError } from '../../harness/stage';

const OLD: StackState = { config: 'one', variants: { A: 'ml.c5.xlarge', B: 'ml.c5.large' }, properties: OWN };
// A variant goes, one changes its type, one comes.
const NEW: StackState = { config: 'two', variants: { B: 'ml.c5.xlarge', C: 'ml.c5.xlarge' }, properties: { ...OWN, MaxCapacity: '8' } };

const FAULTS = {
  'throttled once': { error: () => serviceError('ThrottlingException', 'Rate exceeded'), times: 1 },
  // An error without a status is one of the network's.
  'unanswered once': { error: () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} }), times: 1, afterEffect: true },
  'denied for good': { error: () => serviceError('AccessDeniedException', 'not authorized'), times: Infinity },
};

/** The ends that a life of the stack may come to. */
const LIVES: Record<string, (stack: ScaledEndpoint) => Promise<string>> = {
  'an update': (stack) => stack.update(NEW),
  'an update whose endpoint fails': (stack) => stack.update(NEW, 'endpoint' satisfies Failure),
  'an update whose sibling fails': (stack) => stack.update(NEW, 'sibling'),
  'a deletion': (stack) => stack.remove(),
};

async function created(): Promise<ScaledEndpoint> {
  const stack = await new ScaledEndpoint().setUp();
  await stack.create(OLD);
  for (const variant of Object.keys(OLD.variants)) { await stack.settings(variant); }
  stack.calls.length = 0;
  return stack;
}

function expectRegistered(stack: ScaledEndpoint, { config, variants, properties }: StackState): void {
  const max = Number(properties!.MaxCapacity);
  expect(stack.registered).toEqual(Object.fromEntries(Object.keys(variants).map((name) => [
    `endpoint/live/variant/${name}`,
    { min: 1, max, policies: { [`${name}-target-tracking`]: { TargetValue: 100, PredefinedMetricSpecification: { PredefinedMetricType: INVOCATIONS } } } },
  ])));
  expect(stack.record).toMatchObject({ endpointConfigName: config, paused: false });
}

/** What others have set is on each variant that serves, and their alarms still scale. */
async function expectTheirs(stack: ScaledEndpoint, variants: readonly string[]): Promise<void> {
  for (const variant of variants) {
    expect(await stack.theirs(variant)).toEqual({ policies: [`${variant}-target-tracking`, 'theirs'].sort(), actions: ['nightly'], isInvoked: true });
  }
}

/** The stack is as its status says, or its record says what to go back to. */
async function expectSound(stack: ScaledEndpoint, status: string): Promise<void> {
  if (status === 'UPDATE_COMPLETE') {
    expectRegistered(stack, NEW);
    return expectTheirs(stack, ['B']);
  }
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    expectRegistered(stack, OLD);
    return expectTheirs(stack, ['A', 'B']);
  }
  if (status === 'DELETE_COMPLETE') { return expect([stack.registered, stack.record]).toEqual([{}, undefined]); }
  expect(stack.failures).not.toEqual([]);
  if (status === 'DELETE_FAILED') { return; }
  // Whoever goes on finds all that may be registered.
  const { variants, registering = [] } = stack.record!;
  expect([...variants.map(({ resourceId }) => resourceId), ...registering]).toEqual(expect.arrayContaining(Object.keys(stack.registered)));
}

/** Once nothing is denied any more, the same life goes on to its end. */
async function mended(stack: ScaledEndpoint, life: string, status: string): Promise<void> {
  stack.faults.length = 0;
  switch (status) {
    case 'UPDATE_ROLLBACK_FAILED':
    case 'CLEAN_UP_FAILED':
      expect(await stack.rollBack(NEW, { reached: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
      return expectSound(stack, 'UPDATE_ROLLBACK_COMPLETE');
    case 'DELETE_FAILED':
      expect(await stack.remove()).toBe('DELETE_COMPLETE');
      return expectSound(stack, 'DELETE_COMPLETE');
    default:
      if (life === 'a deletion') { return; }
      expect(await stack.update(status === 'UPDATE_COMPLETE' ? { ...OLD, config: 'three' } : NEW)).toBe('UPDATE_COMPLETE');
      await expectTheirs(stack, ['B']);
  }
}

describe.each(Object.keys(LIVES))('%s', (life) => {
  const passing = { 'an update': 'UPDATE_COMPLETE', 'a deletion': 'DELETE_COMPLETE' }[life] ?? 'UPDATE_ROLLBACK_COMPLETE';

  async function callsOf(): Promise<string[]> {
    const stack = await created();
    expect(await LIVES[life](stack)).toBe(passing);
    await expectSound(stack, passing);
    return stack.calls.map(({ operation }) => operation);
  }

  test.each(Object.entries(FAULTS))('with each of its calls %s', async (_kind, { error, ...fault }) => {
    const operations = await callsOf();
    expect(operations.length).toBeGreaterThan(3);
    for (const [index, operation] of operations.entries()) {
      const stack = await created();
      const skip = operations.slice(0, index).filter((before) => before === operation).length;
      stack.faults.push({ operation, error: error(), skip, ...fault });
      const status = await LIVES[life](stack);
      expect({ operation, skip, status }).toEqual({ operation, skip, status: fault.times === 1 ? passing : expect.any(String) });
      await expectSound(stack, status);
      await mended(stack, life, status);
    }
  });
});
