import { spawn } from 'child_process';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..', '..');

test('the command prints what a shell evaluates, answers, and ends on Ctrl-C', async () => {
  const child = spawn(process.execPath, [require.resolve('tsx/cli'), join(ROOT, 'local-aws', 'main.ts'), '--region', 'eu-west-1'], { cwd: ROOT });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let out = '';
  await new Promise<void>((resolve) => child.stdout.on('data', (data) => {
    out += data;
    if (/export CI=/.test(out)) { resolve(); }
  }));
  expect(out).toContain("export AWS_REGION='eu-west-1'");
  const [, endpoint] = /export AWS_ENDPOINT_URL='(http:\/\/localhost:\d+)'/.exec(out)!;
  expect((await fetch(endpoint, { method: 'POST' })).status).toBe(403);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
