import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { constants, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join, relative, sep } from 'path';
import { build, Metafile } from 'esbuild';
import { buildReportPage } from './report-page';

/** Builds what the package of the command holds: one bundle, the files that it starts or reads, the demo, and the licences of what is bundled. */
const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'cli');
const DIST = join(CLI, 'dist');
const QUICK_START = join(ROOT, 'examples', 'quick-start');
/** The facts of resource types are made of it. */
const SPEC = 'node_modules/@aws-cdk/aws-service-spec';

/** What may be shipped in a package under Apache-2.0. */
const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** For a package that names this licence and has no file with it. Source: https://opensource.org/license/mit */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

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

/** The licences of the packages in the bundles. */
function notice(metafiles: readonly Metafile[]): string {
  const folders = new Set([SPEC, ...metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [])]);
  // Many packages have the same text: it is there once, below all of their names.
  const byText = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const at = join(ROOT, folder);
    const { name, version, license, author } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
    if (!LICENCES.includes(license)) { throw new Error(`${name} is under ${license}, which is none of ${LICENCES.join(', ')}: it cannot be bundled`); }
    const texts = readdirSync(at).filter((file) => /^(licen[cs]e|notice)/i.test(file)).map((file) => readFileSync(join(at, file), 'utf8').trim());
    if (texts.length === 0 && license !== 'MIT' && license !== 'Apache-2.0') { throw new Error(`${name} has no file with its licence, ${license}: see projenrc/cli.ts`); }
    const text = texts.join('\n\n') || `Copyright (c) ${author?.name ?? author}\n\n${license === 'MIT' ? MIT : 'The text of Apache-2.0 is in LICENSE.'}`;
    byText.set(text, [...byText.get(text) ?? [], `${name} ${version}, ${license}`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return ['inference-recommender\nCopyright the cdk-sagemaker-inference-recommender authors, Apache-2.0: see LICENSE.\n\nIts bundles contain these packages:', ...parts].join(line) + '\n';
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
  writeFileSync(join(CLI, 'NOTICE'), notice([metafile, page]));
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', join(ROOT, 'dist')], { cwd: CLI, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
