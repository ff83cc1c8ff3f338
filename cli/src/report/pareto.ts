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
  const isBeaten = (one: T) => known.some((other) => costs.every((cost) => cost(other) <= cost(one)) && costs.some((cost) => cost(other) < cost(one)));
  return known.filter((one) => !isBeaten(one)).sort((a, b) => costs[0](a) - costs[0](b));
}
