import { execFileSync, spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { parseArgs, isDeepStrictEqual } from 'util';
import { changes, shown } from './changes';
import { exampleApps } from './examples';

// What users have is seldom what the library is built with: the packed package, in new folders, on other versions of the CDK and of Node.js.

const ROOT = resolve(__dirname, '..');
const { name, devDependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MINIMUM = devDependencies['aws-cdk-lib'];
/** The CLI gives both to each app. The CDK tells its own version in a resource that is not ours. */
const ENVIRONMENT = {
  CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'us-east-1', CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:version-reporting': false }),
};

/** What a newer CDK writes by itself, as it stands in a template, with the reason. It is left out of both sides. */
const OF_THE_CDK: ReadonlyArray<readonly [text: string, why: string]> = [
  [',\\"background\\":\\"transparent\\"', 'a TextWidget says its background since a version after 2.257'],
];

interface Leg {
  readonly cdk: string;
  /** The Node.js that runs the apps. @default - the one that runs this */
  readonly node?: string;
}

const scratch = mkdtempSync(join(tmpdir(), 'matrix-'));

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/** A user's folder with the package, a version of the CDK and the examples. */
function install(tarball: string, cdk: string): string {
  const folder = join(scratch, `cdk-${cdk}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  npm(folder, 'install', tarball, `aws-cdk-lib@${cdk}`, `constructs@${peerDependencies.constructs}`, `tsx@${devDependencies.tsx}`);
  // Tests of this checkout leave a link to it there, and the packed library is to be found.
  cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true, filter: (source) => !/[\\/](node_modules|cdk\.out)$/.test(source) });
  return folder;
}

/** The command of a major version of Node.js, from the npm registry. */
function nodeOf(major: string): string {
  const folder = join(scratch, `node-${major}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  npm(folder, 'install', `node@${major}`);
  return join(folder, 'node_modules', 'node', 'bin', 'node');
}

function run(node: string, args: string[], cwd: string, env: object = {}): string {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd, env: { ...process.env, ...ENVIRONMENT, ...env }, encoding: 'utf8' });
  if (status !== 0) { throw new Error(`${node} ${args.join(' ')} has failed in ${cwd}:\n${stderr}`); }
  return stdout.trim();
}

/** All templates of all examples, by their files. */
function synthesized(folder: string, node: string): Record<string, any> {
  return Object.fromEntries(exampleApps(folder).flatMap((app) => {
    const out = mkdtempSync(join(scratch, 'out-'));
    run(node, ['--import', 'tsx', 'app.ts'], join(folder, 'examples', app), { CDK_OUTDIR: out });
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
    const textOf = (file: string) => OF_THE_CDK.reduce((text, [part]) => text.replaceAll(part, ''), readFileSync(join(out, file), 'utf8'));
    return files.map((file) => {
      // The library has no mapping: those of a template are the CDK's own tables, which a version extends with new Regions.
      const { Mappings: _mappings, ...template } = JSON.parse(textOf(file));
      return [join(app, file), template];
    });
  }));
}

/** Every export, by both systems of modules. */
function exportsOf(folder: string, node: string): string[] {
  const required = run(node, ['-p', `Object.keys(require('${name}')).filter((one) => require('${name}')[one] !== undefined).join()`], folder);
  const code = `import { ${required.split(',').join(', ')} } from '${name}'; console.log(Object.keys({ ${required.split(',').join(', ')} }).join());`;
  const imported = run(node, ['--input-type=module', '-e', code], folder);
  if (required !== imported) { throw new Error(`CommonJS has ${required}, and ES modules have ${imported}.`); }
  return imported.split(',');
}

function main(): void {
  const { values } = parseArgs({
    options: { cdk: { type: 'string', default: '2' }, node: { type: 'string', default: '' }, tarball: { type: 'string' } },
  });
  const packed = () => join(scratch, npm(ROOT, 'pack', '--silent', '--pack-destination', scratch).split('\n').pop()!);
  const tarball = values.tarball ? resolve(values.tarball) : packed();
  const nodes = new Map(values.node!.split(',').filter(Boolean).map((major) => [major, nodeOf(major)]));
  const versions = [MINIMUM, ...values.cdk!.split(',')];
  const folders = new Map(versions.map((cdk) => [cdk, install(tarball, cdk)]));
  const legs: Leg[] = [...versions.map((cdk) => ({ cdk })), ...[...nodes.keys()].flatMap((node) => versions.map((cdk) => ({ cdk, node })))];
  let expected: Record<string, any> | undefined;
  for (const { cdk, node } of legs) {
    const [folder, command] = [folders.get(cdk)!, node ? nodes.get(node)! : process.execPath];
    const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8'));
    const exported = exportsOf(folder, command);
    const found = synthesized(folder, command);
    expected ??= found;
    const files = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    const differing = files.filter((file) => !isDeepStrictEqual(expected![file], found[file]));
    console.log(`aws-cdk-lib ${version}, Node.js ${run(command, ['-p', 'process.version'], folder)}: ${exported.length} exports by CommonJS and ES modules,`
      + ` ${Object.keys(found).length} templates, ${differing.length} of which differ from those of the minimum`);
    for (const file of differing) {
      for (const { path, before, after } of changes('', expected[file] ?? {}, found[file] ?? {}, (text) => text)) {
        console.log(`  ${file} ${path}: ${shown(before)} → ${shown(after)}`);
      }
    }
    if (differing.length > 0) { process.exitCode = 1; }
  }
}

try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
