import { spawn } from 'child_process';
import { availableParallelism } from 'os';
import { join } from 'path';

// Runs tasks beside each other, because most of them keep one core busy only: `tsx projenrc/checks.ts rooms snippets,languages`. After a comma, a task waits.

const PROJEN = join(__dirname, '..', 'node_modules', '.bin', 'projen');

/** What a task prints comes out as a whole, when the task ends. */
function run(task: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(PROJEN, [task], { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) { stream.on('data', (chunk: Buffer) => printed.push(chunk)); }
    child.on('close', (exitCode) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(exitCode === 0);
    });
  });
}

async function main(): Promise<void> {
  const waiting = process.argv.slice(2).map((tasks) => tasks.split(','));
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let tasks = waiting.shift(); tasks; tasks = waiting.shift()) {
      for (const task of tasks) {
        if (!await run(task)) { failed.push(task); break; }
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}. See what each has printed above.`);
    process.exitCode = 1;
  }
}

void main();
