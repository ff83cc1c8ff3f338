import { spawn, spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { startLocalAws } from '../../../local-aws';
import { folder, scratch } from '../../harness/files';
import { ACCOUNT, REGION } from '../../harness/place';

const BUCKET = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/** Puts an object, and closes. */
async function put(state: string, content: string): Promise<void> {
  const aws = await startLocalAws({ state });
  aws.world.region(ACCOUNT, REGION);
  aws.world.s3.putObject((aws.world.s3.find(BUCKET))!.name, 'key', Buffer.from(content));
  await aws.close();
}

async function get(state: string): Promise<string> {
  const aws = await startLocalAws({ state });
  try {
    return aws.world.s3.getObject(BUCKET, 'key').toString();
  } finally {
    await aws.close();
  }
}

test('it keeps what is in the world, long contents in files of their own, and only those that are used', async () => {
  const state = join(scratch(), 'new');
  await put(state, 'a'.repeat(5000));
  await put(state, 'b'.repeat(5000));
  expect(await get(state)).toBe('b'.repeat(5000));
  expect([readdirSync(state).sort(), readdirSync(join(state, 'bytes')).length]).toEqual([['.gitignore', 'bytes', 'world.json'], 1]);
  expect([state, join(state, 'world.json')].map((file) => (statSync(file).mode % 0o1000).toString(8))).toEqual(['700', '600']);
});

test('an object that is kept in a file is there in the next run, under a file of that run', async () => {
  const state = join(scratch(), 'new');
  const content = 'model'.repeat(500_000);
  await put(state, content);
  expect(await get(state)).toBe(content);
  await put(state, 'small');
  expect([await get(state), readdirSync(join(state, 'bytes'))]).toEqual(['small', []]);
});

test('it holds no secret of a run: keys of one run are of no use in the next', async () => {
  const state = scratch();
  const aws = await startLocalAws({ state });
  aws.world.region(ACCOUNT, REGION);
  const { AWS_SECRET_ACCESS_KEY } = aws.environment();
  await aws.close();
  expect(readFileSync(join(state, 'world.json'), 'utf8')).not.toContain(AWS_SECRET_ACCESS_KEY);
  const next = await startLocalAws({ state });
  expect(next.environment().AWS_SECRET_ACCESS_KEY).not.toBe(AWS_SECRET_ACCESS_KEY);
  await next.close();
});

test('a second one at the same time is refused, and a killed one is not waited for', async () => {
  const state = scratch();
  const aws = await startLocalAws({ state });
  await expect(startLocalAws({ state })).rejects.toThrow(`Process ${process.pid} rehearses with the state in ${state}: wait for its end, or give --state another folder`);
  await aws.close();
  const script = "require(process.argv[1]).startLocalAws({ state: process.argv[2] }).then(() => console.log('ready'))";
  const killed = spawn(process.execPath, ['--import', require.resolve('tsx'), '-e', script, join(__dirname, '../../../local-aws/index.ts'), state], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => killed.stdout.once('data', resolve));
  await expect(startLocalAws({ state })).rejects.toThrow(`Process ${killed.pid} rehearses`);
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.on('close', resolve));
  await (await startLocalAws({ state })).close();
  expect(existsSync(join(state, 'lock'))).toBe(false);
});

test('a number of a process that another one has by now locks nothing', async () => {
  const { pid } = spawnSync('true');
  for (const owner of [`${pid} 1`, `${process.ppid} 1`, '']) {
    const state = folder({ lock: owner });
    // Where the system does not tell when a process has started, its number is all there is.
    if (owner.startsWith(`${process.ppid}`) && process.platform !== 'linux') { continue; }
    await (await startLocalAws({ state })).close();
  }
});

test('a state of another version, and a folder with something else, are refused and stay', async () => {
  const state = scratch();
  await put(state, 'x');
  const file = join(state, 'world.json');
  const text = readFileSync(file, 'utf8').replace(/"version":"[^"]*"/, '"version":"0/older"');
  writeFileSync(file, text);
  await expect(startLocalAws({ state })).rejects.toThrow(/^The state in .* is of version 0\/older, and this is version 1\/clone: go on with that version, or delete the folder and begin anew$/);
  expect([readFileSync(file, 'utf8') === text, existsSync(join(state, 'lock'))]).toEqual([true, false]);
  const other = folder({ 'package.json': '{}' });
  await expect(startLocalAws({ state: other })).rejects.toThrow(`The folder ${other} holds something else than the state of a rehearsal`);
  expect(readdirSync(other)).toEqual(['package.json']);
});
