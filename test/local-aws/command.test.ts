import { spawn } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'local-aws-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What somebody has in a shell who works with a real account. */
const REAL = { AWS_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SESSION_TOKEN: 'real', AWS_ENDPOINT_URL_SSM: 'https://ssm.example', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };

function start(...args: string[]) {
  const env = { ...process.env, ...REAL, npm_lifecycle_event: undefined };
  const child = spawn(process.execPath, ['--import', require.resolve('tsx'), '--', join(ROOT, 'local-aws', 'main.ts'), ...args], { cwd: folder, env });
  let [out, told] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { told += data; });
  return { child, ended: new Promise<{ code: number | null; out: string; told: string }>((resolve) => child.on('close', (code) => resolve({ code, out, told }))) };
}

describe('a command', () => {
  const script = "console.log(JSON.stringify([process.cwd(), process.argv.slice(1), Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')))]))";

  test.each([[[]], [['--']]])('runs in the folder of the caller, with its arguments as they are, and with no variable of AWS but ours: after %j', async (between) => {
    const { code, out, told } = await start('--region', 'eu-west-1', ...between, process.execPath, '-p', `${script}; process.exitCode = 7; ''`, '--', 'a b', '--port', '--env-file=none').ended;
    expect([code, told]).toEqual([7, expect.stringMatching(/^The local AWS runs at http:\/\/localhost:\d+ for this command: /)]);
    const [cwd, args, variables] = JSON.parse(out.split('\n')[0]);
    expect([cwd, args]).toEqual([folder, ['a b', '--port', '--env-file=none']]);
    expect(variables).toMatchObject({ AWS_ACCESS_KEY_ID: '111111111111', AWS_REGION: 'eu-west-1', AWS_SESSION_TOKEN: '', AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL_SSM', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']) { expect(variables).not.toHaveProperty(name); }
  });

  test.each<[string, string[], string, number?]>([
    ['a program that is not there', ['no-such-program'], 'The command no-such-program cannot be run: ', 1],
    ['no command after the --', ['--'], 'A command must follow the --: '],
    ['an option that is not there', ['--prt', '1'], "Unknown option '--prt'"],
    ['a port that is none', ['--port', 'x'], '--port x must be a number from 0 to 65535'],
    ['an account that is none', ['--account', '12'], '--account 12 must be a number of 12 digits'],
    ['a Region that is none', ['--region', 'Frankfurt'], '--region Frankfurt must be the name of a Region, such as eu-west-1'],
    ['no folder for the state', ['--state', '', 'true'], '--state must name a folder'],
    ['a command and a file', ['--write-env', 'f', 'true'], '--write-env is for a local AWS without a command'],
  ])('is refused with %s', async (_what, args, message, code = 2) => {
    expect(await start(...args).ended).toMatchObject({ code, told: expect.stringContaining(message) });
  });

  test('ends with all that it has started, when the local AWS is told to end', async () => {
    const { child, ended } = start('sh', '-c', 'echo begun; sleep 1000 & sleep 1000');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
  });
});

test('a file of the environment appears whole, is for its owner only, replaces an old one, and goes with the local AWS', async () => {
  const file = join(folder, 'aws.env');
  writeFileSync(file, 'unset AWS_PROFILE\nexport AWS_ENDPOINT_URL=of-an-earlier-run\n', { mode: 0o644 });
  const { child, ended } = start('--write-env', 'aws.env');
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect([(statSync(file).mode % 0o1000).toString(8), readdirSync(folder)]).toEqual(['600', ['aws.env']]);
  expect(readFileSync(file, 'utf8')).toMatch(/^unset AWS_PROFILE .*\n(export \w+='.*'\n)+$/);
  const shell = spawn('sh', ['-c', '. ./aws.env && env'], { cwd: folder, env: { ...process.env, ...REAL } });
  let out = '';
  shell.stdout.on('data', (data) => { out += data; });
  await new Promise((resolve) => shell.on('close', resolve));
  expect(out).toContain('AWS_ACCESS_KEY_ID=111111111111');
  expect(out).not.toMatch(/AWS_PROFILE|AWS_ENDPOINT_URL_SSM|AWS_IGNORE|of-an-earlier-run/);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});
