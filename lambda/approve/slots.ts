import { digest } from '../../src/contract/job-name';
import { objectIn, Values } from '../runtime/parameters';

/** What an execution wants a slot for. */
export interface Claim {
  /** The execution that wants the slot. No other one changes it or gives it back. */
  readonly holder: string;
  /** The approval or renewal. Two deliveries of a renewal are one request. */
  readonly request: string;
  /** The id of the job. */
  readonly job: string;
  /** The version that the job benchmarks: a renewal that is tried again benchmarks the same version. */
  readonly target: string;
  /** The names of the jobs that had started when the execution looked for its own. */
  readonly seen: readonly string[];
}

/** One of the benchmarks that a month allows. */
export interface Slot extends Omit<Claim, 'seen'> {
  /** E.g. `2026-01`, in UTC. */
  readonly month: string;
  /** From 1. */
  readonly number: number;
  /** The name of the job that has started for certain. Empty until then. */
  readonly started: string;
}

/** The slots among the parameters below a registry's path. What nobody can read counts as started, because nobody will give it back. */
export function slotsIn(parameters: Values, path: string): Slot[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    const [, month, number] = /^\/(\d{4}-\d\d)-(\d+)$/.exec(name.slice(path.length)) ?? [];
    if (month === undefined) { return []; }
    const { holder = '', request = '', job = '', target = '', started = holder === '' ? '?' : '' } = objectIn(value) ?? {};
    return [{ month, number: Number(number), holder, request, job, target, started }];
  });
}

export function slotName(path: string, { month, number }: Pick<Slot, 'month' | 'number'>): string {
  return `${path}/${month}-${number}`;
}

export function slotValue({ holder, request, job, target, started }: Slot): string {
  return JSON.stringify({ holder, request, job, target, started });
}

/** `unsettled`: somebody else holds a slot and may still give it back, or starts this very job. `full`: the month has no slot left. */
export type Choice = { readonly number: number } | 'unsettled' | 'full';

/**
 * The slot to claim. The holder's own slot comes first. Otherwise the job's id decides among the free slots, so that two executions which want the
 * same job want the same slot, and others seldom meet.
 *
 * @param most the cap of a month; absent if there is none
 */
export function chooseSlot(slots: readonly Slot[], claim: Claim, month: string, most?: number): Choice {
  const ofMonth = slots.filter((slot) => slot.month === month);
  const own = ownSlot(ofMonth, claim);
  if (isContested(ofMonth, claim)) { return 'unsettled'; }
  if (own) { return { number: own.number }; }
  const free = freeNumbers(ofMonth.map(({ number }) => number), most);
  if (free.length > 0) { return { number: free[parseInt(digest(claim.job, 8), 16) % free.length] }; }
  return ofMonth.every(({ started }) => started !== '') ? 'full' : 'unsettled';
}

/**
 * The free numbers up to the last one that may be claimed. If all of them are claimed at once, the month has as many slots as the cap allows, also
 * after a cap was lowered: then numbers above it are taken, too.
 */
function freeNumbers(taken: readonly number[], most = Infinity): number[] {
  let last = Math.min(most, taken.length + SPREAD);
  while (last > 0 && last + taken.filter((number) => number > last).length > most) { last--; }
  return Array.from({ length: last }, (_, index) => index + 1).filter((number) => !taken.includes(number));
}

/** The slot that the execution holds and whose job may not have started yet. */
export function ownSlot(slots: readonly Slot[], { holder }: Pick<Claim, 'holder'>): Slot | undefined {
  return slots.find((slot) => slot.holder === holder && slot.started === '');
}

/** Whether another execution is about to start the same job, or a job for the same request, or has done so meanwhile. */
export function isContested(slots: readonly Slot[], { holder, request, job, seen }: Claim): boolean {
  return slots.some((slot) => slot.holder !== holder && (slot.request === request || slot.job === job) && !seen.includes(slot.started));
}

/** The month of a time, in UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** A cap may be any number, so only so many free slots are looked at. */
const SPREAD = 100;
