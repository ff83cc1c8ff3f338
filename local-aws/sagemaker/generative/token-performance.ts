import { Accelerators } from './gpus';
import { TokenWorkload } from './workload-spec';

/** How a model is spread over the accelerators of an instance. */
export interface Layout {
  /** Accelerators that share one copy. */
  readonly tensorParallel: number;
  readonly copies: number;
}

/** What makes a model faster than its plain form. */
export type Optimization = 'SpeculativeDecoding' | 'KernelTuning';

/** What a deployment does for a workload: means of what AIPerf measures. */
export interface TokenFigures {
  readonly timeToFirstTokenMs: number;
  readonly interTokenMs: number;
}

/** The part of a GPU's memory that a serving engine takes: vLLM's default. https://docs.vllm.ai/en/latest/configuration/engine_args.html (gpu-memory-utilization) */
const USABLE_MEMORY = 0.9;
/** What an engine keeps besides weights and caches, in GB on each GPU. */
const ENGINE_GB = 1;
/** GB of key and value cache for a thousand tokens and a GB of weights in 16 bit: of a model with grouped-query attention, about. */
const CACHE_GB = 0.008;
/** What of the peak figures is reached, and what is lost with each doubling of the GPUs of a copy. */
const REACHED = { bandwidth: 0.65, compute: 0.45, doubling: 0.88 };
const STEP_OVERHEAD_MS = 3;
const PREFILL_OVERHEAD_MS = 18;
/** How much of another request's prompt delays a token: engines compute both in turn. */
const INTERFERENCE = 0.15;

/** Speculation saves steps, tuned kernels save time in each. Rough figures of ours. */
const FASTER: Readonly<Record<Optimization, { readonly prefill: number; readonly step: number }>> = {
  SpeculativeDecoding: { prefill: 1.02, step: 0.6 },
  KernelTuning: { prefill: 0.8, step: 0.9 },
};

/** How a model fits on a type: as few GPUs for a copy as it needs with room for one request, and as many copies as there is room for. `undefined`: it does not fit. */
export function layoutOf(weightsGb: number, { count, memoryGb }: Accelerators, work: TokenWorkload): Layout | undefined {
  for (let tensorParallel = 1; tensorParallel <= count; tensorParallel *= 2) {
    if (roomFor(weightsGb, memoryGb, tensorParallel, work) >= 1) { return { tensorParallel, copies: Math.floor(count / tensorParallel) }; }
  }
  return undefined;
}

/** The requests whose caches fit beside the weights of one copy. */
function roomFor(weightsGb: number, memoryGb: number, tensorParallel: number, { inputTokens, outputTokens }: TokenWorkload): number {
  const left = tensorParallel * (memoryGb * USABLE_MEMORY - ENGINE_GB) - weightsGb;
  return left / cacheGb(weightsGb, inputTokens + outputTokens);
}

function cacheGb(weightsGb: number, tokens: number): number {
  return Math.max(1e-6, CACHE_GB * weightsGb * tokens / 1000);
}

/**
 * How an instance serves a workload. The figures are of a model, and no measurement: they say which of two answers is the larger, not how large it is.
 *
 * A token is as fast as the weights and the caches are read: it is bound by memory. A prompt is as fast as it is computed: it is bound by operations, two for each
 * parameter and token. Copies share the concurrency, and what has no room for its cache waits for another request's end.
 */
export function performance(
  weightsGb: number, gpu: Accelerators, { tensorParallel, copies }: Layout, work: TokenWorkload, by?: Optimization,
): TokenFigures {
  const spread = tensorParallel * REACHED.doubling ** Math.log2(tensorParallel);
  const each = Math.ceil(work.concurrency / copies);
  const batch = Math.max(1, Math.min(each, Math.floor(roomFor(weightsGb, gpu.memoryGb, tensorParallel, work))));
  const { prefill, step } = by === undefined ? { prefill: 1, step: 1 } : FASTER[by];
  // 16 bit: a GB of weights has half a billion parameters, which cost 10^9 operations a token.
  const prefillMs = PREFILL_OVERHEAD_MS + prefill * weightsGb * work.inputTokens / (gpu.teraFlops * REACHED.compute * spread);
  const readGb = weightsGb + batch * cacheGb(weightsGb, work.inputTokens + work.outputTokens / 2);
  const stepMs = STEP_OVERHEAD_MS + 1000 * step * readGb / (gpu.bandwidth * REACHED.bandwidth * spread);
  const interTokenMs = stepMs + INTERFERENCE * prefillMs * (batch - 1) / work.outputTokens;
  const alone = prefillMs * (1 + (batch - 1) / 4);
  const waiting = (each - batch) / batch * (alone + interTokenMs * (work.outputTokens - 1));
  return { timeToFirstTokenMs: alone + waiting, interTokenMs };
}
