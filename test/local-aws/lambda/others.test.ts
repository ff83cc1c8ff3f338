import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { strToU8, zipSync } from 'fflate';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { unrunnable } from '../../../local-aws/lambda/runtimes';
import { newestStack, operate, outputsOf } from '../../harness/assembly';

const ROLE = 'arn:aws:iam::111111111111:role/Fn';
const app = mkdtempSync(join(tmpdir(), 'app-'));
const plant = (name: string, text: string) => {
  mkdirSync(dirname(join(app, name)), { recursive: true });
  writeFileSync(join(app, name), text);
};

let aws: LocalAws;
const region = () => aws.world.region('111111111111', 'us-east-1');
beforeAll(async () => {
  // What stands for a client of the SDK.
  plant('node_modules/@aws-sdk/client-mine/package.json', '{ "name": "@aws-sdk/client-mine", "main": "index.js" }');
  plant('node_modules/@aws-sdk/client-mine/index.js', 'exports.name = "of the app";');
  plant('node_modules/secret/index.js', 'exports.name = "of the app";');
  aws = await startLocalAws({ app, quiet: true });
  jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(async () => {
  await aws.close();
  rmSync(app, { recursive: true });
});

let count = 0;
/** Calls a function whose code is this file, and returns what it answers. */
async function answerOf(name: string, code: string, more: object = {}) {
  const functionName = `fn-${count++}`;
  const zip = Buffer.from(zipSync({ [name]: strToU8(code) }));
  region().lambda.create({ functionName, zip, handler: 'index.handler', roleArn: ROLE, timeoutSeconds: 900, ...more });
  const { payload, error } = await aws.world.clock.run(() => region().lambda.invoke(functionName, {}));
  return error ?? payload;
}

describe('connections of a function in Node.js', () => {
  const request = (url: string) => `
    const https = require("https");
    exports.handler = () => new Promise((resolve) => {
      https.get(${JSON.stringify(url)}, (answer) => { let text = ""; answer.on("data", (data) => text += data); answer.on("end", () => resolve([answer.statusCode, text])); })
        .on("error", ({ message }) => resolve(message));
    });`;

  test("lead to the local AWS, under each of AWS's names, without TLS", async () => {
    for (const name of ['s3.us-east-1.amazonaws.com', 'ssm.cn-north-1.amazonaws.com.cn', 'lambda.us-east-1.api.aws']) {
      expect(await answerOf('index.js', request(`https://${name}/`))).toEqual([403, expect.stringContaining('missing Authentication Token')]);
    }
  });

  test('by fetch as well, also in a module', async () => {
    expect(await answerOf('index.mjs', 'export const handler = async () => (await fetch("https://sts.amazonaws.com/")).status;')).toBe(403);
  });

  test('elsewhere are refused, and named', async () => {
    expect(await answerOf('index.js', request('https://example.com/'))).toContain('does not let a function connect to example.com:443');
    expect(await answerOf('index.js', request('https://amazonaws.com.example.com/'))).toContain('does not let a function connect');
    expect([...aws.world.notices].join('\n')).toContain('wanted to connect to example.com:443');
  });
});

describe('the SDK of a function in Node.js', () => {
  test("is the app's, and nothing else of the app is there", async () => {
    expect(await answerOf('index.js', 'exports.handler = async () => require("@aws-sdk/client-mine").name;')).toBe('of the app');
    expect(await answerOf('index.mjs', 'import { name } from "@aws-sdk/client-mine"; export const handler = async () => name;')).toBe('of the app');
    expect(await answerOf('index.js', 'exports.handler = async () => require("secret").name;')).toMatchObject({ errorMessage: expect.stringContaining("Cannot find module 'secret'") });
  });
});

(unrunnable('python3.12', app) === undefined ? describe : describe.skip)('a function in Python', () => {
  test('answers, fails, and prints into its log', async () => {
    region().logs.createGroup('python');
    const code = 'import os\ndef handler(event, context):\n    print("printed")\n    return {"id": context.function_name, "region": os.environ["AWS_REGION"]}';
    expect(await answerOf('index.py', code, { runtime: 'python3.12', logGroup: 'python' })).toEqual({ id: expect.stringMatching(/^fn-/), region: 'us-east-1' });
    expect(region().logs.tail('python').join('\n')).toContain('printed');
    expect(await answerOf('index.py', 'def handler(event, context):\n    raise ValueError("no")', { runtime: 'python3.12' })).toMatchObject({ errorType: 'ValueError', errorMessage: 'no' });
    expect(await answerOf('index.py', 'import nothing_here', { runtime: 'python3.12' })).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });

  test('sleeps in virtual time', async () => {
    const before = aws.world.clock.now();
    await answerOf('index.py', 'import time\ndef handler(event, context):\n    time.sleep(600)', { runtime: 'python3.12' });
    expect(aws.world.clock.now() - before).toBeGreaterThanOrEqual(600_000);
  });

  test("connects to AWS's names alone", async () => {
    const get = (url: string) => `
from urllib.request import urlopen
from urllib.error import HTTPError, URLError
def handler(event, context):
    try:
        urlopen("${url}")
    except HTTPError as error:
        return error.code
    except URLError as error:
        return str(error.reason)`;
    expect(await answerOf('index.py', get('https://s3.us-east-1.amazonaws.com/'), { runtime: 'python3.12' })).toBe(403);
    expect(await answerOf('index.py', get('https://example.com/'), { runtime: 'python3.12' })).toContain('does not let a function connect to example.com:443');
  });
});

test.each(['java21', 'provided.al2023', 'image'])('a function in %s exists, and its call fails by name', async (runtime) => {
  expect(await answerOf('bootstrap', '', { runtime, handler: 'bootstrap' })).toMatchObject({ errorType: 'Runtime.NotHere', errorMessage: expect.stringContaining('does not run: ') });
  expect([...aws.world.notices].join('\n')).toContain('exists, but a call of it fails');
});

test('a custom resource whose function does not run here is opaque, with whatever attributes a template asks for; others are not', async () => {
  const custom = (functionName: string, runtime: string) => {
    const zip = Buffer.from(zipSync({ 'index.js': strToU8('exports.handler = async () => { throw new Error("no"); };') }));
    const { arn } = region().lambda.create({ functionName, zip, runtime, handler: 'index.handler', roleArn: ROLE });
    return { Type: 'Custom::Thing', Properties: { ServiceToken: arn, ServiceTimeout: 60 } };
  };
  const template = (resource: object) => ({ TemplateBody: JSON.stringify({ Resources: { A: resource }, Outputs: { Name: { Value: { 'Fn::GetAtt': ['A', 'Some.Name'] } } } }) });
  const there = template(custom('go', 'provided.al2023'));
  expect(await operate(region(), 'CreateStack', 'opaque', there)).toBe('CREATE_COMPLETE');
  const stack = newestStack(region(), 'opaque');
  expect(outputsOf(stack)).toEqual({ Name: `${stack.resources.get('A')!.physicalId}-Some.Name` });
  expect(stack.resources.get('A')!.reason).toBe('opaque: its function does not run on this machine');
  expect(await operate(region(), 'DeleteStack', 'opaque')).toBe('DELETE_COMPLETE');
  expect(await operate(region(), 'CreateStack', 'called', template(custom('node', 'nodejs22.x')))).toBe('ROLLBACK_FAILED');
});

test('a function that another one waits for sleeps in virtual time', async () => {
  const sleeper = Buffer.from(zipSync({ 'index.js': strToU8('exports.handler = async () => { await new Promise((resolve) => setTimeout(resolve, 60000)); return "slept"; };') }));
  region().lambda.create({ functionName: 'sleeper', zip: sleeper, handler: 'index.handler', roleArn: ROLE, timeoutSeconds: 900 });
  // The Lambda client stands in no node_modules here: this is its request.
  const caller = `
    const { SFNClient } = require(${JSON.stringify(require.resolve('@aws-sdk/client-sfn'))});
    const { SignatureV4 } = require(${JSON.stringify(require.resolve('@smithy/signature-v4'))});
    exports.handler = async () => {
      const url = new URL(process.env.AWS_ENDPOINT_URL);
      const client = new SFNClient({});
      const signer = new SignatureV4({ service: "lambda", region: "us-east-1", credentials: await client.config.credentials(), sha256: client.config.sha256 });
      const path = "/2015-03-31/functions/sleeper/invocations";
      const { headers } = await signer.sign({ method: "POST", protocol: "http:", hostname: url.hostname, port: Number(url.port), path, query: {}, headers: { host: url.host }, body: "{}" });
      return (await fetch(new URL(path, url), { method: "POST", headers, body: "{}" })).json();
    };`;
  expect(await answerOf('index.js', caller)).toBe('slept');
});
