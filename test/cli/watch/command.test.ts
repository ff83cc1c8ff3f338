import { execFileSync, spawn } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { isOnPath, runCommand, startOf, Surroundings } from '../../../cli/src/watch/command';

const ROOT = join(__dirname, '..', '..', '..');
const SURROUNDINGS: Surroundings = { platform: 'linux', isInteractive: true, hasColors: true, env: { SHELL: '/bin/zsh', A: '1' }, isThere: () => true };
const COMMAND = ['npx', 'cdk', 'deploy'];

test('a command gets a terminal of its own where there is one, so that it can ask', () => {
  expect(startOf(COMMAND, SURROUNDINGS)).toEqual({
    program: 'script', args: ['-qefc', "export SHELL='/bin/zsh'; exec 'npx' 'cdk' 'deploy'", '/dev/null'], env: { SHELL: '/bin/sh', A: '1' },
  });
  expect(startOf(COMMAND, { ...SURROUNDINGS, platform: 'darwin' })).toEqual({ program: 'script', args: ['-q', '/dev/null', ...COMMAND], env: SURROUNDINGS.env });
});

test.each<[string, Partial<Surroundings>, string | undefined]>([
  ['without a terminal', { isInteractive: false, hasColors: false }, undefined],
  ['whose output alone is a terminal', { isInteractive: false }, '1'],
  ['without `script`', { isThere: () => false }, '1'],
  ['on another system', { platform: 'win32' }, '1'],
  ['without colors', { isThere: () => false, env: { FORCE_COLOR: '0' } }, '0'],
])('a command %s is started as it is', (_what, given, color) => {
  const { program, args, env } = startOf(COMMAND, { ...SURROUNDINGS, ...given });
  expect([program, args, env.FORCE_COLOR]).toEqual(['npx', ['cdk', 'deploy'], color]);
});

test('words arrive as they are, whatever they have in them', () => {
  // A process each: few runs.
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\u0000\ud800-\udfff]/.test(text));
  fc.assert(fc.property(fc.array(word, { maxLength: 4 }), (words) => {
    const { args: [, line] } = startOf([process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...words], { ...SURROUNDINGS, env: {} });
    expect(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }))).toEqual(words);
  }), { numRuns: 10 });
});

test('a program is on the path or is not', () => {
  expect([isOnPath('sh'), isOnPath('no-such-program'), isOnPath('sh', '')]).toEqual([true, false, false]);
});

async function run(code: string) {
  const heard = { out: '', err: '' };
  const command = [process.execPath, '-e', code];
  const [program, ...args] = command;
  const exitCode = await runCommand(command, { program, args, env: process.env }, (text, stream) => { heard[stream] += text; });
  return { exitCode, ...heard };
}

test('all that a command writes is heard, and its exit code is kept', async () => {
  const code = "process.stdout.write('a'.repeat(1e6)); console.error('b'); process.exitCode = 5";
  expect(await run(code)).toEqual({ exitCode: 5, out: 'a'.repeat(1e6), err: 'b\n' });
  expect((await run("process.kill(process.pid, 'SIGTERM')")).exitCode).toBe(143);
});

test('a program that is not there is one sentence', async () => {
  await expect(runCommand(['no-such-program'], { program: 'no-such-program', args: [], env: process.env }, () => {}))
    .rejects.toThrow(/^The command no-such-program cannot be run: /);
});

test('what a command has left running keeps nobody', async () => {
  const left = "const left = require('child_process').spawn('sleep', ['1000'], { stdio: 'inherit', detached: true }); console.log(left.pid); left.unref()";
  const { exitCode, out } = await run(left);
  process.kill(Number(out));
  expect(exitCode).toBe(0);
});

test('a signal is passed on, to all that the command has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watch-signals-'));
  try {
    const file = join(folder, 'run.ts');
    const command = "sh -c 'trap \"echo told; exit 9\" TERM; echo ready; while :; do sleep 0.05; done'";
    writeFileSync(file, `import { runCommand } from ${JSON.stringify(join(ROOT, 'cli', 'src', 'watch', 'command.ts'))};
      runCommand(['sh'], { program: 'sh', args: ['-c', ${JSON.stringify(`${command}; exit $?`)}], env: process.env }, (text) => process.stdout.write(text)).then((code) => process.exit(code));`);
    const child = spawn(process.execPath, ['--import', require.resolve('tsx'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      if (text.includes('ready')) { child.kill('SIGTERM'); }
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toMatch(/^ready\n(.*\n)?told\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
