import { World } from '../../local-aws';

const MINUTE = 60_000;
const LOOK_MS = 10;

/** How long the local AWS holds an answer: longer than the work of any test takes, on any machine. */
export const UNTIL_DONE = { holdAnswersMs: 24 * 60 * MINUTE } as const;

/** The same for the command-line tools, which give a request up after a minute or five: they look again by themselves. */
export const UNTIL_DONE_FOR_TOOLS = { holdAnswersMs: MINUTE / 2 } as const;

/** Resolves once something is so, however long that takes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) { await new Promise((look) => setTimeout(look, LOOK_MS)); }
}

/** Lets time pass by hand until something is done: only while a stack waits for it, so that no machine's speed decides how much of it passes. */
export async function passUntil<T>(world: World, work: Promise<T>): Promise<T> {
  let over = false;
  void work.catch(() => {}).finally(() => { over = true; });
  const isWaitedFor = () => world.allRegions().some(({ cloudformation }) => [...cloudformation.stacks.values()].some(({ inProgress }) => inProgress));
  while (true) {
    await until(() => over || isWaitedFor());
    await world.clock.settled();
    // What has just ended tells so first.
    await new Promise(setImmediate);
    if (over) { return work; }
    if (isWaitedFor()) { await world.clock.advance(MINUTE); }
  }
}
