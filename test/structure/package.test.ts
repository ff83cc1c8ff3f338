import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'fs';
import { isBuiltin } from 'module';
import { tmpdir } from 'os';
import { dirname, extname, join } from 'path';
import { jsiiAssembly } from '../../projenrc/assembly';

const ROOT = join(__dirname, '..', '..');
const NAME = 'cdk-sagemaker-inference-recommender';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly bundled: string[];
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>;
}

/** A folder in which the package is installed beside what it needs. */
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(folder, 'node_modules', NAME);
let packed: Packed;
beforeAll(() => {
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  // npm 11 answers with a list, later ones with an object by name.
  [packed] = Object.values<Packed>(JSON.parse(told));
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
  for (const peer of ['aws-cdk-lib', 'constructs']) { symlinkSync(join(ROOT, 'node_modules', peer), join(folder, 'node_modules', peer)); }
});
afterAll(() => rmSync(folder, { recursive: true }));

const manifest = () => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
const paths = () => packed.files.map(({ path }) => path);
const run = (code: string) => execFileSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' }).trim();

test('it holds this and nothing else', () => {
  const tops = new Set(paths().map((path) => path.split('/')[0]));
  expect([...tops].sort()).toEqual(['.jsii', '.jsii.gz', 'CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'assets', 'lib', 'package.json', 'rosetta']);
  const kinds = (top: string) => [...new Set(paths().filter((path) => path.startsWith(`${top}/`)).map((path) => (path.endsWith('.d.ts') ? '.d.ts' : extname(path))))].sort();
  // The shapes of the service, and the prices, are read by `lib`.
  expect({ lib: kinds('lib'), assets: kinds('assets'), rosetta: kinds('rosetta') }).toEqual({ lib: ['.d.ts', '.js', '.json'], assets: ['', '.json', '.mjs'], rosetta: ['.ts-fixture'] });
  expect(paths().filter((path) => path.startsWith('assets/') && !/^assets\/lambda\/([a-z-]+\.mjs|shared-[A-Z0-9]+\.mjs|prices\.json|NOTICE)$/.test(path))).toEqual([]);
  expect(packed.bundled).toEqual([]);
});

test('no file has a source map, or a path of the machine that built it', () => {
  const found = paths().filter((path) => /sourceMappingURL=/.test(readFileSync(join(installed, path), 'latin1')) || readFileSync(join(installed, path)).includes(ROOT));
  expect(found).toEqual([]);
});

test('what it exports is there, and nothing else can be imported', () => {
  const { exports, types, main } = manifest();
  const targets = Object.values<string | Record<string, string>>(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  expect(targets.length).toBeGreaterThan(3);
  expect([...targets, types, main].filter((target) => !existsSync(join(installed, target)))).toEqual([]);
  expect(run(`console.log(Object.keys(require('${NAME}')).length)`)).toBe(`${Object.keys(jest.requireActual('../../lib')).length}`);
  const resolved = Object.keys(exports).map((path) => join(NAME, path));
  expect(run(`for (const path of ${JSON.stringify(resolved)}) { require.resolve(path); } console.log('all')`)).toBe('all');
  // One of each folder, with and without its ending.
  const folders = new Map(paths().filter((path) => /^(lib|assets|rosetta)\//.test(path)).map((path) => [dirname(path), path]));
  const deep = [...folders.values()].flatMap((path) => [path, path.replace(/(\.d)?\.[a-z-]+$/, '')]);
  expect(deep.length).toBeGreaterThan(20);
  const codes = JSON.parse(run(`console.log(JSON.stringify(${JSON.stringify(deep)}.map((path) => { try { require.resolve('${NAME}/' + path); return path; } catch ({ code }) { return code; } })))`));
  expect(codes.filter((code: string) => code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED')).toEqual([]);
});

test('it loads nothing but itself and its peers', () => {
  const { dependencies, bundledDependencies, optionalDependencies, peerDependencies, scripts } = manifest();
  expect([dependencies, bundledDependencies, optionalDependencies]).toEqual([undefined, undefined, undefined]);
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
  // Nothing runs on a user's machine when it is installed.
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
  const required = paths().filter((path) => /^lib\/.*\.js$/.test(path)).flatMap((path) => Array.from(readFileSync(join(installed, path), 'utf8').matchAll(/require\("([^".][^"]*)"\)/g), ([, name]) => name));
  const packages = [...new Set(required.filter((name) => !isBuiltin(name)).map((name) => name.split('/')[0]))];
  expect(packages.sort()).toEqual(['aws-cdk-lib', 'constructs']);
});

test('its description is complete', () => {
  const { author, bugs, description, engines, homepage, jsii, keywords, license, publishConfig, repository, stability } = manifest();
  expect({ license, stability, engines, publishConfig }).toEqual({ license: 'Apache-2.0', stability: 'experimental', engines: { node: '>= 20.0.0' }, publishConfig: { access: 'public' } });
  expect([repository.url, bugs.url, homepage].filter((url) => !url.includes(`/${NAME}/${NAME}`))).toEqual([]);
  expect(author).toMatchObject({ organization: true, name: expect.any(String) });
  expect(description.length).toBeGreaterThan(50);
  // By these words it is found as a construct library.
  expect(keywords).toEqual(expect.arrayContaining(['aws-cdk', 'awscdk', 'cdk', 'sagemaker']));
  expect(Object.keys(jsii.targets).sort()).toEqual(['dotnet', 'go', 'java', 'python']);
  expect(jsiiAssembly()).toMatchObject({ name: NAME, homepage, description, docs: { stability } });
});

/** What CONTRIBUTING.md says that it has at the most. */
test('it is no larger than the contributors\' guide says', () => {
  const [, most, mostUnpacked] = /at most ([\d.]+) MB packed and ([\d.]+) MB unpacked/.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'))!.map(Number);
  expect(packed.size / 1e6).toBeLessThanOrEqual(most);
  expect(packed.unpackedSize / 1e6).toBeLessThanOrEqual(mostUnpacked);
  // Nor so small that what it says is long forgotten.
  expect(packed.size / 1e6).toBeGreaterThan(most * 0.8);
  expect(packed.unpackedSize / 1e6).toBeGreaterThan(mostUnpacked * 0.8);
  expect(readdirSync(installed)).toContain('NOTICE');
});
