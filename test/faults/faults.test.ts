import { execFile } from 'child_process';
import { join } from 'path';
import { promisify } from 'util';
import { synthesizeApps } from './apps';
import { lifeOf } from './campaign';
import { APPROVAL_FAULTS, CALL_FAULTS, FAULTS, REGISTRY_FAULTS } from './faults';
import { synthesizeRegistry } from './registry-app';

const LIFECYCLES = 500;

/** In processes of their own, as `npm run faults` does: that takes half as long as within jest. Their output names the seed. */
async function run(lifecycles: number, ...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), '--lifecycles', `${lifecycles}`, ...options])
    .catch(({ stdout: violations }) => ({ stdout: String(violations) }));
  return stdout;
}

/** How often each fault was met. */
function metIn(stdout: string): Map<string, number> {
  return new Map(Array.from(stdout.matchAll(/^ {2}(.+): (\d+)$/gm), ([, fault, count]) => [fault, Number(count)]));
}

test.each([
  ['a fixed seed', ['--seed', '1']],
  ['a fresh seed', []],
])(`${LIFECYCLES} lifecycles of %s meet with every fault, and nothing comes of it that must not`, async (_name, seed) => {
  const stdout = await run(LIFECYCLES, ...seed);
  const lines = stdout.split('\n');
  expect([lines[0], ...lines.slice(lines.findIndex((line) => line.endsWith(' violations')))]).toEqual([
    expect.stringMatching(/^seed \d+ at commit /), '0 violations', '',
  ]);
  expect(stdout).toContain(`${LIFECYCLES} lifecycles, `);
  const met = metIn(stdout);
  expect([...FAULTS, ...REGISTRY_FAULTS].filter((fault) => !(met.get(fault)! > 0))).toEqual([]);
});

test.each([
  ['ai-recommendations', APPROVAL_FAULTS, 120],
  ['ai-benchmarks', [], 60],
  ['instant', [], 60],
])('lifecycles of the family %s meet with faults, and nothing comes of it that must not', async (family, more, lifecycles) => {
  const stdout = await run(lifecycles, '--family', family, '--seed', '1');
  expect(stdout).toContain(`\n${lifecycles} lifecycles, `);
  expect(stdout.slice(stdout.search(/^\d+ violations$/m))).toBe('0 violations\n');
  const met = metIn(stdout);
  // Some lifecycles have no job, and what people do to packages is too rare for few of them.
  expect(CALL_FAULTS.filter((fault) => !(met.get(fault)! > 0))).toEqual([]);
  expect([...met.keys()]).toEqual(expect.arrayContaining([...more]));
});

test.each([['stacks', 17], ['a registry', 24]])('a seed of %s tells the same story again', async (_whose, seed) => {
  const [apps, registry] = [synthesizeApps(), synthesizeRegistry()];
  const [one, other] = [await lifeOf(seed, apps, { registry }).run(), await lifeOf(seed, apps, { registry }).run()];
  expect(one.story.length).toBeGreaterThan(30);
  expect(other).toEqual(one);
});
