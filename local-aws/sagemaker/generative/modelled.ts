import { profileMetrics } from './aiperf-export';
import { expectedPerformance } from './expected-performance';
import { acceleratorsOf } from './gpus';
import { measured, Measurements } from './measurements';
import { GenerativeScript, RecommendationRun, RecommendationTarget, TokenRecommendation } from './script';
import { Layout, layoutOf, Optimization, performance } from './token-performance';
import { instanceModel } from '../instance-types';
import { SAGEMAKER_SHAPES } from '../shapes';

/** Whoever reads the job's log learns that nothing was measured. */
const NOTE = 'No container ran: the figures come from the performance model of the local AWS and are no measurement.';

/** The types that the service takes. */
export const TYPES: readonly string[] = SAGEMAKER_SHAPES.AIRecommendationInstanceType.enum!;
const MOST_TYPES = 3;

/** Minutes of a job. AWS's walkthrough without optimization takes 45 to 120 minutes; how long an optimization takes is only said as hours. */
const MINUTES = { analysis: 20, type: 25, optimization: 180, benchmarkStart: 6, benchmarkEnd: 2 };

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations.html: speculative decoding for throughput, tuned kernels for latency. */
const OPTIMIZED: Readonly<Record<string, Optimization>> = { 'throughput': 'SpeculativeDecoding', 'cost': 'SpeculativeDecoding', 'ttft-ms': 'KernelTuning' };

/** AWS's images for the frameworks. Source: https://aws.github.io/deep-learning-containers/reference/available_images/ */
const IMAGES: Readonly<Record<string, string>> = {
  LMI: 'djl-inference:0.36.0-lmi25.0.0-cu130',
  VLLM: 'vllm:0.16.0-gpu-py312-cu129-ubuntu22.04-sagemaker-v1.1',
};
const REGISTRY = '763104351884';
/** Where a container finds a channel of its model package. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalModelDataSource.html */
const CHANNELS = '/opt/ml/additional-model-data-sources';
/** MB of the host's memory besides a copy's weights. */
const HOST_BESIDES_MB = 4096;

/** The default script. The figures are of a model (`token-performance.ts`), always the same for the same question, and no measurement; the job's log says so. */
export const modelledGenerative: GenerativeScript = {
  recommend: recommended,

  benchmark(_request, { work, weightsGb, instanceType, instanceCount, environment, components }) {
    const gpu = acceleratorsOf(instanceType);
    // A component's copy sees only the accelerators that it reserves.
    const own = components ? Math.max(1, Math.min(gpu.count, components.acceleratorsPerCopy)) : gpu.count;
    const given = Number(environment.SM_VLLM_TENSOR_PARALLEL_SIZE ?? environment.OPTION_TENSOR_PARALLEL_DEGREE ?? own);
    const tensorParallel = Math.max(1, Math.min(own, given || own));
    const layout = { tensorParallel, copies: components?.copies ?? Math.max(1, Math.floor(gpu.count / tensorParallel)) * instanceCount };
    const found = measured(performance(weightsGb, gpu, layout, work), work);
    return { durationSeconds: 60 * (MINUTES.benchmarkStart + MINUTES.benchmarkEnd) + Math.ceil(found.durationSeconds), measured: found, note: NOTE };
  },

  instant: (_containers, usual) => usual,
};

interface Candidate {
  readonly type: string;
  readonly layout: Layout;
  readonly found: Measurements;
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

function recommended(request: any, target: RecommendationTarget): RecommendationRun {
  const { InstanceTypes: given = [] } = request.ComputeSpec ?? {};
  const [{ Metric: aim = 'cost' } = {} as any] = request.PerformanceTarget.Constraints;
  const optimization = request.OptimizeModel === false ? undefined : OPTIMIZED[aim];
  const types: readonly string[] = given.length > 0 ? given : chosen(target);
  const candidates = types.flatMap((type) => candidateOf(type, target, optimization) ?? []);
  const minutes = MINUTES.analysis + MINUTES.type * types.length + (optimization === undefined ? 0 : MINUTES.optimization);
  if (candidates.length === 0) {
    const failureReason = `The model of ${Math.round(target.weightsGb)} GB does not fit into the accelerators of ${given.length > 0 ? given.join(', ') : 'any supported instance type'}.`;
    return { durationSeconds: 60 * MINUTES.analysis, outcome: 'Failed', failureReason, recommendations: [], note: NOTE };
  }
  const framework = request.InferenceSpecification?.Framework ?? 'LMI';
  const rows = [...candidates].sort((a, b) => cost(aim, a) - cost(aim, b)).map((one) => row(one, aim, framework, optimization, target));
  return { durationSeconds: 60 * minutes, recommendations: rows, note: NOTE };
}

/** The cheapest types on which the model fits, of different families. */
function chosen({ weightsGb, work }: RecommendationTarget): string[] {
  const fitting = TYPES.filter((type) => layoutOf(weightsGb, acceleratorsOf(type), work) !== undefined)
    .sort((a, b) => instanceModel(a).pricePerHour - instanceModel(b).pricePerHour);
  const family = (type: string) => type.split('.')[1];
  return fitting.filter((type, index) => fitting.findIndex((other) => family(other) === family(type)) === index).slice(0, MOST_TYPES);
}

function candidateOf(type: string, { weightsGb, work }: RecommendationTarget, optimization?: Optimization): Candidate | undefined {
  const gpu = acceleratorsOf(type);
  const layout = layoutOf(weightsGb, gpu, work);
  if (!layout) { return undefined; }
  const found = measured(performance(weightsGb, gpu, layout, work, optimization), work);
  const { time_to_first_token: first, output_token_throughput: tokens } = profileMetrics(found, true);
  return { type, layout, found, firstTokenMs: first.stats.p50, tokensPerSecond: tokens.stats.avg };
}

/** What the aim has less of, the better: the guide knows one aim of a job. */
function cost(aim: string, { type, firstTokenMs, tokensPerSecond }: Candidate): number {
  switch (aim) {
    case 'ttft-ms': return firstTokenMs;
    case 'throughput': return -tokensPerSecond;
    default: return instanceModel(type).pricePerHour / tokensPerSecond;
  }
}

function row(
  { type, layout, found }: Candidate, aim: string, framework: string, optimization: Optimization | undefined, target: RecommendationTarget,
): TokenRecommendation {
  const hasDraftModel = optimization === 'SpeculativeDecoding';
  const { copies } = layout;
  const name = `${type.replace('ml.', '').replace(/\./g, '-')}-${aim}`;
  return {
    instanceType: type,
    copyCountPerInstance: copies,
    specificationName: name,
    image: `${REGISTRY}.dkr.ecr.${target.region}.${target.urlSuffix}/${IMAGES[framework]}`,
    environment: environmentOf(framework, layout, hasDraftModel, target),
    minCpuMemoryMb: Math.min(Math.round(1024 * target.weightsGb) + HOST_BESIDES_MB, Math.floor(acceleratorsOf(type).hostMemoryMb / copies)),
    ...optimization !== undefined && { optimizations: [{ OptimizationType: optimization, OptimizationConfig: OPTIMIZATION_CONFIGS[optimization] }] },
    hasDraftModel,
    description: `${copies > 1 ? `${copies} copies` : 'One copy'} on ${type}, for ${aim}`,
    performance: expectedPerformance(profileMetrics(found, target.work.streaming)),
    measured: found,
  };
}

const OPTIMIZATION_CONFIGS: Readonly<Record<Optimization, Readonly<Record<string, string>>>> = {
  SpeculativeDecoding: { Method: 'EAGLE3', NumSpeculativeTokens: '5' },
  KernelTuning: { Target: 'latency' },
};

function environmentOf(
  framework: string, { tensorParallel, copies }: Layout, hasDraftModel: boolean, { work }: RecommendationTarget,
): Record<string, string> {
  const longest = String(2 ** Math.ceil(Math.log2(2 * (work.inputTokens + work.outputTokens))));
  const speculation = JSON.stringify({ method: 'eagle3', model: `${CHANNELS}/draft_model`, num_speculative_tokens: 5 });
  const shared: Record<string, string> = copies > 1 ? { SM_NUM_ACCELERATORS: String(tensorParallel) } : {};
  return framework === 'VLLM'
    ? {
      SM_VLLM_MODEL: `${CHANNELS}/base_model`,
      SM_VLLM_TENSOR_PARALLEL_SIZE: String(tensorParallel),
      SM_VLLM_MAX_MODEL_LEN: longest,
      ...hasDraftModel && { SM_VLLM_SPECULATIVE_CONFIG: speculation },
      ...shared,
    }
    : {
      HF_MODEL_ID: `${CHANNELS}/base_model`,
      OPTION_TENSOR_PARALLEL_DEGREE: String(tensorParallel),
      OPTION_MAX_MODEL_LEN: longest,
      ...hasDraftModel && { OPTION_SPECULATIVE_CONFIG: speculation },
      ...shared,
    };
}
