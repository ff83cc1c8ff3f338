import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { turns } from '../children';
import { atMost, count, figure, ratios } from '../figures';
import { Section } from '../report';
import * as library from 'cdk-sagemaker-inference-recommender';

const RUNS = 9;
const LIB = join(__dirname, '..', '..', 'lib');
const INDEX = join(LIB, 'index.js');

interface Load {
  readonly ms: number;
  readonly indexes: number;
}

/** The modules of aws-cdk-lib that the library requires, each with the exports that it uses. */
export function submodules(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))) {
    const code = readFileSync(join(LIB, file), 'utf8');
    for (const [, variable, name] of code.matchAll(/let (\w+) = \(\) => \{ const loaded = require\("(aws-cdk-lib[^"]*|constructs)"\)/g)) {
      const used = found.get(name) ?? new Set();
      for (const [, one] of code.matchAll(new RegExp(`\\(${variable}\\(\\)\\)\\.(\\w+)`, 'g'))) { used.add(one); }
      found.set(name, used);
    }
  }
  return found;
}

export async function load(): Promise<Section> {
  const modules = submodules();
  const names = [...modules.keys()].sort();
  const inUse = names.map((name) => `${name}#${[...modules.get(name)!].join()}`);
  const [ours, theirs, used, oursUsed] = await turns<Load>(RUNS, [
    ['load.js', INDEX], ['load.js', ...names], ['load.js', ...inUse], ['load.js', `${INDEX}#${Object.keys(library).join()}`, ...inUse],
  ]);
  const ms = (runs: readonly Load[]) => runs.map((run) => run.ms);
  const [bare, whole] = [ratios(ms(ours), ms(theirs)), ratios(ms(oursUsed), ms(used))];
  return {
    title: 'Load',
    rows: [
      {
        what: '`require` of the library',
        unit: 'ms of processor time',
        ours: figure(ms(ours)),
        others: { '`require` of the submodules of aws-cdk-lib that it uses': figure(ms(theirs)) },
        ratio: bare,
        goal: atMost(bare.median, 1.15, 'ratio at most 1.15'),
      },
      {
        what: 'every export of the library, and every export of aws-cdk-lib that it uses',
        unit: 'ms of processor time',
        ours: figure(ms(oursUsed)),
        others: { 'these exports of aws-cdk-lib': figure(ms(used)) },
        ratio: whole,
        note: 'a submodule loads nothing until one of its exports is used',
      },
      {
        what: 'index of aws-cdk-lib loaded',
        unit: 'files',
        ours: count(ours[0].indexes),
        others: { 'the submodules': count(theirs[0].indexes) },
        goal: atMost(ours[0].indexes, 0, 'none'),
      },
    ],
  };
}
