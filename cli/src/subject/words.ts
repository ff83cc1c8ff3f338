import { Choice } from './choice';

/** `lowest cost per inference` */
export function objectiveText(objective: string): string {
  return objective.replace(/([A-Z])/g, ' $1').trim().toLowerCase();
}

/** What a choice is by: `QuickStart/Best by lowest cost per inference`. */
export function titleOf(choice: Choice): string {
  return `${choice.name ?? 'Ranked'} ${criteriaText(choice)}`;
}

/** `by lowest cost per inference for 600 requests a minute and 20% headroom with ModelLatency at most 30` */
export function criteriaText({ criteria: { objective, limits, load } }: Pick<Choice, 'criteria'>): string {
  return [
    `by ${objectiveText(objective)}`,
    ...load ? [`for ${load.invocationsPerMinute} requests a minute and ${load.headroomPercent}% headroom`] : [],
    ...limits.length > 0 ? [`with ${limits.map(({ metric, bound, value }) => `${metric} at ${bound} ${value}`).join(', ')}`] : [],
  ].join(' ');
}

/** What a reader of a choice must know besides its table. */
export function notesOf({ pools, fallback, unknown, written, pending, ranking }: Choice): string[] {
  const chosen = pools?.chosen[0].recommendation.id;
  return [
    ...!pools && fallback ? [`None may be chosen, so the stack uses its fallback, ${fallback.InstanceType ?? `serverless ${fallback.ServerlessMemorySizeInMB} MB`}.`] : [],
    ...!pools && !fallback ? ['None may be chosen, and there is no fallback.'] : [],
    ...written?.Chosen && chosen && written.Chosen !== chosen && ranking.ranked.length > 0
      ? [`At its last deploy the stack chose ${written.Chosen.split('/').pop()}: its next deploy may choose again.`] : [],
    ...pending ? [`A result waits for your decision at ${pending.path}: ${pending.summary}`] : [],
    ...written?.Warning ? [`The stack says: ${written.Warning}`] : [],
    ...unknown.length > 0 ? [`Only the deploy knows ${unknown.join(', ')}: the stack's own choice may differ.`] : [],
  ];
}
