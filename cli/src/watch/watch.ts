import { isOnPath, runCommand, startOf } from './command';
import { follow, Presenter, REAL_CLOCK, WatchClock } from './follow';
import { exitCodeOf, isRunning, Reader, Reading } from './reading';
import { begunSince, MovingStack, movingStacks } from './stacks';
import { understood, UsageError } from '../../../local-aws/arguments';
import { Account, accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { sentenceOf } from '../account/sentences';
import { jobData, jobsText } from '../subject/summary';
import { NO_JOBS } from '../subject/words';
import { ACCOUNT_FLAGS, required, wordsAndFlags } from '../terminal/flags';
import { Io } from '../terminal/io';
import { Screen, screenOf } from '../terminal/screen';
import { USAGES } from '../terminal/usages';

/** What a person's Ctrl-C ends with, as in a shell. */
const INTERRUPTED = 130;

/** What a test has in place of a terminal, of time and of Ctrl-C. */
export interface Surroundings {
  readonly clock: WatchClock;
  /** The terminal, if there is one: for a command's output it is the one of the errors. */
  readonly screen: (stream: 'out' | 'err') => Screen | undefined;
  /** Calls back at Ctrl-C. Returns a function that ends this. */
  readonly onInterrupt: (hear: () => void) => () => void;
}

const REAL: Surroundings = {
  clock: REAL_CLOCK,
  screen: (stream) => {
    const terminal = stream === 'out' ? process.stdout : process.stderr;
    return terminal.isTTY && process.env.TERM !== 'dumb' ? screenOf(terminal) : undefined;
  },
  onInterrupt: (hear) => {
    process.on('SIGINT', hear);
    return () => process.off('SIGINT', hear);
  },
};

interface Options {
  readonly isJson: boolean;
  readonly asked?: number;
}

/** Watches the jobs of a stack, or one job, until all is at rest; or those that a command's deploy brings, until the command ends. */
export async function watch(args: readonly string[], io: Io, surroundings: Surroundings = REAL): Promise<number> {
  const at = args.indexOf('--');
  const command = at < 0 ? undefined : args.slice(at + 1);
  const { values, words } = wordsAndFlags(at < 0 ? args : args.slice(0, at), { ...ACCOUNT_FLAGS, interval: { type: 'string' } }, { usage: USAGES.watch, most: 1 });
  if (values.policy) { io.out(policyOf([...SUBJECT_ACTIONS, 'cloudformation:ListStacks'])); return 0; }
  const options = { isJson: Boolean(values.json), asked: intervalOf(values.interval) };
  if (command) {
    if (words.length > 0) { throw new UsageError(`watch takes a stack, a job or a command, and got both ${words[0]} and a command: ${USAGES.watch}`); }
    required(command[0], 'The command after the --', USAGES.watch);
    return watchCommand(accountOf(values), command, options, io, surroundings);
  }
  return watchSubject(accountOf(values), required(words[0], 'The name of a stack or of a job', USAGES.watch), options, io, surroundings);
}

const LONGEST_INTERVAL_MS = 60 * 60_000;

/** @throws UsageError with what an interval may be */
export function intervalOf(text: string | undefined): number | undefined {
  if (text === undefined) { return undefined; }
  const [, count, unit] = /^(\d{1,5})(s|m)$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'm' ? 60_000 : 1000);
  return understood(() => {
    if (!(ms >= 1000 && ms <= LONGEST_INTERVAL_MS)) { throw new Error(`--interval ${text} must be from 1s to 60m, such as 20s or 2m`); }
    return ms;
  });
}

async function watchSubject(
  account: Account, word: string, { isJson, asked }: Options, io: Io, { clock, screen, onInterrupt }: Surroundings,
): Promise<number> {
  const stop = new AbortController();
  const interrupted = new Promise<undefined>((resolve) => { stop.signal.addEventListener('abort', () => resolve(undefined)); });
  const endOfInterrupt = onInterrupt(() => stop.abort());
  const reader = new Reader(account);
  const presenter = new Presenter(io, clock, isJson ? undefined : screen('out'), isJson);
  try {
    // A call that is under way keeps nobody who goes.
    const read = async () => Promise.race([reader.read([word]), interrupted]);
    const { last, moved } = await follow(read, { presenter, clock, signal: stop.signal, asked, isRehearsed: () => account.time.isRehearsed });
    presenter.end({ keepsPicture: stop.signal.aborted });
    if (stop.signal.aborted) {
      io.err(goesOnText(last) ?? `Watching ${word} has ended`);
      return INTERRUPTED;
    }
    const exitCode = exitCodeOf(moved, last!);
    if (last!.jobs.length === 0 && !isJson) { io.err(`Stack ${word} has ${NO_JOBS}`); }
    endWith(last!, exitCode, isJson, io);
    return exitCode;
  } catch (error) {
    presenter.end();
    throw error;
  } finally {
    endOfInterrupt();
  }
}

/** The command comes first: a view that AWS denies ends, and the command goes on. */
async function watchCommand(
  account: Account, command: readonly string[], { isJson, asked }: Options, io: Io, { clock, screen }: Surroundings,
): Promise<number> {
  // The command's own output is what this process writes to its output, so the view is elsewhere.
  const beside = { ...io, out: io.err };
  const own = isJson ? undefined : screen('err');
  const presenter = new Presenter(beside, clock, own, isJson);
  const end = new AbortController();
  const complain = (error: unknown) => {
    presenter.end();
    io.err(`watch shows nothing: ${sentenceOf(error, 'watch').message}`);
  };
  const before = await movingStacks(account.cloudFormation).catch((error): undefined => { complain(error); });
  const found = before && deployed(account, before);
  const isRehearsed = () => account.time.isRehearsed;
  const following = found && follow(found, { presenter, clock, signal: end.signal, asked, isRehearsed }, () => false).catch(complain);
  const isInteractive = Boolean(own && process.stdin.isTTY && process.stdout.isTTY);
  const hasColors = Boolean(own) && io.hasColors;
  const start = startOf(command, { platform: process.platform, isInteractive, hasColors, env: process.env, isThere: isOnPath });
  const streams = { out: process.stdout, err: process.stderr };
  try {
    const exitCode = await runCommand(command, start, (text, stream) => {
      const write = () => streams[stream].write(text);
      // What is piped elsewhere does not touch the terminal.
      if (streams[stream].isTTY) { presenter.above(text, write); } else { write(); }
    });
    end.abort();
    await following;
    const last = await found?.().catch((): undefined => undefined);
    if (last) { presenter.show(last); }
    presenter.end();
    if (last && last.jobs.length > 0) {
      endWith(last, exitCode, isJson, beside);
      const goesOn = goesOnText(last);
      if (goesOn && !isJson) { io.err(goesOn); }
    }
    return exitCode;
  } finally {
    end.abort();
    presenter.end();
  }
}

/** Reads the stacks with jobs that have begun to move since a moment. `undefined` while there is none. */
function deployed(account: Account, before: readonly MovingStack[]): () => Promise<Reading | undefined> {
  const reader = new Reader(account);
  const watched = new Set<string>();
  return async () => {
    for (const id of begunSince(before, await movingStacks(account.cloudFormation))) { watched.add(id); }
    if (watched.size === 0) { return undefined; }
    const reading = await reader.read([...watched]);
    return reading.jobs.length > 0 ? reading : undefined;
  };
}

function endWith(last: Reading, exitCode: number, isJson: boolean, io: Io): void {
  if (isJson) {
    io.out(JSON.stringify({ time: new Date(last.now).toISOString(), change: 'end', exitCode, jobs: last.jobs.map(jobData) }));
  } else if (last.jobs.length > 0) {
    io.out(`\n${jobsText(last.jobs, 'table', io)}`);
  }
}

function goesOnText(last: Reading | undefined): string | undefined {
  const running = last?.jobs.filter(isRunning) ?? [];
  if (running.length === 0) { return undefined; }
  const [what, go, is] = running.length === 1 ? ['Job', 'goes', 'is'] : ['Jobs', 'go', 'are'];
  const commands = [...new Set(running.map(({ word }) => `inference-recommender watch ${word}`))];
  return `${what} ${running.map(({ jobName }) => jobName).join(', ')} ${go} on and ${is} billed until the end. To look again: ${commands.join(' or ')}`;
}
