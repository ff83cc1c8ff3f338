import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { chooseSlot, isContested, monthOf, ownSlot, Slot, slotName, slotsIn, slotValue, Claim } from './slots';
import { FUNCTION_SECONDS } from '../../src/contract/waiting';
import type { Clock, SsmApi } from '../runtime/deps';
import { errorMessage, errorName, UserError } from '../runtime/errors';
import { deleteParameters, parametersBelow } from '../runtime/parameters';

/** Nothing can be decided yet: the state machine asks again later. */
export class NotYet extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotYet';
  }
}

/** The registry's benchmark is no longer in its stack: nothing may start any more, because nothing would stop it. */
export class Closed extends UserError {}

/** What a registry's month allows, and what it has used of it: a parameter for each benchmark, below a path of the stack's own. */
export class Ledger {
  constructor(private readonly ssm: SsmApi, private readonly clock: Pick<Clock, 'now'>, private readonly path: string) {}

  /** Before the rules of a registry exist. */
  public async open(): Promise<void> {
    await this.put(this.marker, 'open', true);
  }

  /** After the rules of a registry are gone. An approval on its way then finds the ledger closed, even one that holds a slot. */
  public async close(): Promise<void> {
    await deleteParameters(this.ssm, [this.marker]);
    for (let left = await this.names(); left.length > 0; left = await this.names()) { await deleteParameters(this.ssm, left); }
  }

  /** @throws Closed if the registry is gone, NotYet if Parameter Store does not say */
  public async slots(): Promise<Slot[]> {
    const parameters = await orNotYet(parametersBelow(this.ssm, this.path));
    if (!(this.marker in parameters)) {
      // What was written after the ledger was closed belongs to nobody.
      await this.delete(Object.keys(parameters));
      throw new Closed(`The benchmark of this registry was removed from its stack, or somebody deleted its parameter ${this.marker}: deploy the stack again.`);
    }
    return slotsIn(parameters, this.path);
  }

  /**
   * Claims a slot of this month, or finds the one that the execution holds. Slots of other months are deleted.
   *
   * @throws NotYet if others decide first, UserError if the month has no slot left
   */
  public async claim(claim: Claim, most?: number): Promise<Slot> {
    for (;;) {
      const month = this.month();
      const slots = await this.slots();
      const own = ownSlot(slots, claim);
      const choice = chooseSlot(slots, claim, month, most);
      if (choice === 'full') {
        const count = slots.filter((slot) => slot.month === month).length;
        throw new UserError(`There were ${count} benchmarks since ${month}-01T00:00:00.000Z, and ${most} a month are allowed.`);
      }
      if (choice === 'unsettled') {
        // Neither of two that want the same job may keep the other one waiting for ever.
        if (own) { await this.giveBack(own); }
        throw new NotYet('Other approvals hold benchmarks of this month and have not started them yet.');
      }
      const { holder, request, job, target } = claim;
      const slot: Slot = { holder, request, job, target, month, number: choice.number, started: '' };
      const isOwn = own?.month === month;
      // The same name at the same time is written once: this is what makes the cap hold.
      if (!await this.put(slotName(this.path, slot), slotValue(slot), isOwn)) { continue; }
      const now = await this.slots();
      if (isContested(now.filter((one) => one.month === month), claim)) {
        await this.giveBack(slot);
        throw new NotYet('Another approval starts the same job.');
      }
      await this.delete(now.filter((one) => one.month < month).map((one) => slotName(this.path, one)));
      return slot;
    }
  }

  /** The slot's job has started for certain. */
  public async settle(slot: Slot, started: string): Promise<void> {
    await orNotYet(this.put(slotName(this.path, slot), slotValue({ ...slot, started }), true));
    await this.slots();
  }

  /** Only if the slot's job has certainly not started. */
  public async giveBack(slot: Slot): Promise<void> {
    await this.delete([slotName(this.path, slot)]);
  }

  /** A job that is asked for at the end of a month may be made in the next one, so it waits for that. */
  private month(): string {
    const now = this.clock.now();
    const month = monthOf(now);
    if (monthOf(now + FUNCTION_SECONDS.Approve * 1000) !== month) { throw new NotYet(`The month ${month} ends.`); }
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

  private get marker(): string {
    return `${this.path}/open`;
  }
}

/** Whatever the error, a slot may be held already: only a later try can tell. */
function orNotYet<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => { throw new NotYet(`Parameter Store: ${errorName(error)}: ${errorMessage(error)}`); });
}
