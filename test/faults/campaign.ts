import { Apps } from './apps';
import { CampaignFamily } from './family';
import { Emphasis, Fault, FAULTS } from './faults';
import { INVARIANTS } from './invariants';
import { Lifecycle, Outcome } from './lifecycle';

export interface Campaign {
  readonly lifecycles: number;
  readonly operations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly lateStarts: number;
  /** The lifecycles in which an invariant did not hold. */
  readonly violated: readonly Outcome[];
}

export interface CampaignOptions {
  readonly lifecycles: number;
  readonly seed: number;
  /** Ends the campaign at the first violation. */
  readonly untilViolated?: boolean;
  readonly emphasis?: Emphasis;
  /** Whose jobs run. @default - inference recommendation jobs */
  readonly family?: CampaignFamily;
  readonly watch?: (done: number) => void;
}

/** Runs lifecycles of consecutive seeds, one after the other: each can be run again by its own. */
export async function campaign(apps: Apps, { lifecycles, seed, untilViolated, emphasis, family, watch }: CampaignOptions): Promise<Campaign> {
  const faults = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));
  const violated: Outcome[] = [];
  let [done, operations, lateStarts] = [0, 0, 0];
  while (done < lifecycles && !(untilViolated && violated.length > 0)) {
    const outcome = await new Lifecycle(seed + done, apps, emphasis, family).run();
    done++;
    operations += outcome.operations;
    lateStarts += outcome.lateStarts;
    outcome.faults.forEach((count, fault) => faults.set(fault, faults.get(fault)! + count));
    if (outcome.violations.length > 0) { violated.push(outcome); }
    watch?.(done);
  }
  return { lifecycles: done, operations, faults: Object.fromEntries(faults), lateStarts, violated };
}

/** A violation with the seed that shows it again. */
export function reportOf({ seed, violations }: Outcome): string[] {
  return violations.map(({ invariant, what }) => `seed ${seed}: ${INVARIANTS[invariant]}: ${what}`);
}
