import { BenchmarkTarget, digest } from './benchmarks';

/** What one request costs, as the performance model sees it. */
export interface Workload {
  /** Milliseconds on one vCPU of ml.m5. */
  readonly coreMs: number;
  /** The part of it that several cores share. */
  readonly parallel: number;
  readonly memoryGb: number;
  /** Whether an accelerator can do it. */
  readonly accelerable: boolean;
}

const TABULAR = { coreMs: 60, parallel: 0.7, memoryGb: 0.6, accelerable: false };
const NEURAL = { coreMs: 400, parallel: 0.9, memoryGb: 2, accelerable: true };

/** Tasks of the API's page: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobContainerConfig.html */
const TASKS: Readonly<Record<string, Workload>> = {
  REGRESSION: { ...TABULAR, coreMs: 25 },
  CLASSIFICATION: { ...TABULAR, coreMs: 30 },
  IMAGE_CLASSIFICATION: { ...NEURAL, coreMs: 250 },
  OBJECT_DETECTION: { ...NEURAL, coreMs: 900, memoryGb: 3 },
  IMAGE_SEGMENTATION: { ...NEURAL, coreMs: 1500, memoryGb: 3 },
  FILL_MASK: { ...NEURAL, coreMs: 300 },
  TEXT_GENERATION: { coreMs: 60_000, parallel: 0.95, memoryGb: 16, accelerable: true },
};
const DOMAINS: Readonly<Record<string, Workload>> = { COMPUTER_VISION: NEURAL, NATURAL_LANGUAGE_PROCESSING: NEURAL };

/** Frameworks that have no use for an accelerator. */
const ON_CORES = /XGBOOST|SCIKIT|SKLEARN/i;
const NEURAL_FRAMEWORKS = /TENSORFLOW|PYTORCH|MXNET|HUGGINGFACE/i;
const FRAMEWORK_FACTORS: Readonly<Record<string, number>> = { PYTORCH: 1.15, TENSORFLOW: 1.1, MXNET: 1.2 };

/** The work of a model, by its task, its domain, its framework and the public model that it is near to. */
export function workloadOf({ task = 'OTHER', domain = 'OTHER', framework = 'OTHER', nearestModel }: BenchmarkTarget): Workload {
  const known = TASKS[task] ?? DOMAINS[domain] ?? TABULAR;
  const accelerable = ON_CORES.test(framework) ? false : known.accelerable || NEURAL_FRAMEWORKS.test(framework);
  const factor = (FRAMEWORK_FACTORS[framework] ?? 1) * (nearestModel === undefined ? 1 : varied(nearestModel.toLowerCase(), 0.4));
  return { ...known, coreMs: known.coreMs * factor, accelerable };
}

const COMPILED_FASTER = 0.7;

/** The work of the same model after its compilation. */
export function compiledWork(work: Workload): Workload {
  return { ...work, coreMs: work.coreMs * COMPILED_FASTER };
}

/** A factor around 1, by so much at most, which depends on the text alone. */
export function varied(text: string, by: number): number {
  return 1 + by * (parseInt(digest(text).slice(0, 8), 16) / 0xffffffff * 2 - 1);
}
