import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { basename } from 'path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;
const LOOK_EVERY_MS = 250;
const ASK_EVERY_MS = 20;

/**
 * Calls back when this process is told to end: at a signal, and once when a process above it has ended. Those are npm, the shell and what
 * started them, up to the terminal. A kill of npm does not always reach its script, and the end of a shell does not reach its background.
 */
export function whenTold(end: (signal: NodeJS.Signals) => void): void {
  for (const signal of SIGNALS) { process.on(signal, () => end(signal)); }
  const parent = process.ppid;
  const ancestors = ancestorsOf(parent);
  const above = [...ancestors, ...sessionLeader()].filter(lives);
  const isLate = npmHasEnded(ancestors);
  const watch = setInterval(() => {
    if (!isLate && process.ppid === parent && above.every(lives)) { return; }
    clearInterval(watch);
    end('SIGHUP');
  }, LOOK_EVERY_MS);
  watch.unref();
}

/** Sends a signal to a process and to all that it has started: to its group, if it leads one. */
export function signalTree(root: number, signal: NodeJS.Signals): void {
  if (tell(-root, signal)) { return; }
  const parents = [...parentsByProcess()];
  const tree = [root];
  // The list grows while it is walked.
  for (const parent of tree) { tree.push(...parents.filter(([, its]) => its === parent).map(([pid]) => pid)); }
  for (const pid of tree) { tell(pid, signal); }
}

/**
 * Ends what a command has left running: its process group, if it led one, and on Linux all processes that have inherited a variable of its environment, such as
 * daemons. Those that do not end in time are killed.
 */
export async function endMarked(variable: string, group: number | undefined, graceMs: number): Promise<void> {
  const left = () => (process.platform === 'linux' ? marked(variable, group) : group !== undefined && tell(-group, 0) ? [-group] : []);
  const began = performance.now();
  for (let found = left(), told = false; found.length > 0 && performance.now() < began + 2 * graceMs; found = left(), told = true) {
    const signal = performance.now() > began + graceMs ? 'SIGKILL' : told ? 0 : 'SIGTERM';
    found.forEach((pid) => tell(pid, signal));
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/** On Linux, the running processes of a group, and those whose environment had a variable at their start. */
function marked(variable: string, group: number | undefined): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => pid !== process.pid
    && (Number(statusOf(pid)?.[2]) === group || read(pid, 'environ').split('\0').includes(variable)) && lives(pid));
}

/** Returns whether there was somebody to tell. */
function tell(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The parent, its parent and so on. */
function ancestorsOf(parent: number): number[] {
  const parents = parentsByProcess();
  const found = [parent];
  for (let next = parents.get(parent); next; next = parents.get(next)) { found.push(next); }
  return found;
}

/** Whether npm has started this process and has ended before anybody could watch it: only the shell of its script is left, or nothing. */
function npmHasEnded(ancestors: readonly number[]): boolean {
  if (process.env.npm_lifecycle_event === undefined || process.platform !== 'linux') { return false; }
  const session = statusOf(process.pid)?.[3];
  if ([process.pid, ...ancestors].includes(Number(session))) { return false; }
  return !ancestors.some((pid) => statusOf(pid)?.[3] === session && !read(pid, 'cmdline').includes(basename(process.argv[1])));
}

/** The parent of each process. Without a way to ask, there is none, and only the direct parent is watched. */
function parentsByProcess(): Map<number, number> {
  try {
    if (process.platform === 'linux') {
      return new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => [Number(pid), Number(statusOf(Number(pid))?.[1] ?? 0)]));
    }
    return new Map(execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
  } catch {
    return new Map();
  }
}

/** The shell of the terminal: a process that somebody has put between, and that has ended, no longer leads to it. */
function sessionLeader(): number[] {
  return [Number(statusOf(process.pid)?.[3] ?? 0)].filter((pid) => pid > 1 && pid !== process.pid);
}

/** On Linux, the state of a process, its parent, its group and its session. */
function statusOf(pid: number): string[] | undefined {
  const line = read(pid, 'stat');
  // The name before may have spaces and parentheses.
  return line ? line.slice(line.lastIndexOf(')') + 2).split(' ') : undefined;
}

/** What Linux tells about a process, or nothing. */
function read(pid: number, what: 'stat' | 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // One that has ended, and whose parent has not asked how, is still listed.
  return !['Z', 'X'].includes(statusOf(pid)?.[0] ?? '');
}
