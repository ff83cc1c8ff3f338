/**
 * The specification of a workload of the generative family: the JSON or YAML text in `WorkloadSpec.Inline`. The service rejects names that it does not
 * know, at the top and in `parameters`.
 *
 * Source of the names, their aliases and the rules: the reference of the workload specification and the page on the search for the most concurrency,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-workload-config.html
 * https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-concurrency-search.html
 */
export const BENCHMARK_TOOL = 'aiperf';

/** Where a channel's data is in the benchmark's container. Source: `input_file` of the reference. */
export function channelPath(channelName: string, file: string): string {
  return `/opt/ml/input/data/${channelName}/${file}`;
}

/** Each parameter that a page of AWS has, with the other names that it takes. */
const ALIASES = {
  // Tokens
  prompt_input_tokens_mean: ['synthetic_input_tokens_mean', 'isl'],
  prompt_input_tokens_stddev: ['synthetic_input_tokens_stddev', 'isl_stddev'],
  output_tokens_mean: ['prompt_output_tokens_mean', 'osl'],
  output_tokens_stddev: ['prompt_output_tokens_stddev', 'osl_stddev'],
  // Traffic
  concurrency: [],
  request_count: ['num_requests'],
  request_rate: [],
  benchmark_duration: [],
  max_concurrency: [],
  request_rate_mode: ['arrival_pattern'],
  arrival_smoothness: ['vllm_burstiness'],
  prefill_concurrency: [],
  // General
  streaming: [],
  tokenizer: [],
  hf_token: ['HF_TOKEN'],
  request_timeout_seconds: [],
  goodput: [],
  benchmark_grace_period: [],
  extra_inputs: [],
  random_seed: [],
  verbose: [],
  num_conversations: ['conversation_num', 'num_sessions'],
  model_selection_strategy: [],
  // Of AWS's tutorial on MLflow: the model's name in a request
  model: [],
  // Warm-up
  warmup_duration: [],
  warmup_request_count: ['num_warmup_requests'],
  warmup_concurrency: [],
  warmup_prefill_concurrency: [],
  warmup_request_rate: [],
  warmup_arrival_pattern: [],
  warmup_grace_period: [],
  num_warmup_sessions: [],
  // Dataset
  public_dataset: [],
  custom_dataset_type: [],
  input_file: [],
  dataset_sampling_strategy: [],
  // Images
  image_width_mean: [],
  image_width_stddev: [],
  image_height_mean: [],
  image_height_stddev: [],
  image_batch_size: ['batch_size_image'],
  image_format: [],
  // Videos
  video_batch_size: ['batch_size_video'],
  video_duration: [],
  video_fps: [],
  video_width: [],
  video_height: [],
  video_synth_type: [],
  video_format: [],
  video_codec: [],
  video_audio_sample_rate: [],
  video_audio_num_channels: [],
  video_audio_codec: [],
  video_audio_depth: [],
  // The search for the most concurrency
  search_recipe: [],
  search_stat: [],
  search_max_iterations: [],
  concurrency_min: [],
  concurrency_max: [],
  ttft_sla_ms: [],
  tpot_sla_ms: [],
  e2e_sla_ms: [],
  error_rate_sla: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A parameter by its first name. */
export type WorkloadParameter = keyof typeof ALIASES;

const FIRST_NAMES = new Map<string, string>(Object.entries(ALIASES)
  .flatMap(([name, aliases]) => [name, ...aliases].map((one) => [one, name] as const)));

/** All names that the service is documented to take in `parameters`. */
export const WORKLOAD_PARAMETERS: readonly string[] = [...FIRST_NAMES.keys()];

/** The parameter's first name, or the name itself if no page has it. */
export function parameterNamed(name: string): string {
  return FIRST_NAMES.get(name) ?? name;
}

const SECTIONS = ['benchmark', 'parameters', 'secrets', 'tooling'];
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[^:]+:\d{12}:secret:.+$/;

/** What the service rejects in a specification that is already parsed. Empty if it accepts it. */
export function workloadSpecProblems(spec: unknown): string[] {
  if (!isMapping(spec)) { return ['The workload specification must be a mapping.']; }
  const { benchmark, parameters = {}, secrets = {}, tooling = {} } = spec;
  const problems = unknown('the workload specification', spec, SECTIONS);
  if (!isMapping(benchmark) || benchmark.type !== BENCHMARK_TOOL) { problems.push(`\`benchmark.type\` must be '${BENCHMARK_TOOL}'.`); }
  if (isMapping(parameters)) {
    problems.push(...unknown('`parameters`', parameters, WORKLOAD_PARAMETERS));
  } else {
    problems.push('`parameters` must be a mapping.');
  }
  if (!isMapping(secrets) || !Object.values(secrets).every((arn) => typeof arn === 'string' && SECRET_ARN.test(arn))) {
    problems.push('`secrets` must map names of parameters to ARNs of secrets in Secrets Manager.');
  }
  if (!isMapping(tooling)) { problems.push('`tooling` must be a mapping.'); }
  return problems;
}

function unknown(where: string, mapping: Readonly<Record<string, unknown>>, known: readonly string[]): string[] {
  return Object.keys(mapping).filter((name) => !known.includes(name)).map((name) => `'${name}' is not known in ${where}.`);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
