import { Apps } from './apps';
import { CampaignFamily } from './family';
import { Emphasis, Fault, FAULTS, REGISTRY_FAULTS } from './faults';
import { INVARIANTS } from './invariants';
import { Lifecycle, Outcome } from './lifecycle';
import { RegistryApp } from './registry-app';
import { REGISTRY_INVARIANTS } from './registry-invariants';
import { RegistryLife, RegistryOutcome } from './registry-life';

/** Of so many lifecycles, one is a registry's. */
const REGISTRY_EVERY = 8;

type AnyOutcome = Outcome | RegistryOutcome;

export interface Campaign {
  readonly lifecycles: number;
  readonly operations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly lateStarts: number;
  /** The lifecycles in which an invariant did not hold. */
  readonly violated: readonly AnyOutcome[];
}

/** A family with its apps, synthesized. */
export interface FamilyWithApps {
  readonly family: CampaignFamily;
  readonly apps: Apps;
}

/** Whose lifecycles there are. */
interface Lives {
  readonly emphasis?: Emphasis;
  /** Whose jobs run. @default - inference recommendation jobs */
  readonly family?: CampaignFamily;
  /** Further families, each with its apps: eight lifecycles are of one family, and the next eight of the next one. */
  readonly others?: readonly FamilyWithApps[];
  /** The app of registries. @default - no lifecycle is a registry's */
  readonly registry?: RegistryApp;
  /** Whether each lifecycle is a registry's. */
  readonly registriesOnly?: boolean;
}

export interface CampaignOptions extends Lives {
  readonly lifecycles: number;
  readonly seed: number;
  /** Ends the campaign at the first violation. */
  readonly untilViolated?: boolean;
  readonly watch?: (done: number, outcome: AnyOutcome) => void;
}

/** Runs lifecycles of consecutive seeds, one after the other: each can be run again by its own. */
export async function campaign(apps: Apps, { lifecycles, seed, untilViolated, watch, ...lives }: CampaignOptions): Promise<Campaign> {
  const ofFamilies = [lives, ...lives.others ?? []].flatMap(({ family }) => family?.faults ?? []);
  const known = [...FAULTS, ...ofFamilies, ...lives.registry ? REGISTRY_FAULTS : []];
  const faults = new Map<Fault, number>(known.map((fault) => [fault, 0]));
  const violated: AnyOutcome[] = [];
  let [done, operations, lateStarts] = [0, 0, 0];
  while (done < lifecycles && !(untilViolated && violated.length > 0)) {
    const outcome = await lifeOf(seed + done, apps, lives).run();
    done++;
    operations += outcome.operations;
    lateStarts += outcome.lateStarts;
    outcome.faults.forEach((count, fault) => faults.set(fault, (faults.get(fault) ?? 0) + count));
    if (outcome.violations.length > 0) { violated.push(outcome); }
    watch?.(done, outcome);
  }
  return { lifecycles: done, operations, faults: Object.fromEntries(faults), lateStarts, violated };
}

/** The lifecycle of a seed. */
export function lifeOf(seed: number, apps: Apps, { emphasis, family, others = [], registry, registriesOnly }: Lives): Lifecycle | RegistryLife {
  const isRegistry = registry !== undefined && (registriesOnly || seed % REGISTRY_EVERY === 0);
  if (isRegistry) { return new RegistryLife(seed, registry, emphasis); }
  const all = [{ family, apps }, ...others];
  const own = all[Math.floor(seed / REGISTRY_EVERY) % all.length];
  return new Lifecycle(seed, own.apps, emphasis, own.family);
}

/** A violation with the seed that shows it again. */
export function reportOf({ seed, violations }: AnyOutcome): string[] {
  return violations.map(({ invariant, what }) => `seed ${seed}: ${{ ...INVARIANTS, ...REGISTRY_INVARIANTS }[invariant]}: ${what}`);
}
