import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { against, told } from './against';
import { machine } from './machine';
import { drawn } from './plot';
import { markdown, plain, Section } from './report';
import { burst } from './rows/burst';
import { crowd } from './rows/crowd';
import { demo } from './rows/demo';
import { deploys } from './rows/deploys';
import { functions } from './rows/functions';
import { growth } from './rows/growth';
import { lag, pace } from './rows/lag';
import { load } from './rows/load';
import { newcomer } from './rows/newcomer';
import { resources } from './rows/resources';
import { synth } from './rows/synth';
import { waiting } from './rows/waiting';
import { RESULTS, withRun } from './runs';

const SECTIONS: Readonly<Record<string, () => Section | Promise<Section>>> = {
  resources, synth, load, functions, waiting, lag, pace, deploys, burst, crowd, growth, demo, newcomer,
};

/** `npm run bench -- [SECTION…] [--json FILE] [--against REF]`: all sections write the report, named ones are printed. Returns whether all is well. */
async function main(): Promise<boolean> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, against: { type: 'string' } } });
  const unknown = positionals.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) { throw new Error(`There is no section ${unknown.join(', ')}: ${Object.keys(SECTIONS).join(', ')}`); }
  if (values.against !== undefined) {
    const all = against(values.against, positionals);
    told(all).forEach((line) => console.log(line));
    return all.every(({ verdict }) => verdict !== 'worse');
  }
  const sections: Section[] = [];
  const failed: string[] = [];
  for (const [name, measure] of Object.entries(SECTIONS)) {
    if (positionals.length > 0 && !positionals.includes(name)) { continue; }
    try {
      const section = await measure();
      console.log(`${plain(section)}\n`);
      sections.push(section);
    } catch (error) {
      // The others are measured all the same: they take minutes.
      console.error(error);
      failed.push(name);
    }
  }
  const missed = sections.flatMap(({ rows }) => rows.filter(({ goal }) => goal?.met === false).map(({ what }) => what));
  console.log(missed.length > 0 ? `MISSED: ${missed.join('; ')}` : 'Nothing missed.');
  if (failed.length > 0) {
    console.log(`FAILED, so nothing is written: ${failed.join(', ')}`);
    return false;
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify(sections));
    return true;
  }
  if (positionals.length === 0) { report(sections); }
  return missed.length === 0;
}

function report(sections: readonly Section[]): void {
  const runs = withRun(sections);
  writeFileSync(RESULTS, `${JSON.stringify({ ...machine(), runs, sections }, undefined, 2)}\n`);
  mkdirSync(join(__dirname, 'pictures'), { recursive: true });
  for (const plot of sections.flatMap(({ plots = [] }) => plots)) { writeFileSync(join(__dirname, 'pictures', `${plot.name}.svg`), drawn(plot)); }
  writeFileSync(join(__dirname, '..', 'BENCHMARKS.md'), markdown(machine(), sections, runs));
}

void main().then((met) => { process.exitCode = met ? 0 : 1; });
