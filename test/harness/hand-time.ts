import { RealTime, VirtualClock } from '../../local-aws';

/** Real time that passes by hand. */
export class HandTime implements RealTime {
  private time = 0;
  private alarms: Array<{ readonly at: number; readonly fire: () => void }> = [];

  public now(): number {
    return this.time;
  }

  public after(ms: number, fire: () => void): () => void {
    const alarm = { at: this.time + ms, fire };
    this.alarms.push(alarm);
    return () => { this.alarms = this.alarms.filter((other) => other !== alarm); };
  }

  /** Lets time pass, with all that it brings, until nothing works on the clock. */
  public async pass(ms: number, clock: VirtualClock): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await clock.settled();
      // The clock sets its alarm in the turn after.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      const [next] = this.alarms.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) { break; }
      this.time = Math.max(this.time, next.at);
      this.alarms = this.alarms.filter((other) => other !== next);
      next.fire();
    }
    this.time = until;
  }
}
