import fc from 'fast-check';
import { aiJobAdvice, aiJobErrors, AiJobFacts, aiJobViolations } from '../../../src/service/ai-job-rules';
import { AI_JOB_SHAPES } from '../../../src/service/ai-shapes';
import { requirement } from '../../../src/service/words';

const RECOMMENDATION = {
  AIRecommendationJobName: 'job',
  ModelSource: { S3: { S3Uri: 's3://models/chat/' } },
  OutputConfig: { S3OutputLocation: 's3://results/' },
  AIWorkloadConfigIdentifier: 'load',
  PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
  RoleArn: 'arn:aws:iam::111111111111:role/r',
};
const sentences = (request: object) => aiJobViolations('CreateAIRecommendationJobRequest', { ...RECOMMENDATION, ...request })
  .map((violation) => `${violation.path.join('.')} ${requirement(violation)}`);

test('a whole request breaks nothing', () => {
  expect(sentences({})).toEqual([]);
  expect(aiJobErrors(RECOMMENDATION)).toEqual([]);
  expect(aiJobAdvice(RECOMMENDATION)).toEqual([]);
});

test.each<[string, object, string]>([
  ['four types', { ComputeSpec: { InstanceTypes: ['ml.g6.xlarge', 'ml.g6.2xlarge', 'ml.g6.4xlarge', 'ml.g6.8xlarge'] } }, 'ComputeSpec.InstanceTypes must have at most 3 entries, got: 4'],
  ['another metric', { PerformanceTarget: { Constraints: [{ Metric: 'latency' }] } }, "PerformanceTarget.Constraints.0.Metric must be one of cost, throughput, ttft-ms, got: 'latency'"],
  ['another framework', { InferenceSpecification: { Framework: 'SGLANG' } }, "InferenceSpecification.Framework must be one of LMI, VLLM, got: 'SGLANG'"],
  ['eleven adapters', { AdapterSource: { S3Uris: Array.from({ length: 11 }, (_, at) => ({ AdapterId: `a${at}`, S3Uri: 's3://a/' })) } }, 'AdapterSource.S3Uris must have at most 10 entries, got: 11'],
  ['two kinds of adapters', { AdapterSource: { S3Uris: [{ AdapterId: 'a', S3Uri: 's3://a/' }], ModelPackageArns: [] } }, 'AdapterSource must have exactly one member'],
])('%s', (_what, request, sentence) => {
  expect(sentences(request).join('; ')).toContain(sentence);
});

test('a type that this version does not know is none that is refused', () => {
  fc.assert(fc.property(fc.constantFrom('ml.p7.48xlarge', 'ml.g9.xlarge'), (type) => {
    expect(AI_JOB_SHAPES.AIRecommendationInstanceType.enum).not.toContain(type);
    expect(sentences({ ComputeSpec: { InstanceTypes: [type] } })).toEqual([]);
  }));
});

test.each<[string, object, string[]]>([
  ['no metric', { PerformanceTarget: { Constraints: [] } }, ['PerformanceTarget']],
  ['an output that is no address in S3', { OutputConfig: { S3OutputLocation: 'https://results/' } }, ['OutputLocation']],
])('%s is refused', (_what, request, rules) => {
  expect(aiJobErrors({ ...RECOMMENDATION, ...request }).map(({ rule, severity }) => [rule, severity])).toEqual(rules.map((rule) => [rule, 'error']));
  expect(aiJobErrors({ ...RECOMMENDATION, ...request }, () => false)).toEqual([]);
});

const throughput = { PerformanceTarget: { Constraints: [{ Metric: 'throughput' }] } };
const endpoint = (more: object = {}) => ({ BenchmarkTarget: { Endpoint: { Identifier: 'live', ...more } } });
test.each<[string, object, AiJobFacts, string[]]>([
  ['an endpoint of components without their names', endpoint(), { isOfComponents: true }, ['ComponentNames']],
  ['an endpoint of components with a name', endpoint({ InferenceComponents: [{ Identifier: 'a' }] }), { isOfComponents: true }, []],
  ['an endpoint of which nothing is known', endpoint(), {}, []],
  ['one id for two adapters', { AdapterSource: { S3Uris: [{ AdapterId: 'a' }, { AdapterId: 'a' }] } }, {}, ['AdapterIds']],
  ['two ids', { AdapterSource: { ModelPackageArns: [{ AdapterId: 'a' }, { AdapterId: 'b' }] } }, {}, []],
  ['throughput, optimized, without a dataset', throughput, { usesDataset: false }, ['ThroughputDataset']],
  ['throughput, not optimized', { ...throughput, OptimizeModel: false }, { usesDataset: false }, []],
  ['throughput with a dataset', throughput, { usesDataset: true }, []],
  ['throughput of an imported workload', throughput, {}, []],
])('advice for %s', (_what, request, facts, rules) => {
  const found = aiJobAdvice({ ...RECOMMENDATION, ...request }, facts);
  expect(found.map(({ rule }) => rule)).toEqual(rules);
  found.forEach(({ severity, sentence }) => expect([severity, sentence]).toEqual(['warning', expect.stringMatching(/^should /)]));
});
