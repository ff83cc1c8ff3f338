import { spawn } from 'child_process';
import { randomBytes } from 'crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { constants, tmpdir } from 'os';
import { join, relative } from 'path';
import { rehearsalEnvironment, RUN_VARIABLE } from './environment';
import { LocalAws, LocalAwsOptions, startLocalAws } from './index';
import { endMarked, signalTree, whenTold } from './lifetime';
import { Recorder } from './summary';
import { summaryText } from './summary-text';

/** A command that was told to end gets this long before it is killed. */
const GRACE_MS = 10_000;

/**
 * Runs a command with a local AWS of its own, which starts before the command and ends after it. The AWS clients that the command starts
 * reach the local AWS and nothing else. At the end it says on stderr what happened, in text or as one line of JSON. Returns the command's exit code.
 */
export async function rehearse(command: readonly string[], cwd: string, options: LocalAwsOptions = {}, form: 'text' | 'json' = 'text'): Promise<number> {
  const aws = await startLocalAws({ app: cwd, ...options });
  const recorder = new Recorder(aws.world);
  const rehearsal = new Rehearsal(aws);
  try {
    if (options.state !== undefined && !relative(cwd, options.state).startsWith('..')) {
      console.error(`The state's folder ${options.state} lies in the app's folder: an asset of that folder would have the state in it, so give --state a folder elsewhere`);
    }
    console.error(`The local AWS runs at ${aws.endpoint} for this command: ${command.join(' ')}`);
    const exitCode = await rehearsal.run(command, cwd);
    const summary = recorder.end();
    console.error(form === 'json' ? JSON.stringify(summary) : `\n${summaryText(summary, { isTerminal: process.stderr.isTTY })}`);
    return exitCode;
  } finally {
    await aws.close();
    rehearsal.close();
  }
}

/** Runs commands, one after the other, with one local AWS. */
export class Rehearsal {
  /** For what the commands' tools write. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  private readonly id = randomBytes(16).toString('hex');
  private readonly environment: Readonly<Record<string, string>>;
  /** The command that runs. */
  private current?: number;

  constructor(aws: LocalAws) {
    this.environment = rehearsalEnvironment(process.env, aws.environment(), this.folder, this.id);
    process.once('exit', () => this.close());
    // Before a command begins: what is told from then on reaches it.
    whenTold((signal) => this.tell(signal));
  }

  /** Runs a command to its end, and ends what it has left running. What it prints goes to `hear`, if that is given. Returns its exit code. */
  public async run([program, ...args]: readonly string[], cwd: string, hear?: (text: string) => void): Promise<number> {
    // A Ctrl-C that has come by now is this process's: the command would never learn of it.
    await new Promise(setImmediate);
    // A group of its own can be told as a whole, but could not read from a terminal.
    const detached = !process.stdin.isTTY;
    const child = spawn(program, args, { cwd, env: this.environment, stdio: hear ? ['ignore', 'pipe', 'pipe'] : 'inherit', detached });
    this.current = child.pid;
    const restore = kept(join(cwd, 'cdk.context.json'));
    for (const stream of [child.stdout, child.stderr]) { stream?.setEncoding('utf8').on('data', hear!); }
    try {
      return await new Promise((resolve, reject) => {
        child.on('error', (error) => reject(new Error(`The command ${program} cannot be run: ${error.message}`)));
        child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
      });
    } finally {
      this.current = undefined;
      if (child.pid !== undefined) { await endMarked(`${RUN_VARIABLE}=${this.id}`, detached ? child.pid : undefined, GRACE_MS); }
      restore();
    }
  }

  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tell(signal: NodeJS.Signals): void {
    const { current } = this;
    // Between two commands and at the end there is nobody to tell.
    if (current === undefined) { process.exit(128 + constants.signals[signal]); }
    // A terminal has sent Ctrl-C to the command, too, and the command decides what it means: a shell goes on.
    if (signal === 'SIGINT' && process.stdin.isTTY) { return; }
    signalTree(current, signal);
    if (signal !== 'SIGINT') { setTimeout(() => signalTree(current, 'SIGKILL'), GRACE_MS).unref(); }
  }
}

/** Remembers a file, which only a program that loads no script of ours can have changed. What is returned puts it back. */
function kept(file: string): () => void {
  const content = () => (existsSync(file) ? readFileSync(file) : undefined);
  const before = content();
  return () => {
    const after = content();
    if (after === undefined ? before === undefined : before?.equals(after)) { return; }
    if (before === undefined) { rmSync(file); } else { writeFileSync(file, before); }
    console.error(`${file} is as it was again: a program that dropped NODE_OPTIONS had written stand-ins into it`);
  };
}
