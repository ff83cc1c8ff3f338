interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void | Promise<void>;
  readonly background: boolean;
}

/** So many background timers fire between two rests: one whose work outlasts its interval would keep time going for ever. */
const MOST_ON_THE_WAY = 1000;

export interface ClockOptions {
  /** Where virtual time begins. @default - now, by the wall clock */
  readonly start?: Date;
  /**
   * Whether time jumps to the next timer as soon as nothing works.
   * `false` leaves it to `advance()`, which tests use to look at a moment in between.
   * @default true
   */
  readonly jumps?: boolean;
}

/**
 * Virtual time. It stands still while anything works and jumps to the next timer when nothing does.
 *
 * Whatever works runs inside `run()`, and lets go of the clock only in `sleep()` or `wait()`: so no timer fires
 * while an invocation, a deployment step or a request is under way.
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

  constructor(options: ClockOptions = {}) {
    this.time = (options.start ?? new Date()).getTime();
    this.jumps = options.jumps ?? true;
  }

  /** Virtual milliseconds since 1970. */
  public now(): number {
    return this.time;
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

  /** Called from inside `run()`: lets go of the clock for `ms` virtual milliseconds. */
  public sleep(ms: number): Promise<void> {
    return this.wait((done) => { this.at(this.time + ms, () => done(undefined)); });
  }

  /**
   * Called from inside `run()`: lets go of the clock until `done` or `fail` is called.
   * The clock is held again before either returns, so nothing can jump in between.
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

  /** Calls `fire` at a virtual moment, with the clock held. Returns what cancels it. */
  public at(moment: number, fire: () => void | Promise<void>): () => void {
    return this.add(moment, fire, false);
  }

  /**
   * As `at`, for what is no reason for time to pass: a clock that jumps fires it on the way to something else,
   * and rests when nothing else is left. `advance()` fires it as any other.
   */
  public inBackground(moment: number, fire: () => void | Promise<void>): () => void {
    return this.add(moment, fire, true);
  }

  /** Moves time on by `ms`, firing each timer on the way and waiting for its work. For clocks that do not jump. */
  public async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await this.settled();
    while (this.timers.length > 0 && this.timers[0].at <= until) {
      this.fire(this.timers[0]);
      await this.settled();
    }
    // A clock that jumps may have gone further meanwhile.
    this.time = Math.max(this.time, until);
  }

  /** Jumps to the next timer and waits for its work; `false` when there is none but in the background. For clocks that do not jump. */
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

  /** Drops every timer: nothing more happens. */
  public stop(): void {
    this.jumps = false;
    this.timers = [];
  }

  private add(moment: number, fire: () => void | Promise<void>, background: boolean): () => void {
    const timer: Timer = { at: Math.max(moment, this.time), order: this.count++, fire, background };
    const next = this.timers.findIndex((other) => other.at > timer.at);
    this.timers.splice(next < 0 ? this.timers.length : next, 0, timer);
    this.check();
    return () => { this.timers = this.timers.filter((other) => other !== timer); };
  }

  private hold(): void {
    this.working++;
  }

  private release(): void {
    this.working--;
    this.check();
  }

  // A turn of the event loop later, so that promises settled just now can go on and hold the clock first.
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
      const next = this.next();
      if (next) { this.fire(next); }
    });
  }

  /** What a jump goes to, if there is a reason for one. */
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
    this.time = Math.max(this.time, timer.at);
    void this.run(timer.fire);
  }
}
