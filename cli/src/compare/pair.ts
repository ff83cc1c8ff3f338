import { Compared, compareRunSets } from './archives';
import { ComparedJob, compareJobs, familyOf } from './jobs';
import { kindOf } from '../../../src/contract/kinds';

/**
 * Compares two jobs by the figures of their kind.
 *
 * @throws Error with one sentence if they have no figures of one kind
 */
export function comparePair(before: ComparedJob, after: ComparedJob, equalWithin: number): Compared {
  if (before.runs && after.runs) { return compareRunSets(before, after, equalWithin); }
  [before, after].forEach(withFigures);
  if (!isOfOneKind(before, after)) {
    throw new Error(`A is ${told(before)}, and B is ${told(after)}: their figures are of different kinds, so compare two jobs of one kind`);
  }
  return { comparisons: [compareJobs(before, after, equalWithin)], notes: [] };
}

/** Whether two jobs have figures of one kind: of what they recommend, or of what they have measured. */
export function isOfOneKind(one: ComparedJob, other: ComparedJob): boolean {
  const kinds = [one, other].map((job) => (job.runs ? 'measured' : kindOf(familyOf(job))));
  return kinds[0] === kinds[1];
}

/** @throws Error with one sentence for a job whose kind has no figures */
export function withFigures(job: ComparedJob): ComparedJob {
  if (!job.runs && kindOf(familyOf(job)).told.length === 0) {
    throw new Error(`There is nothing to compare: ${told(job)} has no figures. inference-recommender show lists its instance types`);
  }
  return job;
}

function told({ title = 'job', name }: ComparedJob): string {
  return `${/^[aeiou]/.test(title) ? 'an' : 'a'} ${title}${name === undefined ? '' : ` (${name})`}`;
}
