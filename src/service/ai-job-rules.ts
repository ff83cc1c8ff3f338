import { AI_JOB_SHAPES } from './ai-shapes';
import { Violation, violations } from './constraints';
import { error, Finding, Known, warning } from './job-rules';

/** The families' Create requests, as `AI_JOB_SHAPES` names them. */
export type AiJobRequest = 'CreateAIRecommendationJobRequest' | 'CreateAIBenchmarkJobRequest';

/** The member that names a job, which the functions compute. */
export const AI_JOB_NAMES: Readonly<Record<AiJobRequest, string>> = {
  CreateAIRecommendationJobRequest: 'AIRecommendationJobName', CreateAIBenchmarkJobRequest: 'AIBenchmarkJobName',
};

/** The service has no limit, so this is ours: as long as an execution of Step Functions follows a job, and some time for its end. */
export const MAX_AI_JOB_SECONDS = 20 * 3600;
/** A shorter job would be stopped before its first instance is there. */
export const MIN_AI_JOB_SECONDS = 15 * 60;

/** The constraints of the API's shapes that a request breaks. An unknown instance type breaks none of them: the service gets new types. */
export function aiJobViolations(shape: AiJobRequest, request: object): Violation[] {
  return violations(AI_JOB_SHAPES, shape, request).filter(({ constraint, path }) => !(constraint === 'enum' && path.at(-2) === 'InstanceTypes'));
}

/** Every rule between members that a request breaks and for which the service is known to refuse it. The members have passed the shapes, or are tokens. */
export function aiJobErrors(request: any, known: Known = () => true): Finding[] {
  return [...targetErrors(request, known), ...outputErrors(request, known)];
}

/** Warnings about a request: what a page only advises, or what the service refuses only as far as others tell. */
export function aiJobAdvice(request: any, { isOfComponents, usesDataset, isKnown: known = () => true }: AiJobFacts = {}): Finding[] {
  return [
    ...componentAdvice(request, isOfComponents),
    ...adapterAdvice(request, known),
    ...throughputAdvice(request, usesDataset, known),
  ];
}

/** Facts for the rules, besides the request. An `undefined` one is not known. */
export interface AiJobFacts {
  /** Whether the benchmarked endpoint hosts inference components. */
  readonly isOfComponents?: boolean;
  /** Whether the workload has a dataset of its own. */
  readonly usesDataset?: boolean;
  readonly isKnown?: Known;
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AIRecommendationPerformanceTarget.html (Constraints) */
function* targetErrors({ PerformanceTarget: target }: any, known: Known): Generator<Finding> {
  const constraints = target?.Constraints;
  if (Array.isArray(constraints) && known(constraints) && constraints.length === 0) {
    yield error('PerformanceTarget', ['PerformanceTarget', 'Constraints'], 'must name a metric: `PerformanceTarget.timeToFirstToken()`, `.throughput()` or `.cost()`');
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-get-started.html (Prerequisites) */
function* outputErrors({ OutputConfig: output }: any, known: Known): Generator<Finding> {
  const location = output?.S3OutputLocation;
  if (typeof location === 'string' && known(location) && !/^s3:\/\/[^/]+/.test(location)) {
    yield error('OutputLocation', ['OutputConfig', 'S3OutputLocation'], `must be an address in S3, such as 's3://bucket/prefix/', got: '${location}'`);
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html (InferenceComponents) */
function* componentAdvice({ BenchmarkTarget: target }: any, isOfComponents: boolean | undefined): Generator<Finding> {
  const names = target?.Endpoint?.InferenceComponents;
  if (isOfComponents && !names?.length) {
    yield warning('ComponentNames', ['BenchmarkTarget', 'Endpoint', 'InferenceComponents'],
      'should name the inference components to benchmark: the endpoint hosts its models as components, and answers no request without the name of one');
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-adapters.html (every adapter has an id of its own) */
function* adapterAdvice({ AdapterSource: source }: any, known: Known): Generator<Finding> {
  const entries = source?.S3Uris ?? source?.ModelPackageArns;
  if (!Array.isArray(entries) || !known(entries)) { return; }
  const ids = entries.map(({ AdapterId }) => AdapterId).filter((id) => typeof id === 'string' && known(id));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    yield warning('AdapterIds', ['AdapterSource'], `should have an id of its own for each adapter, because a component is named after it, got '${twice}' twice`);
  }
}

/** AWS's own sample optimizes for throughput only with a dataset. Source: https://github.com/aws/sagemaker-python-sdk (examples of inference recommendations) */
function* throughputAdvice(
  { PerformanceTarget: target, OptimizeModel: optimizes = true }: any, usesDataset: boolean | undefined, known: Known,
): Generator<Finding> {
  const metrics = target?.Constraints;
  if (usesDataset !== false || optimizes === false || !Array.isArray(metrics) || !known(metrics)) { return; }
  if (metrics.some(({ Metric }) => Metric === 'throughput')) {
    yield warning('ThroughputDataset', ['AIWorkloadConfigIdentifier'],
      'should have a dataset of yours if the model is optimized for throughput: use `Workload.dataset()`, or set `optimizeModel` to false');
  }
}
