import { BenchmarkRun, FailedStep, InferenceRecommendation } from './benchmarks';

/** Of a run that does not say how long it is PENDING. */
export const STARTUP_SECONDS = 60;

/** From the first step's begin, in seconds. */
export interface StepTime {
  readonly begin: number;
  readonly end: number;
}

/** Steps of these lengths, so many at a time: each begins where one ends first. */
export function inLanes(seconds: readonly number[], parallel: number): StepTime[] {
  const free = Array.from({ length: parallel }, () => 0);
  return seconds.map((length) => {
    const begin = Math.min(...free);
    free[free.indexOf(begin)] = begin + length;
    return { begin, end: begin + length };
  });
}

/** The members of a run whose steps begin and end at these times. */
export function timed(times: readonly StepTime[]): Pick<BenchmarkRun, 'stepBegins' | 'stepSeconds'> {
  return { stepBegins: times.map(({ begin }) => begin), stepSeconds: times.map(({ begin, end }) => end - begin) };
}

/** When the steps of a run begin and end, if it has so many of them and so many seconds for all. */
export function stepTimes({ stepBegins, stepSeconds, parallelSteps = 1 }: BenchmarkRun, count: number, total: number): StepTime[] {
  if (count === 0) { return []; }
  const rounds = Math.ceil(count / parallelSteps);
  const seconds = stepSeconds ?? Array.from({ length: count }, () => total / rounds);
  const times = stepBegins?.map((begin, index) => ({ begin, end: begin + seconds[index] })) ?? inLanes(seconds, parallelSteps);
  return times.map(({ begin, end }) => ({ begin: Math.min(begin, total), end: Math.min(end, total) }));
}

/** When the steps of a run begin and end. */
export function timesOf(run: BenchmarkRun): StepTime[] {
  const { recommendations, failedSteps = [], startupSeconds = STARTUP_SECONDS, durationSeconds } = run;
  return stepTimes(run, recommendations.length + failedSteps.length, Math.max(0, durationSeconds - startupSeconds));
}

/** A run that lasts so long, and whose steps take longer or shorter by the same factor. */
export function lasting(run: BenchmarkRun, durationSeconds: number): BenchmarkRun {
  const { startupSeconds = STARTUP_SECONDS } = run;
  const factor = Math.max(0, durationSeconds - startupSeconds) / Math.max(1, run.durationSeconds - startupSeconds);
  return { ...run, durationSeconds, ...timed(timesOf(run).map(({ begin, end }) => ({ begin: begin * factor, end: end * factor }))) };
}

/** A benchmark that fails in place of one with a result. */
export function failedAs({ failureReason, log, lacksEndpoint }: FailedStep): (row: InferenceRecommendation) => FailedStep {
  return ({ EndpointConfiguration: { EndpointName: _name, VariantName: _variant, ...endpoint } }) => (
    { failureReason, log, lacksEndpoint, EndpointConfiguration: endpoint }
  );
}

/** A run in which some benchmarks fail that would have a result. They begin and end as they would have. */
export function withFailures(run: BenchmarkRun, failureOf: (row: InferenceRecommendation, index: number) => FailedStep | undefined): BenchmarkRun {
  const { recommendations, failedSteps = [] } = run;
  const times = timesOf(run);
  const rows = recommendations.map((row, index) => ({ row, time: times[index], failure: failureOf(row, index) }));
  const kept = rows.filter(({ failure }) => failure === undefined);
  const failed = rows.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) { return run; }
  return {
    ...run,
    recommendations: kept.map(({ row }) => row),
    failedSteps: [...failed.map(({ row, failure }) => failedAs(failure!)(row)), ...failedSteps],
    ...timed([...kept.map(({ time }) => time), ...failed.map(({ time }) => time), ...times.slice(recommendations.length)]),
  };
}
