import { Duration, Token } from 'aws-cdk-lib/core';
import { WorkloadOptions } from './workload-props';
import { TokenDistribution, WorkloadWarmup } from './workload-traffic';
import { parameterNamed, WorkloadParameter } from '../../service/workload-spec';

/** Parameters by the names of the service. Members without a value are not rendered. */
export type Parameters = { [name in WorkloadParameter]?: unknown };

/** Parameters that every kind of workload may have. */
export function commonParameters(props: WorkloadOptions): Parameters {
  checkTraffic(props);
  return {
    tokenizer: text('tokenizer', props.tokenizer),
    concurrency: levels(props),
    prefill_concurrency: whole('prefillConcurrency', props.prefillConcurrency, 1),
    request_count: whole('requestCount', props.requestCount, 1),
    num_conversations: whole('conversationCount', props.conversationCount, 1),
    request_rate: above('requestRate', props.requestRate),
    request_rate_mode: text('arrivalPattern', props.arrivalPattern),
    arrival_smoothness: above('arrivalSmoothness', props.arrivalSmoothness),
    benchmark_duration: seconds('duration', props.duration, 1),
    benchmark_grace_period: seconds('gracePeriod', props.gracePeriod, 0),
    request_timeout_seconds: seconds('requestTimeout', props.requestTimeout, 1),
    streaming: props.streaming,
    extra_inputs: pairs('extraInputs', props.extraInputs ?? {}),
    goodput: goodput(props),
    model_selection_strategy: text('modelSelectionStrategy', props.modelSelectionStrategy),
    random_seed: whole('randomSeed', props.randomSeed, 0),
    ...warmup(props.warmup ?? {}),
    ...search(props),
  };
}

/** The lengths of prompts and answers. */
export function tokenParameters(input: TokenDistribution | undefined, output: TokenDistribution | undefined): Parameters {
  const [inputs, outputs] = [tokens('inputTokens', input), tokens('outputTokens', output)];
  return {
    prompt_input_tokens_mean: inputs.mean,
    prompt_input_tokens_stddev: inputs.standardDeviation,
    output_tokens_mean: outputs.mean,
    output_tokens_stddev: outputs.standardDeviation,
  };
}

/** `name:value` pairs with a space between them. */
export function pairs(prop: string, given: { readonly [name: string]: string }): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    for (const [part, broken] of [[name, /[\s:]|^$/], [value, /\s|^$/]] as const) {
      if (typeof part !== 'string' || (!Token.isUnresolved(part) && broken.test(part))) {
        throw new Error(`\`${prop}\` must have names without ':' and white space, and values without white space, got: '${name}' with '${value}'.`
          + ' The service divides the pairs at white space.');
      }
    }
  }
  const made = Object.entries(given).map(([name, value]) => `${name}:${value}`);
  return made.length > 0 ? made.join(' ') : undefined;
}

/**
 * The typed parameters and the open ones.
 *
 * @throws if both have one parameter, by any of its names
 */
export function mergeParameters(typed: Parameters, open: { readonly [name: string]: unknown } = {}): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  const taken = new Map(Object.keys(merged).map((name) => [name, 'a prop of its own']));
  for (const [name, value] of Object.entries(open)) {
    const first = parameterNamed(name);
    const by = taken.get(first);
    if (by !== undefined) {
      throw new Error(`\`parameters\` must not have '${name}', because ${by} already gives ${first === name ? 'it' : `the same parameter, '${first}'`}. Remove one.`);
    }
    if (value === undefined || value === null) { throw new Error(`\`parameters\` must have a value for '${name}', got: ${value}. Remove the name, or give it a value.`); }
    taken.set(first, `\`parameters\` with '${name}'`);
    merged[name] = value;
  }
  return merged;
}

function checkTraffic({ concurrency, concurrencyLevels, concurrencySearch, streaming, goodput: limits = {} }: WorkloadOptions): void {
  const given = Object.entries({ concurrency, concurrencyLevels, concurrencySearch }).filter(([, value]) => value !== undefined).map(([name]) => `\`${name}\``);
  if (given.length > 1) {
    throw new Error(`${given.join(' and ')} exclude each other: one is a fixed load, several levels are tried one after the other, and a search finds the level. Give one.`);
  }
  // Source: the tables of both pages say which limits need streaming.
  const perToken = [
    ...Object.keys(limits).filter((name) => PER_TOKEN.includes(name)).map((name) => `goodput.${name}`),
    ...(['timeToFirstToken', 'timePerOutputToken'] as const).filter((name) => concurrencySearch?.[name]).map((name) => `concurrencySearch.${name}`),
  ];
  if (streaming === false && perToken.length > 0) {
    throw new Error(`\`${perToken[0]}\` needs \`streaming\`, got: false. Without it an answer arrives as a whole, and no time of a token is known.`);
  }
}

const PER_TOKEN = ['time_to_first_token', 'inter_token_latency'];

function levels({ concurrency, concurrencyLevels }: WorkloadOptions): unknown {
  if (concurrencyLevels === undefined || Token.isUnresolved(concurrencyLevels)) { return concurrencyLevels ?? whole('concurrency', concurrency, 1); }
  if (concurrencyLevels.length === 0) { throw new Error('`concurrencyLevels` must have at least 1 entry, got: 0.'); }
  return concurrencyLevels.map((level, index) => whole(`concurrencyLevels[${index}]`, level, 1));
}

function goodput({ goodput: limits = {} }: WorkloadOptions): string | undefined {
  return pairs('goodput', Object.fromEntries(Object.entries(limits).map(([metric, limit]) => [metric, String(milliseconds(`goodput.${metric}`, limit))])));
}

function warmup(props: WorkloadWarmup): Parameters {
  return {
    warmup_duration: seconds('warmup.duration', props.duration, 1),
    warmup_request_count: whole('warmup.requestCount', props.requestCount, 0),
    warmup_concurrency: whole('warmup.concurrency', props.concurrency, 1),
    warmup_prefill_concurrency: whole('warmup.prefillConcurrency', props.prefillConcurrency, 1),
    warmup_request_rate: above('warmup.requestRate', props.requestRate),
    warmup_arrival_pattern: text('warmup.arrivalPattern', props.arrivalPattern),
    warmup_grace_period: seconds('warmup.gracePeriod', props.gracePeriod, 0),
    num_warmup_sessions: whole('warmup.conversationCount', props.conversationCount, 1),
  };
}

function search({ concurrencySearch }: WorkloadOptions): Parameters {
  if (!concurrencySearch) { return {}; }
  const { timeToFirstToken, timePerOutputToken, requestLatency, errorRate, minConcurrency, maxConcurrency, maxIterations } = concurrencySearch;
  if ([timeToFirstToken, timePerOutputToken, requestLatency, errorRate].every((limit) => limit === undefined)) {
    throw new Error('`concurrencySearch` must have at least one limit: `timeToFirstToken`, `timePerOutputToken`, `requestLatency` or `errorRate`.');
  }
  if (isKnown(errorRate) && !(errorRate >= 0 && errorRate <= 1)) {
    throw new Error(`\`concurrencySearch.errorRate\` must be a fraction between 0 and 1, got: ${errorRate}.`);
  }
  if (isKnown(minConcurrency) && isKnown(maxConcurrency) && minConcurrency > maxConcurrency) {
    throw new Error(`\`concurrencySearch.maxConcurrency\` must be at least \`minConcurrency\`, got: ${maxConcurrency} and ${minConcurrency}.`);
  }
  return {
    search_recipe: 'max-concurrency-under-sla',
    ttft_sla_ms: milliseconds('concurrencySearch.timeToFirstToken', timeToFirstToken),
    tpot_sla_ms: milliseconds('concurrencySearch.timePerOutputToken', timePerOutputToken),
    e2e_sla_ms: milliseconds('concurrencySearch.requestLatency', requestLatency),
    error_rate_sla: errorRate,
    search_stat: concurrencySearch.statistic,
    concurrency_min: whole('concurrencySearch.minConcurrency', minConcurrency, 1),
    concurrency_max: whole('concurrencySearch.maxConcurrency', maxConcurrency, 1),
    search_max_iterations: whole('concurrencySearch.maxIterations', maxIterations, 1),
  };
}

function tokens(prop: string, given: TokenDistribution | undefined) {
  if (given === undefined) { return {}; }
  const { mean, standardDeviation } = given;
  if (mean === undefined) { throw new Error(`\`${prop}.mean\` is required: the mean number of tokens, e.g. 550.`); }
  if (isKnown(standardDeviation) && !(standardDeviation >= 0 && standardDeviation < Infinity)) {
    throw new Error(`\`${prop}.standardDeviation\` must be at least 0, got: ${standardDeviation}.`);
  }
  return { mean: whole(`${prop}.mean`, mean, 1), standardDeviation };
}

// The bounds are those of AIPerf, which the service runs: https://github.com/ai-dynamo/aiperf, `aiperf/common/config/loadgen_config.py`.

function whole(prop: string, value: number | undefined, least: number): number | undefined {
  if (isKnown(value) && !(Number.isSafeInteger(value) && value >= least)) {
    throw new Error(`\`${prop}\` must be a whole number of at least ${least}, got: ${value}.`);
  }
  return value;
}

function above(prop: string, value: number | undefined): number | undefined {
  if (isKnown(value) && !(value > 0 && value < Infinity)) { throw new Error(`\`${prop}\` must be more than 0, got: ${value}.`); }
  return value;
}

function seconds(prop: string, value: Duration | undefined, least: number): number | undefined {
  return value && whole(prop, value.toSeconds(), least);
}

function milliseconds(prop: string, value: Duration | undefined): number | undefined {
  return value && whole(prop, value.toMilliseconds(), 1);
}

function text(prop: string, value: string | undefined): string | undefined {
  if (value?.trim() === '') { throw new Error(`\`${prop}\` must not be empty. Leave the prop out for the service's own value.`); }
  return value;
}

/** Whether a number is there and known at synth. A token's number looks like another one. */
function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Token.isUnresolved(value);
}
