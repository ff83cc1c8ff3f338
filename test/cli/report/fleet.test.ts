import * as fc from 'fast-check';
import { aServerlessEndpoint, anInstanceType, instances, serverless } from './recommendations';
import { breakEven, fleetAt, loadsBetween, mostLoad } from '../../../cli/src/report/fleet';
import type { JobRecommendation } from '../../../lambda/jobs/family';

const aHeadroom = fc.integer({ min: 0, max: 100 });
function usdAt(one: JobRecommendation, invocationsPerMinute: number, headroomPercent: number): number {
  return fleetAt(one, { invocationsPerMinute, headroomPercent }).usdPerMonth;
}

test('a fleet has as many whole instances as bear the load with its headroom, and costs each of them for 730 hours', () => {
  const pair = instances({ CostPerHour: 0.6, MaxInvocations: 1000 }, { instanceCount: 2 });
  expect(fleetAt(pair, { invocationsPerMinute: 1000, headroomPercent: 20 })).toEqual({ instances: 3, usdPerMonth: expect.closeTo(3 * 0.3 * 730, 6) });
  expect(fleetAt(pair, { invocationsPerMinute: 1, headroomPercent: 0 })).toMatchObject({ instances: 1 });
});

test('a serverless endpoint costs its requests, and needs the concurrency that bears them', () => {
  const one = serverless({ CostPerInference: 1e-6, MaxInvocations: 100 });
  const fleet = fleetAt(one, { invocationsPerMinute: 250, headroomPercent: 50 });
  expect(fleet).toEqual({ concurrency: 4, usdPerMonth: expect.closeTo(250e-6 * 60 * 730, 6) });
});

test('more load never costs less, and each instance type bears it', () => {
  const aLoad = fc.double({ min: 1, max: 1e6, noNaN: true });
  fc.assert(fc.property(fc.oneof(anInstanceType, aServerlessEndpoint), aLoad, aLoad, aHeadroom,
    (one, a, b, headroomPercent) => {
      const [less, more] = [a, b].sort((x, y) => x - y);
      expect(usdAt(one, less, headroomPercent)).toBeLessThanOrEqual(usdAt(one, more, headroomPercent));
      const { instances: count } = fleetAt(one, { invocationsPerMinute: more, headroomPercent });
      const borne = (count ?? Infinity) * one.figures.MaxInvocations / one.instanceCount;
      expect(borne * (1 + 1e-9)).toBeGreaterThanOrEqual(more * (1 + headroomPercent / 100));
    }));
});

describe('the break-even', () => {
  const bounds = { headroomPercent: 0, maxConcurrency: 200 };

  test('below it serverless is cheaper, and from its end on instances are: as the costs of the fleets say', () => {
    const [aPart, aMultiple] = [fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 1.001, max: 1000, noNaN: true })];
    fc.assert(fc.property(anInstanceType, aServerlessEndpoint, aHeadroom, aPart, aMultiple,
      (type, endpoint, headroomPercent, below, above) => {
        const { first, last } = breakEven(type, endpoint, { ...bounds, headroomPercent })!;
        const isServerlessCheaper = (load: number) => usdAt(endpoint, load, headroomPercent) < usdAt(type, load, headroomPercent);
        if (first === Infinity) {
          // Then it costs less than a full instance, and so than any fleet. One at the same price is none that is worth a switch.
          expect(usdAt(endpoint, above * 100, headroomPercent)).toBeLessThanOrEqual(usdAt(type, above * 100, headroomPercent) * (1 + 1e-9));
          return;
        }
        expect(last).toBeGreaterThanOrEqual(first);
        expect(isServerlessCheaper(first * below)).toBe(true);
        expect(usdAt(endpoint, last * above, headroomPercent)).toBeGreaterThanOrEqual(usdAt(type, last * above, headroomPercent) * (1 - 1e-9));
      }));
  });

  test('between its two ends it alternates', () => {
    // Full at 100 requests a minute; serverless costs as much at 80.
    const type = instances({ CostPerHour: 0.48, MaxInvocations: 100 });
    const endpoint = serverless({ CostPerInference: 0.0001, MaxInvocations: 10 });
    const { first, last } = breakEven(type, endpoint, bounds)!;
    expect([first, last]).toEqual([expect.closeTo(80, 6), expect.closeTo(320, 6)]);
    const cheaper = (load: number) => usdAt(endpoint, load, 0) < usdAt(type, load, 0);
    expect([79, 81, 101, 159, 161, 301, 319, 321, 401].map(cheaper)).toEqual([true, false, true, true, false, true, true, false, false]);
  });

  test('serverless that costs less than a full instance is cheaper at every load, as far as its concurrency goes', () => {
    const type = instances({ CostPerHour: 6, MaxInvocations: 100 });
    expect(breakEven(type, serverless({ CostPerInference: 0.0005, MaxInvocations: 30 }), { headroomPercent: 50, maxConcurrency: 10 }))
      .toEqual({ first: Infinity, last: Infinity, mostServerless: 200 });
  });

  test('is not known without the figures that decide', () => {
    const type = instances({ CostPerHour: 1, MaxInvocations: 100 });
    const endpoint = serverless({ CostPerInference: 0.001, MaxInvocations: 10 });
    expect(breakEven(instances({ CostPerHour: 1 }), endpoint, bounds)).toBeUndefined();
    expect(breakEven(instances({ MaxInvocations: 100 }), endpoint, bounds)).toBeUndefined();
    expect(breakEven(type, serverless({ MaxInvocations: 10 }), bounds)).toBeUndefined();
    expect(breakEven(type, serverless({ CostPerInference: 0.001 }), bounds)).toBeUndefined();
  });
});

test('the largest load of a serverless endpoint needs no more than the greatest concurrency, and one that is larger does', () => {
  fc.assert(fc.property(aServerlessEndpoint, aHeadroom, fc.integer({ min: 5, max: 200 }), (one, headroomPercent, maxConcurrency) => {
    const most = mostLoad(one, { headroomPercent, maxConcurrency });
    expect(fleetAt(one, { invocationsPerMinute: most * (1 - 1e-9), headroomPercent }).concurrency).toBeLessThanOrEqual(maxConcurrency);
    expect(fleetAt(one, { invocationsPerMinute: most * (1 + 1e-6), headroomPercent }).concurrency).toBeGreaterThan(maxConcurrency);
  }));
  expect(mostLoad(instances({ MaxInvocations: 1 }), { headroomPercent: 0, maxConcurrency: 1 })).toBe(Infinity);
});

test('loads rise in equal ratios from one end to the other', () => {
  expect(loadsBetween(1, 1000, 4)).toEqual([1, expect.closeTo(10, 9), expect.closeTo(100, 9), 1000]);
});
