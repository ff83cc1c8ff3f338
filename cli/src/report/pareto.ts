/** A figure of which less is better. NaN is unknown. */
export type Cost<T> = (one: T) => number;

/**
 * Those that no other one beats: no other is as good in every figure and better in one. What lacks a figure is left out. They are ordered by the first
 * figure, the best first.
 *
 * @see https://en.wikipedia.org/wiki/Pareto_front
 */
export function paretoFront<T>(all: readonly T[], costs: ReadonlyArray<Cost<T>>): T[] {
  const known = all.filter((one) => costs.every((cost) => !Number.isNaN(cost(one))));
  const beats = (a: T, b: T) => costs.every((cost) => cost(a) <= cost(b)) && costs.some((cost) => cost(a) < cost(b));
  return known.filter((one) => !known.some((other) => beats(other, one))).sort((a, b) => costs[0](a) - costs[0](b));
}
