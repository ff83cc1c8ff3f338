import { VirtualClock } from '../../kernel';

/**
 * Called with the clock held: visits each key after all keys that it needs, and independent keys in parallel:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 * A refused visit excludes the keys that need it, and nothing new begins once `goOn` returns false.
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
        // Each visit holds the clock itself, so a visit that sleeps does not release the clock of a visit that works.
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
