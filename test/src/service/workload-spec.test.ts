import { channelPath, parameterNamed, WORKLOAD_PARAMETERS, workloadSpecProblems } from '../../../src/service/workload-spec';

/** The example of the reference: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-workload-config.html */
const EXAMPLE = {
  benchmark: { type: 'aiperf' },
  parameters: {
    prompt_input_tokens_mean: 550,
    prompt_input_tokens_stddev: 150.0,
    output_tokens_mean: 150,
    output_tokens_stddev: 50.0,
    concurrency: 10,
    request_count: 100,
    request_rate: 5.0,
    benchmark_duration: 120,
    streaming: true,
    tokenizer: 'meta-llama/Llama-3.2-1B',
  },
  secrets: { hf_token: 'arn:aws:secretsmanager:us-west-2:111122223333:secret:my-hf-token-AbCdEf' },
  tooling: { api_standard: 'openai' },
};

test.each<[string, unknown]>([
  ['the example of the reference', EXAMPLE],
  ['the least', { benchmark: { type: 'aiperf' } }],
  ['aliases', { ...EXAMPLE, parameters: { isl: 550, osl: 150, num_requests: 3 } }],
  ['a search, of another page', { ...EXAMPLE, parameters: { search_recipe: 'max-concurrency-under-sla', e2e_sla_ms: 5000, search_stat: 'p99' } }],
])('%s has no problem', (_what, spec) => {
  expect(workloadSpecProblems(spec)).toEqual([]);
});

test.each<[unknown, string]>([
  [{ ...EXAMPLE, extra: {} }, '\'extra\' is not known in the workload specification.'],
  [{ ...EXAMPLE, parameters: { tokens: 1 } }, '\'tokens\' is not known in `parameters`.'],
  [{ ...EXAMPLE, parameters: [] }, '`parameters` must be a mapping.'],
  [{ ...EXAMPLE, benchmark: { type: 'locust' } }, '`benchmark.type` must be \'aiperf\'.'],
  [{ parameters: {} }, '`benchmark.type` must be \'aiperf\'.'],
  [{ ...EXAMPLE, secrets: { hf_token: 'plain' } }, '`secrets` must map names of parameters to ARNs of secrets in Secrets Manager.'],
  [{ ...EXAMPLE, secrets: null }, '`secrets` must map names of parameters to ARNs of secrets in Secrets Manager.'],
  [{ ...EXAMPLE, tooling: 'openai' }, '`tooling` must be a mapping.'],
  [[], 'The workload specification must be a mapping.'],
  ['aiperf', 'The workload specification must be a mapping.'],
])('%j has one problem', (spec, problem) => {
  expect(workloadSpecProblems(spec)).toEqual([problem]);
});

test('each problem is told', () => {
  expect(workloadSpecProblems({ a: 1, b: 2, parameters: { c: 3 } })).toHaveLength(4);
});

test('an alias is the parameter itself', () => {
  expect(['isl', 'arrival_pattern', 'HF_TOKEN', 'concurrency', 'unheard_of'].map(parameterNamed))
    .toEqual(['prompt_input_tokens_mean', 'request_rate_mode', 'hf_token', 'concurrency', 'unheard_of']);
  expect(new Set(WORKLOAD_PARAMETERS).size).toBe(WORKLOAD_PARAMETERS.length);
});

test('a channel is a folder', () => {
  expect(channelPath('traffic', 'a.jsonl')).toBe('/opt/ml/input/data/traffic/a.jsonl');
});
