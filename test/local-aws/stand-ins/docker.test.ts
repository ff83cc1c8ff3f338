import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DOCKER } from '../../../local-aws/stand-ins';

const folder = mkdtempSync(join(tmpdir(), 'docker-'));
const [input, output] = ['input', 'output'].map((name) => join(folder, name));
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  [input, output].forEach((path) => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  });
  writeFileSync(join(input, 'index.js'), 'code');
});

/** A docker of the user's: a program that answers as one does, and notes what it is asked. */
function realDocker(status: number): string {
  const file = join(folder, `docker-${status}`);
  writeFileSync(file, `#!/bin/sh\n[ "$1" = version ] && exit 0\necho "real: $*"\nexit ${status}\n`, { mode: 0o755 });
  return file;
}

function docker(args: readonly string[], real = join(folder, 'none')) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [DOCKER, ...args], { encoding: 'utf8', env: { ...process.env, LOCAL_AWS_DOCKER: real } });
  return { status, stdout, stderr };
}

// What the CDK asks for: core/lib/bundling.ts and the CLI's docker.ts.
const bundle = ['run', '--rm', '-u', '0:0', '-v', `${input}:/asset-input:delegated`, '-v', `${output}:/asset-output:delegated`, '-w', '/asset-input', 'image', 'bash', '-c', 'make'];

describe('without a docker that answers', () => {
  test('code that a container would bundle is taken as it is, and said', () => {
    expect(docker(['build', '-t', 'cdk-0123', '--platform', 'linux/amd64', input])).toMatchObject({ status: 0, stderr: expect.stringContaining(`no image is built from ${input}`) });
    expect(docker(bundle)).toMatchObject({ status: 0, stderr: expect.stringContaining(`the code of ${input} is taken as it is and not bundled`) });
    expect(readFileSync(join(output, 'index.js'), 'utf8')).toBe('code');
  });

  test.each([[['volume', 'create', 'v']], [['run', '--rm', 'image']], [['cp', 'a:/b', 'c']]])('%j is refused by its name', (args) => {
    expect(docker(args)).toMatchObject({ status: 1, stderr: `The local AWS: docker ${args[0]} needs a real docker, and none answers\n` });
  });
});

test.each([0, 3])('a docker that answers bundles, and its end is the end: %d', (status) => {
  expect(docker(bundle, realDocker(status))).toMatchObject({ status, stdout: `real: ${bundle.join(' ')}\n` });
  expect(existsSync(join(output, 'index.js'))).toBe(false);
});

test('an image of an asset is neither looked for, built nor pushed, whatever docker there is', () => {
  const tag = '111111111111.dkr.ecr.us-east-1.amazonaws.com/cdk-hnb659fds-container-assets-111111111111-us-east-1:0123';
  const told = [['login', '--username', 'AWS'], ['inspect', tag], ['build', '--tag', 'cdkasset-0123', '.'], ['tag', 'cdkasset-0123', tag], ['push', tag]]
    .map((args) => docker(args, realDocker(0)));
  expect(told.map(({ status, stdout }) => [status, stdout])).toEqual([[0, ''], [1, ''], [0, ''], [0, ''], [0, '']]);
});
