import type { Facts, JobFacts, Place, Said, StackFacts } from '../../../cli/src/diagnose/facts';
import type { JobView } from '../../../cli/src/subject/job';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

export const ROLE = 'arn:aws:iam::111111111111:role/Benchmarks';

/** Facts of nothing, with some. */
export function facts(given: Partial<Facts> = {}): Facts {
  return { jobs: [], said: [], notes: [], secrets: [], ...given };
}

export function said(text: string, place: Place = 'job', weight = 1): Said {
  return { place, text, weight, source: `the ${place}` };
}

export function job(given: Partial<JobFacts> = {}): JobFacts {
  return { choices: [], objects: [], ...given };
}

export function failedStack(reason: string, type = 'Custom::InferenceRecommendationsJobWait'): StackFacts {
  return {
    name: 'Stack', id: 'arn', status: 'ROLLBACK_COMPLETE', failures: [{ logicalId: 'Resource', type, status: 'CREATE_FAILED', reason, time: new Date(0) }],
  };
}

/** A job as the service describes it, with what matters here. */
export function view(given: Partial<JobView> = {}): JobView {
  return {
    name: 'job',
    arn: 'arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/job',
    status: 'FAILED',
    phase: 'failed',
    type: 'Default',
    benchmarks: [],
    recommendations: [],
    tags: {},
    family: INFERENCE_RECOMMENDATIONS,
    kind: BENCHMARKED,
    noun: 'job',
    title: 'instance recommendation',
    mayTakeHours: false,
    details: [],
    request: {},
    ...given,
  };
}

/** A failed benchmark of a type. */
export function failed(instanceType: string, failureReason?: string): JobView['benchmarks'][number] {
  return { endpoint: { instanceType, instanceCount: 1, isCompiled: false, environment: {} }, status: 'FAILED', type: 'BENCHMARK', figures: {} as never, failureReason };
}
