import { VirtualClock } from '../../kernel';

/**
 * Called with the clock held: visits each key once all that it needs are visited, side by side where nothing stands between:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 * What needs a key whose visit was refused is left out, and nothing new begins once `goOn` says no.
 */
export function walk(
  clock: VirtualClock, needs: ReadonlyMap<string, readonly string[]>, visit: (key: string) => Promise<void>, goOn: () => boolean = () => true,
): Promise<void> {
  const open = new Map(needs);
  const done = new Set<string>();
  let flying = 0;
  return clock.wait((finish) => {
    const next = () => {
      for (const [key, needed] of goOn() ? [...open] : []) {
        if (!goOn() || needed.some((other) => needs.has(other) && !done.has(other))) { continue; }
        open.delete(key);
        flying++;
        // Each visit holds the clock for itself, so that one that sleeps does not let go for one that works.
        void clock.run(() => visit(key)).then(() => { done.add(key); }, () => {}).then(() => {
          flying--;
          next();
        });
      }
      if (flying === 0) { finish(undefined); }
    };
    next();
  });
}
