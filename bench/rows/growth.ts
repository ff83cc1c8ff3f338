import { child } from '../children';
import { atMost, count } from '../figures';
import { Section } from '../report';

const [SMALL, LARGE] = [1, 300];
const ARCHIVES = [SMALL, 100, LARGE];
const STACKS = [1, 25, 50, 75, 100];
const HOURS = [1, 6, 12, 18, 24];

/** How the memory of the local AWS grows: its process, in which everything is but the functions. */
export async function growth(): Promise<Section> {
  const measure = (what: string, ...counts: number[]) => child<number[]>('growth.ts', what, ...counts.map(String));
  const archives: number[] = [];
  for (const mib of ARCHIVES) { archives.push(...await measure('archive', mib)); }
  const [stacks, hours] = [await measure('stacks', ...STACKS), await measure('hours', ...HOURS)];
  const grown = (figures: readonly number[]) => figures[figures.length - 1] - figures[0];
  const [more, aStack, aDay] = [grown(archives), grown(stacks) / grown(STACKS), grown(hours)];
  const points = (xs: readonly number[], ys: readonly number[]) => xs.map((x, n) => [x, ys[n]] as const);
  const memory = { label: 'MiB' };
  return {
    title: 'The memory of the local AWS',
    rows: [
      {
        what: `an archive of ${LARGE} MiB, uploaded and read: the greatest memory of the process, over that with ${SMALL} MiB`,
        unit: 'MiB',
        ours: count(more),
        others: { 'if it were kept in memory': count(LARGE) },
        goal: atMost(more, 100, 'at most 100'),
      },
      { what: 'a stack with a job, of 100: what stays', unit: 'MiB', ours: count(aStack), others: {}, goal: atMost(aStack, 2, 'at most 2') },
      { what: 'a day of virtual time, in which two jobs at a time follow each other: what stays', unit: 'MiB', ours: count(aDay), others: {}, goal: atMost(aDay, 200, 'at most 200') },
    ],
    plots: [
      { name: 'growth-stacks', title: 'Memory after so many stacks', x: { label: 'stacks, each with a job' }, y: memory, lines: [{ name: 'live', points: points(STACKS, stacks) }] },
      { name: 'growth-hours', title: 'Memory in a day of virtual time', x: { label: 'hours' }, y: memory, lines: [{ name: 'live', points: points(HOURS, hours) }] },
    ],
    text: 'What is live is counted after a collection. Records of deleted stacks, calls and executions stay until the process ends, as their histories do in an account.',
  };
}
