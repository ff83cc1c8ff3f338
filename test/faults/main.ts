import { execFileSync } from 'child_process';
import { randomInt } from 'crypto';
import { parseArgs } from 'util';
import { synthesizeApps } from './apps';
import { campaign, lifeOf, reportOf } from './campaign';
import { FAMILIES, SHIPPED } from './families';
import { INFERENCE_RECOMMENDATION_JOBS } from './family';
import { synthesizeRegistry } from './registry-app';

/** The greatest first seed that is drawn: lifecycles of consecutive seeds stay whole numbers. */
const MOST_SEED = 2 ** 31;

/** `npm run faults -- [--lifecycles N] [--seed S] [--replay SEED] [--family all|NAME]` */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lifecycles: { type: 'string', default: '10000' },
      // A seed that was green once proves little, so each run draws another one.
      seed: { type: 'string', default: String(randomInt(MOST_SEED)) },
      replay: { type: 'string' },
      family: { type: 'string', default: 'recommendations' },
    },
  });
  const chosen = values.family === 'all' ? SHIPPED : [FAMILIES[values.family!]];
  if (!chosen[0]) { throw new Error(`--family must be all or one of ${Object.keys(FAMILIES).join(', ')}, got: '${values.family}'.`); }
  const [{ family, apps }, ...others] = chosen.map((one) => ({ family: one, apps: synthesizeApps(one) }));
  const registry = family === INFERENCE_RECOMMENDATION_JOBS ? synthesizeRegistry() : undefined;
  const lives = { family, others, registry };
  if (values.replay !== undefined) {
    const outcome = await lifeOf(Number(values.replay), apps, lives).run();
    console.log([...outcome.story, ...reportOf(outcome)].join('\n'));
    process.exitCode = outcome.violations.length > 0 ? 1 : 0;
    return;
  }
  // A seed shows the same lifecycle again at this commit only.
  console.log(`seed ${values.seed} at commit ${commit()}, family ${values.family}`);
  // Millions of errors are thrown and caught. A replay tells where.
  Error.stackTraceLimit = 0;
  const began = Date.now();
  let next = Number(values.seed);
  process.on('uncaughtExceptionMonitor', () => { console.log(`seed ${next} ended the campaign`); });
  const { lifecycles, operations, faults, lateStarts, violated } = await campaign(apps, {
    lifecycles: Number(values.lifecycles),
    seed: Number(values.seed),
    ...lives,
    watch: (done, outcome) => {
      next = outcome.seed + 1;
      if (outcome.violations.length > 0) { console.log(`seed ${outcome.seed} is violated`); }
      if (done % 1000 === 0) { console.log(`${done} lifecycles, ${Math.round((Date.now() - began) / 1000)} s`); }
    },
  });
  console.log(`${lifecycles} lifecycles, ${operations} operations on stacks, ${Object.values(faults).reduce((sum, count) => sum + count, 0)} faults:`);
  Object.entries(faults).forEach(([fault, count]) => console.log(`  ${fault}: ${count}`));
  console.log(`${lateStarts} jobs started for a request that CloudFormation had given up`);
  console.log(`${violated.length} violations`);
  violated.flatMap(reportOf).forEach((line) => console.log(line));
  if (violated.length > 0) { console.log(`Replay: npm run faults -- --family ${values.family} --replay ${violated[0].seed}`); }
  process.exitCode = violated.length > 0 ? 1 : 0;
}

/** The commit that is checked out, and whether there is more than that. */
function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes that are not committed');
  } catch {
    return 'unknown (no git checkout)';
  }
}

void main();
