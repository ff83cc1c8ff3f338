// The library has no types, and only two of its names are used.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const yaml: { readonly CORE_SCHEMA: object; load(text: string, options: object): unknown } = require('js-yaml');

/** What AIPerf sends, as far as the performance model needs it. */
export interface TokenWorkload {
  readonly inputTokens: number;
  readonly inputStddev: number;
  readonly outputTokens: number;
  readonly outputStddev: number;
  /** Requests that are open at a time. */
  readonly concurrency: number;
  readonly requests: number;
  readonly streaming: boolean;
  /** ARNs of secrets, or of what stands for one. */
  readonly secrets: readonly string[];
  /** The spec as it is. */
  readonly spec: Readonly<Record<string, any>>;
}

/** Defaults of the SageMaker Python SDK, v3 (`Workload.synthetic`), where a workload leaves something out. */
const DEFAULTS = { inputTokens: 256, outputTokens: 256, concurrency: 1, requests: 100 };

/**
 * The inline spec of a workload. The API takes JSON or YAML.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_WorkloadSpec.html, and the names of its parameters:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html
 *
 * @throws Error that says in one sentence what the text is
 */
export function parsedSpec(text: string): Readonly<Record<string, any>> {
  let found: unknown;
  try {
    found = yaml.load(text, { schema: yaml.CORE_SCHEMA });
  } catch (error) {
    throw new Error(`is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) { throw new Error('must be an object with benchmark and parameters'); }
  return found as Record<string, any>;
}

/** What a workload configuration asks for. What it leaves out has the defaults. */
export function tokenWorkload({ AIWorkloadConfigs }: any): TokenWorkload {
  const text: string | undefined = AIWorkloadConfigs?.WorkloadSpec?.Inline;
  const spec = text === undefined ? {} : parsedSpec(text);
  const parameters = spec.parameters ?? {};
  const positive = (name: string, otherwise: number) => (Number(parameters[name]) > 0 ? Number(parameters[name]) : otherwise);
  // A list or a text of several levels is a sweep. Its highest level decides.
  const levels = String(parameters.concurrency ?? '').split(/[,\s]+/).map(Number).filter((level) => level > 0);
  return {
    inputTokens: positive('prompt_input_tokens_mean', DEFAULTS.inputTokens),
    inputStddev: positive('prompt_input_tokens_stddev', 0),
    outputTokens: positive('output_tokens_mean', DEFAULTS.outputTokens),
    outputStddev: positive('output_tokens_stddev', 0),
    concurrency: Math.max(...levels, DEFAULTS.concurrency),
    requests: positive('request_count', DEFAULTS.requests),
    streaming: parameters.streaming !== false,
    secrets: Object.values(spec.secrets ?? {}).map(String),
    spec,
  };
}
