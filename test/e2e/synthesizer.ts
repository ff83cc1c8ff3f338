import { ChildProcess, fork } from 'child_process';
import { join } from 'path';
import { pathToFileURL } from 'url';
import type { StackOptions } from './apps/lifecycle';

const ROOT = join(__dirname, '..', '..');

export interface SynthesizerOptions {
  /** A checkout of this project, built. @default - the one of this file */
  readonly root?: string;
  /** @default - the checkout */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A process with the test app loaded, which imports the library by its public name. */
export class Synthesizer {
  private readonly app: ChildProcess;
  private readonly open = new Map<string, (error?: string) => void>();

  constructor({ root = ROOT, cwd = root, environment = {} }: SynthesizerOptions = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.app = fork(join(root, 'test', 'e2e', 'apps', 'lifecycle.ts'), {
      cwd, env: { PATH, HOME, ...environment }, execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
    });
    this.app.on('message', ({ outdir, error }: { outdir: string; error?: string }) => this.open.get(outdir)?.(error));
    this.app.on('exit', (code) => this.open.forEach((end) => end(`The app ended with ${code}`)));
  }

  /** Writes the assembly of an app with these stacks. */
  public synth(outdir: string, stacks: readonly StackOptions[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.open.set(outdir, (error) => {
        this.open.delete(outdir);
        if (error === undefined) { resolve(); } else { reject(new Error(error)); }
      });
      this.app.send({ outdir, stacks });
    });
  }

  public close(): void {
    this.app.kill();
  }
}
