import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { chooseSlot, isContested, isLeft, isStarting, monthOf, ownSlot, Slot, slotName, slotsIn, slotValue, Claim } from './slots';
import { FUNCTION_SECONDS } from '../../src/contract/waiting';
import { Clock, SKEW_MS, SsmApi } from '../runtime/deps';
import { errorMessage, errorName, UserError } from '../runtime/errors';
import { deleteParameters, parametersBelow, Values } from '../runtime/parameters';
import { PAUSE_MS, RESERVE_MS } from '../runtime/retry';

/** Nothing can be decided yet: the state machine asks again later. */
export class NotYet extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotYet';
  }
}

/** The registry's benchmark is no longer in its stack: nothing may start any more, because nothing would stop it. */
export class Closed extends UserError {}

/** So many lists without a marker prove that there is none. */
const LOOKS = 3;
/** In place of a cap. */
const UNLIMITED = 'open';

/** What a registry's month allows, and what it has used of it: a parameter for each benchmark, below a path of the stack's own. */
export class Ledger {
  constructor(private readonly ssm: SsmApi, private readonly clock: Clock, private readonly path: string) {}

  /**
   * Before the rules of a registry exist, and when its cap changes. The cap is kept here, because an approval may wait for days with an earlier one. Each
   * request writes under a name of its own, and the newest one counts: a delivery that comes late, or once more, writes over no later cap.
   *
   * @param at the ISO time of the request
   */
  public async open(most = UNLIMITED, at = ''): Promise<void> {
    await this.put(`${this.marker}${at && '.'}${at.replace(/\W/g, '')}`, most, true);
  }

  /**
   * After the rules of a registry are gone. An approval on its way then finds the ledger closed, even one that holds a slot. What is about to start a job
   * gets the time for it, because the jobs are stopped next.
   */
  public async close(): Promise<void> {
    for (let markers = this.markersIn(await this.listed()); markers.length > 0; markers = this.markersIn(await this.listed())) {
      await deleteParameters(this.ssm, markers);
    }
    const { clock } = this;
    while (slotsIn(await parametersBelow(this.ssm, this.path), this.path).some((slot) => isStarting(slot, clock.now()))) {
      if (clock.left() < RESERVE_MS + PAUSE_MS) { break; }
      await clock.sleep(PAUSE_MS);
    }
    for (let left = await this.names(); left.length > 0; left = await this.names()) { await deleteParameters(this.ssm, left); }
  }

  /** @throws Closed if the registry is gone, NotYet if Parameter Store does not say */
  public async slots(holder: string): Promise<Slot[]> {
    return (await this.read(holder)).slots;
  }

  /**
   * Claims a slot of this month, or finds the one that the execution holds. Slots of earlier months are deleted.
   *
   * @param recover gives a slot that its holder has left back, unless its job has started
   * @throws NotYet if others decide first, UserError if the month has no slot left
   */
  public async claim(claim: Claim, recover: (slot: Slot) => Promise<unknown>): Promise<Slot> {
    for (;;) {
      const month = this.month();
      const now = this.clock.now();
      const { slots, most } = await this.read(claim.holder);
      const own = ownSlot(slots, claim);
      const choice = chooseSlot(slots, claim, month, most);
      const left = slots.find((slot) => slot.month === month && isLeft(slot, claim, now) && (slot === own || choice === 'unsettled'));
      if (left) {
        await recover(left);
        continue;
      }
      if (choice === 'full') {
        const count = slots.filter((slot) => slot.month === month && !slot.isFree).length;
        throw new UserError(`There were ${count} benchmarks since ${month}-01T00:00:00.000Z, and ${most} a month are allowed.`);
      }
      if (choice === 'unsettled') {
        // Neither of two that want the same job may keep the other one waiting for ever.
        if (own) { await this.giveBack(own); }
        throw new NotYet('Other approvals hold benchmarks of this month and have not started them yet.');
      }
      const { seen: _seen, ...wanted } = claim;
      const slot: Slot = { ...wanted, at: new Date(now).toISOString(), month, number: choice.number, turn: choice.turn, started: '' };
      const isOwn = own?.month === month;
      // The same name at the same time is written once: this is what makes the cap hold.
      if (!await this.put(slotName(this.path, slot), slotValue(slot), isOwn)) { continue; }
      const after = await this.read(claim.holder);
      if (isContested(after.slots.filter((one) => one.month === month), claim)) {
        await this.giveBack(slot);
        throw new NotYet('Another approval starts the same job.');
      }
      // The names of slots begin with the month.
      await this.delete(after.names.filter((name) => (this.isMarker(name) ? name !== after.opened : name < `${this.path}/${month}`)));
      return slot;
    }
  }

  /** The slot's job has started for certain. */
  public async settle(slot: Slot, started: string): Promise<void> {
    await this.change({ ...slot, started });
  }

  /** Only if the slot's job has certainly not started. */
  public async giveBack(slot: Slot): Promise<void> {
    await this.change({ ...slot, isFree: true });
  }

  private async change(slot: Slot): Promise<void> {
    await orNotYet(this.put(slotName(this.path, slot), slotValue(slot), true));
    await this.slots(slot.holder);
  }

  /** The slots, and the cap of a month if there is one. */
  private async read(holder: string): Promise<{ readonly names: string[]; readonly slots: Slot[]; readonly opened: string; readonly most?: number }> {
    const parameters = await orNotYet(this.listed());
    const names = Object.keys(parameters);
    const opened = this.markersIn(parameters).sort().at(-1);
    if (opened === undefined) {
      // What was written after the ledger was closed belongs to nobody. But its end waits for what another execution is about to start.
      const others = slotsIn(parameters, this.path).filter((slot) => slot.holder !== holder && isStarting(slot, this.clock.now()));
      const kept = new Set(others.map((slot) => slotName(this.path, slot)));
      await this.delete(names.filter((name) => !kept.has(name)));
      throw new Closed(`The benchmark of this registry was removed from its stack, or somebody deleted its parameters that begin with ${this.marker}: deploy the stack again.`);
    }
    const most = parameters[opened];
    return { names, slots: slotsIn(parameters, this.path), opened, most: most === UNLIMITED ? undefined : Number(most) };
  }

  /** All parameters. A list comes in pages, and while somebody deletes, what moves to an earlier page is missed: so a list without a marker is read again. */
  private async listed(): Promise<Values> {
    let parameters = await parametersBelow(this.ssm, this.path);
    for (let looks = 1; looks < LOOKS && this.markersIn(parameters).length === 0; looks++) {
      parameters = await parametersBelow(this.ssm, this.path);
    }
    return parameters;
  }

  private markersIn(parameters: Values): string[] {
    return Object.keys(parameters).filter((name) => this.isMarker(name));
  }

  /** A job that is asked for at the end of a month may be made in the next one, and no clock is exact, so it waits until the next one has begun for certain. */
  private month(): string {
    const now = this.clock.now();
    const [month, later] = [-SKEW_MS, FUNCTION_SECONDS.Approve * 1000 + SKEW_MS].map((ms) => monthOf(now + ms));
    if (later !== month) { throw new NotYet(`The month ${month} ends.`); }
    return month;
  }

  /** Whether the value was written. It was not if there is one and it may not be overwritten. */
  private async put(Name: string, Value: string, Overwrite: boolean): Promise<boolean> {
    try {
      await this.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));
      return true;
    } catch (error) {
      if (!errorName(error).startsWith('ParameterAlreadyExists')) { throw error; }
      return false;
    }
  }

  private delete(names: readonly string[]): Promise<void> {
    return orNotYet(deleteParameters(this.ssm, names));
  }

  private async names(): Promise<string[]> {
    return Object.keys(await parametersBelow(this.ssm, this.path));
  }

  /** What the names of all markers begin with. */
  private get marker(): string {
    return `${this.path}/open`;
  }

  private isMarker(name: string): boolean {
    return name.startsWith(this.marker);
  }
}

/** Whatever the error, a slot may be held already: only a later try can tell. */
function orNotYet<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => { throw new NotYet(`Parameter Store: ${errorName(error)}: ${errorMessage(error)}`); });
}
