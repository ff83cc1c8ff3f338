import { mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { build, Metafile } from 'esbuild';
import { bundle, entryPoints, loadedFiles } from '../../lambda/bundle';
import { INFERENCE_RECOMMENDATIONS } from '../../src/contract/families';
import type { WaitEnd } from '../../src/contract/wait-end';
import { turns } from '../children';
import { atMost, count, figure, ratios, Row } from '../figures';
import { Section } from '../report';

const RUNS = 9;
const MAX_BYTES = 275_000;

/** An event of the wait-end function that makes one call of SageMaker: it reads a job that has ended. */
const EVENT: Omit<WaitEnd, 'address'> & { readonly address: Omit<WaitEnd['address'], 'ResponseURL'> } = {
  family: INFERENCE_RECOMMENDATIONS,
  purpose: 'wait',
  address: { StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/shop/0a1b2c3d-1111-2222-3333-444455556666', RequestId: 'request', LogicalResourceId: 'Wait', PhysicalResourceId: 'Wait' },
  jobName: 'job',
  jobNames: ['job'],
  deletedNames: [],
  pollSeconds: 56,
  deadline: '2100-01-01T00:00:00Z',
  lastTry: '2100-01-01T00:00:00Z',
  lastStage: true,
  toleratesFailure: false,
  job: { Status: 'COMPLETED' },
};

/** Bytes by package, the largest first. */
function contents(outputs: ReadonlyArray<Metafile['outputs'][string]>): string {
  const sizes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of outputs.flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'our own';
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].filter(([, bytes]) => bytes >= 1000).sort(([, a], [, b]) => b - a).map(([name, bytes]) => `${name} ${Math.round(bytes / 1000)}`).join(', ');
}

/** The same entry as a user would bundle it: esbuild's defaults for a Node function, minified, with the SDK. */
async function byDefault(entry: string, outfile: string): Promise<number> {
  await build({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: 'node', target: 'node22', logLevel: 'error' });
  return statSync(outfile).size;
}

/** The same entry with an SDK that is not bundled, as in the Lambda runtime. */
async function unbundled(entry: string, outfile: string): Promise<void> {
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node22', logLevel: 'error', external: ['@aws-sdk/*', '@smithy/*'] });
}

export async function functions(): Promise<Section> {
  const folder = mkdtempSync(join(__dirname, '..', '..', 'node_modules', '.bench-'));
  const made = mkdtempSync(join(tmpdir(), 'bench-functions-'));
  try {
    const metafile = await bundle(entryPoints(), made);
    const rows: Row[] = [];
    const texts: string[] = [];
    const bytesOf = (files: readonly string[]) => files.reduce((sum, file) => sum + metafile.outputs[file].bytes, 0);
    for (const [name, files] of loadedFiles(metafile)) {
      const entry = entryPoints().find((path) => basename(dirname(path)) === name)!;
      rows.push({
        what: `what ${name} loads`,
        unit: 'bytes',
        ours: count(bytesOf(files)),
        others: { 'the same by esbuild\'s defaults': count(await byDefault(entry, join(made, `${name}-default.js`))) },
        goal: atMost(bytesOf(files), MAX_BYTES, 'at most 275 KB'),
      });
      texts.push(`- ${name}: ${contents(files.map((file) => metafile.outputs[file]))}`);
    }
    const all = bytesOf(Object.keys(metafile.outputs));
    const alone = [...loadedFiles(metafile)].map(([, files]) => bytesOf(files)).reduce((sum, bytes) => sum + bytes, 0);
    rows.push({ what: 'the code that a stack uploads, for all functions', unit: 'bytes', ours: count(all), others: { 'each with what it loads': count(alone) } });
    const waitEnd = entryPoints().find((path) => basename(dirname(path)) === 'wait-end')!;
    await unbundled(waitEnd, join(folder, 'wait-end.js'));
    const event = JSON.stringify(EVENT);
    const [empty, ours, theirs] = await turns<{ ms: number }>(RUNS, [
      ['cold-start.js'], ['cold-start.js', join(made, 'wait-end.mjs'), event], ['cold-start.js', join(folder, 'wait-end.js'), event],
    ]);
    const over = (runs: ReadonlyArray<{ ms: number }>) => runs.map(({ ms }, n) => ms - empty[n].ms);
    const ratio = ratios(over(ours), over(theirs));
    rows.push({
      what: 'cold start of wait-end: load, and a first event with one call of SageMaker on the loopback interface',
      unit: 'ms',
      ours: figure(over(ours)),
      others: { 'the same handler with the SDK unbundled': figure(over(theirs)) },
      ratio,
      goal: atMost(ratio.median, 0.5, 'ratio at most 0.5'),
    });
    return { title: 'Functions', rows, text: `What each loads, in KB. It is a file of its own, and others that several functions share:\n\n${texts.join('\n')}` };
  } finally {
    [folder, made].forEach((path) => rmSync(path, { recursive: true }));
  }
}
