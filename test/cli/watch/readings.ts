import * as fc from 'fast-check';
import { Benchmark, JobView } from '../../../cli/src/subject/job';
import { JobOfStack } from '../../../cli/src/subject/subject';
import { Reading } from '../../../cli/src/watch/reading';
import { INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { RECOMMENDATIONS_JOB_STATUSES } from '../../../src/service/job-status';
import { METRICS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

const STATUSES = ['PENDING', 'IN_PROGRESS', 'STOPPING', 'COMPLETED', 'FAILED', 'STOPPED'] as const;
const NOW = Date.parse('2026-01-01T12:00:00Z');

export const NO_FIGURES = Object.fromEntries(METRICS.map((metric) => [metric, NaN])) as Benchmark['figures'];

/** A text of somebody else's: long, of any characters, with what moves a cursor. */
const words = fc.oneof(fc.string({ minLength: 1, maxLength: 300 }), fc.constant('The container\u001b[2J ran\r\nout of memory 🙂.'));

const benchmark: fc.Arbitrary<Benchmark> = fc.record({
  endpoint: fc.oneof(
    fc.record({ instanceType: fc.constantFrom('ml.c5.xlarge', 'ml.g4dn.12xlarge'), instanceCount: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ memoryMb: fc.constant(2048), concurrency: fc.constant(5) }),
    fc.constant({}),
  ).map((endpoint) => ({ isCompiled: false, environment: {}, ...endpoint })),
  status: fc.constantFrom(...STATUSES),
  type: fc.constant('BENCHMARK'),
  figures: fc.record(Object.fromEntries(METRICS.map((metric) => [metric, fc.oneof(fc.constant(NaN), fc.double({ min: 0, max: 1e9, noNaN: true }))]))) as fc.Arbitrary<Benchmark['figures']>,
  failureReason: fc.option(words, { nil: undefined }),
});

/** A job, as far as the view reads it. */
export function jobOf({ benchmarks = [], ...given }: Partial<JobView> & { readonly name: string }): JobView {
  const status = given.status ?? 'IN_PROGRESS';
  return {
    arn: `arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/${given.name}`,
    status,
    phase: RECOMMENDATIONS_JOB_STATUSES.phaseOf(status),
    type: 'Default',
    recommendations: [],
    tags: {},
    family: INFERENCE_RECOMMENDATIONS,
    kind: BENCHMARKED,
    noun: 'job',
    title: given.type === 'Advanced' ? 'load test' : 'instance recommendation',
    mostMinutes: given.type === 'Advanced' ? 300 : 45,
    mayTakeHours: given.type === 'Advanced',
    details: [],
    request: {},
    created: new Date(NOW),
    ...given,
    // An endpoint has a name, and so a stream, once it is there.
    benchmarks: benchmarks.map((one, index) => (one.endpoint.instanceType ? { logStream: `${given.name}/Endpoint/sm-epc-${index}`, ...one } : one)),
  };
}

const jobOfStack = (index: number): fc.Arbitrary<JobOfStack> => fc.record({
  isInStack: fc.boolean(),
  isKnown: fc.boolean(),
  attempt: fc.integer({ min: 1, max: 3 }),
  status: fc.constantFrom(...STATUSES),
  type: fc.constantFrom('Default' as const, 'Advanced' as const),
  failureReason: fc.option(words, { nil: undefined }),
  // The clock of this machine may be behind.
  created: fc.option(fc.integer({ min: -4 * 3600_000, max: 3600_000 }).map((ms) => new Date(NOW + ms)), { nil: undefined }),
  benchmarks: fc.array(benchmark, { maxLength: 15 }),
}).map(({ isInStack, isKnown, attempt, ...given }) => {
  const name = `0123456${index}-0123456789abcdef01234567${attempt > 1 ? `-a${attempt}` : ''}`;
  const job = isKnown || !isInStack ? jobOf({ name, ...given }) : undefined;
  return { construct: isInStack ? `Stack/Job${index}` : undefined, jobName: isInStack && !isKnown && attempt === 1 ? undefined : name, job, choices: [] };
});

export const readings: fc.Arbitrary<Reading> = fc.record({
  now: fc.integer({ min: NOW - 3600_000, max: NOW + 10 * 3600_000 }),
  stacks: fc.uniqueArray(fc.record({
    name: fc.constantFrom('One', 'Two', 'A-stack-with-a-rather-long-name-as-pipelines-give-them'),
    status: fc.constantFrom('CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'),
    reason: fc.option(words, { nil: undefined }),
  }), { selector: ({ name }) => name, maxLength: 3 }),
  jobs: fc.integer({ min: 0, max: 6 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_one, index) => jobOfStack(index)))),
});

export function readingOf(job: JobView | undefined, given: Partial<Reading> = {}): Reading {
  const jobs = [{ construct: 'Stack/Job', jobName: job?.name, job, choices: [] }];
  return { now: NOW, stacks: [{ name: 'Stack', status: 'CREATE_IN_PROGRESS' }], jobs, ...given };
}
