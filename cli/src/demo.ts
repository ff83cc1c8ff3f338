import { existsSync, readFileSync } from 'fs';
import { createRequire } from 'module';
import { delimiter, dirname, join } from 'path';
import { showDemo } from '../../demo/demo';
import { startLocalAws } from '../../local-aws';
import { Rehearsal } from '../../local-aws/command';

/** The quick start and what the CDK has made of it: the build puts both beside the bundle. */
const DEMO = join(__dirname, 'demo');

/** Rehearses the quick start: it needs the CDK CLI, and no CDK library. Returns the exit code. */
export async function demo(calls?: string): Promise<number> {
  const cdk = cdkCommand(process.cwd());
  const aws = await startLocalAws({ holdAnswersMs: 20_000 });
  const rehearsal = new Rehearsal(aws);
  try {
    const holds = await showDemo(aws, async (objective, ...args) => {
      const begun = performance.now();
      let output = '';
      // The assembly is of this package, so nothing is written into the user's folder.
      const exitCode = await rehearsal.run([...cdk, ...args, '--app', join(DEMO, objective), '--no-notices'], DEMO, (text) => { output += text; });
      return { exitCode, output, seconds: (performance.now() - begun) / 1000 };
    }, calls);
    console.log(`\nThe app is ${join(DEMO, 'app', 'app.ts')}. Rehearse one of yours in its folder: npx inference-recommender rehearse -- npx cdk deploy --all`);
    return holds ? 0 : 1;
  } finally {
    await aws.close();
    rehearsal.close();
  }
}

/** The CDK CLI of the user's folder, else the one on the PATH. */
function cdkCommand(folder: string): string[] {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('aws-cdk/package.json');
    return [process.execPath, join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.cdk)];
  } catch { /* It is not installed here. */ }
  const found = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'cdk')).find((file) => existsSync(file));
  if (!found) { throw new Error('The demo deploys with the CDK CLI, which is neither in this folder nor on the PATH: run npm install aws-cdk, then the demo again'); }
  return [found];
}
