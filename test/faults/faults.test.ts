import { execFile } from 'child_process';
import { join } from 'path';
import { promisify } from 'util';
import { synthesizeApps } from './apps';
import { FAULTS } from './faults';
import { Lifecycle } from './lifecycle';

const LIFECYCLES = 500;

/** In a process of its own, as `npm run faults` does: that takes half as long as within jest. */
test(`${LIFECYCLES} lifecycles meet with every fault, and nothing comes of it that must not`, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts'), '--lifecycles', String(LIFECYCLES)])
    .catch(({ stdout: violations }) => ({ stdout: String(violations) }));
  const lines = stdout.split('\n');
  expect(lines.slice(lines.findIndex((line) => line.endsWith(' violations')))).toEqual(['0 violations', '']);
  expect(stdout).toContain(`${LIFECYCLES} lifecycles, `);
  const met = new Map(Array.from(stdout.matchAll(/^ {2}(.+): (\d+)$/gm), ([, fault, count]) => [fault, Number(count)]));
  expect(FAULTS.filter((fault) => !(met.get(fault)! > 0))).toEqual([]);
});

test('a seed tells the same story again', async () => {
  const apps = synthesizeApps();
  const [one, other] = [await new Lifecycle(17, apps).run(), await new Lifecycle(17, apps).run()];
  expect(one.story.length).toBeGreaterThan(50);
  expect(other).toEqual(one);
});
