import { spawn } from 'child_process';
import { resolve as resolvePath } from 'path';
import { pathToFileURL } from 'url';

/** Runs a script in its own process and returns its output: one line of JSON. A script without a path is in `bench/children`. */
export function child<T>(script: string, ...args: string[]): Promise<T> {
  const file = resolvePath(__dirname, 'children', script);
  const loader = script.endsWith('.ts') ? ['--import', pathToFileURL(require.resolve('tsx')).href] : [];
  return new Promise((resolve, reject) => {
    const { PATH = '', HOME = '' } = process.env;
    const made = spawn(process.execPath, ['--expose-gc', ...loader, file, ...args], { env: { PATH, HOME, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    made.stdout.on('data', (chunk) => { output += chunk; });
    made.stderr.on('data', (chunk) => { errors += chunk; });
    made.on('error', reject);
    made.on('close', (code) => {
      if (code === 0) { return resolve(JSON.parse(output.trim().split('\n').pop()!)); }
      reject(new Error(`${script} ${args.join(' ')} ended with ${code}: ${errors.slice(-1000)}`));
    });
  });
}

/** Runs each command this often, in turns, so that a slow moment of the machine affects all of them. */
export async function turns<T>(runs: number, commands: ReadonlyArray<readonly [script: string, ...args: string[]]>): Promise<T[][]> {
  const results: T[][] = commands.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, [script, ...args]] of commands.entries()) { results[index].push(await child<T>(script, ...args)); }
  }
  return results;
}
