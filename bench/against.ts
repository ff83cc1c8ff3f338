import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { compared, Compared } from './compare';
import { Section } from './report';

const ROOT = join(__dirname, '..');
/** Each tree is measured so often, in turns, so that a slow moment of the machine affects both. */
const ROUNDS = 2;

/** Measures the named sections of another commit beside those of this tree. */
export function against(ref: string, names: readonly string[]): Compared[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-against-'));
  const tree = join(folder, 'tree');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  git('worktree', 'add', '--detach', tree, ref);
  try {
    prepare(tree);
    const runs: Section[][][] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      [ROOT, tree].forEach((root, n) => {
        console.error(`Round ${round + 1} of ${ROUNDS}: ${n === 0 ? 'this tree' : ref}`);
        runs[n].push(measure(root, join(folder, `${n}-${round}.json`), names));
      });
    }
    return compared(runs[0], runs[1]);
  } finally {
    git('worktree', 'remove', '--force', tree);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packages as its lock file has them. The bench builds the library by itself. */
function prepare(tree: string): void {
  const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (!readFileSync(join(tree, 'bench', 'main.ts'), 'utf8').includes('json:')) {
    throw new Error('The bench of that commit has no `--json`: choose a later commit.');
  }
  if (lock(tree) === lock(ROOT)) { symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction'); } else { run(tree, 'npm', 'ci'); }
}

function measure(root: string, file: string, names: readonly string[]): Section[] {
  run(root, 'npm', 'run', 'bench', '--', '--json', file, ...names);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Its output is of interest only if it fails. A goal that is missed is no failure. */
function run(cwd: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 30 });
}

/** A line for each figure that differs beyond the spread, the worse ones first. */
export function told(all: readonly Compared[]): string[] {
  const differing = ['worse', 'better'].flatMap((verdict) => all.filter((one) => one.verdict === verdict));
  const value = ({ median, min, max }: Compared['now']) => `${Number(median.toPrecision(4))} (${Number(min.toPrecision(4))} to ${Number(max.toPrecision(4))})`;
  return [
    ...differing.map(({ verdict, section, what, unit, now, then }) => `${verdict.toUpperCase()}: ${section}: ${what}: ${value(now)} ${unit}, was ${value(then)}`),
    `${all.length} figures compared: ${differing.filter(({ verdict }) => verdict === 'worse').length} worse, ${differing.filter(({ verdict }) => verdict === 'better').length} better.`,
  ];
}
