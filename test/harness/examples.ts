import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'fs';
import { dirname, join } from 'path';
import { estimate } from '../../cli/src/estimate/estimate';
import { exampleApps } from '../../projenrc/examples';

const ROOT = join(__dirname, '..', '..');
export const EXAMPLES = join(ROOT, 'examples');

/** The folders of the examples' apps, as their users copy them. */
export const APPS = exampleApps(ROOT);

interface Manifest {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

export function packageOf(app: string): Manifest {
  return JSON.parse(readFileSync(join(EXAMPLES, app, 'package.json'), 'utf8'));
}

/** The README of an app: its own, or that of its example. */
export function readmeOf(app: string): string {
  const file = [app, dirname(app)].map((folder) => join(EXAMPLES, folder, 'README.md')).find((one) => existsSync(one));
  if (file === undefined) { throw new Error(`The example ${app} has no README.md`); }
  return readFileSync(file, 'utf8');
}

/** Copies an app out of the repository, and gives it the packages that it declares and nothing else. */
export function copyOut(app: string, to: string): string {
  const folder = join(to, app);
  cpSync(join(EXAMPLES, app), folder, { recursive: true, filter: (path) => !/\/(node_modules|cdk\.out)$/.test(path) });
  const { dependencies, devDependencies } = packageOf(app);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    const own = { 'cdk-sagemaker-inference-recommender': ROOT, 'inference-recommender': join(ROOT, 'cli') }[name];
    symlinkSync(own ?? join(ROOT, 'node_modules', name), link);
  }
  return folder;
}

/** What the command estimates of an assembly: as it is printed, or as JSON. */
export async function estimated(assembly: string, ...args: string[]): Promise<string> {
  const said: string[] = [];
  const io = { out: (text: string) => said.push(text), err: () => {}, isTerminal: false, hasColors: false, columns: 120 };
  const exitCode = await estimate(['--app', assembly, '--region', 'us-east-1', ...args], io);
  if (exitCode !== 0) { throw new Error(`The estimate of ${assembly} has ended with exit code ${exitCode}`); }
  return said.join('\n');
}
