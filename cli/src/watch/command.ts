import { spawn } from 'child_process';
import { accessSync, constants as files } from 'fs';
import { constants } from 'os';
import { delimiter, join } from 'path';
import { signalTree } from '../../../local-aws/lifetime';

/** What of the surroundings decides how a command is started. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** Whether input and output are a terminal, in which the command may ask something. */
  readonly isInteractive: boolean;
  readonly hasColors: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly isThere: (program: string) => boolean;
}

export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How a command is started so that its output can be read here. In a terminal it needs one of its own: the CDK CLI, for one, asks for an approval only in a terminal. `script`
 * gives it one, where that is there. Source: https://man7.org/linux/man-pages/man1/script.1.html, https://man.freebsd.org/cgi/man.cgi?query=script
 */
export function startOf([program, ...args]: readonly string[], { platform, isInteractive, hasColors, env, isThere }: Surroundings): Start {
  if (isInteractive && isThere('script')) {
    if (platform === 'darwin') { return { program: 'script', args: ['-q', '/dev/null', program, ...args], env }; }
    // `script` gives a command's line to the shell of the environment, which may be one with other quotes.
    const shell = env.SHELL === undefined ? 'unset SHELL; ' : `export SHELL=${quoted(env.SHELL)}; `;
    if (platform === 'linux') {
      return { program: 'script', args: ['-qefc', `${shell}exec ${[program, ...args].map(quoted).join(' ')}`, '/dev/null'], env: { ...env, SHELL: '/bin/sh' } };
    }
  }
  return { program, args, env: hasColors && env.FORCE_COLOR === undefined ? { ...env, FORCE_COLOR: '1' } : env };
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replace(/'/g, "'\\''")}'`;
}

export function isOnPath(program: string, path = process.env.PATH ?? ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), files.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a command to its end, and passes signals on. Its input is this process's. Gives the exit code. */
export async function runCommand(command: readonly string[], start: Start, hear: (text: string, stream: 'out' | 'err') => void): Promise<number> {
  const { stdin } = process;
  // A group of its own can be told as a whole, but could not read from a terminal.
  const child = spawn(start.program, start.args, { env: start.env, stdio: ['inherit', 'pipe', 'pipe'], detached: !stdin.isTTY });
  const tell = (signal: NodeJS.Signals) => {
    // A terminal has sent Ctrl-C to the command, too.
    if (child.pid === undefined || (signal === 'SIGINT' && stdin.isTTY)) { return; }
    signalTree(child.pid, signal);
  };
  SIGNALS.forEach((signal) => process.on(signal, tell));
  child.stdout.setEncoding('utf8').on('data', (text) => hear(text, 'out'));
  child.stderr.setEncoding('utf8').on('data', (text) => hear(text, 'err'));
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', (error) => reject(new Error(`The command ${command[0]} cannot be run: ${error.message}`)));
      child.on('exit', (code, signal) => {
        const exitCode = code ?? 128 + constants.signals[signal!];
        // All that it has written is heard first. What it has left running may keep the pipes open.
        const over = setTimeout(() => resolve(exitCode), 1000);
        child.on('close', () => {
          clearTimeout(over);
          resolve(exitCode);
        });
      });
    });
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, tell));
    child.stdout.destroy();
    child.stderr.destroy();
  }
}
