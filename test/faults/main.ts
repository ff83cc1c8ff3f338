import { parseArgs } from 'util';
import { synthesizeApps } from './apps';
import { campaign, reportOf } from './campaign';
import { Lifecycle } from './lifecycle';

/** `npm run faults -- [--lifecycles N] [--seed S] [--replay SEED]` */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { lifecycles: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' }, replay: { type: 'string' } },
  });
  const apps = synthesizeApps();
  if (values.replay !== undefined) {
    const outcome = await new Lifecycle(Number(values.replay), apps).run();
    console.log([...outcome.story, ...reportOf(outcome)].join('\n'));
    process.exitCode = outcome.violations.length > 0 ? 1 : 0;
    return;
  }
  const began = Date.now();
  const { lifecycles, operations, faults, lateStarts, violated } = await campaign(apps, {
    lifecycles: Number(values.lifecycles),
    seed: Number(values.seed),
    watch: (done) => { if (done % 1000 === 0) { console.log(`${done} lifecycles, ${Math.round((Date.now() - began) / 1000)} s`); } },
  });
  console.log(`${lifecycles} lifecycles, ${operations} operations on stacks, ${Object.values(faults).reduce((sum, count) => sum + count, 0)} faults:`);
  Object.entries(faults).forEach(([fault, count]) => console.log(`  ${fault}: ${count}`));
  console.log(`${lateStarts} jobs started for a request that CloudFormation had given up`);
  console.log(`${violated.length} violations`);
  violated.flatMap(reportOf).forEach((line) => console.log(line));
  process.exitCode = violated.length > 0 ? 1 : 0;
}

void main();
