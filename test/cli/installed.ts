import { ChildProcess, execFileSync, spawn } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
const TARBALL = join(ROOT, 'dist', `inference-recommender-${manifestOf(ROOT).version}.tgz`);

export function manifestOf(folder: string): any {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly told: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** What it has printed on its standard output so far. */
  readonly printed: () => string;
  /** Settles when no process is left that could write to its output. */
  readonly ended: Promise<Ended>;
}

/** The packed command, installed into an empty folder outside of the clone. */
export class Installed {
  public readonly folder = mkdtempSync(join(tmpdir(), 'installed-'));
  public readonly package = join(this.folder, 'node_modules', 'inference-recommender');

  constructor() {
    if (!existsSync(TARBALL)) { throw new Error(`${TARBALL} is missing: run npm run cli`); }
    // It has no dependencies, so no registry is asked.
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', TARBALL], { cwd: this.folder, stdio: 'pipe' });
  }

  /** Starts it as npx does, with a home of the folder's own. */
  public start(args: readonly string[], { cwd = this.folder, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Started {
    const bin = join(this.folder, 'node_modules', '.bin', 'inference-recommender');
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: { PATH: process.env.PATH, HOME: this.folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, told] = ['', ''];
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { told += data; });
    return { child, printed: () => out, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, told }))) };
  }

  public run(args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
