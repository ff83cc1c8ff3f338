import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join, resolve } from 'path';
import { Readable } from 'stream';
import type { Metafile } from 'esbuild';
import type { CALLS, Network } from './clients';
import { bundle, entryPoints, loadedFiles } from '../../lambda/bundle';

/**
 * What starts jobs also checks them: it reads archives, a role, quotas and prices, and tells in sentences what is wrong. That is 18 KB. The generative family is
 * 24 KB more there, of which its shapes are 12 KB. A function also loads what others need of a shared file: 15 to 35 KB, mostly the SDK's schemas.
 */
const MAX_BYTES = 275_000;
const SERVICES = ['sagemaker', 'states', 'servicequotas', 'ssm', 'application-autoscaling', 'events'];
const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
let functions: Metafile;
let calls: typeof CALLS;

beforeAll(async () => {
  functions = await bundle(entryPoints(), join(folder, 'functions'));
  const clients = await bundle([join(__dirname, 'clients.ts')], join(folder, 'clients'), 'cjs');
  ({ CALLS: calls } = jest.requireActual<{ CALLS: typeof CALLS }>(resolve(Object.keys(clients.outputs)[0])));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.AWS_SESSION_TOKEN = 'token';
  process.env.AWS_REGION = 'eu-central-1';
});
afterEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_USE_FIPS_ENDPOINT']) { delete process.env[name]; }
});

/** Answers with these statuses and bodies, one after the other, and keeps what was asked. */
function network(...answers: Array<readonly [number, object]>) {
  const asked: Array<{ hostname: string; headers: Record<string, string> }> = [];
  const handle: Network['handle'] = async (request) => {
    asked.push({ hostname: request.hostname, headers: { ...request.headers } });
    const [statusCode, body] = answers[Math.min(asked.length, answers.length) - 1];
    return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
  };
  return { asked, handle };
}

/** A function's files, by its name. */
const loaded = () => [...loadedFiles(functions)];

test('each function loads at most 275 KB, and all of them together at most 600 KB', () => {
  const sizes = loaded().map(([, files]) => files.reduce((sum, file) => sum + functions.outputs[file].bytes, 0));
  expect(sizes).toHaveLength(entryPoints().length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_BYTES);
  expect(Object.values(functions.outputs).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(600_000);
});

test('the table of prices is no part of a bundle, but beside those that read it', () => {
  const reads = ([, files]: readonly [string, string[]]) => files.some((file) => Object.keys(functions.outputs[file].inputs).some((part) => part.endsWith('prices.json')));
  expect(loaded().filter(reads).map(([name]) => name).sort()).toEqual(['approve', 'recommend', 'start']);
  expect(readFileSync(join(folder, 'functions', 'prices.json'), 'utf8')).toBe(readFileSync(join(__dirname, '../../src/service/prices.json'), 'utf8'));
  for (const file of Object.keys(functions.outputs)) { expect(readFileSync(join(folder, 'functions', basename(file)), 'utf8')).not.toContain('"ml.c5.xlarge"'); }
});

test('no function carries what it cannot reach', () => {
  const inputs = Object.values(functions.outputs).flatMap(({ inputs: parts }) => Object.keys(parts).filter((file) => parts[file].bytesInOutput > 0));
  expect(inputs.filter((file) => /credential-provider-(ini|sso|process|http|web-identity|imds)|token-providers|aws-cdk|eventstream-/.test(file))).toEqual([]);
});

test('sts: reads an answer in XML', async () => {
  const body = '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId>'
    + '<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';
  const answer = await calls.sts({ handle: async () => ({ response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) } }) });
  expect(answer).toMatchObject({ Credentials: { AccessKeyId: 'AKIDROLE', Expiration: new Date('2030-01-01T00:00:00Z') } });
});

test.each(SERVICES)('%s: asks the Region of its partition, signed', async (service) => {
  for (const [region, domain] of [['eu-central-1', 'amazonaws.com'], ['us-gov-west-1', 'amazonaws.com'], ['cn-north-1', 'amazonaws.com.cn']]) {
    process.env.AWS_REGION = region;
    const { asked, handle } = network([200, {}]);
    await calls[service]({ handle });
    expect(asked[0].hostname).toMatch(new RegExp(`^(api\\.)?${service}\\.${region}\\.${domain.replace(/\./g, '\\.')}$`));
    expect(asked[0].headers.authorization).toContain(`/${region}/${service}/aws4_request`);
    expect(asked[0].headers['x-amz-security-token']).toBe('token');
  }
});

test.each(SERVICES)('%s: asks the FIPS endpoint where the environment says so', async (service) => {
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_USE_FIPS_ENDPOINT = 'true';
  const { asked, handle } = network([200, {}]);
  await calls[service]({ handle });
  expect(asked[0].hostname).toMatch(/fips/);
});

test.each(SERVICES)('%s: tries again when the service is busy or broken', async (service) => {
  const { asked, handle } = network([400, { __type: 'ThrottlingException', message: 'Rate exceeded' }], [500, { __type: 'InternalFailure' }], [200, {}]);
  await calls[service]({ handle });
  expect(asked).toHaveLength(3);
});

test.each(SERVICES)('%s: an error keeps its name, its sentence and its status', async (service) => {
  const { asked, handle } = network([400, { __type: `com.amazonaws.${service}#ResourceInUse`, Message: 'It is in use.' }]);
  await expect(calls[service]({ handle })).rejects.toMatchObject({ name: 'ResourceInUse', message: 'It is in use.', $metadata: { httpStatusCode: 400 } });
  expect(asked).toHaveLength(1);
});
