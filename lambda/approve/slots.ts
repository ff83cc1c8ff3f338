import { digest } from '../../src/contract/job-name';
import { FUNCTION_SECONDS } from '../../src/contract/waiting';
import { objectIn, Values } from '../runtime/parameters';

/** What an execution wants a slot for. */
export interface Claim {
  /** The execution that wants the slot. */
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
  /** When its holder was about to start the job last. */
  readonly at: string;
  /** E.g. `2026-01`, in UTC. */
  readonly month: string;
  /** From 1. */
  readonly number: number;
  /** From 1. A slot that is given back is taken again under another name, so a call that comes late or once more never touches the next holder's. */
  readonly turn: number;
  /** The name of the job that has started for certain. Empty until then. */
  readonly started: string;
  readonly isFree?: boolean;
}

/** The slots among the parameters below a registry's path, each in its last turn. What nobody can read counts as started: nobody will give it back. */
export function slotsIn(parameters: Values, path: string): Slot[] {
  const last = new Map<string, Slot>();
  for (const [name, value] of Object.entries(parameters)) {
    const [, key, month, number, turn = 1] = /^\/((\d{4}-\d\d)-(\d+))(?:\.(\d+))?$/.exec(name.slice(path.length)) ?? [];
    if (key === undefined || last.get(key)?.turn! > Number(turn)) { continue; }
    const { holder = '', request = '', job = '', target = '', at = '', started = holder === '' ? '?' : '', isFree } = objectIn(value) ?? {};
    last.set(key, { month, number: Number(number), turn: Number(turn), holder, request, job, target, at, started, isFree: Boolean(isFree) });
  }
  const slots = [...last.values()];
  // Whoever recovers a slot may find its job when the holder has claimed another one for it.
  const isTwice = ({ month, number, started }: Slot) => started !== '?' && started !== '' && slots.some((one) => (
    one.started === started && one.month === month && one.number < number
  ));
  return slots.map((slot) => ({ ...slot, isFree: slot.isFree || isTwice(slot) }));
}

export function slotName(path: string, { month, number, turn }: Pick<Slot, 'month' | 'number' | 'turn'>): string {
  return `${path}/${month}-${number}${turn === 1 ? '' : `.${turn}`}`;
}

export function slotValue({ month: _month, number: _number, turn: _turn, ...value }: Slot): string {
  return JSON.stringify(value);
}

/** `unsettled`: somebody else holds a slot and may still give it back, or starts this very job. `full`: the month has no slot left. */
export type Choice = Pick<Slot, 'number' | 'turn'> | 'unsettled' | 'full';

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
  if (own) { return own; }
  const taken = ofMonth.filter(({ isFree }) => !isFree);
  const free = freeNumbers(taken.map(({ number }) => number), most);
  if (free.length > 0) {
    const number = free[parseInt(digest(claim.job, 8), 16) % free.length];
    return { number, turn: (ofMonth.find((slot) => slot.number === number)?.turn ?? 0) + 1 };
  }
  return taken.every(({ started }) => started !== '') ? 'full' : 'unsettled';
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
  return slots.find((slot) => slot.holder === holder && isHeld(slot));
}

/** The slot that another execution has taken for the same request. */
export function otherSlot(slots: readonly Slot[], { holder, request }: Pick<Claim, 'holder' | 'request'>): Slot | undefined {
  return slots.find((slot) => slot.request === request && slot.holder !== holder && !slot.isFree);
}

/** Whether another execution is about to start the same job, or a job for the same request, or has done so meanwhile. */
export function isContested(slots: readonly Slot[], { holder, request, job, seen }: Claim): boolean {
  const isSame = (slot: Slot) => slot.request === request || slot.job === job;
  return slots.some((slot) => slot.holder !== holder && !slot.isFree && isSame(slot) && !seen.includes(slot.started));
}

/**
 * Whether a slot is left by its holder: an execution that was ended from outside, or has given up. None of its calls is under way any more. The holder
 * itself lets go of the slot earlier, so it never uses one that another execution gives back.
 */
export function isLeft(slot: Slot, { holder }: Pick<Claim, 'holder'>, now: number): boolean {
  return isHeld(slot) && !(Date.parse(slot.at) > now - (slot.holder === holder ? LEFT_MS / 2 : LEFT_MS));
}

/** Whether the holder's call may be under way. */
export function isStarting(slot: Slot, now: number): boolean {
  return isHeld(slot) && Date.parse(slot.at) > now - FUNCTION_SECONDS.Approve * 1000;
}

function isHeld({ started, isFree }: Slot): boolean {
  return started === '' && !isFree;
}

/** The month of a time, in UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** Half of it is much longer than the function runs and its clock may be wrong. */
const LEFT_MS = 3_600_000;

/** A cap may be any number, so only so many free slots are looked at. */
const SPREAD = 100;
