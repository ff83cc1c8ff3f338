import { Change, changeData, changesBetween, changeText, stillRunning } from './changes';
import { isAtRest, isMoving, Reading } from './reading';
import { viewOf } from './view';
import { isThrottled, isTransient } from '../../../lambda/runtime/errors';
import { isNonTerminal } from '../../../src/service/job-status';
import { isOfCredentials, sentenceOf } from '../account/sentences';
import { durationText } from '../subject/figures';
import { Io } from '../terminal/io';
import { Screen } from '../terminal/screen';

/** Time as a person waits in it: tests have one that passes at once. */
export interface WatchClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal says. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_CLOCK: WatchClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) { end(); }
  }),
};

const SECOND = 1000;
/** A line that only says that nothing has changed comes this often. */
const STILL_MS = 5 * 60 * SECOND;
const LONGEST_PAUSE_MS = 5 * 60 * SECOND;
/** A local AWS has no limit that many readers could use up, and its time may pass fast. */
const REHEARSED_PAUSE_MS = SECOND;
const DEFAULT_JOB_PAUSE_MS = 20 * SECOND;
/** Of jobs that may run for hours. */
const LONG_JOB_PAUSE_MS = 60 * SECOND;
/** So many readings may fail one after the other. */
const MOST_FAILURES = 10;

interface Pacing {
  /** What the person wants, in milliseconds. */
  readonly asked?: number;
  /** Readings that have failed one after the other. */
  readonly failures: number;
  readonly isRehearsed: boolean;
}

/** The pause before the next reading: by what runs, and longer after each one that failed. */
export function pauseOf(reading: Reading | undefined, { asked, failures, isRehearsed }: Pacing): number {
  const running = reading?.jobs.flatMap(({ job }) => (job && isNonTerminal(job.phase) ? [job] : [])) ?? [];
  const takesHours = running.length > 0 && running.every(({ mayTakeHours }) => mayTakeHours);
  const pause = asked ?? (isRehearsed ? REHEARSED_PAUSE_MS : takesHours ? LONG_JOB_PAUSE_MS : DEFAULT_JOB_PAUSE_MS);
  return Math.max(pause, Math.min(LONGEST_PAUSE_MS, pause * 2 ** failures));
}

/** Says what changes: as a picture that is drawn anew, or line by line. */
export class Presenter {
  private before?: Reading;
  private note?: string;
  private said: number;
  private isHeld = false;
  private hasEnded = false;
  private readonly endOfResize?: () => void;

  /** Without a screen, there are lines: of JSON, if that is asked for. */
  constructor(
    private readonly io: Io, private readonly clock: WatchClock, private readonly screen: Screen | undefined, private readonly isJson: boolean,
  ) {
    this.said = clock.now();
    this.endOfResize = screen?.onResize(() => this.draw());
  }

  public show(reading: Reading): void {
    const changes = changesBetween(this.before, reading);
    this.before = reading;
    this.note = undefined;
    if (this.screen) { return this.draw(); }
    const isSilent = this.clock.now() - this.said >= STILL_MS;
    this.say(changes.length > 0 || !isSilent ? changes : stillRunning(reading), reading.now);
  }

  /** A remark until the next reading. */
  public remark(text: string): void {
    this.note = text;
    if (this.screen && this.before) { this.draw(); } else { this.io.err(text); }
  }

  /** Writes something above the picture. What has not ended its line yet is not drawn over: it may ask something. */
  public above(text: string, write: (text: string) => void): void {
    if (!this.hasEnded) { this.screen?.clear(); }
    write(text);
    this.isHeld = !/\n(\u001b\[[0-9;?]*[A-Za-z])*$/.test(text);
    this.draw();
  }

  /** Takes the picture away, or leaves it as it is. */
  public end({ keepsPicture = false } = {}): void {
    if (this.hasEnded) { return; }
    this.hasEnded = true;
    this.endOfResize?.();
    if (!keepsPicture) { this.screen?.clear(); }
    this.screen?.done();
  }

  private draw(): void {
    if (!this.screen || !this.before || this.isHeld || this.hasEnded) { return; }
    this.screen.draw(viewOf(this.before, this.screen, this.io, this.note));
  }

  private say(changes: readonly Change[], now: number): void {
    if (changes.length > 0) { this.said = this.clock.now(); }
    for (const change of changes) { this.io.out(this.isJson ? JSON.stringify(changeData(change, now)) : changeText(change)); }
  }
}

export interface Following {
  readonly presenter: Presenter;
  readonly clock: WatchClock;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Milliseconds between two readings. @default - by what runs */
  readonly asked?: number;
  readonly isRehearsed: () => boolean;
}

/** What has been seen at the end. */
export interface Seen {
  readonly last?: Reading;
  /** The stacks that moved at some reading. */
  readonly moved: ReadonlySet<string>;
}

/**
 * Reads and shows, again and again, until all is at rest or the signal comes. A service that is busy, or out of reach after a first answer, is asked again, ever more seldom.
 *
 * @throws what a reading throws, if asking again is of no use
 */
export async function follow(
  read: () => Promise<Reading | undefined>, { presenter, clock, signal, asked, isRehearsed }: Following, isOver = isAtRest,
): Promise<Seen> {
  let last: Reading | undefined;
  const moved = new Set<string>();
  let hasRead = false;
  for (let failures = 0; !signal.aborted;) {
    try {
      const reading = await read();
      failures = 0;
      hasRead = true;
      if (signal.aborted) { break; }
      if (reading) {
        last = reading;
        reading.stacks.filter(isMoving).forEach(({ name }) => moved.add(name));
        presenter.show(reading);
        if (isOver(reading)) { break; }
      }
    } catch (error) {
      failures++;
      // A first look that nobody answers has the wrong address.
      if (!mayPass(error) || failures > MOST_FAILURES || !(hasRead || isThrottled(error))) { throw error; }
      const why = isThrottled(error) ? 'AWS gets too many calls' : sentenceOf(error, 'watch').message;
      presenter.remark(`${why}: the next look is in ${durationText(pauseOf(last, { asked, failures, isRehearsed: isRehearsed() }))}`);
    }
    await clock.sleep(pauseOf(last, { asked, failures, isRehearsed: isRehearsed() }), signal);
  }
  return { last, moved };
}

/** Credentials do not come back by themselves. */
function mayPass(error: unknown): boolean {
  return isTransient(error) && !isOfCredentials(error);
}
