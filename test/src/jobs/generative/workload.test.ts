import { readFileSync } from 'fs';
import { join } from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import {
  ConcurrencySearch, DatasetSampling, DatasetWorkloadProps, RequestTemplate, SearchStatistic, SyntheticWorkloadProps, TemplateWorkloadProps, Workload,
  WorkloadDataset,
} from '../../../../src';
import { parameterNamed, WORKLOAD_PARAMETERS, workloadSpecProblems } from '../../../../src/service/workload-spec';
import { late, newStack } from '../../../harness/constructs';
import { allOptions, specOf, TOKEN_ARN, TOKENS } from '../../../harness/workload';

const DATASET = WorkloadDataset.fromS3Uri('s3://data/traffic/');
const TEMPLATE = RequestTemplate.fromS3Uri('s3://data/templates/generate.jinja');

const SYNTHETIC = (props: Partial<SyntheticWorkloadProps>) => () => Workload.synthetic({ ...TOKENS, ...props });
const WITH_DATASET = (props: Partial<DatasetWorkloadProps>) => () => Workload.dataset({ dataset: DATASET, ...props });
const WITH_TEMPLATE = (props: Partial<TemplateWorkloadProps>) => () => Workload.template({ ...TOKENS, template: TEMPLATE, ...props });
const SEARCH = (concurrencySearch: ConcurrencySearch) => SYNTHETIC({ concurrencySearch });

describe('each kind says what the service reads', () => {
  test('the least workload names the tool and the tokens', () => {
    expect(specOf(newStack(), Workload.synthetic(TOKENS))).toEqual({
      benchmark: { type: 'aiperf' }, parameters: { prompt_input_tokens_mean: 550, output_tokens_mean: 150 },
    });
  });

  test('each option has its parameter', () => {
    const stack = newStack();
    const spec = specOf(stack, Workload.synthetic({
      ...allOptions(stack), inputTokens: { mean: 550, standardDeviation: 150.5 }, outputTokens: { mean: 150, standardDeviation: 0 },
    }));
    expect(spec).toEqual({
      benchmark: { type: 'aiperf' },
      parameters: {
        prompt_input_tokens_mean: 550,
        prompt_input_tokens_stddev: 150.5,
        output_tokens_mean: 150,
        output_tokens_stddev: 0,
        tokenizer: 'meta-llama/Llama-3.2-1B',
        concurrency: 10,
        prefill_concurrency: 2,
        request_count: 100,
        num_conversations: 7,
        request_rate: 5.5,
        request_rate_mode: 'poisson',
        arrival_smoothness: 1.5,
        benchmark_duration: 120,
        benchmark_grace_period: 0,
        request_timeout_seconds: 30,
        streaming: true,
        goodput: 'time_to_first_token:100 inter_token_latency:10',
        extra_inputs: 'ignore_eos:true temperature:0',
        model_selection_strategy: 'random',
        random_seed: 0,
        warmup_duration: 20,
        warmup_request_count: 0,
        warmup_concurrency: 3,
        warmup_prefill_concurrency: 1,
        warmup_request_rate: 0.5,
        warmup_arrival_pattern: 'constant',
        warmup_grace_period: 5,
        num_warmup_sessions: 1,
        max_concurrency: 12,
        verbose: true,
        image_format: 'png',
      },
      secrets: { hf_token: TOKEN_ARN, other: TOKEN_ARN.replace('hugging-face', 'other') },
      tooling: { api_standard: 'openai', version: '0.8.0' },
    });
    expect(workloadSpecProblems(spec)).toEqual([]);
  });

  test('a dataset is a file in its channel', () => {
    expect(specOf(newStack(), Workload.dataset({
      dataset: DATASET,
      channelName: 'traffic',
      fileName: 'may/chat.jsonl',
      datasetType: 'single_turn',
      sampling: DatasetSampling.SEQUENTIAL,
      outputTokens: { mean: 200 },
      extraInputs: { ignore_eos: 'true' },
    })).parameters).toEqual({
      input_file: '/opt/ml/input/data/traffic/may/chat.jsonl',
      custom_dataset_type: 'single_turn',
      dataset_sampling_strategy: 'sequential',
      output_tokens_mean: 200,
      extra_inputs: 'ignore_eos:true',
    });
  });

  test('a dataset alone needs no parameter', () => {
    expect(specOf(newStack(), Workload.dataset({ dataset: DATASET }))).toEqual({ benchmark: { type: 'aiperf' } });
  });

  test('a public dataset has its name', () => {
    expect(specOf(newStack(), Workload.publicDataset({ datasetName: 'sharegpt', sampling: DatasetSampling.SHUFFLE, concurrency: 1 })).parameters)
      .toEqual({ public_dataset: 'sharegpt', dataset_sampling_strategy: 'shuffle', concurrency: 1 });
  });

  test('a template is a file in its channel, beside the inputs of the user', () => {
    expect(specOf(newStack(), Workload.template({
      ...TOKENS, template: TEMPLATE, responseField: 'choices[0].text', extraInputs: { ignore_eos: 'true' },
    })).parameters.extra_inputs)
      .toBe('payload_template:/opt/ml/input/data/template/generate.jinja response_field:choices[0].text ignore_eos:true');
  });

  test('levels of concurrency are one list', () => {
    expect(specOf(newStack(), SYNTHETIC({ concurrencyLevels: [1, 10, 100] })()).parameters.concurrency).toEqual([1, 10, 100]);
  });

  test('a search has its limits', () => {
    expect(specOf(newStack(), SEARCH({
      timeToFirstToken: Duration.seconds(1),
      timePerOutputToken: Duration.millis(20),
      requestLatency: Duration.seconds(5),
      errorRate: 0.01,
      statistic: SearchStatistic.P99,
      minConcurrency: 1,
      maxConcurrency: 256,
      maxIterations: 15,
    })()).parameters).toEqual({
      prompt_input_tokens_mean: 550,
      output_tokens_mean: 150,
      search_recipe: 'max-concurrency-under-sla',
      ttft_sla_ms: 1000,
      tpot_sla_ms: 20,
      e2e_sla_ms: 5000,
      error_rate_sla: 0.01,
      search_stat: 'p99',
      concurrency_min: 1,
      concurrency_max: 256,
      search_max_iterations: 15,
    });
  });

  test('figures that only the deploy knows pass', () => {
    expect(specOf(newStack(), SYNTHETIC({ concurrency: late.number(-4), inputTokens: { mean: late.number(0) }, tokenizer: late.text('') })()).parameters)
      .toEqual({ concurrency: -4, prompt_input_tokens_mean: 0, output_tokens_mean: 150, tokenizer: '' });
  });

  test('concurrency may bound a rate of requests, as in the example of the reference', () => {
    expect(SYNTHETIC({ concurrency: 10, requestRate: 5 })).not.toThrow();
  });
});

describe('open parameters', () => {
  test('pass as they are', () => {
    const parameters = { video_fps: 30, unheard_of: { of: ['lists', 1, true] }, video_width: late.number(640) };
    expect(specOf(newStack(), SYNTHETIC({ parameters })()).parameters).toMatchObject({ ...parameters, video_width: 640 });
  });

  test.each<[string, () => Workload, RegExp]>([
    ['the name of a prop', SYNTHETIC({ concurrency: 1, parameters: { concurrency: 2 } }), /^`parameters` must not have 'concurrency', because a prop of its own already gives it\./],
    ['an alias of a prop', SYNTHETIC({ parameters: { isl: 2 } }), /'isl', because a prop of its own already gives the same parameter, 'prompt_input_tokens_mean'\./],
    ['two aliases', SYNTHETIC({ parameters: { num_sessions: 2, conversation_num: 3 } }), /'conversation_num', because `parameters` with 'num_sessions' already gives/],
    ['what the kind gives', WITH_DATASET({ fileName: 'a', parameters: { input_file: '/b' } }), /'input_file', because a prop of its own/],
    ['what the template gives', WITH_TEMPLATE({ parameters: { extra_inputs: 'a:b' } }), /'extra_inputs', because a prop of its own/],
    ['no value', SYNTHETIC({ parameters: { verbose: undefined } }), /^`parameters` must have a value for 'verbose', got: undefined\./],
    ['null', SYNTHETIC({ parameters: { verbose: null } }), /^`parameters` must have a value for 'verbose', got: null\./],
  ])('with %s are refused', (_what, make, sentence) => {
    expect(make).toThrow(sentence);
  });

  test('a parameter whose prop is not given is free', () => {
    expect(specOf(newStack(), SYNTHETIC({ parameters: { num_requests: 3 } })()).parameters.num_requests).toBe(3);
  });
});

test.each<[string, () => Workload, RegExp]>([
  ['no input tokens', () => Workload.synthetic({ outputTokens: { mean: 1 } } as SyntheticWorkloadProps), /^`inputTokens` is required: the mean number of tokens/],
  ['no output tokens', () => Workload.template({ inputTokens: { mean: 1 }, template: TEMPLATE } as TemplateWorkloadProps), /^`outputTokens` is required/],
  ['no mean', SYNTHETIC({ inputTokens: {} as any }), /^`inputTokens\.mean` is required/],
  ['a mean of 0', SYNTHETIC({ inputTokens: { mean: 0 } }), /^`inputTokens\.mean` must be a whole number of at least 1, got: 0\.$/],
  ['a negative mean', SYNTHETIC({ outputTokens: { mean: -1 } }), /^`outputTokens\.mean` must be a whole number of at least 1, got: -1\.$/],
  ['a broken mean', WITH_DATASET({ outputTokens: { mean: 1.5 } }), /^`outputTokens\.mean` must be a whole number of at least 1, got: 1\.5\.$/],
  ['a mean that is no number', SYNTHETIC({ inputTokens: { mean: NaN } }), /got: NaN\.$/],
  ['a negative deviation', SYNTHETIC({ inputTokens: { mean: 1, standardDeviation: -1 } }), /^`inputTokens\.standardDeviation` must be at least 0, got: -1\.$/],
  ['no concurrency', SYNTHETIC({ concurrency: 0 }), /^`concurrency` must be a whole number of at least 1, got: 0\.$/],
  ['no levels', SYNTHETIC({ concurrencyLevels: [] }), /^`concurrencyLevels` must have at least 1 entry, got: 0\.$/],
  ['a level of 0', SYNTHETIC({ concurrencyLevels: [1, 0] }), /^`concurrencyLevels\[1\]` must be a whole number of at least 1, got: 0\.$/],
  ['levels and a number', SYNTHETIC({ concurrency: 1, concurrencyLevels: [1] }), /^`concurrency` and `concurrencyLevels` exclude each other/],
  ['a search and a number', SYNTHETIC({ concurrency: 1, concurrencySearch: { errorRate: 0 } }), /^`concurrency` and `concurrencySearch` exclude each other/],
  ['a search without limits', SEARCH({ maxConcurrency: 5 }), /^`concurrencySearch` must have at least one limit/],
  ['a search with a percentage', SEARCH({ errorRate: 5 }), /^`concurrencySearch\.errorRate` must be a fraction between 0 and 1, got: 5\.$/],
  ['a search between wrong bounds', SEARCH({ errorRate: 0, minConcurrency: 9, maxConcurrency: 8 }), /^`concurrencySearch\.maxConcurrency` must be at least `minConcurrency`, got: 8 and 9\.$/],
  ['a search of no level', SEARCH({ errorRate: 0, maxIterations: 0 }), /^`concurrencySearch\.maxIterations` must be a whole number of at least 1, got: 0\.$/],
  ['a limit on tokens without streaming', SYNTHETIC({ streaming: false, concurrencySearch: { timeToFirstToken: Duration.seconds(1) } }), /^`concurrencySearch\.timeToFirstToken` needs `streaming`, got: false\./],
  ['a goodput of tokens without streaming', SYNTHETIC({ streaming: false, goodput: { inter_token_latency: Duration.millis(1) } }), /^`goodput\.inter_token_latency` needs `streaming`, got: false\./],
  ['a goodput of no time', SYNTHETIC({ goodput: { request_latency: Duration.millis(0) } }), /^`goodput\.request_latency` must be a whole number of at least 1, got: 0\.$/],
  ['a rate of 0', SYNTHETIC({ requestRate: 0 }), /^`requestRate` must be more than 0, got: 0\.$/],
  ['an endless rate', SYNTHETIC({ requestRate: Infinity }), /^`requestRate` must be more than 0, got: Infinity\.$/],
  ['no duration', SYNTHETIC({ duration: Duration.seconds(0) }), /^`duration` must be a whole number of at least 1, got: 0\.$/],
  ['a part of a second', SYNTHETIC({ duration: Duration.millis(1500) }), /1500 millis/],
  ['a warm-up of no request at all', SYNTHETIC({ warmup: { requestCount: -1 } }), /^`warmup\.requestCount` must be a whole number of at least 0, got: -1\.$/],
  ['an empty tokenizer', SYNTHETIC({ tokenizer: ' ' }), /^`tokenizer` must not be empty\./],
  ['an input with a space', SYNTHETIC({ extraInputs: { prompt: 'a b' } }), /^`extraInputs` must have names without ':' and white space, .* got: 'prompt' with 'a b'\./],
  ['an input with a colon in its name', SYNTHETIC({ extraInputs: { 'a:b': 'c' } }), /^`extraInputs` must have names without ':'/],
  ['an input that is no text', SYNTHETIC({ extraInputs: { a: 1 as any } }), /got: 'a' with '1'/],
  ['a template beside another one', WITH_TEMPLATE({ extraInputs: { payload_template: '/x' } }), /^`extraInputs` must not have 'payload_template', because `template`/],
  ['a response field with a space', WITH_TEMPLATE({ responseField: 'a || b' }), /^`extraInputs` must have names without/],
  ['a dataset without a channel\'s name', WITH_DATASET({ channelName: '' }), /^`channelName` must (have at least 1 character|match)/],
  ['a channel of a wrong name', WITH_DATASET({ channelName: 'a/b' }), /^`channelName` must match .* got: 'a\/b'\.$/],
  ['two channels of one name', SYNTHETIC({ channels: [1, 2].map(() => ({ channelName: 'x', dataset: DATASET })) }), /^`channels` must have different names, got 'x' twice/],
  ['a channel of the dataset\'s name', WITH_DATASET({ channels: [{ channelName: 'dataset', dataset: DATASET }] }), /^`channels` must have different names, got 'dataset' twice/],
  ['a whole path of the file', WITH_DATASET({ fileName: '/opt/ml/a.jsonl' }), /^`fileName` must be relative to the dataset's prefix/],
  ['a URI in place of a dataset', WITH_DATASET({ dataset: 's3://data/traffic/' as any }), /^`dataset` must be what a method of `WorkloadDataset` returns, got: "s3:\/\/data\/traffic\/"\.$/],
  ['no dataset', () => Workload.dataset({} as DatasetWorkloadProps), /^`dataset` must be what a method of `WorkloadDataset` returns/],
  ['a path in place of a template', WITH_TEMPLATE({ template: 'request.jinja' as any }), /^`template` must be what a method of `RequestTemplate` returns/],
  ['a URI in a channel', SYNTHETIC({ channels: [{ channelName: 'x', dataset: 's3://a/b/' as any }] }), /^`channels\[0\]\.dataset` must be what a method/],
  ['a public dataset without a name', () => Workload.publicDataset({ datasetName: '' }), /^`datasetName` must be the name of a public dataset/],
])('%s is refused', (_what, make, sentence) => {
  expect(make).toThrow(sentence);
});

test('every parameter that AWS documents is written by a prop, or named in the words of `parameters`', () => {
  const stack = newStack();
  const limits: Required<ConcurrencySearch> = {
    timeToFirstToken: Duration.millis(1),
    timePerOutputToken: Duration.millis(1),
    requestLatency: Duration.millis(1),
    errorRate: 1,
    statistic: SearchStatistic.P50,
    minConcurrency: 1,
    maxConcurrency: 1,
    maxIterations: 1,
  };
  const distribution = { mean: 1, standardDeviation: 1 };
  const written = new Set([
    Workload.synthetic({ ...allOptions(stack), parameters: {}, inputTokens: distribution, outputTokens: distribution }),
    SEARCH(limits)(),
    Workload.dataset({ dataset: DATASET, fileName: 'f', datasetType: 't', sampling: DatasetSampling.SHUFFLE }),
    Workload.publicDataset({ datasetName: 'sharegpt' }),
  ].flatMap((workload) => Object.keys(workload._bind(new Stack()).parameters)));
  const left = WORKLOAD_PARAMETERS.filter((name) => parameterNamed(name) === name && name !== 'hf_token' && !written.has(name));
  expect(left.length).toBeGreaterThan(15);
  const words = readFileSync(join(__dirname, '../../../../src/jobs/generative/workload-props.ts'), 'utf8');
  expect(left.filter((name) => !words.includes(`\`${name}\``))).toEqual([]);
  const spoken = [...words.slice(words.indexOf('that no prop writes')).split('@default')[0].matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
  expect(spoken.sort()).toEqual([...left].sort());
});
