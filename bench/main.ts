import { writeFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { machine } from './machine';
import { markdown, plain, Section } from './report';
import { burst } from './rows/burst';
import { demo } from './rows/demo';
import { deploys } from './rows/deploys';
import { functions } from './rows/functions';
import { lag, pace } from './rows/lag';
import { load } from './rows/load';
import { resources } from './rows/resources';
import { synth } from './rows/synth';
import { waiting } from './rows/waiting';

const SECTIONS: Readonly<Record<string, () => Section | Promise<Section>>> = {
  resources, synth, load, functions, waiting, lag, pace, deploys, burst, demo,
};

/** Measures everything and writes the report, or measures only the named sections and prints them. Returns whether every goal is met. */
async function main(): Promise<boolean> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) { throw new Error(`There is no section ${unknown.join(', ')}: ${Object.keys(SECTIONS).join(', ')}`); }
  const sections: Section[] = [];
  for (const [name, measure] of Object.entries(SECTIONS)) {
    if (positionals.length > 0 && !positionals.includes(name)) { continue; }
    const section = await measure();
    console.log(`${plain(section)}\n`);
    sections.push(section);
  }
  const missed = sections.flatMap(({ rows }) => rows.filter(({ goal }) => goal?.met === false).map(({ what }) => what));
  console.log(missed.length > 0 ? `MISSED: ${missed.join('; ')}` : 'Nothing missed.');
  if (positionals.length === 0) {
    writeFileSync(join(__dirname, 'results.json'), `${JSON.stringify({ ...machine(), sections }, undefined, 2)}\n`);
    writeFileSync(join(__dirname, '..', 'BENCHMARKS.md'), markdown(machine(), sections));
  }
  return missed.length === 0;
}

void main().then((met) => { process.exitCode = met ? 0 : 1; });
