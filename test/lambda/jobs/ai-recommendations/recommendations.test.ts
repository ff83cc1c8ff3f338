import type { AIRecommendation, AIRecommendationPerformanceMetric } from '@aws-sdk/client-sagemaker';
import fc from 'fast-check';
import { priced, recommendationsOf } from '../../../../lambda/jobs/ai-recommendations/recommendations';
import { GENERATIVE } from '../../../../src/service/recommendation-kinds';

type Expected = AIRecommendationPerformanceMetric;
const expected = (Metric: string, Stat: string | undefined, Value: string, Unit?: string): Expected => ({ Metric, Stat, Value, Unit });

function row(ExpectedPerformance: Expected[], more: AIRecommendation['DeploymentConfiguration'] = {}): AIRecommendation {
  return {
    ModelDetails: { ModelPackageArn: 'arn:aws:sagemaker:us-east-1:111122223333:model-package/chat/3', InferenceSpecificationName: 'spec-1' },
    DeploymentConfiguration: { InstanceType: 'ml.g6.12xlarge', InstanceCount: 2, CopyCountPerInstance: 2, MinCpuMemoryRequiredInMb: 4096, ...more },
    AIBenchmarkJobArn: 'arn:aws:sagemaker:us-east-1:111122223333:ai-benchmark-job/bench-1',
    ExpectedPerformance,
  };
}
const one = (entries: Expected[], more?: AIRecommendation['DeploymentConfiguration']) => recommendationsOf({ Recommendations: [row(entries, more)] })[0];

test('a row has the package, its specification, and the shape of the deployment', () => {
  const { id, instanceType, instanceCount, environment, attributes } = one([], { EnvironmentVariables: { SM_VLLM_MAX_MODEL_LEN: '8192' } });
  expect([id, instanceType, instanceCount, environment]).toEqual(['spec-1/ml.g6.12xlarge', 'ml.g6.12xlarge', 2, { SM_VLLM_MAX_MODEL_LEN: '8192' }]);
  expect(attributes).toMatchObject({
    ModelPackageArn: 'arn:aws:sagemaker:us-east-1:111122223333:model-package/chat/3',
    InferenceSpecificationName: 'spec-1',
    CopyCountPerInstance: 2,
    // Four GPUs for two copies.
    AcceleratorCount: 2,
    MinMemoryRequiredInMb: 4096,
    BenchmarkJobName: 'bench-1',
  });
});

/**
 * What a real job answered that optimized nothing.
 * Source: https://github.com/aws-samples/sample-sagemaker-agentic-model-deployment (sagemaker-optimize, sample-output/recommendation.json; MIT-0)
 */
test('what a real job answered is read: each figure but the number of clients, and the package', () => {
  const performance = [
    expected('RequestThroughput', 'avg', '7.5114', 'Requests/Second'),
    expected('OutputTokenThroughput', 'avg', '1893.21', 'Tokens/Second'),
    expected('RequestLatency', 'p50', '11134.94', 'Milliseconds'),
    expected('RequestLatency', 'p99', '13762.74', 'Milliseconds'),
    expected('TimeToFirstToken', 'p50', '269.55', 'Milliseconds'),
    expected('TimeToFirstToken', 'p90', '394.81', 'Milliseconds'),
    expected('InterTokenLatency', 'p50', '43.38', 'Milliseconds'),
    expected('ClientSideConcurrency', undefined, '88', 'Count'),
  ];
  const Recommendations = [{ ...row(performance), OptimizationDetails: [] }];
  const [{ figures, flaw, reported, attributes }] = recommendationsOf({ OptimizeModel: false, Recommendations });
  expect(figures).toEqual({
    'RequestThroughput': 7.5114,
    'RequestThroughput.avg': 7.5114,
    'OutputTokenThroughput': 1893.21,
    'OutputTokenThroughput.avg': 1893.21,
    'RequestLatency': 11134.94,
    'RequestLatency.p50': 11134.94,
    'RequestLatency.p99': 13762.74,
    'TimeToFirstToken': 269.55,
    'TimeToFirstToken.p50': 269.55,
    'TimeToFirstToken.p90': 394.81,
    'InterTokenLatency': 43.38,
    'InterTokenLatency.p50': 43.38,
  });
  expect([flaw, reported]).toEqual([undefined, {}]);
  expect(JSON.parse(attributes.Performance as string)).toHaveLength(performance.length);
});

test.each<[string, boolean | undefined, AIRecommendation['ModelDetails'], string | undefined]>([
  ['with a package', false, row([]).ModelDetails, undefined],
  ['without details', undefined, undefined, 'the job has registered no model package for it, so it cannot be deployed'],
  ['without a package, of a job that optimizes nothing', false, { InferenceSpecificationName: 'spec-1' },
    'the job has registered no model package for it (its `optimizeModel` is false), so it cannot be deployed'],
])('a row %s can be deployed, or says why not', (_what, OptimizeModel, ModelDetails, flaw) => {
  expect(recommendationsOf({ OptimizeModel, Recommendations: [{ ...row([]), ModelDetails }] })[0].flaw).toBe(flaw);
});

test.each([
  ['as AIPerf spells it', expected('time_to_first_token', 'p99', '182.5', 'ms'), 'TimeToFirstToken.p99', 182.5],
  ['as the service\'s SDK spells it', expected('TimeToFirstToken', 'P99', '0.1825', 's'), 'TimeToFirstToken.p99', 182.5],
  ['with the unit in the name', expected('ttft-ms', 'average', '182.5'), 'TimeToFirstToken.avg', 182.5],
  ['in microseconds', expected('inter_token_latency', 'p50', '9500', 'us'), 'InterTokenLatency.p50', 9.5],
  ['a throughput', expected('OutputTokenThroughput', 'avg', '2400', 'tokens/sec'), 'OutputTokenThroughput.avg', 2400],
])('a figure %s', (_how, entry, name, value) => {
  const { figures } = one([entry]);
  expect(figures[name]).toBeCloseTo(value, 9);
  // The only statistic is what the metric's own name means.
  expect(figures[name.split('.')[0]]).toBeCloseTo(value, 9);
});

test.each([
  ['without a unit', expected('time_to_first_token', 'p99', '182.5'), '182.5 without a unit'],
  ['in a unit that is not known', expected('time_to_first_token', 'p99', '182.5', 'jiffies'), '182.5 jiffies'],
  ['in a unit of something else', expected('time_to_first_token', 'p99', '182.5', 'tokens/sec'), '182.5 tokens/sec'],
  ['that is no number', expected('time_to_first_token', 'p99', 'fast', 'ms'), 'fast ms'],
])('a figure %s is not compared, and told as it was reported', (_what, entry, text) => {
  const { figures, reported, attributes } = one([entry]);
  expect([figures['TimeToFirstToken.p99'], figures.TimeToFirstToken]).toEqual([NaN, NaN]);
  expect(reported).toEqual({ 'TimeToFirstToken.p99': text, 'TimeToFirstToken': text });
  expect(attributes.TimeToFirstToken).toBeUndefined();
  expect(JSON.parse(attributes.Performance as string)).toEqual([JSON.parse(JSON.stringify(entry))]);
});

test('a metric that the kind does not know is kept as it was reported, and compared with nothing', () => {
  const { figures, attributes } = one([expected('gpu_power', 'avg', '300', 'W')]);
  expect([figures, JSON.parse(attributes.Performance as string)]).toEqual([{}, [{ Metric: 'gpu_power', Stat: 'avg', Value: '300', Unit: 'W' }]]);
});

test('a figure without a statistic is of the statistic that all recommendations have, so that the same is compared', () => {
  const rows = [
    row([expected('ttft', 'avg', '100', 'ms'), expected('ttft', 'p99', '150', 'ms')]),
    row([expected('ttft', 'p99', '140', 'ms')], { InstanceType: 'ml.p5.48xlarge' }),
  ];
  expect(recommendationsOf({ Recommendations: rows }).map(({ figures }) => figures.TimeToFirstToken)).toEqual([150, 140]);
});

test('how values spread, or how many there are, is no figure of a metric', () => {
  const spread = ['std', 'count', 'sum'].map((stat) => expected('ttft', stat, '5', 'ms'));
  const [first, second] = recommendationsOf({
    Recommendations: [
      row([expected('ttft', 'avg', '100', 'ms'), ...spread]), row([expected('ttft', 'p50', '140', 'ms'), ...spread], { InstanceType: 'ml.p5.48xlarge' }),
    ],
  });
  // They share none that says how fast a model is.
  expect([first.figures.TimeToFirstToken, second.figures.TimeToFirstToken]).toEqual([100, undefined]);
  expect(one(spread).figures.TimeToFirstToken).toBeUndefined();
});

test('the order of a list changes no figure', () => {
  const entry = fc.record({
    Metric: fc.constantFrom('ttft', 'itl', 'output_token_throughput', 'request_throughput', 'x'),
    Stat: fc.constantFrom(undefined, 'avg', 'p50', 'p99'),
    Value: fc.constantFrom('1', '20', '3.5', 'NaN'),
    Unit: fc.constantFrom(undefined, 'ms', 's', 'tokens/sec', 'requests/sec'),
  });
  const distinct = fc.uniqueArray(entry, { selector: ({ Metric, Stat }) => `${Metric} ${Stat}` });
  fc.assert(fc.property(fc.array(distinct, { minLength: 1, maxLength: 3 }), (all) => {
    const rows = all.map((entries, at) => row(entries, { InstanceType: (['ml.g5.xlarge', 'ml.g6.xlarge', 'ml.p5.48xlarge'] as const)[at] }));
    const figuresIn = (given: AIRecommendation[]) => new Map(recommendationsOf({ Recommendations: given }).map(({ id, figures }) => [id, figures]));
    const turned = [...rows].reverse().map((given) => ({ ...given, ExpectedPerformance: [...given.ExpectedPerformance!].reverse() }));
    expect(figuresIn(turned)).toEqual(figuresIn(rows));
  }), { numRuns: 300 });
});

test('the reported figures fit in an answer', () => {
  const many = Array.from({ length: 60 }, (_one, at) => expected('time_to_first_token', `p${at}`, `${at}`, 'ms'));
  const text = one(many).attributes.Performance as string;
  expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(900);
  expect(JSON.parse(text).length).toBeGreaterThan(5);
});

describe('costs', () => {
  const served = [
    expected('output_token_throughput', 'avg', '1000', 'tokens/sec'), expected('total_token_throughput', 'avg', '5000', 'tokens/sec'),
  ];

  test('are those of all instances, divided by the tokens of an hour', () => {
    const { figures, attributes } = priced(one(served), () => 7.2);
    // 14.40 USD an hour for 3.6 million tokens out and 14.4 million in.
    expect([figures.CostPerHour, figures.CostPerMillionOutputTokens, figures.CostPerMillionInputTokens]).toEqual([14.4, 4, 1]);
    expect(attributes).toMatchObject({ CostPerHour: 14.4, CostPerMillionOutputTokens: 4, CostPerMillionInputTokens: 1 });
  });

  test.each([['a price', served, undefined], ['a throughput', [], 7.2]] as const)('are not known without %s', (_what, entries, price) => {
    const { figures, attributes } = priced(one([...entries]), () => price);
    expect(figures.CostPerMillionOutputTokens).toBeNaN();
    expect(attributes).not.toHaveProperty('CostPerMillionOutputTokens');
  });

  test('that the service reports stay', () => {
    const { figures } = priced(one([...served, expected('cost_per_million_output_tokens', undefined, '3.5', 'USD')]), () => 7.2);
    expect(figures.CostPerMillionOutputTokens).toBe(3.5);
  });
});

test('each metric of the kind can be reported, or follows from prices', () => {
  const spelled = Object.keys(GENERATIVE.metrics).filter((metric) => !metric.startsWith('CostPerHour'));
  const unit: Record<string, string> = { OutputTokenThroughput: 'tokens/sec', RequestThroughput: 'requests/sec' };
  const { figures } = one(spelled.map((metric) => expected(metric, 'avg', '1', metric.startsWith('Cost') ? 'USD' : unit[metric] ?? 'ms')));
  expect(spelled.filter((metric) => figures[metric] !== 1)).toEqual([]);
});
