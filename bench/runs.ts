import { execFileSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { machine } from './machine';
import { Section } from './report';

const FILE = join(__dirname, 'results.json');
const KEPT = 5;

/** What is kept of a run: the figures that have a goal, by their section and what they are. */
export interface Run {
  readonly date: string;
  readonly commit: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** The last runs with this one, the newest first. */
export function withRun(sections: readonly Section[]): Run[] {
  const goals = sections.flatMap(({ title, rows }) => rows.filter(({ goal }) => goal !== undefined).map(({ what, unit, ours }) => (
    [`${title}: ${what}${unit ? `, ${unit}` : ''}`, Number(ours.median.toPrecision(6))] as const)));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
  const earlier: Run[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')).runs ?? [] : [];
  return [{ date: machine().date, commit, figures: Object.fromEntries(goals) }, ...earlier].slice(0, KEPT);
}

/** Where the runs are kept, with all of the newest one. */
export const RESULTS = FILE;
