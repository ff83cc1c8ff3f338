import * as fc from 'fast-check';
import { INSTANCE_TYPES } from '../../../local-aws/sagemaker';
import { instanceModel } from '../../../local-aws/sagemaker/instance-types';
import { fits, invocationsPerMinute, latencyMs, serverless, serving, underLoad } from '../../../local-aws/sagemaker/performance-model';
import { workloadOf } from '../../../local-aws/sagemaker/workload';
import { pricesOf } from '../../../src/service/prices';

const TASKS = ['CLASSIFICATION', 'REGRESSION', 'IMAGE_CLASSIFICATION', 'OBJECT_DETECTION', 'IMAGE_SEGMENTATION', 'FILL_MASK', 'TEXT_GENERATION', 'OTHER'];
const workload = fc.record({
  task: fc.constantFrom(...TASKS),
  framework: fc.constantFrom('XGBOOST', 'PYTORCH', 'TENSORFLOW', 'MXNET', 'SAGEMAKER-SCIKIT-LEARN', 'OTHER', undefined),
  nearestModel: fc.option(fc.string(), { nil: undefined }),
}).map(workloadOf);
const amount = fc.constantFrom('1', '2', '4', '7', '16', '64');
const variables = { OMP_NUM_THREADS: amount, MODEL_SERVER_WORKERS: amount, MAX_BATCH_SIZE: amount, ANY: fc.string() };
const environment = fc.record(variables, { requiredKeys: [] })
  .map((given) => ({ ...given }) as Record<string, string>);
const type = fc.constantFrom(...INSTANCE_TYPES);
const users = fc.integer({ min: 1, max: 500 });

const sizes = [...new Set(INSTANCE_TYPES.map((one) => one.split('.')[1]))].map((family) => INSTANCE_TYPES
  .filter((one) => one.startsWith(`ml.${family}.`)).sort((a, b) => instanceModel(a).vCpus - instanceModel(b).vCpus));
/** Two sizes of a family, the smaller one first: not of those few where the larger one has fewer accelerators. */
const pair = fc.constantFrom(...sizes.filter(({ length }) => length > 1)).chain((all) => fc.tuple(fc.nat(all.length - 2), fc.nat(all.length - 2))
  .map(([a, b]) => [all[Math.min(a, b)], all[Math.max(a, b) + 1]] as const))
  .filter(([small, large]) => instanceModel(small).accelerators <= instanceModel(large).accelerators);

const least = (value: number) => value * (1 - 1e-9);

test('a larger size of a family has no less of anything, is never slower, answers no less and costs no less', () => {
  fc.assert(fc.property(pair, workload, environment, users, ([small, large], work, given, count) => {
    const [a, b] = [instanceModel(small), instanceModel(large)];
    for (const what of ['vCpus', 'memoryGb', 'accelerators', 'pricePerHour'] as const) { expect(b[what]).toBeGreaterThanOrEqual(a[what]); }
    expect(fits(work, b) || !fits(work, a)).toBe(true);
    const [one, other] = [serving(work, a, 1, given), serving(work, b, 1, given)];
    expect(latencyMs(one, count)).toBeGreaterThanOrEqual(least(latencyMs(other, count)));
    expect(invocationsPerMinute(other, count)).toBeGreaterThanOrEqual(least(invocationsPerMinute(one, count)));
  }), { numRuns: 1000 });
});

test('with each user, answers come later and there are more of them; with each instance they come sooner', () => {
  fc.assert(fc.property(type, workload, environment, users, fc.integer({ min: 1, max: 9 }), (name, work, given, count, instances) => {
    const how = serving(work, instanceModel(name), instances, given);
    expect(latencyMs(how, count + 1)).toBeGreaterThan(latencyMs(how, count));
    expect(invocationsPerMinute(how, count + 1)).toBeGreaterThanOrEqual(least(invocationsPerMinute(how, count)));
    const more = serving(work, instanceModel(name), instances + 1, given);
    expect(latencyMs(more, count)).toBeLessThanOrEqual(latencyMs(how, count));
    for (const share of [how.cpuShare, how.memoryShare]) { expect(share > 0 && share <= 1).toBe(true); }
  }), { numRuns: 500 });
});

test('the same question has the same answer, and another value of a variable another one', () => {
  fc.assert(fc.property(type, workload, fc.constantFrom('OMP_NUM_THREADS', 'MODEL_SERVER_WORKERS', 'MAX_BATCH_SIZE', 'ANY'), fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 2, maxLength: 2 }), (name, work, variable, [a, b]) => {
    const with_ = (value: number) => serving(work, instanceModel(name), 1, { [variable]: `${value}` });
    expect(with_(a)).toEqual(with_(a));
    expect(with_(a)).not.toEqual(with_(b));
  }), { numRuns: 500 });
});

test('no two families have the same figures', () => {
  const work = workloadOf({ task: 'CLASSIFICATION' });
  const all = INSTANCE_TYPES.filter((name) => name.endsWith('.4xlarge')).map((name) => serving(work, instanceModel(name), 1).serviceMs);
  expect(new Set(all).size).toBe(all.length);
});

test('more memory makes a serverless endpoint no slower', () => {
  fc.assert(fc.property(workload, fc.integer({ min: 1, max: 5 }), (work, gb) => {
    expect(serverless(work, (gb + 1) * 1024, 1).serviceMs).toBeLessThanOrEqual(serverless(work, gb * 1024, 1).serviceMs);
  }));
});

test('an accelerator is for models that it is of use to: text generation is much faster on one, and trees are not', () => {
  const on = (task: string, framework: string, name: string) => serving(workloadOf({ task, framework }), instanceModel(name), 1).serviceMs;
  expect(on('TEXT_GENERATION', 'PYTORCH', 'ml.m5.4xlarge') / on('TEXT_GENERATION', 'PYTORCH', 'ml.g5.4xlarge')).toBeGreaterThan(5);
  expect(on('CLASSIFICATION', 'XGBOOST', 'ml.g4dn.xlarge')).toBeGreaterThan(on('CLASSIFICATION', 'XGBOOST', 'ml.c5.4xlarge'));
  expect(fits(workloadOf({ task: 'TEXT_GENERATION' }), instanceModel('ml.g4dn.xlarge'))).toBe(false);
  expect(fits(workloadOf({ task: 'TEXT_GENERATION' }), instanceModel('ml.g5.2xlarge'))).toBe(true);
});

test('a type has the price of the library\'s table, and without one there a price near those of other Regions', () => {
  const { types, hourly } = pricesOf('us-east-1')!;
  expect(types.map((name) => instanceModel(name).pricePerHour)).toEqual(types.map(hourly));
  for (const other of [pricesOf('us-east-2')!, pricesOf('us-west-2')!]) {
    for (const name of other.types) { expect(Math.abs(instanceModel(name).pricePerHour / other.hourly(name)! - 1)).toBeLessThan(0.25); }
  }
});

test('each type of the API is known, and one that is not yet has plausible figures, too', () => {
  for (const name of [...INSTANCE_TYPES, 'ml.z99.4xlarge']) {
    const { vCpus, memoryGb, pricePerHour } = instanceModel(name);
    expect([name, vCpus > 0, memoryGb > 0, pricePerHour > 0]).toEqual([name, true, true, true]);
  }
  expect(instanceModel('ml.z99.4xlarge').vCpus).toBe(16);
});

test('a load of as many requests as users send has the latency that those users have', () => {
  fc.assert(fc.property(workload, type, fc.integer({ min: 1, max: 5 }), environment, users, (work, name, instances, given, count) => {
    const how = serving(work, instanceModel(name), instances, given);
    fc.pre(how.lanes > 1 && latencyMs(how, count) < 60_000);
    const { latencyMs: found, errors } = underLoad(how, invocationsPerMinute(how, count));
    expect([found / latencyMs(how, count), errors]).toEqual([expect.closeTo(1, 6), 0]);
  }));
});

test('more requests are never answered sooner, and those beyond what can be answered fail', () => {
  const load = fc.double({ min: 0.1, max: 1e7, noNaN: true });
  fc.assert(fc.property(workload, type, fc.integer({ min: 1, max: 5 }), load, load, (work, name, instances, one, other) => {
    const how = serving(work, instanceModel(name), instances);
    const [less, more] = [Math.min(one, other), Math.max(one, other)].map((perMinute) => ({ perMinute, ...underLoad(how, perMinute) }));
    expect(more.latencyMs).toBeGreaterThanOrEqual(less.latencyMs * (1 - 1e-9));
    expect(more.busy).toBeGreaterThanOrEqual(less.busy);
    for (const { perMinute, errors, busy } of [less, more]) {
      expect(errors).toBeCloseTo(Math.max(0, perMinute - how.lanes * 60_000 / how.serviceMs), 3);
      expect(busy).toBeLessThanOrEqual(1);
    }
  }));
});
