import fc from 'fast-check';
import { recommendationOf } from '../../../lambda/jobs/inference-recommendations/recommendations';
import { criteriaOf } from '../../../lambda/recommend/criteria';
import { whyNone } from '../../../lambda/recommend/explanation';
import { nearest } from '../../../lambda/recommend/nearest';
import { rank } from '../../../lambda/recommend/rank';
import { answerBody } from '../../../lambda/runtime/answer';
import { RecommendationProperties } from '../../../src/contract/recommend';
import { LimitName, LIMITS, METRICS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

type Writable<T> = { -readonly [K in keyof T]: T[K] extends object | undefined ? any : T[K] };
type Properties = Writable<RecommendationProperties>;

const BASE: Properties = { SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: 'job', Objective: 'LowestLatency', EndpointType: 'RealTime' };

function row(id: string, metrics: object, more: { type?: string; serverless?: boolean; compiled?: boolean; count?: number } = {}): any {
  const { type = 'ml.c5.xlarge', serverless = false, compiled = false, count = 1 } = more;
  return {
    RecommendationId: id,
    Metrics: metrics,
    EndpointConfiguration: serverless ? { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }
      : { InstanceType: type, InitialInstanceCount: count },
    ModelConfiguration: compiled ? { CompilationJobName: 'neo-1' } : {},
  };
}

/** What the handler says of these rows, if none of them may be chosen. */
function told(rows: any[], properties: Properties): string | undefined {
  const [recommendations, criteria] = [rows.map((one) => recommendationOf(one, new Set())), criteriaOf(properties)];
  const { ranked, rejected } = rank(recommendations, criteria);
  return ranked.length > 0 ? undefined : whyNone('job', rejected, nearest(recommendations, criteria));
}

const SAYS = /The nearest is .+? \((\S+)\): it may be chosen (.+?)\. The job has completed/;

/** Does to the properties what a sentence says, as a person does to an app, and gives the id that it speaks of. */
function followed(sentence: string, given: Properties): { id: string; properties: Properties } | undefined {
  const [, id, words] = SAYS.exec(sentence) ?? [];
  if (id === undefined) { return undefined; }
  const properties: Properties = JSON.parse(JSON.stringify(given));
  const limits = (properties.Limits ??= {});
  for (const change of words.split(/(?:, | and )(?=with)/)) {
    const [, verb, before, prop, value] = /^(with|without) (?:(.+) (?:in) )?`([\w.]+)`(?: (\S+))?$/.exec(change)
      ?? [];
    if (prop === undefined) { throw new Error(`Not understood: ${change}`); }
    const limit = `${prop.slice('limits.'.length, 'limits.'.length + 1).toUpperCase()}${prop.slice('limits.'.length + 1)}`;
    if (prop === 'endpointType') {
      properties.EndpointType = value;
    } else if (prop === 'objective') {
      properties.Objective = value;
    } else if (prop === 'targetLoad') {
      delete properties.TargetLoad;
    } else if (prop === 'targetLoad.invocationsPerMinute') {
      properties.TargetLoad.InvocationsPerMinute = value;
    } else if (prop === 'pinnedRecommendationId') {
      properties.Pin = { RecommendationId: value };
    } else if (prop === 'pinnedInstanceType') {
      properties.Pin = verb === 'with' ? { InstanceType: value } : undefined;
    } else if (prop === 'limits.allowedInstanceTypes') {
      limits.AllowedInstanceTypes.push(before);
    } else if (/refusedInstance/.test(prop)) {
      limits.RefusedInstanceTypes = limits.RefusedInstanceTypes.filter((entry: string) => entry !== before);
    } else if (/^limits\.(allowCompiledModels|allowLocalStorage|maxServerlessConcurrency)$/.test(prop)) {
      limits[limit] = value;
    } else if (limit in LIMITS) {
      if (verb === 'with') { limits[limit] = value; } else { delete limits[limit]; }
    } else {
      throw new Error(`Not understood: ${change}`);
    }
  }
  return { id, properties };
}

const TYPES = ['ml.c5.xlarge', 'ml.c5.large', 'ml.m5.large', 'ml.g5.xlarge'];
const figure = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 1e-8, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: 0.01, max: 500, noNaN: true }).map(Math.fround) },
  { weight: 1, arbitrary: fc.constantFrom(0, NaN, undefined) },
);
const metrics = fc.record(Object.fromEntries(METRICS.map((name) => [name, figure])));
const rows = fc.array(fc.record({
  metrics, type: fc.constantFrom(...TYPES), serverless: fc.boolean(), compiled: fc.boolean(), count: fc.integer({ min: 1, max: 3 }),
}), { minLength: 1, maxLength: 10 }).map((all) => all.map((one, index) => row(`job/${index}`, one.metrics, one)));
const limit = fc.option(fc.double({ min: 0, max: 100, noNaN: true }).map(String), { nil: undefined, freq: 3 });
const lists = fc.option(fc.uniqueArray(fc.constantFrom(...TYPES, 'ml.c5', 'ml.m5'), { minLength: 1, maxLength: 3 }), { nil: undefined });
const properties: fc.Arbitrary<Properties> = fc.record({
  Objective: fc.constantFrom(...Object.keys(BENCHMARKED.objectives)),
  EndpointType: fc.constantFrom('RealTime', 'Serverless', 'Any'),
  Limits: fc.record({
    ...Object.fromEntries((Object.keys(LIMITS) as LimitName[]).map((name) => [name, limit])),
    AllowedInstanceTypes: lists,
    RefusedInstanceTypes: lists,
    AllowCompiledModels: fc.constantFrom('false', undefined),
    AllowLocalStorage: fc.constantFrom('false', undefined),
    MaxServerlessConcurrency: fc.option(fc.integer({ min: 1, max: 200 }).map(String), { nil: undefined }),
  }),
  TargetLoad: fc.option(fc.record({ InvocationsPerMinute: fc.integer({ min: 0, max: 1e6 }).map(String), HeadroomPercent: fc.constantFrom('0', '20') }), { nil: undefined }),
  Pin: fc.constantFrom(undefined, { RecommendationId: 'job/other' }, { InstanceType: 'ml.c5.large' }),
}).map((one) => ({ ...BASE, ...one }));

test('whoever does exactly what the message says may have the recommendation that it names', () => {
  let followedOnes = 0;
  fc.assert(fc.property(rows, properties, (given, asked) => {
    const sentence = told(given, asked);
    if (sentence === undefined) { return; }
    expect(sentence).toContain('the next deploy finds it and does not pay again');
    const done = followed(sentence, asked);
    if (!done) {
      // Only where no row has a figure that an objective compares.
      const isFigure = (value: unknown) => value !== undefined && !Number.isNaN(value);
      expect(given.filter(({ Metrics }) => Object.values(BENCHMARKED.objectives).some((metric) => isFigure(Metrics[metric])))).toEqual([]);
      return;
    }
    followedOnes++;
    const { ranked } = rank(given.map((one) => recommendationOf(one, new Set())), criteriaOf(done.properties));
    expect(ranked.map(({ recommendation }) => recommendation.id)).toContain(done.id);
  }), { numRuns: 500 });
  expect(followedOnes).toBeGreaterThan(100);
});

test.each<[string, any[], Partial<Properties>, string]>([
  ['a limit that is missed', [row('job/a', { ModelLatency: 37.25999987125397 })], { Limits: { MaxModelLatency: '30' } }, 'with `limits.maxModelLatency` 37.26'],
  ['a list price, which comes as a float of 32 bits', [row('job/a', { ModelLatency: 1, CostPerHour: 0.11500000208616257 })],
    { Limits: { MaxCostPerHour: '0.1' } }, 'with `limits.maxCostPerHour` 0.115'],
  ['a throughput', [row('job/a', { ModelLatency: 1, MaxInvocations: 1234.5678 })], { Limits: { MinInvocations: '5000' } }, 'with `limits.minInvocations` 1234'],
  ['a metric that is not reported', [row('job/a', { ModelLatency: 1 })], { Limits: { MaxCpuUtilization: '80' } }, 'without `limits.maxCpuUtilization`'],
  ['the metric of the objective', [row('job/a', { CostPerHour: 1 })], {}, 'with `objective` LowestCostPerHour'],
  ['a type', [row('job/a', { ModelLatency: 1 })], { Limits: { AllowedInstanceTypes: ['ml.m5'] } }, 'with ml.c5.xlarge in `limits.allowedInstanceTypes`'],
  ['a refused type', [row('job/a', { ModelLatency: 1 })], { Limits: { RefusedInstanceTypes: ['ml.c5.xlarge'] } }, 'without ml.c5.xlarge in `limits.refusedInstanceTypes`'],
  ['a refused family', [row('job/a', { ModelLatency: 1 })], { Limits: { RefusedInstanceTypes: ['ml.m5', 'ml.c5'] } }, 'without ml.c5 in `limits.refusedInstanceFamilies`'],
  ['a compiled model', [row('job/a', { ModelLatency: 1 }, { compiled: true })], { Limits: { AllowCompiledModels: 'false' } }, 'with `limits.allowCompiledModels` true'],
  ['the kind of endpoint', [row('job/a', { ModelLatency: 1 }, { serverless: true })], {}, 'with `endpointType` Serverless'],
  ['the cost of a request, which is not compared between the kinds of endpoints', [row('job/a', { CostPerInference: 1 })],
    { Objective: 'LowestCostPerInference', EndpointType: 'Any' }, 'with `endpointType` RealTime'],
  ['a pinned id', [row('job/a', { ModelLatency: 1 })], { Pin: { RecommendationId: 'other/b' } }, 'with `pinnedRecommendationId` job/a'],
  ['a pinned type', [row('job/a', { ModelLatency: 1 })], { Pin: { InstanceType: 'ml.m5.large' } }, 'with `pinnedInstanceType` ml.c5.xlarge'],
  ['a pinned type of a serverless one', [row('job/a', { ModelLatency: 1 }, { serverless: true })], { EndpointType: 'Serverless', Pin: { InstanceType: 'ml.m5.large' } },
    'without `pinnedInstanceType`'],
  ['a load that is not known to be borne', [row('job/a', { ModelLatency: 1 })], { TargetLoad: { InvocationsPerMinute: '10', HeadroomPercent: '0' } }, 'without `targetLoad`'],
  ['the cost of the fleet', [row('job/a', { ModelLatency: 1, MaxInvocations: 10, CostPerHour: 2 })],
    { TargetLoad: { InvocationsPerMinute: '45', HeadroomPercent: '0' }, Limits: { MaxCostPerHour: '7' } }, 'with `limits.maxCostPerHour` 10'],
  ['several', [row('job/a', { ModelLatency: 50, CostPerHour: 3 }, { compiled: true })],
    { Limits: { MaxModelLatency: '40', MaxCostPerHour: '2', AllowCompiledModels: 'false' } },
    'with `limits.allowCompiledModels` true, with `limits.maxModelLatency` 50 and with `limits.maxCostPerHour` 3'],
])('names the value that would pass: %s', (_what, given, more, expected) => {
  expect(told(given, { ...BASE, ...more })).toContain(`it may be chosen ${expected}. The job has completed`);
});

test('the nearest is the one whose figure is next to its limit, before one of another kind', () => {
  const given = [
    row('job/far', { ModelLatency: 90 }), row('job/near', { ModelLatency: 41 }), row('job/kind', { ModelLatency: 1 }, { compiled: true }),
  ];
  expect(told(given, { ...BASE, Limits: { MaxModelLatency: '40', AllowCompiledModels: 'false' } })).toMatch(/The nearest is .+ \(job\/near\)/);
});

test('a job without rows, or without a figure to rank by, has no nearest', () => {
  expect(told([], BASE)).toBe('None of the 0 recommendations of job job may be chosen. The job has completed and is paid: the next deploy finds it and does not pay again.');
  expect(told([row('job/a', {})], BASE)).not.toContain('nearest');
});

test('an answer holds the job, the nearest and the value, however many rows have reasons', () => {
  const given = [...Array(60).keys()].map((index) => row(`job/${String(index).padStart(64, '0')}`, { ModelLatency: 50 + index, CostPerHour: 9 }));
  const sentence = told(given, { ...BASE, Limits: { MaxModelLatency: '40', MaxCostPerHour: '1' } })!;
  expect(sentence.length).toBeGreaterThan(4096);
  const body = answerBody({ StackId: 's', RequestId: 'r', LogicalResourceId: 'l' }, { status: 'FAILED', physicalId: 'p', reason: sentence });
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
  expect(JSON.parse(body).Reason).toMatch(/^None of the 60 recommendations of job job .+`limits\.maxModelLatency` 50 and with `limits\.maxCostPerHour` 9\. The job has completed/);
});
