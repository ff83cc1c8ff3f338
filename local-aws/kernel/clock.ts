interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void | Promise<void>;
  readonly background: boolean;
}

/** The most background timers that fire between two stops: a timer whose work outlasts its interval would otherwise never end. */
const MOST_ON_THE_WAY = 1000;

/** Real time: tests have one that passes by hand. */
export interface RealTime {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back once, after so many milliseconds. Returns a function that cancels it. */
  after(ms: number, fire: () => void): () => void;
}

const REAL_TIME: RealTime = {
  now: () => performance.now(),
  after: (ms, fire) => {
    // Node's longest timer is 24 days. What runs out before is set again.
    const timer = setTimeout(fire, Math.min(ms, 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
};

export interface ClockOptions {
  /** The start of virtual time. @default - now, by the wall clock */
  readonly start?: Date;
  /**
   * Whether time jumps to the next timer as soon as nothing works.
   * With `false`, only `advance()` moves time: tests use it to look at a moment in between.
   * @default true
   */
  readonly jumps?: boolean;
  /**
   * Virtual milliseconds that pass in a real one while nothing works, so that others see what happens in between.
   * @default - time jumps
   */
  readonly pace?: number;
  /** What the pace is measured by. @default - this machine's time */
  readonly realTime?: RealTime;
}

/**
 * Virtual time. It does not advance while anything works, and jumps to the next timer when nothing works, or passes towards it at a pace.
 *
 * All work runs inside `run()`, and releases the clock only in `sleep()` or `wait()`: so no timer fires
 * during an invocation, a deployment step or a request.
 */
export class VirtualClock {
  private time: number;
  private working = 0;
  private count = 0;
  private onTheWay = 0;
  private checking = false;
  private timers: Timer[] = [];
  private jumps: boolean;
  private quiet: Array<() => void> = [];
  private readonly pace?: number;
  private readonly realTime: RealTime;
  /** The real time at which the virtual one was last set, while it passes at a pace. */
  private passesSince?: number;
  private cancelAlarm?: () => void;

  constructor(options: ClockOptions = {}) {
    this.time = (options.start ?? new Date()).getTime();
    this.jumps = options.jumps ?? true;
    this.pace = options.pace;
    this.realTime = options.realTime ?? REAL_TIME;
    if (this.pace !== undefined) { this.check(); }
  }

  /** Virtual milliseconds since 1970. */
  public now(): number {
    // What real time gives has fractions, and nearly whole numbers that are meant to be whole.
    return this.pace === undefined ? this.time : Math.floor(this.exact() + 1e-3);
  }

  /** Holds the clock while `work` runs. */
  public async run<T>(work: () => T | Promise<T>): Promise<T> {
    this.hold();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  /** Called inside `run()`: releases the clock for `ms` virtual milliseconds. */
  public sleep(ms: number): Promise<void> {
    return this.wait((done) => { this.at(this.now() + ms, () => done(undefined)); });
  }

  /**
   * Called inside `run()`: releases the clock until `done` or `fail` is called.
   * The clock is held again before either returns, so time cannot jump in between.
   */
  public wait<T>(start: (done: (value: T) => void, fail: (error: Error) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let over = false;
      const once = (settle: () => void) => {
        if (over) { return; }
        over = true;
        this.hold();
        settle();
      };
      start((value) => once(() => resolve(value)), (error) => once(() => reject(error)));
      this.release();
    });
  }

  /** Calls `fire` at a virtual time, with the clock held. Returns a function that cancels it. */
  public at(moment: number, fire: () => void | Promise<void>): () => void {
    return this.add(moment, fire, false);
  }

  /**
   * Like `at`, for timers that do not advance the time: a clock that jumps fires them on the way to another timer,
   * and stops if no other timer is left. `advance()` fires them like all others.
   */
  public inBackground(moment: number, fire: () => void | Promise<void>): () => void {
    return this.add(moment, fire, true);
  }

  /** Advances the time by `ms`, fires each timer on the way and waits for its work. For clocks that do not jump. */
  public async advance(ms: number): Promise<void> {
    const until = this.now() + ms;
    await this.settled();
    while (this.timers.length > 0 && this.timers[0].at <= until) {
      this.fire(this.timers[0]);
      await this.settled();
    }
    // A clock that jumps may be further already.
    this.set(until);
  }

  /** Jumps to the next timer and waits for its work; `false` if only background timers are left. For clocks that do not jump. */
  public async step(): Promise<boolean> {
    await this.settled();
    const next = this.next();
    if (!next) { return false; }
    this.fire(next);
    await this.settled();
    return true;
  }

  /** Resolves once nothing works. */
  public settled(): Promise<void> {
    return new Promise((resolve) => {
      this.quiet.push(resolve);
      this.check();
    });
  }

  /** Drops every timer, so nothing more happens. */
  public stop(): void {
    this.jumps = false;
    this.timers = [];
    this.cancelAlarm?.();
  }

  private add(moment: number, fire: () => void | Promise<void>, background: boolean): () => void {
    const timer: Timer = { at: Math.max(moment, this.now()), order: this.count++, fire, background };
    const next = this.timers.findIndex((other) => other.at > timer.at);
    this.timers.splice(next < 0 ? this.timers.length : next, 0, timer);
    this.check();
    return () => { this.timers = this.timers.filter((other) => other !== timer); };
  }

  private hold(): void {
    this.time = this.exact();
    this.passesSince = undefined;
    this.cancelAlarm?.();
    this.working++;
  }

  private release(): void {
    this.working--;
    this.check();
  }

  // One turn of the event loop later, so that promises settled just now can continue and hold the clock first.
  private check(): void {
    if (this.checking) { return; }
    this.checking = true;
    setImmediate(() => {
      this.checking = false;
      if (this.working > 0) { return; }
      const quiet = this.quiet;
      this.quiet = [];
      quiet.forEach((resolve) => resolve());
      if (!this.jumps) { return; }
      if (quiet.length > 0) { return this.check(); }
      if (this.pace !== undefined) { return this.pass(this.pace); }
      const next = this.next();
      if (next) { this.fire(next); }
    });
  }

  private exact(): number {
    if (this.passesSince === undefined) { return this.time; }
    const passed = this.time + (this.realTime.now() - this.passesSince) * this.pace!;
    // A timer that is due fires at its own moment, however late this machine is.
    return Math.max(this.time, Math.min(passed, this.timers[0]?.at ?? Infinity));
  }

  /** Lets time pass at a pace, until the next timer is due or work comes from outside. */
  private pass(pace: number): void {
    this.passesSince ??= this.realTime.now();
    this.cancelAlarm?.();
    const [next] = this.timers;
    if (!next) { return; }
    this.cancelAlarm = this.realTime.after((next.at - this.now()) / pace, () => {
      const [due] = this.timers;
      if (due && due.at <= this.now()) { this.fire(due); } else { this.check(); }
    });
  }

  /** Sets the time, but never back. */
  private set(moment: number): void {
    this.time = Math.max(this.exact(), moment);
    if (this.passesSince !== undefined) { this.passesSince = this.realTime.now(); }
  }

  /** The target of a jump, if there is one. */
  private next(): Timer | undefined {
    const reason = this.timers.find(({ background }) => !background);
    if (!reason) {
      this.onTheWay = 0;
      return undefined;
    }
    const [first] = this.timers;
    return first.background && this.onTheWay++ >= MOST_ON_THE_WAY ? reason : first;
  }

  private fire(timer: Timer): void {
    this.timers = this.timers.filter((other) => other !== timer);
    this.set(timer.at);
    void this.run(timer.fire);
  }
}
