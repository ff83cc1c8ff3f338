import { ProductionVariantSummary } from '@aws-sdk/client-sagemaker';
import * as fc from 'fast-check';
import { periodSeconds, runningOf, windowOf } from '../../../cli/src/compare/endpoint';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-09-30T12:00:30Z');
const at = (time: number) => new Date(time).toISOString().slice(11, 19);

test('a window has whole minutes that are over', () => {
  const { begin, end, isShort } = windowOf({ CreationTime: new Date(0), LastModifiedTime: new Date(0) }, 3600, NOW);
  expect([at(begin), at(end), isShort]).toEqual(['11:00:00', '12:00:00', false]);
});

test('an endpoint that is younger has a shorter one, and one minute at least', () => {
  const of = (created: number, modified = created) => windowOf(
    { CreationTime: new Date(NOW - created), LastModifiedTime: new Date(NOW - modified) }, 3600, NOW);
  expect([at(of(10 * MINUTE).begin), of(10 * MINUTE).isShort]).toEqual(['11:50:00', true]);
  expect([at(of(0).begin), at(of(0).end)]).toEqual(['11:59:00', '12:00:00']);
  // The service's clock is ahead.
  expect(at(of(0, -10 * MINUTE).end)).toBe('12:10:00');
});

test('a window is never empty, and never longer than what was asked for', () => {
  const time = fc.integer({ min: 2 ** 40, max: 2 ** 41 });
  fc.assert(fc.property(time, fc.nat(DAY), fc.integer({ min: 1, max: 455 * 86_400 }), time, (created, later, seconds, now) => {
    const { begin, end } = windowOf({ CreationTime: new Date(created), LastModifiedTime: new Date(created + later) }, seconds, now);
    expect([begin % MINUTE, end % MINUTE]).toEqual([0, 0]);
    expect(end - begin).toBeGreaterThanOrEqual(MINUTE);
    expect(end - begin).toBeLessThan(seconds * 1000 + 2 * MINUTE);
  }));
});

test.each([[1 / 24, 60], [15, 60], [15.1, 300], [63, 300], [64, 3600], [455, 3600]])('CloudWatch keeps periods of a window of %d days for %d seconds and more', (days, seconds) => {
  expect(periodSeconds(days * DAY)).toBe(seconds);
});

describe('a variant', () => {
  const none = { invocations: [], latencySum: [], latencyCount: [], clientErrors: [], serverErrors: [], cpu: [], memory: [] };
  const window = { begin: NOW - 60 * MINUTE, end: NOW, isShort: false };
  const endpoint = { EndpointName: 'shop', EndpointStatus: 'InService' as const, CreationTime: new Date(0), LastModifiedTime: new Date(0) };
  type Values = Partial<Record<keyof typeof none, number[]>>;
  const running = (summary: Partial<ProductionVariantSummary>, values: Values = {}, more: object = {}) => runningOf(
    { ...endpoint, ...more }, { VariantName: 'AllTraffic', ...summary }, { VariantName: 'AllTraffic', InstanceType: 'ml.c5.xlarge' },
    { values: { ...none, ...values }, period: 60, partial: [] }, window);

  test('has the instances of now, of one type or of several', () => {
    expect(running({ CurrentInstanceCount: 2 }).fleet).toEqual([{ instanceType: 'ml.c5.xlarge', count: 2 }]);
    const InstancePools = [{ InstanceType: 'ml.c5.xlarge', CurrentInstanceCount: 1 }, { InstanceType: 'ml.m5.xlarge', CurrentInstanceCount: 3 }] as any;
    expect(running({ CurrentInstanceCount: 4, InstancePools }).fleet).toEqual([{ instanceType: 'ml.m5.xlarge', count: 3 }, { instanceType: 'ml.c5.xlarge', count: 1 }]);
    expect(running({ CurrentServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 1 } })).toMatchObject({
      fleet: [], serverless: { memoryMb: 2048, concurrency: 5 }, notes: [expect.stringContaining('provisioned concurrency of 1')],
    });
  });

  test('has means that count each invocation once, and the sums of all minutes', () => {
    const invoked = { invocations: [100, 300], latencySum: [100_000, 900_000], latencyCount: [100, 300], clientErrors: [1], serverErrors: [2, 3] };
    expect(running({}, { ...invoked, cpu: [10, 30] })).toMatchObject({
      invocations: 400, peakPerMinute: 300, latencyUs: 2500, errors: 6, cpuPercent: 20, memoryPercent: NaN, minutes: 60,
    });
  });

  test('without datapoints has unknown figures, which no zero stands for', () => {
    const unknown = { invocations: NaN, peakPerMinute: NaN, latencyUs: NaN, cpuPercent: NaN, memoryPercent: NaN };
    expect(running({})).toMatchObject({ ...unknown, errors: 0, notes: [] });
  });

  test('says what mixes its figures', () => {
    expect(running({}, {}, { EndpointStatus: 'Updating', LastModifiedTime: new Date(NOW - MINUTE) }).notes).toEqual([
      'The endpoint is Updating.', 'The endpoint changed at 2026-09-30T11:59:30.000Z, within the window: the figures mix what ran before and after.',
    ]);
    // It is created, and then in service.
    expect(running({}, {}, { CreationTime: new Date(NOW - 10 * MINUTE), LastModifiedTime: new Date(NOW - 5 * MINUTE) }).notes).toEqual([]);
  });
});
