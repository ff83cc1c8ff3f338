import { spawn } from 'child_process';
import { constants } from 'os';
import { LocalAws, LocalAwsOptions, startLocalAws } from './index';
import { signalTree, whenTold } from './lifetime';
import { Rehearsal } from './summary';
import { summaryText } from './summary-text';

/** A command that was told to end gets this long before it is killed. */
const GRACE_MS = 10_000;

/**
 * Runs a command with a local AWS of its own, which starts before the command and ends after it. The AWS clients that the command starts
 * reach the local AWS and nothing else. At the end it says on stderr what happened, in text or as one line of JSON. Returns the command's exit code.
 */
export async function rehearse(
  [program, ...args]: readonly string[], cwd: string, options: LocalAwsOptions = {}, form: 'text' | 'json' = 'text',
): Promise<number> {
  const aws = await startLocalAws({ app: cwd, ...options });
  const rehearsal = new Rehearsal(aws.world);
  try {
    const exitCode = await run(program, args, cwd, aws);
    const summary = rehearsal.end();
    console.error(form === 'json' ? JSON.stringify(summary) : `\n${summaryText(summary, { isTerminal: process.stderr.isTTY })}`);
    return exitCode;
  } finally {
    await aws.close();
  }
}

function run(program: string, args: readonly string[], cwd: string, aws: LocalAws): Promise<number> {
  // A profile or an endpoint of the user's own would lead elsewhere.
  const inherited = Object.entries(process.env).filter(([name]) => !/^AWS_/i.test(name));
  console.error(`The local AWS runs at ${aws.endpoint} for this command: ${[program, ...args].join(' ')}`);
  return new Promise((resolve, reject) => {
    // Before the command begins: what is told from then on reaches it.
    whenTold((signal) => {
      // A terminal has sent Ctrl-C to the command, too, and the command decides what it means: a shell goes on.
      if (signal === 'SIGINT' && process.stdin.isTTY) { return; }
      signalTree(child.pid!, signal);
      if (signal !== 'SIGINT') { setTimeout(() => signalTree(child.pid!, 'SIGKILL'), GRACE_MS).unref(); }
    });
    const child = spawn(program, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...aws.environment() },
      stdio: 'inherit',
      shell: process.platform === 'win32',
      // A group of its own can be told as a whole, but could not read from a terminal.
      detached: !process.stdin.isTTY && process.platform !== 'win32',
    });
    child.on('error', (error) => reject(new Error(`The command ${program} cannot be run: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
