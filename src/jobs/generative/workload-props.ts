import { ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import { RequestTemplate, WorkloadDataset } from './workload-data';
import { ConcurrencySearch, TokenDistribution, WorkloadWarmup } from './workload-traffic';

/** Further data in S3 that the benchmark's container needs. */
export interface WorkloadChannel {
  /** Name of the channel: 1 to 64 letters, digits, dots, hyphens and underscores. The data is in `/opt/ml/input/data/<channelName>/`. */
  readonly channelName: string;
  /** The data. */
  readonly dataset: WorkloadDataset;
}

/**
 * What all kinds of workloads have.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-workload-config.html
 */
export interface WorkloadOptions {
  /**
   * The tokenizer that counts tokens: the name of a Hugging Face model, e.g. `meta-llama/Llama-3.2-1B`, or a path in the benchmark's container. It must
   * be the tokenizer of the benchmarked model, or the figures per token are wrong.
   *
   * @default - the service's own
   */
  readonly tokenizer?: string;
  /**
   * The secret that has a Hugging Face access token, for a gated model or tokenizer: the whole secret is the token, as plain text and not in JSON. The
   * template has only the ARN of the secret, and the role of a job that uses the workload may read it.
   *
   * @default - no token
   */
  readonly huggingFaceToken?: ISecretRef;
  /**
   * Further secrets, by the name of the parameter that each is the value of.
   *
   * @default - none
   */
  readonly secrets?: { [parameter: string]: ISecretRef };
  /**
   * Number of concurrent requests: a whole number, at least 1. With `requestRate` it is the most that are in flight.
   *
   * @default - the service's own
   */
  readonly concurrency?: number;
  /**
   * Several numbers of concurrent requests, which one benchmark tries one after the other. The results have a folder for each.
   *
   * @default - one level
   */
  readonly concurrencyLevels?: number[];
  /**
   * A search for the most concurrent requests within limits, in place of `concurrency` and `concurrencyLevels`.
   *
   * @default - no search
   */
  readonly concurrencySearch?: ConcurrencySearch;
  /**
   * Requests per second: more than 0.
   *
   * @default - the service's own
   */
  readonly requestRate?: number;
  /**
   * How requests arrive, as AIPerf names it, e.g. `constant` or `poisson`.
   *
   * @default - the service's own
   */
  readonly arrivalPattern?: string;
  /**
   * How smoothly requests arrive: the higher, the smoother. More than 0.
   *
   * @default - the service's own
   */
  readonly arrivalSmoothness?: number;
  /**
   * Number of requests whose prompts are processed at the same time: at least 1.
   *
   * @default - the service's own
   */
  readonly prefillConcurrency?: number;
  /**
   * Number of requests in all: at least 1.
   *
   * @default - the service's own
   */
  readonly requestCount?: number;
  /**
   * Number of conversations of several turns: at least 1.
   *
   * @default - the service's own
   */
  readonly conversationCount?: number;
  /**
   * Length of the measured part in whole seconds: at least 1 second.
   *
   * @default - the service's own
   */
  readonly duration?: Duration;
  /**
   * How long requests in flight may end after the measured part, in whole seconds: at least 0.
   *
   * @default - the service's own
   */
  readonly gracePeriod?: Duration;
  /**
   * How long one request may take, in whole seconds: at least 1 second.
   *
   * @default - the service's own
   */
  readonly requestTimeout?: Duration;
  /**
   * Load before the measured part.
   *
   * @default - no warm-up
   */
  readonly warmup?: WorkloadWarmup;
  /**
   * Whether the endpoint streams its answers. Times to the first token and between tokens need it.
   *
   * @default - the service's default, true
   */
  readonly streaming?: boolean;
  /**
   * Limits in whole milliseconds, by AIPerf's name of the metric, e.g. `time_to_first_token`. The results then have the number of requests per second that
   * keep all of them.
   *
   * @default - none
   */
  readonly goodput?: { [metric: string]: Duration };
  /**
   * Further fields of each request, e.g. `{ ignore_eos: 'true' }`. Names and values have no white space.
   *
   * @default - none
   */
  readonly extraInputs?: { [name: string]: string };
  /**
   * How requests are divided between several models or inference components: `round_robin` or `random`.
   *
   * @default - the service's default, round_robin
   */
  readonly modelSelectionStrategy?: string;
  /**
   * Seed of the random numbers.
   *
   * @default - the service's default, 42
   */
  readonly randomSeed?: number;
  /**
   * The standard of the endpoint's API, e.g. `openai`.
   *
   * @default - the service's own
   */
  readonly apiStandard?: string;
  /**
   * Version of the benchmark tool AIPerf, e.g. `0.8.0`, which nested runs in MLflow need at least.
   *
   * @default - the latest
   */
  readonly toolVersion?: string;
  /**
   * Further channels of data.
   *
   * @default - none
   */
  readonly channels?: WorkloadChannel[];
  /**
   * Any other parameters, passed through as they are: numbers, texts, booleans, lists. The service rejects a name that it does not know, so a name that no
   * page of AWS has gives a warning.
   *
   * The page has these that no prop writes: `max_concurrency`, `model`, `verbose`, for images `image_width_mean`, `image_width_stddev`, `image_height_mean`,
   * `image_height_stddev`, `image_batch_size` and `image_format`, and for videos `video_batch_size`, `video_duration`, `video_fps`, `video_width`,
   * `video_height`, `video_synth_type`, `video_format`, `video_codec`, `video_audio_sample_rate`, `video_audio_num_channels`, `video_audio_codec` and
   * `video_audio_depth`.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: any };
}

/** A workload of invented prompts. */
export interface SyntheticWorkloadProps extends WorkloadOptions {
  /** Tokens of a request's prompt. */
  readonly inputTokens: TokenDistribution;
  /** Tokens of an answer. */
  readonly outputTokens: TokenDistribution;
}

/** The order in which requests are taken from a dataset. */
export enum DatasetSampling {
  /** At random, each once: the service's default. */
  SHUFFLE = 'shuffle',
  /** As the file has them. */
  SEQUENTIAL = 'sequential',
}

/** A workload of requests that you have in S3. */
export interface DatasetWorkloadProps extends WorkloadOptions {
  /** The requests. */
  readonly dataset: WorkloadDataset;
  /**
   * The file of the dataset that has the requests, relative to its prefix, e.g. `traffic.jsonl`.
   *
   * @default - the service finds it
   */
  readonly fileName?: string;
  /**
   * The format of the file as AIPerf names it, e.g. `single_turn`, `multi_turn`, `random_pool` or `mooncake_trace`.
   *
   * @default - the service finds it out
   */
  readonly datasetType?: string;
  /**
   * The order of the requests.
   *
   * @default DatasetSampling.SHUFFLE
   */
  readonly sampling?: DatasetSampling;
  /**
   * Tokens of an answer.
   *
   * @default - the service's own
   */
  readonly outputTokens?: TokenDistribution;
  /**
   * Name of the dataset's channel: 1 to 64 letters, digits, dots, hyphens and underscores.
   *
   * @default 'dataset'
   */
  readonly channelName?: string;
}

/** A workload of requests from a public dataset, which the benchmark downloads. */
export interface PublicDatasetWorkloadProps extends WorkloadOptions {
  /** Name of the dataset as AIPerf has it, e.g. `sharegpt`. */
  readonly datasetName: string;
  /**
   * The order of the requests.
   *
   * @default DatasetSampling.SHUFFLE
   */
  readonly sampling?: DatasetSampling;
  /**
   * Tokens of an answer.
   *
   * @default - the service's own
   */
  readonly outputTokens?: TokenDistribution;
}

/** A workload for an endpoint with an API of its own: invented prompts, put into a template of the request. */
export interface TemplateWorkloadProps extends SyntheticWorkloadProps {
  /** The Jinja2 template of a request. */
  readonly template: RequestTemplate;
  /**
   * JMESPath of the text in an answer, without white space, e.g. `generated_text` or `choices[0].message.content`.
   *
   * @default - AIPerf finds it out
   */
  readonly responseField?: string;
  /**
   * Name of the template's channel: 1 to 64 letters, digits, dots, hyphens and underscores.
   *
   * @default 'template'
   */
  readonly channelName?: string;
}
