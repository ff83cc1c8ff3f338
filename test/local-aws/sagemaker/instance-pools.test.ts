import fc from 'fast-check';
import { resized } from '../../../local-aws/sagemaker/instance-pools';
import { Bench } from '../application-autoscaling/fixtures';

const EndpointName = 'live';
const [C5, M5, G5] = ['ml.c5.xlarge', 'ml.m5.large', 'ml.g5.xlarge'];
// Given in another order than that of the priorities.
const POOLS = [{ InstanceType: M5, Priority: 2 }, { InstanceType: G5, Priority: 3 }, { InstanceType: C5, Priority: 1 }];
const VARIANT = { InstancePools: POOLS, InitialInstanceCount: 3 };
const fleet = (...counts: number[]) => [C5, M5, G5].map((InstanceType, index) => ({ InstanceType, CurrentInstanceCount: counts[index] }));
const NO_CAPACITY = expect.stringContaining('InsufficientInstanceCapacity');

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const lacks = (...types: string[]) => {
  const { withoutCapacity } = bench.region.sagemaker.state;
  withoutCapacity.clear();
  types.forEach((type) => withoutCapacity.add(type));
};
const described = () => bench.call('DescribeEndpoint', { EndpointName });
const pools = async () => (await described()).ProductionVariants[0].InstancePools;

async function create(variant: object = VARIANT): Promise<void> {
  await bench.call('CreateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('one', variant) });
  await bench.minutes(3);
}

async function scaleTo(count: number): Promise<void> {
  await bench.register({ MinCapacity: count, MaxCapacity: count });
  await bench.minutes(3);
}

describe('a configuration is refused', () => {
  test.each<[string, object, string]>([
    ['with an instance type beside its pools', { ...VARIANT, InstanceType: C5 }, 'must have one of InstanceType and InstancePools, got both'],
    ['with a type twice', { ...VARIANT, InstancePools: [POOLS[0], { ...POOLS[0], Priority: 1 }] }, 'must have different instance types'],
    ['with pools and serverless capacity', { InstancePools: POOLS, ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, 'has a ServerlessConfig'],
    ['without a count', { InstancePools: POOLS }, 'InitialInstanceCount'],
    ['with a pool\'s model that is unknown', { ...VARIANT, InstancePools: [{ ...POOLS[0], ModelNameOverride: 'none' }] }, 'none'],
    ['with a priority of 6', { ...VARIANT, InstancePools: [{ InstanceType: C5, Priority: 6 }] }, 'riority'],
    ['with six pools', { ...VARIANT, InstancePools: Array(6).fill(POOLS[0]) }, 'nstancePools'],
  ])('%s', async (_what, variant, message) => {
    await bench.endpointConfig('one');
    const ProductionVariants = [{ VariantName: 'main', ModelName: 'one-model', ...variant }];
    expect(await bench.refused('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants })).toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('at create', () => {
  test('the first priority serves', async () => {
    await create();
    expect(await described()).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ CurrentInstanceCount: 3, InstancePools: fleet(3, 0, 0) }] });
  });

  test('the next one serves where the first lacks capacity', async () => {
    lacks(C5);
    await create();
    expect(await pools()).toEqual(fleet(0, 3, 0));
  });

  test('what lacks capacity from the beginning is an option', async () => {
    bench = new Bench({ withoutCapacity: [C5] });
    await create();
    expect(await pools()).toEqual(fleet(0, 3, 0));
  });

  test('none serves where all lack it, and the endpoint fails', async () => {
    lacks(C5, M5, G5);
    await create();
    expect(await described()).toMatchObject({ EndpointStatus: 'Failed', FailureReason: NO_CAPACITY });
  });

  test('a single type that lacks capacity fails, too, and one that has it has no pools', async () => {
    lacks(M5);
    await create({ InstanceType: C5, InitialInstanceCount: 1 });
    expect(await pools()).toBeUndefined();
    await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('two', { InstanceType: M5, InitialInstanceCount: 1 }) });
    await bench.minutes(3);
    expect(await described()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one', FailureReason: NO_CAPACITY });
  });

  test('capacity that is free within the provision timeout serves', async () => {
    lacks(C5, M5, G5);
    await create({ ...VARIANT, VariantInstanceProvisionTimeoutInSeconds: 600 });
    expect((await described()).EndpointStatus).toBe('Creating');
    lacks(C5, M5);
    await bench.minutes(1);
    expect(await described()).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ InstancePools: fleet(0, 0, 3) }] });
  });

  test('after the provision timeout it fails', async () => {
    lacks(C5, M5, G5);
    await create({ ...VARIANT, VariantInstanceProvisionTimeoutInSeconds: 600 });
    await bench.minutes(10);
    expect(await described()).toMatchObject({ EndpointStatus: 'Failed', FailureReason: NO_CAPACITY });
  });
});

describe('as it scales', () => {
  test('it grows on the first type with capacity, and shrinks from the last', async () => {
    await create();
    lacks(C5, M5);
    await scaleTo(5);
    expect(await pools()).toEqual(fleet(3, 0, 2));
    lacks(C5);
    await scaleTo(6);
    expect(await pools()).toEqual(fleet(3, 1, 2));
    await scaleTo(2);
    expect(await pools()).toEqual(fleet(2, 0, 0));
  });

  test('it stays as it is while no type has capacity', async () => {
    await create();
    lacks(C5, M5, G5);
    await scaleTo(5);
    expect(await described()).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ DesiredInstanceCount: 3, InstancePools: fleet(3, 0, 0) }] });
  });

  test('an update that keeps the count keeps it on what has capacity', async () => {
    await create();
    await scaleTo(5);
    lacks(C5);
    await bench.call('UpdateEndpoint', { EndpointName, EndpointConfigName: await bench.endpointConfig('two', VARIANT), RetainAllVariantProperties: true });
    await bench.minutes(3);
    expect(await described()).toMatchObject({ EndpointConfigName: 'two', ProductionVariants: [{ CurrentInstanceCount: 5, InstancePools: fleet(0, 5, 0) }] });
  });

  test('a registered variant takes no other pools', async () => {
    await create();
    await bench.register();
    const EndpointConfigName = await bench.endpointConfig('two', { ...VARIANT, InstancePools: POOLS.slice(1) });
    expect(await bench.refused('UpdateEndpoint', { EndpointName, EndpointConfigName }))
      .toMatchObject({ message: expect.stringContaining(`change from ${C5}, ${M5}, ${G5} to ${C5}, ${G5}`) });
  });

  test('burstable types do not scale, whichever pool has them', async () => {
    await create({ ...VARIANT, InstancePools: [...POOLS, { InstanceType: 'ml.t2.medium', Priority: 4 }] });
    await expect(bench.register()).rejects.toThrow('burstable');
  });
});

test('whatever is free, a fleet has the count that is asked for, or stays; no type shrinks as it grows, and none grows as it shrinks', () => {
  const step = fc.record({ count: fc.nat(12), lacking: fc.subarray([C5, M5, G5]) });
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
    let current: ReturnType<typeof fleet> = fleet(0, 0, 0);
    for (const { count, lacking } of steps) {
      lacks(...lacking);
      const before = current.map(({ CurrentInstanceCount }) => CurrentInstanceCount);
      const change = count - before.reduce((sum, one) => sum + one);
      const after = resized(current, { InstancePools: POOLS }, count, bench.region);
      if (!after) {
        expect([change > 0, lacking.length]).toEqual([true, 3]);
        continue;
      }
      const changes = after.map(({ CurrentInstanceCount }, index) => CurrentInstanceCount - before[index]);
      expect(changes.reduce((sum, one) => sum + one)).toBe(change);
      changes.forEach((one, index) => {
        const [earlier, later] = [after.slice(0, index), after.slice(index + 1)];
        if (one > 0) {
          expect(change).toBeGreaterThan(0);
          expect(lacking).not.toContain(after[index].InstanceType);
          earlier.forEach(({ InstanceType }) => expect(lacking).toContain(InstanceType));
        } else if (one < 0) {
          expect(change).toBeLessThan(0);
          later.forEach(({ CurrentInstanceCount }) => expect(CurrentInstanceCount).toBe(0));
        }
      });
      current = [...after];
    }
  }));
});
