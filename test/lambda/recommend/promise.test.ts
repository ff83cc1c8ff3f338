import fc from 'fast-check';
import { promiseOf } from '../../../lambda/recommend/promise';
import { PROMISE_ATTRIBUTES, PROMISE_RESOURCE_TYPE, PromiseProperties } from '../../../src/contract/promise';
import { Stage } from '../../harness/stage';

const GIVEN: PromiseProperties = {
  SchemaVersion: '1',
  Factor: '1.5',
  CostFactor: '2',
  LatencyUnit: 'Milliseconds',
  InitialInstanceCount: '2',
  CostPerHour: '0.82',
  CostPerInference: '6.8e-7',
  MaxInvocations: '8000',
  ModelLatency: '37',
  Source: 'Benchmark',
  Summary: 'ml.c5.2xlarge × 2: 0.82 USD an hour',
};
const of = (more: Partial<PromiseProperties> = {}) => promiseOf({ ...GIVEN, ...more });
/** Of a fallback, or of figures in the code. */
const EMPTY = { InitialInstanceCount: '1', CostPerHour: '', CostPerInference: '', MaxInvocations: '', ModelLatency: '' };

test('a benchmark promises a latency, a cost and a load to each instance, and a factor says where an endpoint leaves them', () => {
  expect(of()).toEqual({
    LatencyPromise: '37',
    LatencyThreshold: '55.5',
    LatencyLabel: 'Promised: 37 ms, broken above 55.5 ms',
    CostPromise: '0.00068',
    CostThreshold: '0.00136',
    CostLabel: 'Promised: 0.00068 USD per 1,000 requests, broken above 0.00136 USD per 1,000 requests',
    LoadPromise: '4000',
    LoadThreshold: '6000',
    LoadLabel: 'Promised: 4,000 requests a minute to an instance, broken above 6,000 requests a minute to an instance',
    InstanceCostPerHour: '0.41',
    Summary: GIVEN.Summary,
    Thresholds: 'Promised: 37 ms, broken above 55.5 ms. Promised: 0.00068 USD per 1,000 requests, broken above 0.00136 USD per 1,000 requests. '
      + 'Promised: 4,000 requests a minute to an instance, broken above 6,000 requests a minute to an instance.',
  });
});

test('microseconds become milliseconds', () => {
  expect(of({ LatencyUnit: 'Microseconds', ModelLatency: '263596' })).toMatchObject({ LatencyPromise: '263.596', LatencyThreshold: '395.394' });
});

test('without a unit there is no promise of latency, and the text says why', () => {
  expect(of({ LatencyUnit: undefined })).toMatchObject({
    LatencyPromise: '0', LatencyThreshold: '1000000000000000', LatencyLabel: 'No promise of latency: the unit of the benchmarked latency is not given', CostPromise: '0.00068',
  });
});

test.each([
  ['a fallback', { ...EMPTY, Source: 'Fallback' }, 'the figures are no benchmark\'s (Fallback)'],
  ['figures in the code', { ...EMPTY, Source: 'Fixed' }, 'the figures are no benchmark\'s (Fixed)'],
  ['a benchmark that reported nothing', { ...EMPTY, CostPerHour: 'NaN', ModelLatency: 'NaN' }, 'the benchmark reported no figure'],
  ['parameters that were cleared', { ...EMPTY, InitialInstanceCount: '', Source: '' }, 'the figures are no benchmark\'s (unknown)'],
])('%s promises nothing, and no alarm fires', (_what, more, why) => {
  expect(of(more)).toMatchObject({
    LatencyPromise: '0',
    CostPromise: '0',
    LoadPromise: '0',
    LatencyThreshold: '1000000000000000',
    CostThreshold: '1000000000000000',
    LoadThreshold: '1000000000000000',
    InstanceCostPerHour: '0',
    Thresholds: `No promise of latency: ${why}. No promise of cost: ${why}. No promise of load: ${why}.`,
  });
});

test('a serverless recommendation, which has no instances, promises latency and cost', () => {
  expect(of({ InitialInstanceCount: '', CostPerHour: 'NaN' }))
    .toMatchObject({ LatencyPromise: '37', CostPromise: '0.00068', LoadPromise: '0', InstanceCostPerHour: '0', LoadLabel: 'No promise of load: the benchmark reported no figure' });
});

test.each<[Partial<PromiseProperties>, string]>([
  [{ Factor: '0.5' }, 'Factor must be a number of at least 1, got: \'0.5\'.'],
  [{ CostFactor: '' }, 'CostFactor must be a number of at least 1, got: \'\'.'],
  [{ Factor: 'Infinity' }, 'Factor must be a number of at least 1, got: \'Infinity\'.'],
  [{ LatencyUnit: 'Seconds' }, 'LatencyUnit must be one of Milliseconds, Microseconds, got: \'Seconds\'.'],
  [{ CostPerHour: 'much' }, 'CostPerHour must be a number of at least 0, NaN or empty, got: \'much\'.'],
  [{ ModelLatency: '-1' }, 'ModelLatency must be a number of at least 0, NaN or empty, got: \'-1\'.'],
])('%j fails with one sentence', (more, sentence) => {
  expect(() => of(more)).toThrow(sentence);
});

test('whatever the figures and texts are, a dashboard has JSON, and a threshold is above its promise', () => {
  const figure = fc.oneof(fc.constant(''), fc.constant('NaN'), fc.float({ min: 0, noNaN: true, max: Math.fround(1e9) }).map(String));
  fc.assert(fc.property(fc.record({
    Factor: fc.double({ min: 1, max: 100, noNaN: true }).map(String),
    InitialInstanceCount: fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 1000 }).map(String)),
    CostPerHour: figure,
    CostPerInference: figure,
    MaxInvocations: figure,
    ModelLatency: figure,
    Source: fc.constantFrom('Benchmark', 'Fallback', 'Fixed', ''),
    Summary: fc.string({ unit: 'binary' }),
  }), (given) => {
    const attributes = of(given);
    expect(Object.keys(attributes).sort()).toEqual([...PROMISE_ATTRIBUTES].sort());
    for (const [name, value] of Object.entries(attributes)) {
      if (/(Promise|Threshold|PerHour)$/.test(name)) {
        expect(value).toMatch(/^\d+(\.\d+)?$/);
        expect(JSON.parse(`{"value":${value}}`)).toEqual({ value: Number(value) });
      } else { expect(JSON.parse(`{"label":"${value}"}`)).toEqual({ label: value }); }
    }
    for (const name of ['Latency', 'Cost', 'Load']) { expect(Number(attributes[`${name}Threshold`])).toBeGreaterThanOrEqual(Number(attributes[`${name}Promise`])); }
  }));
});

describe('the recommend function', () => {
  const send = async (type: 'Create' | 'Update' | 'Delete', properties: object = GIVEN) => {
    const stage = await new Stage().setUp();
    return stage.send(stage.event(PROMISE_RESOURCE_TYPE, 'Promise', type, properties, type === 'Create' ? {} : { PhysicalResourceId: 'Promise' }));
  };

  test('answers a promise at once, the same resource at each update', async () => {
    expect(await send('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Promise', Data: { LatencyThreshold: '55.5' } });
    expect(await send('Update', { ...GIVEN, Factor: '2' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Promise', Data: { LatencyThreshold: '74' } });
  });

  test('has nothing to clean up', async () => {
    expect(await send('Delete')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'Promise' });
  });

  test('fails with the sentence about a wrong value', async () => {
    expect(await send('Create', { ...GIVEN, Factor: 'x' })).toMatchObject({ Status: 'FAILED', Reason: 'Factor must be a number of at least 1, got: \'x\'.' });
  });
});
