import { spawnSync } from 'child_process';
import fs from 'fs';
import { dirname, join } from 'path';
import { SCRATCH } from './constructs';

/** Contents by paths. */
export type Tree = Readonly<Record<string, string | Buffer>>;

/** A new directory, gone after the test's file. */
export function scratch(): string {
  return fs.mkdtempSync(join(SCRATCH, 'files-'));
}

/** Files in a new directory. */
export function folder(files: Tree): string {
  const made = scratch();
  for (const [path, content] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(made, path)), { recursive: true });
    fs.writeFileSync(join(made, path), content);
  }
  return made;
}

/** Runs a command of the system, and gives what it prints. */
export function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) { throw new Error(`${command} ${args.join(' ')}: ${stderr}`); }
  return stdout;
}
