import { Chosen, chosenOf } from '../../local-aws/chosen';
import { GENERATIVE_ATTRIBUTES, INSTANT_ATTRIBUTES, RECOMMENDATION_ATTRIBUTES } from '../../src/contract/recommend';

const PACKAGE = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/chat/1';
const world = {
  statusOf: (arn: string) => ({ [PACKAGE]: 'Approved' })[arn],
  listOf: (model: string) => (model === 'chat' ? ['ml.g6.xlarge', 'ml.g5.xlarge'] : []),
};

/** Every answer has every attribute of its kind. */
const chosen = (names: readonly string[], given: object, properties: object = {}): Chosen => (
  chosenOf({ ...Object.fromEntries(names.map((name) => [name, ''])), ...given }, properties, world)
);

test('of a generative model: the copies, the specification, the figures with their units, and the approval', () => {
  expect(chosen(GENERATIVE_ATTRIBUTES, {
    Source: 'Benchmark',
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: '2',
    CopyCountPerInstance: '4',
    InferenceSpecificationName: 'p5-cost',
    CostPerMillionOutputTokens: '2.4691358',
    TimeToFirstToken: '120.25',
    OutputTokenThroughput: '9000',
    ModelPackageArn: PACKAGE,
  }, { Approval: 'ByStack' })).toEqual({
    kind: 'generative',
    chosen: '2 x ml.p5.48xlarge, 4 copies each, specification p5-cost',
    figures: {
      CostPerMillionOutputTokens: '2.469 USD per million output tokens', TimeToFirstToken: '120.3 ms to the first token', OutputTokenThroughput: '9,000 output tokens a second',
    },
    approval: 'Approved (by this stack)',
  });
});

test.each<[string, object, object, Partial<Chosen>]>([
  ['one copy', { CopyCountPerInstance: '1' }, {}, { chosen: '1 x ml.g6.xlarge, 1 copy each' }],
  ['a fallback', { Source: 'Fallback' }, {}, { chosen: '1 x ml.g6.xlarge (fallback)' }],
  ['a package that somebody else approves', { ModelPackageArn: PACKAGE }, { Approval: 'Required' }, { approval: 'Approved (by somebody else)' }],
])('of a generative model with %s', (_what, given, properties, expected) => {
  expect(chosen(GENERATIVE_ATTRIBUTES, { Source: 'Benchmark', InstanceType: 'ml.g6.xlarge', ...given }, properties)).toEqual({ kind: 'generative', ...expected, chosen: expected.chosen ?? '1 x ml.g6.xlarge' });
});

test('of a package that is gone: no approval', () => {
  expect(chosen(GENERATIVE_ATTRIBUTES, { Source: 'Benchmark', InstanceType: 'ml.g6.xlarge', ModelPackageArn: 'gone' }, { Approval: 'ByStack' }).approval).toBeUndefined();
});

test('at once: the type and its place in the list', () => {
  expect(chosen(INSTANT_ATTRIBUTES, { Source: 'Instant', InstanceType: 'ml.g5.xlarge', InstanceCount: '1' }, { JobName: 'chat' })).toEqual(
    { kind: 'instant', chosen: "1 x ml.g5.xlarge, number 2 of the service's list" });
  expect(chosen(INSTANT_ATTRIBUTES, { Source: 'Instant', InstanceType: 'ml.g5.xlarge' }, { JobName: 'gone' }).chosen).toBe('1 x ml.g5.xlarge');
});

test('of Inference Recommender: its figures, or the serverless endpoint', () => {
  expect(chosen(RECOMMENDATION_ATTRIBUTES, {
    Source: 'Benchmark', InstanceType: 'ml.c5.xlarge', InstanceCount: '2', ModelLatency: '12', CostPerInference: '0.0000005', MaxInvocations: 'NaN',
  })).toEqual({
    kind: 'benchmarked', chosen: '2 x ml.c5.xlarge', figures: { CostPerInference: '0.50 USD per million requests', ModelLatency: '12 (ms or µs)' },
  });
  expect(chosen(RECOMMENDATION_ATTRIBUTES, { Source: 'Fixed', ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '5' }).chosen).toBe(
    'serverless, 2048 MB, concurrency 5 (fixed)');
});
