import { spawnSync } from 'child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { Installed } from './installed';
import { until } from '../harness/waiting';

const ROOT = join(__dirname, '..', '..');
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
let installed: Installed;
beforeAll(() => { installed = new Installed(); });
afterAll(() => installed.remove());

/** Whether a process runs. One that has ended, and whose parent does not ask how, is still listed. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A script of Node that finds the SDK. */
function script(code: string): string {
  const file = join(installed.folder, `script-${readdirSync(installed.folder).length}.js`);
  writeFileSync(file, `const load = (name) => require(require.resolve(name, { paths: [${JSON.stringify(ROOT)}] }));\n(async () => {${code}})().catch((error) => { console.log(error.name); process.exit(9); });`);
  return file;
}

test('a command gets its words and its folder, and its output and exit code come through', async () => {
  const code = "console.log(JSON.stringify([process.cwd(), process.argv.slice(1)])); console.error('told'); process.exit(7)";
  expect(await installed.run(['rehearse', '--', process.execPath, '-e', code, '--', 'a b', '--state', '$HOME'])).toEqual({
    code: 7,
    out: `${JSON.stringify([installed.folder, ['a b', '--state', '$HOME']])}\n`,
    told: expect.stringMatching(/^The local AWS runs at http:\/\/localhost:\d+ for this command: .*\ntold\n\nThe rehearsal took \d+\.\d s, and called no service of AWS\.\n\n$/),
  });
});

test('no process is left, whatever the command leaves', async () => {
  const { code, out } = await installed.run(['rehearse', '--', 'sh', '-c', 'sleep 1000 & echo $!; setsid sleep 1000 & echo $!; exit 3']);
  const left = out.trim().split('\n').map(Number);
  expect([code, left.length]).toEqual([3, 2]);
  expect(left.filter(isThere)).toEqual([]);
});

describe('credentials', () => {
  const real = () => {
    const aws = join(installed.folder, '.aws');
    mkdirSync(join(aws, 'sso', 'cache'), { recursive: true });
    writeFileSync(join(aws, 'credentials'), '[default]\naws_access_key_id=AKIAREAL\naws_secret_access_key=real\n[prod]\naws_access_key_id=AKIAREAL\naws_secret_access_key=real\n');
    writeFileSync(join(aws, 'config'), '[default]\nregion=eu-central-1\nendpoint_url=https://elsewhere.example\n[profile sso]\nsso_session=s\nsso_account_id=999999999999\nsso_role_name=r\n'
      + '[sso-session s]\nsso_start_url=https://x.awsapps.com/start\nsso_region=us-east-1\n[profile process]\ncredential_process=echo {}\n');
    writeFileSync(join(aws, 'sso', 'cache', 'a.json'), JSON.stringify({ accessToken: 'real', expiresAt: '2099-01-01T00:00:00Z', startUrl: 'https://x.awsapps.com/start' }));
    writeFileSync(join(installed.folder, '.boto'), '[Credentials]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n');
  };

  test('of the user are not found: not in variables, files, the metadata service, a container or an identity', async () => {
    real();
    let asked = 0;
    const metadata = createServer((_request, response) => {
      asked++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`;
    const env = {
      AWS_PROFILE: 'prod',
      AWS_DEFAULT_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'real',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/dev/null',
      AWS_ROLE_ARN: 'arn:aws:iam::999999999999:role/r',
      AWS_ENDPOINT_URL_STS: url,
      AWS_CONFIG_FILE: join(installed.folder, '.aws', 'config'),
      CDK_PROFILE: 'prod',
      CDK_ROLE_ARN: 'arn:aws:iam::999999999999:role/r',
      HTTP_PROXY: url,
      https_proxy: url,
    };
    const who = script("const { STSClient, GetCallerIdentityCommand } = load('@aws-sdk/client-sts'); console.log((await new STSClient({ region: 'us-east-1' }).send(new GetCallerIdentityCommand({}))).Account);");
    expect(await installed.run(['rehearse', '--', process.execPath, who], { env })).toMatchObject({ code: 0, out: '111111111111\n' });
    // Without ours, nothing else is found.
    expect(await installed.run(['rehearse', '--', 'env', '-u', 'AWS_ACCESS_KEY_ID', '-u', 'AWS_SECRET_ACCESS_KEY', process.execPath, who], { env }))
      .toMatchObject({ code: 9, out: 'CredentialsProviderError\n' });
    const variables = (await installed.run(['rehearse', '--', 'env'], { env })).out;
    expect(variables).not.toMatch(/AKIAREAL|999999999999|_PROFILE=.|=real$/m);
    expect(variables).toMatch(/^no_proxy=localhost,/m);
    expect(asked).toBe(0);
    await new Promise((resolve) => metadata.close(resolve));
  });
});

describe('a client that reads no address from a variable', () => {
  const ASK = 'https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15';

  test('of Node.js is led to the local AWS by AWS\'s own names, and every other name is as it was', async () => {
    const code = `const https = require('https');
      const ask = (url) => new Promise((done) => https.get(url, (answer) => { let text = ''; answer.on('data', (data) => { text += data; }); answer.on('end', () => done(text)); })
        .on('error', ({ code }) => done(code)));
      console.log((await ask('${ASK}')).includes('MissingAuthenticationToken'), (await (await fetch('${ASK}')).text()).includes('MissingAuthenticationToken'));
      console.log(await ask('https://nobody.invalid/') !== 'ECONNREFUSED');`;
    expect(await installed.run(['rehearse', '--', 'node', script(code)])).toMatchObject({ code: 0, out: 'true true\ntrue\n' });
  });

  test('ends with one sentence where a program has dropped what leads it', async () => {
    const dropping = (program: string, ...args: string[]) => ['env', '-i', `PATH=${process.env.PATH}`, ...args, program];
    const node = await installed.run(['rehearse', '--', 'sh', '-c', `${dropping('node', 'NODE_OPTIONS="$NODE_OPTIONS"').join(' ')} -e 'console.log(1)'`]);
    expect(node).toMatchObject({ code: 1, out: '', told: expect.stringContaining('let it pass AWS_*, CDK_* and LOCAL_AWS_*') });
  });

  const python = spawnSync('python3', ['-c', '']).status === 0 ? test : test.skip;
  python('of Python, too, beside what the user\'s Python runs at its start', async () => {
    const own = join(installed.folder, 'python');
    mkdirSync(own);
    writeFileSync(join(own, 'sitecustomize.py'), "import builtins\nbuiltins.of_the_user = 'kept'\n");
    const code = `import http.client, socket, urllib.request, urllib.error
client = http.client.HTTPSConnection('s3.eu-west-1.amazonaws.com')
client.connect()
# What clients such as urllib3 compare themselves.
print(client.sock.getpeercert())
try:
    urllib.request.urlopen('${ASK}')
except urllib.error.HTTPError as error:
    print(b'MissingAuthenticationToken' in error.read(), of_the_user)
try:
    socket.create_connection(('nobody.invalid', 443))
except OSError as error:
    print('local AWS' in str(error))`;
    expect(await installed.run(['rehearse', '--', 'python3', '-c', code], { env: { PYTHONPATH: own } })).toMatchObject({ code: 0, out: "{'subjectAltName': (('DNS', 's3.eu-west-1.amazonaws.com'),)}\nTrue kept\nFalse\n" });
  });
});

describe('an app', () => {
  const CONTEXT = '{ "remembered":   "of the user",\n\n"/to/look/up": "old" }\n';

  /** A foreign app in a folder of its own, which looks a parameter up. */
  function app(name: string, context: string | undefined): string {
    const folder = join(installed.folder, name);
    mkdirSync(join(folder, 'cdk.out'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    for (const library of ['aws-cdk-lib', 'constructs']) { symlinkSync(join(ROOT, 'node_modules', library), join(folder, 'node_modules', library)); }
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.js', output: 'cdk.out', profile: 'prod' }));
    writeFileSync(join(folder, 'cdk.out', 'of-the-user'), 'x');
    if (context !== undefined) { writeFileSync(join(folder, 'cdk.context.json'), context); }
    writeFileSync(join(folder, 'app.js'), `
      const { App, Stack, CfnOutput } = require('aws-cdk-lib'); const ssm = require('aws-cdk-lib/aws-ssm');
      const stack = new Stack(new App(), 'Foreign', { env: { account: '111111111111', region: 'us-east-1' } });
      new CfnOutput(stack, 'Found', { value: ssm.StringParameter.valueFromLookup(stack, '/to/look') });
      new CfnOutput(stack, 'Remembered', { value: String(stack.node.tryGetContext('remembered')) });
      new ssm.StringParameter(stack, 'Made', { parameterName: '/made', stringValue: 'x' });`);
    return folder;
  }

  /** Each file of the app with its content and its time. */
  const files = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('node_modules')).sort().map((name) => {
    const { mtimeMs, mode } = statSync(join(folder, name), {});
    return [name, mtimeMs, mode, statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'utf8') : ''];
  });
  const put = () => script("const { SSMClient, PutParameterCommand } = load('@aws-sdk/client-ssm'); await new SSMClient({}).send(new PutParameterCommand({ Name: '/to/look', Type: 'String', Value: 'looked up' }));");

  test('is deployed by the CDK CLI, and stays as it is; a folder keeps the world for the next command', async () => {
    const folder = app('foreign', CONTEXT);
    const before = files(folder);
    const state = join(installed.folder, 'state');
    const rehearse = (...command: string[]) => installed.run(['rehearse', '--state', state, '--', ...command], { cwd: folder });
    const deployed = await rehearse('sh', '-c', `node ${put()} && node ${CDK} deploy --all --no-notices && node ${CDK} context --no-notices`);
    expect(deployed).toMatchObject({ code: 0 });
    for (const line of ['Foreign.Found = looked up', 'Foreign.Remembered = of the user', '/to/look']) { expect(deployed.out + deployed.told).toContain(line); }
    expect(files(folder)).toEqual(before);
    // The world goes on; what the first command has looked up was its own.
    const diff = await rehearse('node', CDK, 'diff', '--fail', '--no-notices');
    expect([diff.code, diff.out + diff.told]).toEqual([0, expect.stringContaining('There were no differences')]);
    expect(await rehearse('node', CDK, 'destroy', '--all', '--force', '--no-notices')).toMatchObject({ code: 0 });
    expect(files(folder)).toEqual(before);
    // A script of npm that sets options of its own drops ours.
    const dropped = await rehearse('sh', '-c', `NODE_OPTIONS=--max-old-space-size=4096 node ${CDK} synth -q --no-notices`);
    expect([dropped.code, dropped.told]).toEqual([0, expect.stringContaining('cdk.context.json is as it was again: ')]);
    expect(readFileSync(join(folder, 'cdk.context.json'), 'utf8')).toBe(CONTEXT);
    expect(readdirSync(join(folder, 'cdk.out'))).toEqual(['of-the-user']);
  });

  test.each<[NodeJS.Signals, string | undefined]>([['SIGINT', CONTEXT], ['SIGTERM', undefined], ['SIGKILL', CONTEXT]])('stays as it is after %s, and no process is left', async (signal, context) => {
    const folder = app(`told-${signal}`, context);
    const before = files(folder);
    // It writes the file as the CLI does, by each of the ways that Node has, and goes on.
    const writer = script(`const fs = require('fs'); const name = 'cdk.context.json'; const { writeFile, rm, appendFile } = await import('node:fs/promises');
      fs.writeFileSync(name, '{}'); await writeFile(require('path').resolve(name), '{"a":1}'); await appendFile(new URL('file://' + process.cwd() + '/' + name), ' ');
      fs.createWriteStream(name, { flags: 'a' }).end(' '); fs.closeSync(fs.openSync(name, 'r+')); fs.renameSync(name, 'cdk.context.json.bak'); fs.copyFileSync('cdk.context.json.bak', name);
      fs.rmSync('cdk.context.json.bak'); fs.utimesSync(name, 1, 1); await rm(name); await writeFile(name, 'mine'); console.log(process.pid, fs.readFileSync(name, 'utf8')); setInterval(() => {}, 1000);`);
    const { child, printed, ended } = installed.start(['rehearse', '--', 'sh', '-c', `node ${writer}; true`], { cwd: folder });
    await until(() => printed().includes('\n') || child.exitCode !== null);
    const [pid, content] = printed().trim().split(' ');
    expect(content).toBe('mine');
    child.kill(signal);
    if (signal === 'SIGKILL') {
      // Nobody can end what somebody who was killed has started: the file is safe nevertheless.
      process.kill(Number(pid), 'SIGKILL');
    }
    await ended;
    expect(isThere(Number(pid))).toBe(false);
    expect(files(folder)).toEqual(before);
  });
});

test('it serves until it is told to end, and a folder keeps what clients have made', async () => {
  const state = join(installed.folder, 'served');
  const file = join(installed.folder, 'aws.env');
  const { child, printed, ended } = installed.start(['serve', '--state', state, '--write-env', 'aws.env']);
  await until(() => printed().includes('\n') || child.exitCode !== null);
  expect(printed()).toContain('The local AWS is ready at http://localhost:');
  const name = script("const { SSMClient, PutParameterCommand } = load('@aws-sdk/client-ssm'); await new SSMClient({}).send(new PutParameterCommand({ Name: '/served', Type: 'String', Value: 'v' }));");
  expect(spawnSync('sh', ['-c', `. ${file} && node ${name}`], { encoding: 'utf8' })).toMatchObject({ status: 0 });
  writeFileSync(join(installed.folder, 'mine.env'), 'MINE=1\n');
  expect(await installed.run(['serve', '--write-env', 'mine.env'])).toMatchObject({ code: 1, told: expect.stringContaining('is none of a local AWS') });
  expect(readFileSync(join(installed.folder, 'mine.env'), 'utf8')).toBe('MINE=1\n');
  const second = await installed.run(['rehearse', '--state', state, '--', 'true']);
  expect(second).toMatchObject({ code: 1, out: '', told: `Process ${child.pid} rehearses with the state in ${state}: wait for its end, or give --state another folder\n` });
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  const read = script("const { SSMClient, GetParameterCommand } = load('@aws-sdk/client-ssm'); console.log((await new SSMClient({}).send(new GetParameterCommand({ Name: '/served' }))).Parameter.Value);");
  expect(await installed.run(['rehearse', '--state', state, '--', 'node', read])).toMatchObject({ code: 0, out: 'v\n' });
});
