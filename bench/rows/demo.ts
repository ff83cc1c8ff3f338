import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { cdk } from '../../demo/cdk';
import { startLocalAws } from '../../local-aws';
import { atMost, figure, ratios } from '../figures';
import { Section } from '../report';

const RUNS = 5;
const ROOT = join(__dirname, '..', '..');
const LOADER = pathToFileURL(require.resolve('tsx')).href;

/** Seconds of one `cdk deploy`, on its own local AWS. */
async function deploy(folder: string, file: string): Promise<number> {
  const aws = await startLocalAws({ holdAnswersMs: 60_000, imported: 'assumed' });
  const outdir = mkdtempSync(join(tmpdir(), 'bench-cdk.out-'));
  try {
    const { exitCode, output, seconds } = await cdk(folder, aws.environment(), 'deploy', '--all', '--require-approval', 'never',
      '--app', `node --import ${LOADER} ${file}`, '--output', outdir);
    if (exitCode !== 0) { throw new Error(`cdk deploy of ${file} failed: ${output}`); }
    return seconds;
  } finally {
    await aws.close();
    rmSync(outdir, { recursive: true });
  }
}

/** The quick start, from the command to the endpoint. */
export async function demo(): Promise<Section> {
  const [ours, byHand]: number[][] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    ours.push(await deploy(join(ROOT, 'examples', 'quick-start'), 'app.ts'));
    byHand.push(await deploy(join(ROOT, 'bench', 'alternatives'), 'endpoint-app.ts'));
  }
  return {
    title: 'The demo',
    rows: [{
      what: '`cdk deploy` of the quick start on the local AWS, a benchmark of 45 virtual minutes and the CLI included',
      unit: 's',
      ours: figure(ours),
      others: { '(b), an endpoint and no benchmark': figure(byHand) },
      ratio: ratios(ours, byHand),
      goal: atMost(figure(ours).median, 15, 'at most 15'),
    }],
  };
}
