import type { Choice } from './choice';
import { serverlessText } from './endpoint';
import { metricText } from '../../../src/service/recommendation-kinds';

/** What a stack without any job lacks. */
export const NO_JOBS = 'no recommendation and no benchmark';

/** What a job was estimated to cost, of which its tag has the range or the most. */
export function estimateText(estimate: string): string {
  return estimate.includes(' to ') ? estimate : `at most ${estimate}`;
}

/** `lowest cost per inference` */
export function objectiveText(objective: string): string {
  return objective.replace(/([A-Z])/g, ' $1').trim().toLowerCase();
}

/** What a choice is by: `QuickStart/Best by lowest cost per inference`. */
export function titleOf(choice: Choice): string {
  return `${choice.name ?? 'Ranked'} ${criteriaText(choice)}`;
}

/** `by lowest cost per inference for 600 requests a minute and 20% headroom with ModelLatency at most 30` */
export function criteriaText({ criteria: { objective, statistic, limits, load } }: Pick<Choice, 'criteria'>): string {
  return [
    `by ${objectiveText(objective)}${statistic === undefined ? '' : ` (${statistic})`}`,
    ...load ? [`for ${load.invocationsPerMinute} requests a minute and ${load.headroomPercent}% headroom`] : [],
    ...limits.length > 0 ? [`with ${limits.map(({ metric, bound, value }) => `${metricText(metric)} at ${bound} ${value}`).join(', ')}`] : [],
  ].join(' ');
}

/** What serves where none may be chosen. */
export function fallbackText({ InstanceType: type, ServerlessMemorySizeInMB: memory }: NonNullable<Choice['fallback']>): string {
  return type ?? serverlessText(memory);
}

/**
 * Why none is chosen although some may be: there are too few for the wanted instance pools. `undefined` if none may be chosen at all.
 *
 * @param types those that may be chosen; `undefined` for a serverless endpoint
 */
export function whyTooFew(types: ReadonlyArray<string | undefined>, wanted: number): string | undefined {
  const count = new Set(types).size;
  if (count === 0) { return undefined; }
  return count < wanted ? `only ${count} of the ${wanted} instance types that are wanted may be chosen` : `no ${wanted} instance types keep the limits together`;
}

/** What a reader of a choice must know besides its table. */
export function notesOf({ pools, fallback, unknown, written, pending, ranking, criteria }: Choice): string[] {
  const chosen = pools?.chosen[0].recommendation.id;
  const none = capitalized(whyTooFew(ranking.ranked.map(({ recommendation }) => recommendation.instanceType), criteria.instancePools) ?? 'none may be chosen');
  return [
    ...pools ? [] : [`${none}, ${fallback ? `so the stack uses its fallback, ${fallbackText(fallback)}` : 'and there is no fallback'}.`],
    ...written?.Chosen && chosen && written.Chosen !== chosen && ranking.ranked.length > 0
      ? [`At its last deploy the stack chose ${written.Chosen.split('/').pop()}: its next deploy may choose again.`] : [],
    ...pending ? [`A result waits for your decision at ${pending.path}: ${pending.summary}`] : [],
    ...written?.Warning ? [`The stack says: ${written.Warning}`] : [],
    ...unknown.length > 0 ? [`Only the deploy knows ${unknown.join(', ')}: the stack's own choice may differ.`] : [],
  ];
}

export function capitalized(sentence: string): string {
  return `${sentence[0].toUpperCase()}${sentence.slice(1)}`;
}
