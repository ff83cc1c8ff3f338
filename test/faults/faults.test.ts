import { synthesizeApps } from './apps';
import { campaign, reportOf } from './campaign';
import { FAULTS } from './faults';
import { Lifecycle } from './lifecycle';

jest.setTimeout(120_000);

const LIFECYCLES = 500;
const apps = synthesizeApps();

test(`${LIFECYCLES} lifecycles meet with every fault, and nothing comes of it that must not`, async () => {
  const { lifecycles, faults, violated } = await campaign(apps, { lifecycles: LIFECYCLES, seed: 1 });
  expect(violated.flatMap(reportOf)).toEqual([]);
  expect(lifecycles).toBe(LIFECYCLES);
  expect(FAULTS.filter((fault) => faults[fault] === 0)).toEqual([]);
});

test('a seed tells the same story again', async () => {
  const [one, other] = [await new Lifecycle(17, apps).run(), await new Lifecycle(17, apps).run()];
  expect(one.story.length).toBeGreaterThan(50);
  expect(other).toEqual(one);
});
