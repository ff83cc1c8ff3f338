import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..');
const LIBRARY = 'cdk-sagemaker-inference-recommender';

/** A folder with scripts of the bench, as a user runs an app: plain JavaScript, with this library as an installed package. */
export interface Installed {
  readonly script: string;
  /** A folder of function code, as a user writes it. */
  readonly code: string;
  remove(): void;
}

export async function installed(script: string): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-installed-'));
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of ['aws-cdk-lib', 'constructs']) { symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(packages, name), 'junction'); }
  symlinkSync(ROOT, join(packages, LIBRARY), 'junction');
  const outfile = join(folder, 'app.js');
  const code = join(folder, 'code');
  const options = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error' } as const;
  await build({ ...options, entryPoints: [join(__dirname, 'children', script)], outfile, external: ['aws-cdk-lib', 'constructs', LIBRARY] });
  await build({ ...options, entryPoints: [join(__dirname, 'alternatives', 'handler.ts')], outfile: join(code, 'index.js'), external: ['@aws-sdk/*'] });
  return { script: outfile, code, remove: () => rmSync(folder, { recursive: true }) };
}
