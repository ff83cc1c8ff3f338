import { execFileSync } from 'child_process';
import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { Installed, manifestOf } from './installed';

const ROOT = join(__dirname, '..', '..');
let installed: Installed;
beforeAll(() => { installed = new Installed(); });
afterAll(() => installed.remove());

const manifest = () => manifestOf(installed.package);

test('it needs nothing at run time, runs nothing when it is installed, and has the version of the library', () => {
  const { version, license, engines, bin, scripts, dependencies, optionalDependencies, peerDependencies } = manifest();
  expect({ version, license, engines, bin }).toEqual({
    version: manifestOf(ROOT).version, license: 'Apache-2.0', engines: { node: '>= 20.0.0' }, bin: { 'inference-recommender': 'dist/main.js' },
  });
  expect([scripts, dependencies, optionalDependencies, peerDependencies]).toEqual([undefined, undefined, undefined, undefined]);
  expect(readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['inference-recommender']);
});

test('it is small, and has its licence and those of what is in its bundle', () => {
  const files = readdirSync(installed.package, { recursive: true, encoding: 'utf8' }).map((name) => join(installed.package, name));
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(9 * 1024 * 1024);
  expect(readFileSync(join(installed.package, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  const notice = readFileSync(join(installed.package, 'NOTICE'), 'utf8');
  for (const name of ['@aws-cdk/aws-service-spec', '@observablehq/plot', 'd3-scale', 'fast-xml-parser', 'fflate', 'js-yaml']) { expect(notice).toMatch(new RegExp(`^${name} \\d`, 'm')); }
  const [, ...parts] = notice.split(`\n\n${'-'.repeat(80)}\n\n`);
  expect(parts.pop()!.trim()).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim());
  expect(parts.filter((part) => !/^(\S+ \S+, [\w.-]+\n)+\n.*(copyright|license)/is.test(part)).map((part) => part.split('\n')[0])).toEqual([]);
});

test('no path of the machine that has built it is in it', () => {
  const files = readdirSync(installed.package, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(ROOT)).map(({ name }) => name)).toEqual([]);
});

test('the library does not grow by it', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  expect(files.map(({ path }: any) => path).filter((path: string) => /^(cli|local-aws|demo)\//.test(path))).toEqual([]);
});

test('it says what it does, and its version', async () => {
  const help = await installed.run(['--help']);
  expect([help.code, help.told, help.out]).toEqual([0, '', expect.stringContaining('rehearse -- npx cdk deploy --all')]);
  expect(await installed.run(['rehearse', '--help'])).toEqual(help);
  expect(await installed.run(['--version'])).toEqual({ code: 0, told: '', out: `${manifest().version}\n` });
});

test.each(['estimate', 'show', 'report', 'watch', 'diagnose', 'compare'])('%s says its usage and its options', async (verb) => {
  const { code, out } = await installed.run([verb, '--help']);
  expect([code, out.split('\n')[0]]).toEqual([0, expect.stringMatching(new RegExp(`^inference-recommender ${verb} `))]);
  expect(out).toMatch(/^Options of .*\n  --/m);
});

test.each<[string, string[], string]>([
  ['no verb', [], 'A verb is missing: say estimate, show, '],
  ['a verb that is none', ['deploy'], 'deploy is no verb: say estimate, show, '],
  ['a name that every object has', ['constructor'], 'constructor is no verb'],
  ['no command', ['rehearse'], 'rehearse needs a command: inference-recommender rehearse '],
  ['no command after the --', ['rehearse', '--'], 'rehearse needs a command'],
  ['an option that is not there', ['rehearse', '--prt', '1', '--', 'true'], "Unknown option '--prt'"],
  ['an account that is none', ['rehearse', '--account', '1', 'true'], '--account 1 must be a number of 12 digits'],
  ['a command to serve', ['serve', '--', 'true'], 'serve takes no command, and got true'],
  ['a command to show', ['demo', 'now'], 'demo takes no command, and got now'],
])('%s is refused in one sentence, with exit code 2', async (_what, args, message) => {
  const { code, out, told } = await installed.run(args);
  expect([code, out]).toEqual([2, '']);
  expect(told).toContain(message);
  expect(told.trim().split('\n')).toHaveLength(1);
});

test('the demo says what it needs', async () => {
  expect(await installed.run(['demo'], { env: { PATH: '/nowhere' } })).toEqual({
    code: 1, out: '', told: 'The demo deploys with the CDK CLI, which is neither in this folder nor on the PATH: run npm install aws-cdk, then the demo again\n',
  });
});
