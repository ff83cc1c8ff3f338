import { ChildProcess, spawn } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { connect } from 'net';
import { join } from 'path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const ROOT = join(__dirname, '..', '..');
const NODE = [process.execPath, '--import', 'tsx', '--', join(ROOT, 'local-aws', 'main.ts')];
const NPM = ['npm', 'run', '--silent', 'local-aws'];

interface Started {
  readonly child: ChildProcess;
  /** The variables that it has printed. */
  readonly environment: Record<string, string>;
  /** Settles when no process is left that could write to its output: not the one that was started, nor any below it. */
  readonly over: Promise<number | null>;
}

function start([program, ...args]: readonly string[]): Pick<Started, 'child' | 'over'> {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  return { child, over: new Promise((resolve) => child.on('close', resolve)) };
}

async function ready(command: readonly string[]): Promise<Started> {
  const { child, over } = start(command);
  let out = '';
  await new Promise<void>((resolve) => child.stdout!.on('data', (data) => {
    // All of it comes at once, so the last line is there with the first.
    out ||= String(data);
    resolve();
  }));
  return { child, over, environment: Object.fromEntries([...out.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value])) };
}

function answers({ environment: { AWS_ENDPOINT_URL } }: Started): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(AWS_ENDPOINT_URL).port) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function clientOf({ environment }: Started) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY },
  };
}

test.each<[string, NodeJS.Signals, readonly string[]]>([
  ['Ctrl-C', 'SIGINT', NODE],
  ['a kill', 'SIGTERM', NODE],
  ['the end of the terminal', 'SIGHUP', NODE],
  ["Ctrl-C of npm's process", 'SIGINT', NPM],
  ["a kill of npm's process", 'SIGTERM', NPM],
  ["a kill of npm's process that it cannot see", 'SIGKILL', NPM],
  ['a kill of a shell above npm', 'SIGKILL', ['sh', '-c', `${NPM.join(' ')}; true`]],
])('it ends at %s (%s), and no process is left', async (_what, signal, command) => {
  const started = await ready(command);
  expect(await answers(started)).toBe(true);
  started.child.kill(signal);
  await started.over;
  expect(await answers(started)).toBe(false);
});

test('it ends when its parent has ended by itself', async () => {
  // The shell ends at the end of its input, long after it has started npm.
  const child = spawn('sh', ['-c', `${NPM.join(' ')} & read line`], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const over = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdin.end();
  await over;
});

test('nothing is left when npm is killed while the local AWS starts', async () => {
  const { child, over } = start([...NPM, '--', process.execPath, '-e', 'setInterval(() => {}, 1000)']);
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  while (existsSync(children) && readFileSync(children, 'utf8') === '') { await new Promise((resolve) => setTimeout(resolve, 10)); }
  child.kill('SIGKILL');
  await over;
});

test('its functions end with it, even if it cannot end them', async () => {
  const started = await ready(NODE);
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
  const code = `exports.handler = ({ StackId, RequestId, LogicalResourceId, ResponseURL }) => fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({
    Status: 'SUCCESS', PhysicalResourceId: 'id', StackId, RequestId, LogicalResourceId, Data: { Pid: String(process.pid) } }) }).then(() => {});`;
  await new CloudFormationClient(clientOf(started)).send(new CreateStackCommand({
    StackName: 's',
    Capabilities: ['CAPABILITY_IAM'],
    TemplateBody: JSON.stringify({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
        Fn: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: code } } },
        Custom: { Type: 'Custom::Pid', Properties: { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
        Pid: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/pid', Type: 'String', Value: { 'Fn::GetAtt': ['Custom', 'Pid'] } } },
      },
    }),
  }));
  const pid = Number((await new SSMClient(clientOf(started)).send(new GetParameterCommand({ Name: '/pid' }))).Parameter!.Value);
  expect(process.kill(pid, 0)).toBe(true);
  started.child.kill('SIGKILL');
  const isThere = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isThere()) { await new Promise((resolve) => setTimeout(resolve, 20)); }
});
