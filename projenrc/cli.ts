import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { constants, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join, relative, sep } from 'path';
import { build, Metafile } from 'esbuild';
import { notice, packagesIn } from './notices';
import { buildReportPage } from './report-page';

/** Builds what the package of the command holds: one bundle, the files that it starts or reads, the demo, and the licences of what is bundled. */
const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'cli');
const DIST = join(CLI, 'dist');
const QUICK_START = join(ROOT, 'examples', 'quick-start');
/** The facts of resource types are made of it. */
const SPEC = 'node_modules/@aws-cdk/aws-service-spec';

async function bundle(buildOf: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(CLI, 'src', 'main.ts')],
    outfile: join(DIST, 'main.js'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    define: { INFERENCE_RECOMMENDER_BUILD: JSON.stringify(buildOf) },
    // Names of classes are in messages.
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}

/**
 * Copies what runs in other processes, such as the functions' first scripts. A file of a room finds them by its own folder, which is the bundle's here:
 * so the rooms' folders are one.
 */
function copyScripts(): void {
  const rooms = join(ROOT, 'local-aws');
  for (const entry of readdirSync(rooms, { recursive: true, withFileTypes: true }).filter((found) => found.isFile() && !/\.(ts|json|md|pyc)$/.test(found.name))) {
    const from = join(entry.parentPath, entry.name);
    const [room, ...inside] = relative(rooms, from).split(sep);
    const to = join(DIST, ...(inside.length > 0 ? inside : [room]));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** The quick start as the CDK has synthesized it, so that the demo needs no CDK library: with either objective. */
function demo(): void {
  const to = join(DIST, 'demo');
  cpSync(QUICK_START, join(to, 'app'), { recursive: true, filter: (path) => basename(path) !== 'cdk.out' });
  const { context } = JSON.parse(readFileSync(join(QUICK_START, 'cdk.json'), 'utf8'));
  for (const objective of ['cost', 'latency']) {
    const env = { ...process.env, CDK_OUTDIR: join(to, objective), CDK_CONTEXT_JSON: JSON.stringify({ ...context, objective }) };
    execFileSync(process.execPath, ['--import', 'tsx', 'app.ts'], { cwd: QUICK_START, env, stdio: 'inherit' });
    forgetPlaces(join(to, objective, 'QuickStart.metadata.json'));
  }
  // What both have is in the package once.
  const manifest = join(to, 'latency', 'QuickStart.assets.json');
  let text = readFileSync(manifest, 'utf8');
  for (const asset of readdirSync(join(to, 'latency')).filter((name) => name.startsWith('asset.') && existsSync(join(to, 'cost', name)))) {
    rmSync(join(to, 'latency', asset), { recursive: true });
    text = text.replaceAll(`"path": "${asset}"`, `"path": "../cost/${asset}"`);
  }
  writeFileSync(manifest, text);
}

/** Where the app stood when it was synthesized is nobody's business. */
function forgetPlaces(file: string): void {
  const metadata: Record<string, Array<{ readonly type: string }>> = JSON.parse(readFileSync(file, 'utf8'));
  const kept = Object.entries(metadata).map(([path, entries]) => [path, entries.filter(({ type }) => type !== 'aws:cdk:creationStack')]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(kept), undefined, 1));
}

async function main(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(CLI, 'package.json'), 'utf8'));
  // A world is kept for the same code only, so the build's name comes from the code.
  await bundle('');
  const digest = createHash('sha256').update(readFileSync(join(DIST, 'main.js'))).digest('hex').slice(0, 8);
  const metafile = await bundle(`${version}-${digest}`);
  const page = await buildReportPage(join(DIST, 'report-page.js'));
  copyScripts();
  demo();
  copyFileSync(join(ROOT, 'LICENSE'), join(CLI, 'LICENSE'));
  const outputs = [metafile, page].flatMap((made) => Object.values(made.outputs));
  writeFileSync(join(CLI, 'NOTICE'), notice('inference-recommender', [SPEC, ...outputs.flatMap(packagesIn)]));
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', join(ROOT, 'dist')], { cwd: CLI, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
