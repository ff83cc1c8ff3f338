import { spawn } from 'child_process';
import { join } from 'path';

/** The result of one run of the CDK CLI. */
export interface CdkRun {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs the unchanged CDK CLI in the folder of an app. */
export function cdk(folder: string, environment: Record<string, string>, ...args: string[]): Promise<CdkRun> {
  const start = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(__dirname, '..', 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices'], {
      cwd: folder,
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { output += chunk; });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output, seconds: Number(process.hrtime.bigint() - start) / 1e9 }));
  });
}
