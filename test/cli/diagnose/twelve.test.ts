import { BREAKAGES, Breakage } from './breakages';
import { BrokenWorld } from './broken';
import type { Wording } from './wordings';
import { Random } from '../../faults/random';

/** `DIAGNOSE_SEED=7 npx jest test/cli/diagnose/twelve` draws others. */
const SEED = Number(process.env.DIAGNOSE_SEED ?? 1);
const [STACKS, RIGHT] = [12, 11];

let world: BrokenWorld;
beforeAll(async () => { world = await BrokenWorld.open(); });
afterAll(() => world.close());

/** Those that take no state of the world with them, so that they may come in any order. */
const drawable: ReadonlyArray<readonly [string, Breakage]> = Object.entries(BREAKAGES);

test(`of ${STACKS} stacks that break in ways that the command does not know, it names the right first cause of at least ${RIGHT}`, async () => {
  const random = new Random(SEED);
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)];
  const left = [...drawable];
  const drawn = Array.from({ length: STACKS }, (_, place) => {
    const [[what, breakage]] = left.splice(Math.floor(random.next() * left.length), 1);
    const wording: Wording | undefined = breakage.wordings?.length ? draw(breakage.wordings) : undefined;
    return { name: `Broken${place + 1}`, what, breakage, wording };
  });
  for (const { name, breakage, wording } of drawn) { await world.bring(name, breakage, wording); }
  const told = [];
  for (const { name, what, breakage, wording } of drawn) {
    const { causes: [first] } = await world.diagnosed(name);
    told.push({ what, said: wording?.text.slice(0, 60), is: breakage.cause.join(), named: first?.id, right: breakage.cause.includes(first?.id) });
  }
  const right = told.filter((one) => one.right).length;
  process.stdout.write(`diagnose, seed ${SEED}: ${right} of ${STACKS} are right\n${told.map((one) => JSON.stringify(one)).join('\n')}\n`);
  expect(right).toBeGreaterThanOrEqual(RIGHT);
});
