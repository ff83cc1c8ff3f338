import { BenchmarkRun } from './benchmarks';

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

/** When the steps of a run begin and end, if it has so many of them and so many seconds for all. */
export function stepTimes({ stepSeconds, parallelSteps = 1 }: BenchmarkRun, count: number, total: number): StepTime[] {
  if (count === 0) { return []; }
  const rounds = Math.ceil(count / parallelSteps);
  const times = inLanes(stepSeconds ?? Array.from({ length: count }, () => total / rounds), parallelSteps);
  return times.map(({ begin, end }) => ({ begin: Math.min(begin, total), end: Math.min(end, total) }));
}
